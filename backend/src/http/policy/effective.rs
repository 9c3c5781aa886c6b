//! `GET /policy/effective`.

use axum::extract::State;
use serde::Deserialize;
use shared_types::{UserId, policy::EffectivePolicy};
use utoipa::IntoParams;

use crate::{
    http::{
        answers::{CallerProblems, Invalid, Missing},
        caller::Person,
        error::{ApiError, ApiResult},
        json::{ApiJson, ApiQuery},
        state::AppState,
    },
    store::policies,
};

/// Whose.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct Query {
    /// Whose; the caller's own unless told.
    user_id: Option<UserId>,
}

/// What applies to a person, and from where: the strictest of the organization's policy and
/// those of their teams. One's own, or that of somebody whom one sees.
#[utoipa::path(get, path = "/api/v1/policy/effective", tag = "settings", params(Query), security(("bearer" = []), ("cookie" = [])), responses(
    (status = 200, body = EffectivePolicy), CallerProblems, Missing, Invalid,
))]
pub(in crate::http) async fn effective(
    State(state): State<AppState>,
    person: Person,
    ApiQuery(query): ApiQuery<Query>,
) -> ApiResult<ApiJson<EffectivePolicy>> {
    let user = query.user_id.unwrap_or(person.user_id);
    person.require_sight(&state, user).await?;
    let mut reader = state.store.tenant(person.organization_id).read().await?;
    policies::effective(reader.db(), user)
        .await?
        .map(ApiJson)
        .ok_or_else(ApiError::not_found)
}
