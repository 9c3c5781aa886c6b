//! `POST /invitations`.

use axum::extract::State;
use http::StatusCode;
use shared_types::account::{CreateInvitation, InvitationCreated};

use crate::{
    auth::{
        joining::{self, JoinError, Terms},
        links,
    },
    http::{
        answers::{BodyProblems, CallerProblems, Conflicting},
        caller::Person,
        error::{ApiError, ApiResult},
        forms::Form,
        json::ApiJson,
        state::AppState,
    },
};

/// Invites somebody; they join as an employee. The link is mailed where the server sends mail,
/// and otherwise shown, once. Earlier invitations to the same address end.
#[utoipa::path(post, path = "/api/v1/invitations", tag = "people", request_body = CreateInvitation, security(("bearer" = []), ("cookie" = [])), responses(
    (status = 201, body = InvitationCreated), CallerProblems, Conflicting, BodyProblems,
))]
pub(in crate::http) async fn create(
    State(state): State<AppState>,
    person: Person,
    ApiJson(request): ApiJson<CreateInvitation>,
) -> ApiResult<(StatusCode, ApiJson<InvitationCreated>)> {
    person.require_admin()?;
    let mut form = Form::default();
    form.email("email", &request.email);
    form.require(
        (1..=720).contains(&request.expires_in_hours),
        "expires_in_hours",
        "must be 1 to 720",
    );
    form.finish()?;
    let terms = Terms {
        email: &request.email,
        expires_in_hours: request.expires_in_hours,
        by_mail: state.mail.is_configured() && !request.show_link,
    };
    let (organization, actor) = (person.organization_id, Some(person.user_id));
    let (invitation, secret) =
        joining::invite(&state.store, &*state.clock, organization, actor, terms)
            .await
            .map_err(|error| match error {
                JoinError::Store(error) => error.into(),
                taken => ApiError::conflict(format!("Nobody was invited: {taken}.")),
            })?;
    state.mail.wake();
    let public_url = state.config.http.public_url.as_ref();
    let link = secret.map(|secret| links::link(public_url, links::JOIN, &secret));
    Ok((
        StatusCode::CREATED,
        ApiJson(InvitationCreated { invitation, link }),
    ))
}
