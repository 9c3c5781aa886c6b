//! `POST /devices/enrol`.

use axum::extract::State;
use http::StatusCode;
use shared_types::{
    device::{EnrolRequest, EnrolResponse},
    problem::ProblemCode,
};

use crate::{
    auth::enrolment::{self, EnrolError},
    http::{
        answers::{BodyProblems, Conflicting, PublicProblems, Spent},
        client::ClientIp,
        error::{ApiError, ApiResult},
        forms::Form,
        json::ApiJson,
        limits,
        state::AppState,
    },
};

/// Enrols a machine, for the token's person or for the one with the address that is sent. Where
/// approval is wanted, the device is `pending`: it may read its policy, and what it sends is
/// refused with `device-pending` until an admin has approved it. The same device with the same token again is enrolled once, and gets a new
/// secret in place of the one whose answer was lost.
#[utoipa::path(post, path = "/api/v1/devices/enrol", tag = "devices", request_body = EnrolRequest, responses(
    (status = 201, body = EnrolResponse),
    (status = 401, description = "The token is not known", content_type = "application/problem+json", body = shared_types::problem::Problem),
    (status = 403, description = "The account is suspended, the token is not for this address, or the device was revoked", content_type = "application/problem+json", body = shared_types::problem::Problem),
    Conflicting, Spent, BodyProblems, PublicProblems,
))]
pub(in crate::http) async fn enrol(
    State(state): State<AppState>,
    client: ClientIp,
    ApiJson(request): ApiJson<EnrolRequest>,
) -> ApiResult<(StatusCode, ApiJson<EnrolResponse>)> {
    let mut form = Form::default();
    machine(
        &mut form,
        &request.name,
        &request.os,
        &request.agent_version,
    );
    if let Some(email) = &request.email {
        form.email("email", email.trim());
    }
    form.finish()?;
    let outcome = enrolment::enrol(&state.store, &*state.clock, &request).await;
    if matches!(
        outcome,
        Err(EnrolError::UnknownToken | EnrolError::NotForThisAddress)
    ) {
        // Only guessing is limited: a roll-out enrols a whole office from one address.
        limits::address(&state, client)?;
    }
    let enrolment = outcome.map_err(problem)?;
    let authority = &state.auth.authority;
    authority.forget(enrolment.user_id);
    Ok((StatusCode::CREATED, ApiJson(enrolment.response)))
}

/// What a machine says of itself.
pub(super) fn machine(form: &mut Form, name: &str, os: &str, agent_version: &str) {
    form.line("name", name, 1, 200);
    form.line("os", os, 0, 200);
    form.line("agent_version", agent_version, 0, 50);
}

/// Why a machine was not enrolled, and what to do.
pub(super) fn problem(error: EnrolError) -> ApiError {
    let code = match error {
        EnrolError::Store(error) => return error.into(),
        EnrolError::AddressNeeded => {
            return ApiError::field("email", "is needed: this token is not one person's");
        }
        EnrolError::UnknownToken => ProblemCode::Unauthenticated,
        EnrolError::Spent(_) => ProblemCode::TokenSpent,
        EnrolError::Revoked => ProblemCode::DeviceRevoked,
        EnrolError::Taken => ProblemCode::Conflict,
        EnrolError::NotForThisAddress => ProblemCode::Forbidden,
        EnrolError::Suspended => ProblemCode::Suspended,
    };
    let advice = match code {
        ProblemCode::Suspended => "Ask an admin of your organization.",
        ProblemCode::Forbidden => "Check the address, or ask an admin of your organization.",
        ProblemCode::DeviceRevoked => "Remove its local data and enrol it as a new device.",
        ProblemCode::Conflict => "Enrol it as a new device, with an id of its own.",
        _ => "Ask an admin for a new enrolment token.",
    };
    ApiError::new(code).detail(format!("Not enrolled: {error}. {advice}"))
}
