//! Reports: what minutes add up to over a range of days, of the people whom the caller sees.

use serde::{Deserialize, Serialize};

use crate::{DeviceId, Timestamp, UserId, category::CategoryKind};
use std::collections::BTreeMap;

/// By what a report adds up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum GroupBy {
    /// By person. Time on several devices at once counts once.
    Person,
    /// By team, as teams are now. Who is in several teams counts in each.
    Team,
    /// By the project that sessions are booked on now. Of sessions that overlap, each counts.
    Project,
    /// By application; where none is known, the key is empty.
    Application,
    /// By host of the page's address; where there is none, the key is empty.
    Domain,
    /// By category.
    Category,
    /// By day of the organization.
    Day,
    /// By clock hour, 0 to 23, in the organization's zone.
    Hour,
}

impl GroupBy {
    /// Every kind.
    pub const ALL: [Self; 8] = [
        Self::Person,
        Self::Team,
        Self::Project,
        Self::Application,
        Self::Domain,
        Self::Category,
        Self::Day,
        Self::Hour,
    ];

    /// Its name on the wire.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Team => "team",
            Self::Project => "project",
            Self::Application => "application",
            Self::Domain => "domain",
            Self::Category => "category",
            Self::Day => "day",
            Self::Hour => "hour",
        }
    }
}

/// By what the rows of a report are ordered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum ReportSort {
    /// By label; days and hours in their order.
    Label,
    /// By active seconds.
    Active,
    /// By idle seconds.
    Idle,
    /// By unobserved seconds.
    Unobserved,
    /// By worked seconds.
    Worked,
    /// By score; rows without one come below all others.
    Score,
    /// By how much of what was worked before was added or lost; with `compare` only. Rows of which
    /// nothing was worked before come below all others.
    Change,
}

/// Seconds by kind. In a difference, each may be negative.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Figures {
    /// Seconds with input.
    pub active_seconds: i64,
    /// Seconds without input.
    pub idle_seconds: i64,
    /// Seconds that nobody looked at; absent where they belong to no row (applications, domains
    /// and categories are known of observed time only).
    pub unobserved_seconds: Option<i64>,
    /// Active and idle together.
    pub worked_seconds: i64,
    /// 100 × active / worked, 0 to 100 with one decimal; absent where nothing was worked. In a
    /// difference: points.
    pub score: Option<f64>,
}

/// One row of a report.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ReportRow {
    /// What the row is of: an id, a name, `YYYY-MM-DD`, or an hour. `none`: no team, project or
    /// category; `other`: teams or projects that the caller does not know.
    pub key: String,
    /// The same for people; empty where the key says that there is none.
    pub label: String,
    /// Of a category: what time in it counts as.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<CategoryKind>,
    /// What it adds up to.
    #[serde(flatten)]
    pub figures: Figures,
    /// Of all that was worked in this report, in percent with one decimal; absent where nothing
    /// was.
    pub share: Option<f64>,
    /// The same row in the range before, when comparing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<Figures>,
    /// What changed since, when comparing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub difference: Option<Figures>,
}

/// Worked seconds by what their categories count as.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct KindSeconds {
    /// In productive categories.
    pub productive_seconds: i64,
    /// In neutral ones.
    pub neutral_seconds: i64,
    /// In unproductive ones.
    pub unproductive_seconds: i64,
    /// In no category.
    pub uncategorized_seconds: i64,
}

/// The range before, as a whole.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Compared {
    /// First day, `YYYY-MM-DD`.
    pub from: String,
    /// Last day; the day before the report's first.
    pub to: String,
    /// What that range added up to.
    pub total: Figures,
    /// What changed since.
    pub difference: Figures,
}

/// One page of a report over a range of days, of the people whom the caller sees.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Report {
    /// First day, `YYYY-MM-DD`.
    pub from: String,
    /// Last day.
    pub to: String,
    /// IANA name of the zone that days are cut in.
    pub time_zone: String,
    /// By what it adds up.
    pub group_by: GroupBy,
    /// How many people it is about: all of them are people whom the caller sees.
    pub people: i64,
    /// One page of rows. Rows of nothing are left out.
    pub rows: Vec<ReportRow>,
    /// How many rows there are on all pages.
    pub row_count: i64,
    /// All rows together, on whatever page; a person in several teams counts once.
    pub total: Figures,
    /// All rows together by what their categories count as; with `group_by=category` only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kinds: Option<KindSeconds>,
    /// The range before, when comparing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub compared: Option<Compared>,
    /// Pass as `cursor` to read on; absent on the last page.
    pub next_cursor: Option<String>,
}

/// One hour of one day of the week, over all weeks of a range.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct HeatCell {
    /// 1 Monday to 7 Sunday.
    pub weekday: i64,
    /// 0 to 23, in the organization's zone.
    pub hour: i64,
    /// What it adds up to.
    #[serde(flatten)]
    pub figures: Figures,
}

/// When a week's work is done.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Heatmap {
    /// First day, `YYYY-MM-DD`.
    pub from: String,
    /// Last day.
    pub to: String,
    /// IANA name of the zone that hours are of.
    pub time_zone: String,
    /// How many people it is about.
    pub people: i64,
    /// All 168 hours of a week, Monday 0 o'clock first.
    pub cells: Vec<HeatCell>,
}

/// A pause between two inputs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Break {
    /// Its begin.
    pub from: Timestamp,
    /// Its end.
    pub to: Timestamp,
}

/// One person's day.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AttendanceDay {
    /// The day, `YYYY-MM-DD`.
    pub date: String,
    /// The person.
    pub user_id: UserId,
    /// Their name.
    pub name: String,
    /// First input; absent: there was none.
    pub first_input_at: Option<Timestamp>,
    /// Last input.
    pub last_input_at: Option<Timestamp>,
    /// Pauses between first and last input that were at least as long as asked for; absent:
    /// the day is older than the spans that are kept.
    pub breaks: Option<Vec<Break>>,
    /// What it adds up to.
    #[serde(flatten)]
    pub figures: Figures,
}

/// One page of days, by day and person.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Attendance {
    /// IANA name of the zone that days are cut in.
    pub time_zone: String,
    /// At most 200.
    pub items: Vec<AttendanceDay>,
    /// Pass as `cursor` to read on; absent on the last page.
    pub next_cursor: Option<String>,
}

/// What a device says of what it made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DeviceAccount {
    /// The device.
    pub device_id: DeviceId,
    /// Its name.
    pub name: String,
    /// When it was last heard of; absent: never.
    pub last_contact_at: Option<Timestamp>,
    /// Items that have not arrived yet, by its latest account.
    pub pending: i64,
    /// Items that will never arrive, by reason, over all of its accounts.
    pub dropped: BTreeMap<String, i64>,
}

/// How much of one person's session time is known.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PersonCompleteness {
    /// The person.
    pub user_id: UserId,
    /// Their name.
    pub name: String,
    /// Seconds of the range in which sessions ran, each session by itself; a running one until
    /// now.
    pub session_seconds: i64,
    /// Of these, seconds of which something was reported: active, idle, or why not observed.
    pub accounted_seconds: i64,
    /// The second of the first, in percent with one decimal; absent without sessions.
    pub percent: Option<f64>,
    /// Their devices that are in use.
    pub devices: Vec<DeviceAccount>,
}

/// One page of people, in the order of their ids.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Completeness {
    /// First day, `YYYY-MM-DD`.
    pub from: String,
    /// Last day.
    pub to: String,
    /// At most 200.
    pub items: Vec<PersonCompleteness>,
    /// Pass as `cursor` to read on; absent on the last page.
    pub next_cursor: Option<String>,
}
