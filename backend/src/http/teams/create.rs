//! `POST /teams`.

use axum::extract::State;
use http::StatusCode;
use shared_types::team::{CreateTeam, Team};

use crate::{
    groups::teams,
    http::{
        answers::{BodyProblems, CallerProblems, Conflicting},
        caller::Person,
        error::ApiResult,
        forms::Form,
        json::ApiJson,
        state::AppState,
    },
};

/// Makes a team; admins only.
#[utoipa::path(post, path = "/api/v1/teams", tag = "teams", request_body = CreateTeam, security(("bearer" = []), ("cookie" = [])), responses(
    (status = 201, body = Team), CallerProblems, Conflicting, BodyProblems,
))]
pub(in crate::http) async fn create(
    State(state): State<AppState>,
    person: Person,
    ApiJson(request): ApiJson<CreateTeam>,
) -> ApiResult<(StatusCode, ApiJson<Team>)> {
    person.require_admin()?;
    let mut form = Form::default();
    form.line("name", &request.name, 1, 200);
    form.finish()?;
    let (organization, actor) = (person.organization_id, person.actor());
    let team = teams::create(
        &state.store,
        &*state.clock,
        organization,
        actor,
        &request.name,
    )
    .await?;
    Ok((StatusCode::CREATED, ApiJson(team)))
}
