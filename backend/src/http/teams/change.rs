//! `PATCH /teams/{id}`.

use axum::extract::State;
use shared_types::{
    TeamId,
    team::{ChangeTeam, Team},
};

use crate::{
    groups::teams,
    http::{
        answers::{BodyProblems, CallerProblems, Conflicting, Missing},
        caller::Person,
        error::{ApiError, ApiResult},
        forms::Form,
        json::{ApiJson, ApiPath},
        state::AppState,
    },
    store,
};

/// Changes a team; admins only. What the body does not name stays.
#[utoipa::path(patch, path = "/api/v1/teams/{id}", tag = "teams", params(("id" = TeamId, Path)), request_body = ChangeTeam, security(("bearer" = []), ("cookie" = [])), responses(
    (status = 200, body = Team), CallerProblems, Missing, Conflicting, BodyProblems,
))]
pub(in crate::http) async fn change(
    State(state): State<AppState>,
    person: Person,
    ApiPath(id): ApiPath<TeamId>,
    ApiJson(request): ApiJson<ChangeTeam>,
) -> ApiResult<ApiJson<Team>> {
    person.require_admin()?;
    let Some(name) = request.name else {
        let mut reader = state.store.tenant(person.organization_id).read().await?;
        return store::teams::find(reader.db(), person.viewer(), id)
            .await?
            .map(ApiJson)
            .ok_or_else(ApiError::not_found);
    };
    let mut form = Form::default();
    form.line("name", &name, 1, 200);
    form.finish()?;
    let (organization, actor) = (person.organization_id, person.actor());
    let team = teams::rename(&state.store, &*state.clock, organization, actor, id, &name).await?;
    Ok(ApiJson(team))
}
