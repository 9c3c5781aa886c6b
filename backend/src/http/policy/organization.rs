//! `GET /policy`, `PUT /policy`: what agents may collect.

use axum::extract::State;
use shared_types::policy::{CapturePolicy, PolicyDocument};

use super::problem;
use crate::{
    http::{
        answers::{BodyProblems, CallerProblems, Conflicting},
        caller::{Admitted, Caller, Person},
        error::{ApiError, ApiResult},
        json::ApiJson,
        state::AppState,
    },
    policies::{self, Actor},
    store::{organizations, policies as stored},
};

/// For people the organization's capture policy; for a device what its person is subject to,
/// which their teams may have made stricter. A device that waits for approval may ask too.
#[utoipa::path(get, path = "/api/v1/policy", tag = "settings", security(("bearer" = []), ("cookie" = []), ("device" = [])), responses(
    (status = 200, body = CapturePolicy), CallerProblems,
))]
pub(in crate::http) async fn get(
    State(state): State<AppState>,
    Admitted(caller): Admitted,
) -> ApiResult<ApiJson<CapturePolicy>> {
    let mut reader = state.store.tenant(caller.organization_id()).read().await?;
    let policy = match caller {
        Caller::Person(_) => organizations::policy(reader.db()).await?,
        Caller::Device(device) => stored::effective(reader.db(), device.user_id)
            .await?
            .map(|effective| effective.policy),
    };
    policy.map(ApiJson).ok_or_else(ApiError::not_found)
}

/// Replaces the organization's capture policy. `version` is the one that was read: when somebody
/// else changed the policy since, nothing is written. The answer has the new version.
#[utoipa::path(put, path = "/api/v1/policy", tag = "settings", request_body = CapturePolicy, security(("bearer" = []), ("cookie" = [])), responses(
    (status = 200, body = CapturePolicy), CallerProblems, Conflicting, BodyProblems,
))]
pub(in crate::http) async fn put(
    State(state): State<AppState>,
    person: Person,
    ApiJson(PolicyDocument(policy)): ApiJson<PolicyDocument>,
) -> ApiResult<ApiJson<CapturePolicy>> {
    person.require_admin()?;
    let actor = Actor {
        organization: person.organization_id,
        user: Some(person.user_id),
    };
    let changed = policies::set(&state.store, &*state.clock, actor, policy)
        .await
        .map_err(problem)?;
    state.live.wake(person.organization_id);
    Ok(ApiJson(changed.policy))
}
