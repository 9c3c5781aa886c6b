//! What a person's day came to.

use serde::{Deserialize, Serialize};

use crate::{Timestamp, UserId, report::Figures};

/// One person's day, all devices.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DailySummary {
    /// The day, `YYYY-MM-DD`.
    pub date: String,
    /// IANA name of the zone that the day was cut in.
    pub time_zone: String,
    /// The person.
    pub user_id: UserId,
    /// Their name.
    pub name: String,
    /// First input; absent: there was none.
    pub first_input_at: Option<Timestamp>,
    /// Last input.
    pub last_input_at: Option<Timestamp>,
    /// When the day was closed; absent: it runs, or something came late and it is closed again
    /// within the hour.
    pub made_at: Option<Timestamp>,
    /// When something was last added to it.
    pub updated_at: Timestamp,
    /// What it adds up to. `score` is 100 × active / (active + idle); null when there is neither.
    #[serde(flatten)]
    pub figures: Figures,
}

/// One page of days, by day and person.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DailySummaryPage {
    /// At most 200.
    pub items: Vec<DailySummary>,
    /// Pass as `cursor` to read on; absent on the last page.
    pub next_cursor: Option<String>,
}
