//! `POST /devices`.

use axum::extract::State;
use http::StatusCode;
use shared_types::device::{EnrolOwnRequest, EnrolResponse};

use super::enrol::{machine, problem};
use crate::{
    auth::enrolment,
    http::{
        answers::{BodyProblems, CallerProblems, Conflicting},
        caller::Person,
        error::ApiResult,
        forms::Form,
        json::ApiJson,
        state::AppState,
    },
};

/// Enrols a machine for the person who is logged in, without a token of an admin. It opens
/// nothing that a log-in does not: the person may record their own time either way. Where the
/// organization wants approval, the device is `pending`. The same device again gets a new
/// secret in place of the one whose answer was lost.
#[utoipa::path(post, path = "/api/v1/devices", tag = "devices", request_body = EnrolOwnRequest, security(("bearer" = []), ("cookie" = [])), responses(
    (status = 201, body = EnrolResponse), CallerProblems, Conflicting, BodyProblems,
))]
pub(in crate::http) async fn enrol_own(
    State(state): State<AppState>,
    person: Person,
    ApiJson(request): ApiJson<EnrolOwnRequest>,
) -> ApiResult<(StatusCode, ApiJson<EnrolResponse>)> {
    let mut form = Form::default();
    machine(
        &mut form,
        &request.name,
        &request.os,
        &request.agent_version,
    );
    form.finish()?;
    let (organization, user) = (person.organization_id, person.user_id);
    let enrolment = enrolment::enrol_own(&state.store, &*state.clock, organization, user, &request)
        .await
        .map_err(problem)?;
    state.auth.authority.forget(enrolment.user_id);
    Ok((StatusCode::CREATED, ApiJson(enrolment.response)))
}
