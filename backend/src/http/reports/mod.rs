//! Reports: sums over a range of days, of people whom the caller sees.

pub(super) mod attendance;
pub(super) mod completeness;
pub(super) mod export;
pub(super) mod heatmap;
pub(super) mod report;

use jiff::{civil::Date, tz::TimeZone};
use serde_json::json;
use shared_types::{TeamId, UserId, audit::LookAt};

use super::{
    caller::Person,
    error::{ApiError, ApiResult},
    looks,
    state::AppState,
};
use crate::{
    domain::report::days_of,
    reports::{self, ReportError},
    store::{reports::Scope, scope::TenantSnapshot},
};

impl From<ReportError> for ApiError {
    fn from(error: ReportError) -> Self {
        match error {
            ReportError::Missing => Self::not_found(),
            ReportError::Range(_) => Self::field("to", error.to_string()),
            ReportError::NotByProject => Self::field("project_id", error.to_string()),
            ReportError::NoPdf => Self::field("format", error.to_string()),
            ReportError::Pdf(_) => Self::internal(error),
            ReportError::Store(error) => error.into(),
        }
    }
}

/// Days that a year has.
pub(super) const YEAR: i64 = 366;

/// Days, and of whom, as they come in a query.
pub(super) struct Range<'q> {
    pub(super) from: &'q str,
    pub(super) to: &'q str,
    pub(super) user: Option<UserId>,
    pub(super) team: Option<TeamId>,
}

impl Range<'_> {
    /// Checked; the range has at most `longest` days.
    pub(super) fn scope(&self, person: &Person, longest: i64) -> ApiResult<Scope> {
        let (from, to) = (day("from", self.from)?, day("to", self.to)?);
        days_of(from, to, longest).ok_or(ReportError::Range(longest))?;
        Ok(Scope {
            viewer: person.viewer(),
            user: self.user,
            team: self.team,
            from,
            to,
        })
    }
}

/// A day such as 2026-11-22.
pub(super) fn day(field: &str, text: &str) -> ApiResult<Date> {
    text.parse()
        .ok()
        .filter(|date: &Date| (1970..=9_000).contains(&date.year()) && text.len() == 10)
        .ok_or_else(|| ApiError::field(field, "is a day such as 2026-11-22"))
}

/// Writes down that the caller looked at all of these people's days.
pub(super) async fn looked(
    state: &AppState,
    person: &Person,
    at: LookAt,
    people: &[UserId],
    (from, to): (Date, Date),
) -> ApiResult<()> {
    let detail = json!({ "from": from.to_string(), "to": to.to_string() });
    looks::record(state, person, at, people, detail).await
}

/// The organization's zone.
async fn zone(view: &mut TenantSnapshot) -> ApiResult<(String, TimeZone)> {
    let name = reports::zone_name(view.db()).await?;
    let zone = TimeZone::get(&name).map_err(ApiError::internal)?;
    Ok((name, zone))
}
