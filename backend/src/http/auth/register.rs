//! `POST /auth/register`.

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use http::StatusCode;
use shared_types::account::{RegisterRequest, Registered, RegistrationReceived, RegistrationStep};

use super::join_problem;
use crate::{
    auth::joining::{self, Newcomer},
    http::{
        answers::{BodyProblems, Conflicting, Missing, PublicProblems, Spent},
        client::ClientIp,
        error::{ApiError, ApiResult},
        forms::Form,
        json::ApiJson,
        limits,
        state::AppState,
    },
};

/// Joins an organization as an employee.
///
/// With an invitation the account is there at once. By the organization's id (where an admin has
/// opened that) the answer is the same whether the address has an account or not: where the server
/// sends mail, a link goes to the address; where it does not, an admin lets the person in.
#[utoipa::path(post, path = "/api/v1/auth/register", tag = "auth", request_body = RegisterRequest, responses(
    (status = 201, description = "With an invitation: the person can log in", body = Registered),
    (status = 202, description = "By the organization's id: what comes next", body = RegistrationReceived),
    Missing, Conflicting, Spent, BodyProblems, PublicProblems,
))]
pub(in crate::http) async fn register(
    State(state): State<AppState>,
    client: ClientIp,
    ApiJson(request): ApiJson<RegisterRequest>,
) -> ApiResult<Response> {
    limits::address(&state, client)?;
    match (&request.invitation, request.organization_id) {
        (Some(_), None) => by_invitation(&state, request).await,
        (None, Some(_)) => by_id(&state, request).await,
        _ => Err(ApiError::field(
            "invitation",
            "give either an invitation or an organization_id",
        )),
    }
}

async fn by_invitation(state: &AppState, request: RegisterRequest) -> ApiResult<Response> {
    let token = request.invitation.unwrap_or_default();
    let (store, clock) = (&state.store, &*state.clock);
    // Before the form: whoever has no invitation is not to make us look at passwords.
    let offer = joining::offer(store, clock, &token)
        .await
        .map_err(join_problem)?;
    let (name, password) = (
        request.name.unwrap_or_default(),
        request.password.unwrap_or_default(),
    );
    let mut form = Form::default();
    form.line("name", &name, 1, 200);
    form.new_password(
        "password",
        &password,
        &[&name, &offer.email, &offer.organization_name],
    );
    let same = |email: &String| email.eq_ignore_ascii_case(&offer.email);
    form.require(
        request.email.as_ref().is_none_or(same),
        "email",
        "must be the address that was invited",
    );
    form.finish()?;
    let hash = state.auth.passwords.hash(password).await?;
    let newcomer = Newcomer {
        name: name.trim(),
        password_hash: &hash,
    };
    let (organization_id, user_id) = joining::accept(store, clock, &token, newcomer)
        .await
        .map_err(join_problem)?;
    let registered = Registered {
        user_id,
        organization_id,
        email: offer.email,
    };
    Ok((StatusCode::CREATED, ApiJson(registered)).into_response())
}

async fn by_id(state: &AppState, request: RegisterRequest) -> ApiResult<Response> {
    let (store, clock) = (&state.store, &*state.clock);
    let organization = request.organization_id.ok_or_else(ApiError::not_found)?;
    let email = request.email.unwrap_or_default();
    let mut form = Form::default();
    form.email("email", &email);
    form.finish()?;
    let settings = joining::open_to(store, organization, &email)
        .await
        .map_err(join_problem)?;
    let next = if state.mail.is_configured() {
        limits::mail(state, &email.to_lowercase())?;
        joining::ask(store, clock, organization, &email).await?;
        state.mail.wake();
        RegistrationStep::Mail
    } else {
        let (name, password) = (
            request.name.unwrap_or_default(),
            request.password.unwrap_or_default(),
        );
        let mut form = Form::default();
        form.line("name", &name, 1, 200);
        form.new_password("password", &password, &[&name, &email, &settings.name]);
        form.finish()?;
        let hash = state.auth.passwords.hash(password).await?;
        let newcomer = Newcomer {
            name: name.trim(),
            password_hash: &hash,
        };
        joining::apply(store, clock, organization, &email, newcomer).await?;
        RegistrationStep::Approval
    };
    Ok((StatusCode::ACCEPTED, ApiJson(RegistrationReceived { next })).into_response())
}
