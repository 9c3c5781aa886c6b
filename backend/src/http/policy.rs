//! `GET /policy`, `PUT /policy`: what agents may collect.

use axum::extract::State;
use serde_json::json;
use shared_types::policy::CapturePolicy;

use super::{
    answers::{BodyProblems, CallerProblems, Conflicting},
    caller::{Caller, Person},
    error::{ApiError, ApiResult},
    json::ApiJson,
    state::AppState,
};
use crate::store::{
    audit::{self, Entry},
    events::{self, Subject},
    organizations,
};

/// The capture policy in force.
#[utoipa::path(get, path = "/api/v1/policy", tag = "settings", security(("bearer" = []), ("cookie" = []), ("device" = [])), responses(
    (status = 200, body = CapturePolicy), CallerProblems,
))]
pub(super) async fn get(
    State(state): State<AppState>,
    caller: Caller,
) -> ApiResult<ApiJson<CapturePolicy>> {
    let mut reader = state.store.tenant(caller.organization_id()).read().await?;
    organizations::policy(reader.db())
        .await?
        .map(ApiJson)
        .ok_or_else(ApiError::not_found)
}

/// Replaces the capture policy. `version` is the one that was read: when somebody else changed
/// the policy since, nothing is written. The answer has the new version.
#[utoipa::path(put, path = "/api/v1/policy", tag = "settings", request_body = CapturePolicy, security(("bearer" = []), ("cookie" = [])), responses(
    (status = 200, body = CapturePolicy), CallerProblems, Conflicting, BodyProblems,
))]
pub(super) async fn put(
    State(state): State<AppState>,
    person: Person,
    ApiJson(mut policy): ApiJson<CapturePolicy>,
) -> ApiResult<ApiJson<CapturePolicy>> {
    person.require_admin()?;
    if let Some((field, message)) = policy.problem() {
        return Err(ApiError::field(field, message));
    }
    let (organization, now) = (person.organization_id, state.clock.now());
    let expected = policy.version;
    policy.version = expected
        .checked_add(1)
        .ok_or_else(|| ApiError::field("version", "is not a version of this policy"))?;
    let mut tx = state.store.tenant(organization).begin().await?;
    if !organizations::set_policy(&mut tx, expected, &policy).await? {
        return Err(ApiError::conflict(
            "The policy has changed since you read it. Nothing was changed; read it again.",
        ));
    }
    let entry = Entry {
        actor: Some(person.user_id),
        action: "policy.changed",
        subject: None,
        detail: json!({ "version": policy.version }),
    };
    audit::append(&mut tx, &entry, now).await?;
    let subject = Subject {
        policy_version: Some(policy.version),
        ..Subject::default()
    };
    events::append(&mut tx, "POLICY_CHANGED", &subject, now).await?;
    tx.commit().await?;
    state.live.wake(organization);
    Ok(ApiJson(policy))
}
