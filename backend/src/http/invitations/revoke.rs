//! `DELETE /invitations/{id}`.

use axum::extract::State;
use http::StatusCode;
use shared_types::InvitationId;

use crate::{
    auth::joining::{self, JoinError},
    http::{
        answers::{CallerProblems, Conflicting, Missing},
        caller::Person,
        error::{ApiError, ApiResult},
        json::ApiPath,
        state::AppState,
    },
};

/// Takes an invitation back: its link lets nobody in any more.
#[utoipa::path(delete, path = "/api/v1/invitations/{id}", tag = "people", params(("id" = InvitationId, Path)), security(("bearer" = []), ("cookie" = [])), responses(
    (status = 204), CallerProblems, Missing, Conflicting,
))]
pub(in crate::http) async fn revoke(
    State(state): State<AppState>,
    person: Person,
    ApiPath(id): ApiPath<InvitationId>,
) -> ApiResult<StatusCode> {
    person.require_admin()?;
    let (organization, actor) = (person.organization_id, Some(person.user_id));
    joining::revoke(&state.store, &*state.clock, organization, actor, id)
        .await
        .map_err(|error| match error {
            JoinError::Store(error) => error.into(),
            _ => ApiError::conflict(
                "This invitation has become an account. Nothing was changed; suspend the person instead.",
            ),
        })?
        .map(|()| StatusCode::NO_CONTENT)
        .ok_or_else(ApiError::not_found)
}
