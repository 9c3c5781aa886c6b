//! `POST /enrolment-tokens`.

use axum::extract::State;
use http::StatusCode;
use shared_types::device::{CreateEnrolmentToken, EnrolmentTokenCreated};

use crate::{
    auth::enrolment_tokens::{self, TokenTerms},
    http::{
        answers::{BodyProblems, CallerProblems, Missing},
        caller::Person,
        error::{ApiError, ApiResult},
        forms::Form,
        json::ApiJson,
        state::AppState,
    },
};

/// Makes a token by which devices are enrolled: those of one person, or of whoever in the
/// organization a machine names by their address. The secret is shown once.
#[utoipa::path(post, path = "/api/v1/enrolment-tokens", tag = "devices", request_body = CreateEnrolmentToken, security(("bearer" = []), ("cookie" = [])), responses(
    (status = 201, body = EnrolmentTokenCreated), CallerProblems, Missing, BodyProblems,
))]
pub(in crate::http) async fn create(
    State(state): State<AppState>,
    person: Person,
    ApiJson(request): ApiJson<CreateEnrolmentToken>,
) -> ApiResult<(StatusCode, ApiJson<EnrolmentTokenCreated>)> {
    person.require_admin()?;
    let terms = TokenTerms {
        user_id: request.user_id,
        mail_domain: request.mail_domain,
        label: request.label,
        needs_approval: request.needs_approval,
        max_uses: request.max_uses,
        expires_in_hours: request.expires_in_hours,
    };
    let mut form = Form::default();
    for (field, rule) in terms.problems() {
        form.require(false, field, rule);
    }
    form.finish()?;
    let (organization, actor) = (person.organization_id, Some(person.user_id));
    let token = enrolment_tokens::create(&state.store, &*state.clock, organization, actor, terms)
        .await?
        .ok_or_else(ApiError::not_found)?;
    Ok((StatusCode::CREATED, ApiJson(token)))
}
