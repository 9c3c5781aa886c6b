//! `POST /enrolment-tokens`.

use axum::extract::State;
use http::StatusCode;
use shared_types::device::{CreateEnrolmentToken, EnrolmentTokenCreated};

use crate::{
    auth::enrolment::{self, TokenTerms},
    http::{
        answers::{BodyProblems, CallerProblems, Missing},
        caller::Person,
        error::{ApiError, ApiResult},
        forms::Form,
        json::ApiJson,
        state::AppState,
    },
};

/// Makes a token by which devices of one person are enrolled. The secret is shown once.
#[utoipa::path(post, path = "/api/v1/enrolment-tokens", tag = "devices", request_body = CreateEnrolmentToken, security(("bearer" = []), ("cookie" = [])), responses(
    (status = 201, body = EnrolmentTokenCreated), CallerProblems, Missing, BodyProblems,
))]
pub(in crate::http) async fn create(
    State(state): State<AppState>,
    person: Person,
    ApiJson(request): ApiJson<CreateEnrolmentToken>,
) -> ApiResult<(StatusCode, ApiJson<EnrolmentTokenCreated>)> {
    person.require_admin()?;
    let mut form = Form::default();
    form.require(
        (1..=1_000).contains(&request.max_uses),
        "max_uses",
        "must be 1 to 1000",
    );
    let hours = request.expires_in_hours;
    form.require(
        (1..=8_760).contains(&hours),
        "expires_in_hours",
        "must be 1 to 8760",
    );
    form.finish()?;
    let terms = TokenTerms {
        user_id: request.user_id,
        max_uses: request.max_uses,
        expires_in_hours: hours,
    };
    let (organization, actor) = (person.organization_id, Some(person.user_id));
    let token = enrolment::create_token(&state.store, &*state.clock, organization, actor, terms)
        .await?
        .ok_or_else(ApiError::not_found)?;
    Ok((StatusCode::CREATED, ApiJson(token)))
}
