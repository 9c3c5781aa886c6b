//! Limits on guessing, as answers: 429 with `Retry-After`.

use shared_types::problem::ProblemCode;

use super::{
    client::ClientIp,
    error::{ApiError, ApiResult},
    state::AppState,
};

/// Counts an attempt from an address.
pub(super) fn address(state: &AppState, client: ClientIp) -> ApiResult<()> {
    state.auth.limits.address(client.0).map_err(too_many)
}

/// Counts an attempt on an account.
pub(super) fn account(state: &AppState, email: &str) -> ApiResult<()> {
    state.auth.limits.account(email).map_err(too_many)
}

/// Counts a mail that somebody asks for, to whatever address.
pub(super) fn mail(state: &AppState, email: &str) -> ApiResult<()> {
    state.auth.limits.mail(email).map_err(too_many)
}

/// Counts a renewal from an address. Wider than log-ins: an office renews at the same time.
pub(super) fn refresh(state: &AppState, client: ClientIp) -> ApiResult<()> {
    state.auth.limits.refresh(client.0).map_err(too_many)
}

fn too_many(seconds: u32) -> ApiError {
    ApiError::new(ProblemCode::TooManyRequests)
        .detail(format!("Too many attempts. Try again in {seconds} s."))
        .retry_after(seconds)
}
