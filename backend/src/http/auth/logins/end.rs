//! `DELETE /auth/logins/{id}`.

use axum::extract::State;
use http::StatusCode;
use uuid::Uuid;

use crate::{
    auth::standing,
    http::{
        answers::{CallerProblems, Missing},
        caller::Person,
        error::{ApiError, ApiResult},
        json::ApiPath,
        state::AppState,
    },
};

/// Ends one of one's own log-ins, with all its tokens and sockets.
#[utoipa::path(delete, path = "/api/v1/auth/logins/{id}", tag = "auth", params(("id" = Uuid, Path)), security(("bearer" = []), ("cookie" = [])), responses(
    (status = 204), CallerProblems, Missing,
))]
pub(in crate::http) async fn end(
    State(state): State<AppState>,
    person: Person,
    ApiPath(id): ApiPath<Uuid>,
) -> ApiResult<StatusCode> {
    let (organization, user) = (person.organization_id, person.user_id);
    let (store, clock) = (&state.store, &*state.clock);
    if !standing::end_login(store, clock, organization, Some(user), user, id).await? {
        return Err(ApiError::not_found());
    }
    state.auth.authority.changed(organization, user).await?;
    Ok(StatusCode::NO_CONTENT)
}
