//! `GET`, `PUT`, `DELETE /teams/{id}/policy`: what makes a team's members' policy stricter.

use axum::extract::State;
use http::StatusCode;
use shared_types::{
    TeamId, UserId,
    policy::{CapturePolicy, PolicyDocument, TeamPolicy},
};

use super::problem;
use crate::{
    http::{
        answers::{BodyProblems, CallerProblems, Conflicting, Missing},
        caller::Person,
        error::{ApiError, ApiResult},
        json::{ApiJson, ApiPath},
        state::AppState,
    },
    policies::{self, Actor},
    store::policies as stored,
};

/// A team's policy; 404 also where the team has none. For admins.
#[utoipa::path(get, path = "/api/v1/teams/{id}/policy", tag = "settings", params(("id" = TeamId, Path)), security(("bearer" = []), ("cookie" = [])), responses(
    (status = 200, body = TeamPolicy), CallerProblems, Missing,
))]
pub(in crate::http) async fn get(
    State(state): State<AppState>,
    person: Person,
    ApiPath(id): ApiPath<TeamId>,
) -> ApiResult<ApiJson<TeamPolicy>> {
    person.require_admin()?;
    let mut reader = state.store.tenant(person.organization_id).read().await?;
    stored::of_team(reader.db(), id)
        .await?
        .map(ApiJson)
        .ok_or_else(ApiError::not_found)
}

/// Replaces a team's policy. It can only tighten the organization's: a member's agents follow
/// the strictest of all. `version` is the one that was read, 0 where there is none yet.
#[utoipa::path(put, path = "/api/v1/teams/{id}/policy", tag = "settings", params(("id" = TeamId, Path)), request_body = CapturePolicy, security(("bearer" = []), ("cookie" = [])), responses(
    (status = 200, body = CapturePolicy), CallerProblems, Missing, Conflicting, BodyProblems,
))]
pub(in crate::http) async fn put(
    State(state): State<AppState>,
    person: Person,
    ApiPath(id): ApiPath<TeamId>,
    ApiJson(PolicyDocument(policy)): ApiJson<PolicyDocument>,
) -> ApiResult<ApiJson<CapturePolicy>> {
    person.require_admin()?;
    let (store, clock) = (&state.store, &*state.clock);
    let changed = policies::set_of_team(store, clock, actor(&person), id, policy)
        .await
        .map_err(problem)?;
    told(&state, &person, &changed.members);
    Ok(ApiJson(changed.policy))
}

/// Takes a team's policy away: the organization's holds again for its members, and what other
/// teams of theirs say.
#[utoipa::path(delete, path = "/api/v1/teams/{id}/policy", tag = "settings", params(("id" = TeamId, Path)), security(("bearer" = []), ("cookie" = [])), responses(
    (status = 204), CallerProblems, Missing,
))]
pub(in crate::http) async fn remove(
    State(state): State<AppState>,
    person: Person,
    ApiPath(id): ApiPath<TeamId>,
) -> ApiResult<StatusCode> {
    person.require_admin()?;
    let (store, clock) = (&state.store, &*state.clock);
    let members = policies::remove_of_team(store, clock, actor(&person), id)
        .await
        .map_err(problem)?;
    told(&state, &person, &members);
    Ok(StatusCode::NO_CONTENT)
}

fn actor(person: &Person) -> Actor {
    Actor {
        organization: person.organization_id,
        user: Some(person.user_id),
    }
}

/// What is remembered of the members' devices holds their version of before.
fn told(state: &AppState, person: &Person, members: &[UserId]) {
    for member in members {
        state.auth.authority.forget(*member);
    }
    state.live.wake(person.organization_id);
}
