//! `DELETE /auth/logins`.

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use http::StatusCode;

use crate::{
    auth::standing,
    http::{
        answers::CallerProblems, auth::forget, caller::Person, error::ApiResult, state::AppState,
    },
};

/// Signs out everywhere: ends all of one's own log-ins, this one with them.
#[utoipa::path(delete, path = "/api/v1/auth/logins", tag = "auth", security(("bearer" = []), ("cookie" = [])), responses(
    (status = 204), CallerProblems,
))]
pub(in crate::http) async fn end_all(
    State(state): State<AppState>,
    person: Person,
) -> ApiResult<Response> {
    let (organization, user) = (person.organization_id, person.user_id);
    let actor = Some(user);
    standing::sign_out(&state.store, &*state.clock, organization, actor, user).await?;
    state.auth.authority.changed(organization, user).await?;
    Ok((StatusCode::NO_CONTENT, forget(&state)).into_response())
}
