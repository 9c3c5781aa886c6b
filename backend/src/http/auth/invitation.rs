//! `POST /auth/invitation`.

use axum::extract::State;
use shared_types::account::{InvitationLookup, InvitationOffer};

use super::join_problem;
use crate::{
    auth::joining,
    http::{
        answers::{BodyProblems, Missing, PublicProblems, Spent},
        client::ClientIp,
        error::ApiResult,
        json::ApiJson,
        limits,
        state::AppState,
    },
};

/// What an invitation is for. In a body, not in the address: that stands in logs.
#[utoipa::path(post, path = "/api/v1/auth/invitation", tag = "auth", request_body = InvitationLookup, responses(
    (status = 200, body = InvitationOffer), Missing, Spent, BodyProblems, PublicProblems,
))]
pub(in crate::http) async fn invitation(
    State(state): State<AppState>,
    client: ClientIp,
    ApiJson(request): ApiJson<InvitationLookup>,
) -> ApiResult<ApiJson<InvitationOffer>> {
    limits::address(&state, client)?;
    joining::offer(&state.store, &*state.clock, &request.token)
        .await
        .map(ApiJson)
        .map_err(join_problem)
}
