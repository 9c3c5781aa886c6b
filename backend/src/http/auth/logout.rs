//! `POST /auth/logout`.

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use http::StatusCode;

use super::forget;
use crate::{
    auth::logins,
    http::{answers::CallerProblems, caller::Person, error::ApiResult, state::AppState},
};

/// Ends this log-in, with all its tokens and sockets; others of the same person go on.
#[utoipa::path(post, path = "/api/v1/auth/logout", tag = "auth", security(("bearer" = []), ("cookie" = [])), responses(
    (status = 204), CallerProblems,
))]
pub(in crate::http) async fn logout(
    State(state): State<AppState>,
    person: Person,
) -> ApiResult<Response> {
    let (organization, user) = (person.organization_id, person.user_id);
    logins::end(
        &state.store,
        &*state.clock,
        organization,
        user,
        person.login_id,
    )
    .await?;
    state.auth.authority.changed(organization, user).await?;
    Ok((StatusCode::NO_CONTENT, forget(&state)).into_response())
}
