//! `GET /projects`.

use axum::extract::State;
use serde::Deserialize;
use shared_types::{ProjectId, project::ProjectPage};
use utoipa::IntoParams;

use crate::{
    http::{
        answers::{CallerProblems, Invalid},
        caller::Themselves,
        cursor::{self, Page},
        error::ApiResult,
        json::{ApiJson, ApiQuery},
        state::AppState,
    },
    store::projects,
};

/// Which projects, and which page.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct Query {
    /// Archived ones too; only those in use unless told.
    archived: Option<bool>,
    /// Where to read on: `next_cursor` of the page before.
    cursor: Option<String>,
    /// How many, 1 to 200; 50 unless told.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<i64>,
}

/// Projects by name: all of them for an admin, else those that are open to all and those that
/// the caller is in. A session is booked on one of these.
#[utoipa::path(get, path = "/api/v1/projects", tag = "projects", params(Query), security(("bearer" = []), ("cookie" = []), ("device" = [])), responses(
    (status = 200, body = ProjectPage), CallerProblems, Invalid,
))]
pub(in crate::http) async fn list(
    State(state): State<AppState>,
    Themselves(person): Themselves,
    ApiQuery(query): ApiQuery<Query>,
) -> ApiResult<ApiJson<ProjectPage>> {
    let page = Page {
        cursor: query.cursor,
        limit: query.limit,
    };
    let limit = page.limit()?;
    let after: Option<(String, ProjectId)> = page.position()?;
    let after = after.as_ref().map(|(name, id)| (name.as_str(), *id));
    let archived = query.archived.unwrap_or(false);
    let mut reader = state.store.tenant(person.organization_id).read().await?;
    let viewer = person.viewer();
    let mut items = projects::page(reader.db(), viewer, archived, after, limit + 1).await?;
    let next_cursor = cursor::cut(&mut items, limit, |item| (item.name.clone(), item.id))?;
    Ok(ApiJson(ProjectPage { items, next_cursor }))
}
