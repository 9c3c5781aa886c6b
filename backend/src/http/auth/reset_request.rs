//! `POST /auth/reset-request`.

use axum::extract::State;
use http::StatusCode;
use shared_types::account::{ResetRequest, ResetRequested};

use crate::{
    auth::resets,
    http::{
        answers::{BodyProblems, PublicProblems},
        client::ClientIp,
        error::ApiResult,
        forms::Form,
        json::ApiJson,
        limits,
        state::AppState,
    },
};

/// Asks for a link to set a new password; it is mailed. The answer, and the work before it, are
/// the same whether the address has an account or not.
#[utoipa::path(post, path = "/api/v1/auth/reset-request", tag = "auth", request_body = ResetRequest, responses(
    (status = 202, body = ResetRequested), BodyProblems, PublicProblems,
))]
pub(in crate::http) async fn reset_request(
    State(state): State<AppState>,
    client: ClientIp,
    ApiJson(request): ApiJson<ResetRequest>,
) -> ApiResult<(StatusCode, ApiJson<ResetRequested>)> {
    limits::address(&state, client)?;
    let mut form = Form::default();
    form.email("email", &request.email);
    form.finish()?;
    let by_mail = state.mail.is_configured();
    if by_mail {
        limits::mail(&state, &request.email.to_lowercase())?;
        resets::ask(&state.store, &*state.clock, &request.email).await?;
        state.mail.wake();
    }
    Ok((StatusCode::ACCEPTED, ApiJson(ResetRequested { by_mail })))
}
