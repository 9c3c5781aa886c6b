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

/// Why days are made again from their spans.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum RemakeReason {
    /// They come from before there were sums by hour, application and session.
    Missing,
    /// The organization has another time zone.
    Zone,
    /// IT asked for it.
    Asked,
}

impl RemakeReason {
    /// Every reason.
    pub const ALL: [Self; 3] = [Self::Missing, Self::Zone, Self::Asked];

    /// Its name on the wire and in the database.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Zone => "zone",
            Self::Asked => "asked",
        }
    }

    /// The reason of this name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.name() == name)
    }
}

/// Days that are being made again from their spans, and how far that is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DaysRemade {
    /// Why.
    pub reason: RemakeReason,
    /// Since when.
    pub asked_at: Timestamp,
    /// People whose days are made again.
    pub people: i64,
    /// People with whom that is done.
    pub people_done: i64,
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
