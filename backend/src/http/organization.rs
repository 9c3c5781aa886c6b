//! `GET /organization`, `PATCH /organization`: its settings.

use axum::extract::State;
use shared_types::account::{Organization, UpdateOrganization};

use super::{
    answers::{BodyProblems, CallerProblems},
    caller::Person,
    error::{ApiError, ApiResult},
    forms::Form,
    json::ApiJson,
    state::AppState,
};
use crate::{auth, store::settings};

/// The organization's settings.
#[utoipa::path(get, path = "/api/v1/organization", tag = "settings", security(("bearer" = []), ("cookie" = [])), responses(
    (status = 200, body = Organization), CallerProblems,
))]
pub(super) async fn get(
    State(state): State<AppState>,
    person: Person,
) -> ApiResult<ApiJson<Organization>> {
    let mut reader = state.store.tenant(person.organization_id).read().await?;
    settings::find(reader.db())
        .await?
        .map(ApiJson)
        .ok_or_else(ApiError::unauthenticated)
}

/// Changes the organization's settings; admins only.
#[utoipa::path(patch, path = "/api/v1/organization", tag = "settings", request_body = UpdateOrganization, security(("bearer" = []), ("cookie" = [])), responses(
    (status = 200, body = Organization), CallerProblems, BodyProblems,
))]
pub(super) async fn patch(
    State(state): State<AppState>,
    person: Person,
    ApiJson(request): ApiJson<UpdateOrganization>,
) -> ApiResult<ApiJson<Organization>> {
    person.require_admin()?;
    let mut form = Form::default();
    for (field, message) in auth::settings::problems(&request) {
        form.wrong(field, message);
    }
    form.finish()?;
    let (organization, actor) = (person.organization_id, Some(person.user_id));
    let (store, clock) = (&state.store, &*state.clock);
    auth::settings::change(store, clock, organization, actor, &request)
        .await?
        .map(ApiJson)
        .ok_or_else(ApiError::unauthenticated)
}
