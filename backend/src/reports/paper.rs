//! A report as pages: what is printed beside its rows, and the way to the PDF.
//!
//! Must not know HTTP. How the pages look is `pdf`, which is there with the feature of that name.

use shared_types::OrganizationId;

use super::{Made, Question, ReportError};
use crate::{domain::visibility::Viewer, store::Store};

/// Whether this program can write PDF.
pub const BUILT_IN: bool = cfg!(feature = "pdf");

/// A report with its charts, as PDF.
///
/// # Errors
/// [`ReportError`]; [`ReportError::NoPdf`] where the program was built without.
#[cfg(not(feature = "pdf"))]
pub async fn print(
    _: &Store,
    _: shared_types::Timestamp,
    _: (OrganizationId, Viewer),
    _: &Question,
    _: Made,
) -> Result<Vec<u8>, ReportError> {
    std::future::ready(Err(ReportError::NoPdf)).await
}

/// A report with its charts, as PDF.
///
/// # Errors
/// [`ReportError`]; [`ReportError::NoPdf`] where the program was built without.
#[cfg(feature = "pdf")]
pub async fn print(
    store: &Store,
    now: shared_types::Timestamp,
    (organization, viewer): (OrganizationId, Viewer),
    question: &Question,
    made: Made,
) -> Result<Vec<u8>, ReportError> {
    use super::pdf;

    let names = names(store, organization, viewer, question).await?;
    let zone = jiff::tz::TimeZone::get(&made.time_zone).unwrap_or(jiff::tz::TimeZone::UTC);
    let made_at = jiff::Timestamp::from(now).to_zoned(zone);
    let charts = made.charts;
    let (days, week) = charts.map_or_else(Default::default, |charts| (charts.days, charts.week));
    let paper = pdf::Paper {
        organization: names.organization,
        group_by: question.group_by,
        from: question.from,
        to: question.to,
        time_zone: made.time_zone,
        people: made.people.len(),
        filters: names.filters,
        made_by: names.viewer,
        made_at: made_at.strftime("%-d %B %Y, %H:%M").to_string(),
        total: made.total,
        compared: made.compared,
        days: days
            .into_iter()
            .map(|(date, sums)| pdf::Day {
                date,
                active: sums.active,
                idle: sums.idle,
                unobserved: sums.unobserved.unwrap_or(0),
            })
            .collect(),
        week,
        rows: made.rows,
    };
    // Drawing is work: not on a thread that answers others.
    let written = tokio::task::spawn_blocking(move || pdf::write(&paper)).await;
    written
        .map_err(|error| ReportError::Pdf(error.to_string()))?
        .map_err(|error| ReportError::Pdf(error.to_string()))
}

#[cfg(feature = "pdf")]
struct Names {
    organization: String,
    viewer: String,
    filters: Vec<String>,
}

/// What things are called that a question names; the viewer may see all of them, or there would
/// be no report.
#[cfg(feature = "pdf")]
async fn names(
    store: &Store,
    organization: OrganizationId,
    viewer: Viewer,
    question: &Question,
) -> Result<Names, ReportError> {
    use crate::{
        domain::visibility::Actor,
        groups,
        store::{organizations, people, teams},
    };

    let mut reader = store.tenant(organization).read().await?;
    let found = organizations::find(reader.db()).await?;
    let found = found.ok_or(ReportError::Missing)?;
    let who = people::find(reader.db(), viewer.user_id).await?;
    let mut filters = Vec::new();
    if let Some(user) = question.user {
        let person = people::find(reader.db(), user).await?;
        filters.push(person.ok_or(ReportError::Missing)?.name);
    }
    if let Some(team) = question.team {
        let team = teams::find(reader.db(), viewer, team).await?;
        filters.push(team.ok_or(ReportError::Missing)?.name);
    }
    if let Some(project) = question.project {
        let project = groups::projects::find(reader.db(), Actor::Person(viewer), project).await?;
        filters.push(project.project.name);
    }
    Ok(Names {
        organization: found.name,
        viewer: who.map_or_else(|| "this server".to_owned(), |user| user.name),
        filters,
    })
}
