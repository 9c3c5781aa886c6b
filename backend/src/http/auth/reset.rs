//! `POST /auth/reset`.

use axum::extract::State;
use http::StatusCode;
use shared_types::account::ResetPassword;

use super::reset_problem;
use crate::{
    auth::resets,
    http::{
        answers::{BodyProblems, Missing, PublicProblems, Spent},
        client::ClientIp,
        error::ApiResult,
        forms::Form,
        json::ApiJson,
        limits,
        state::AppState,
    },
};

/// Sets a new password by a link, once. All log-ins of the person end.
#[utoipa::path(post, path = "/api/v1/auth/reset", tag = "auth", request_body = ResetPassword, responses(
    (status = 204),
    (status = 403, description = "The account is suspended", content_type = "application/problem+json", body = shared_types::problem::Problem),
    Missing, Spent, BodyProblems, PublicProblems,
))]
pub(in crate::http) async fn reset(
    State(state): State<AppState>,
    client: ClientIp,
    ApiJson(request): ApiJson<ResetPassword>,
) -> ApiResult<StatusCode> {
    limits::address(&state, client)?;
    let (store, clock) = (&state.store, &*state.clock);
    let about = resets::about(store, clock, &request.token)
        .await
        .map_err(reset_problem)?;
    let about: Vec<&str> = about.iter().map(String::as_str).collect();
    let mut form = Form::default();
    form.new_password("new_password", &request.new_password, &about);
    form.finish()?;
    let hash = state.auth.passwords.hash(request.new_password).await?;
    let notify = state.mail.is_configured();
    let (organization, user) = resets::reset(store, clock, &request.token, &hash, notify)
        .await
        .map_err(reset_problem)?;
    state.mail.wake();
    state.auth.authority.changed(organization, user).await?;
    Ok(StatusCode::NO_CONTENT)
}
