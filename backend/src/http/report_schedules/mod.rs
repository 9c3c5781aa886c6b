//! Reports that are made again and again. One's own only: nobody sees what somebody else asked for.

pub(super) mod change;
pub(super) mod create;
pub(super) mod list;
pub(super) mod remove;

use jiff::tz::TimeZone;
use shared_types::{
    Timestamp,
    export::ExportFormat,
    report_schedule::{Every, ReportSchedule, ReportScheduleTerms},
};

use super::{
    caller::Person,
    error::{ApiError, ApiResult},
    forms::Form,
    state::AppState,
};
use crate::{
    domain::report_schedule::{latest, next, request},
    reports::{self, ReportError, exports, paper},
    store::{TenantDb, presence, report_schedules::Stored},
};

/// The organization's zone.
async fn zone(db: TenantDb<'_>) -> ApiResult<TimeZone> {
    let name = presence::zone_name(db)
        .await?
        .ok_or_else(ApiError::not_found)?;
    TimeZone::get(&name).map_err(ApiError::internal)
}

fn shown(stored: Stored, zone: &TimeZone, now: Timestamp) -> ReportSchedule {
    // What is overdue is made within the minute.
    let overdue = latest(&stored.terms, zone, now).filter(|one| one.at > stored.done_until);
    let next_at = overdue
        .or_else(|| next(&stored.terms, zone, now))
        .filter(|_| stored.terms.enabled)
        .map(|one| one.at);
    ReportSchedule {
        id: stored.id,
        next_at,
        last_at: stored.last_at,
        last_state: stored.last_state,
        terms: stored.terms,
    }
}

/// What can be made for who asks; 422 where it cannot, 404 where it is about what they do not see.
async fn check(state: &AppState, person: &Person, terms: &ReportScheduleTerms) -> ApiResult<()> {
    let mut form = Form::default();
    form.line("name", &terms.name, 1, 100);
    form.require(
        (terms.every == Every::Week) == terms.weekday.is_some(),
        "weekday",
        "must be there for each week, and only then",
    );
    form.require(terms.at.minutes() < 1_440, "at", "must be 00:00 to 23:59");
    let built = ReportError::NoPdf.to_string();
    let pdf = terms.format == ExportFormat::Pdf;
    form.require(!pdf || paper::BUILT_IN, "format", &built);
    form.require(
        !terms.by_mail || state.mail.is_configured(),
        "by_mail",
        "needs a mail server: whoever runs this server configures one first",
    );
    form.finish()?;
    let organization = person.organization_id;
    let zone = {
        let mut reader = state.store.tenant(organization).read().await?;
        zone(reader.db()).await?
    };
    let wanted = next(terms, &zone, state.clock.now()).and_then(|due| request(terms, due.day));
    let question = wanted.as_ref().and_then(exports::question);
    let question = question.ok_or_else(|| ApiError::field("at", "must be a time that comes"))?;
    reports::check(&state.store, organization, person.viewer(), &question).await?;
    Ok(())
}
