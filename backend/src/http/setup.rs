//! `GET /setup`, `POST /setup`: the first organization and its admin, once.

use axum::extract::State;
use http::StatusCode;
use shared_types::{
    auth::{Role, SetupRequest, SetupResponse, SetupStatus},
    problem::ProblemCode,
};
use subtle::ConstantTimeEq as _;

use super::{
    answers::{BodyProblems, Conflicting, PublicProblems},
    client::ClientIp,
    error::{ApiError, ApiResult},
    forms::Form,
    json::ApiJson,
    limits,
    state::AppState,
};
use crate::{
    auth::accounts::{self, AccountError, NewOrganization, NewPerson},
    store::organizations,
};

/// Whether this server still needs its first organization.
#[utoipa::path(get, path = "/api/v1/setup", tag = "setup", responses(
    (status = 200, body = SetupStatus), PublicProblems,
))]
pub(super) async fn status(State(state): State<AppState>) -> ApiResult<ApiJson<SetupStatus>> {
    let mut reader = state.store.system().read().await?;
    let needed = !organizations::any(reader.db()).await?;
    Ok(ApiJson(SetupStatus {
        needed,
        code_required: state.auth.setup_code.is_some(),
    }))
}

/// Makes the first organization and its admin; later ones are made on the command line.
#[utoipa::path(post, path = "/api/v1/setup", tag = "setup", request_body = SetupRequest, responses(
    (status = 201, body = SetupResponse),
    (status = 403, description = "The setup code is missing or wrong", content_type = "application/problem+json", body = shared_types::problem::Problem),
    Conflicting, BodyProblems, PublicProblems,
))]
pub(super) async fn run(
    State(state): State<AppState>,
    client: ClientIp,
    ApiJson(request): ApiJson<SetupRequest>,
) -> ApiResult<(StatusCode, ApiJson<SetupResponse>)> {
    limits::address(&state, client)?;
    if let Some(expected) = &state.auth.setup_code {
        let given = request.setup_code.as_deref().unwrap_or_default();
        if !bool::from(given.as_bytes().ct_eq(expected.as_bytes())) {
            return Err(ApiError::new(ProblemCode::Forbidden).detail(
                "This server can be reached from other machines, so set-up asks for the code that it printed in its log.",
            ));
        }
    }
    let mut form = Form::default();
    form.line("organization_name", &request.organization_name, 1, 200);
    form.time_zone("time_zone", &request.time_zone);
    form.line("name", &request.name, 1, 200);
    form.email("email", &request.email);
    let about = [&*request.organization_name, &*request.name, &*request.email];
    form.new_password("password", &request.password, &about);
    form.finish()?;
    let needed = {
        let mut reader = state.store.system().read().await?;
        !organizations::any(reader.db()).await?
    };
    if !needed {
        return Err(done_before());
    }
    let hash = state.auth.passwords.hash(request.password).await?;
    let organization = NewOrganization {
        name: request.organization_name.trim(),
        time_zone: &request.time_zone,
    };
    let admin = NewPerson {
        email: &request.email,
        name: request.name.trim(),
        role: Role::Admin,
        password_hash: Some(&hash),
    };
    let clock = &*state.clock;
    let (organization_id, user_id) = accounts::set_up(&state.store, clock, organization, admin)
        .await
        .map_err(|error| match error {
            AccountError::AlreadySetUp | AccountError::EmailTaken => done_before(),
            AccountError::Store(error) => error.into(),
        })?;
    let response = SetupResponse {
        organization_id,
        user_id,
    };
    Ok((StatusCode::CREATED, ApiJson(response)))
}

fn done_before() -> ApiError {
    ApiError::conflict(
        "This server has been set up already. Nothing was changed. Further organizations are made with `workpulse-server admin create-organization`.",
    )
}
