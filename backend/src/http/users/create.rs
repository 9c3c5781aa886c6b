//! `POST /users`.

use axum::extract::State;
use http::StatusCode;
use shared_types::auth::{CreateUser, User};

use crate::{
    auth::accounts::{self, AccountError, NewPerson},
    http::{
        answers::{BodyProblems, CallerProblems, Conflicting},
        caller::Person,
        error::{ApiError, ApiResult},
        forms::Form,
        json::ApiJson,
        state::AppState,
    },
};

/// Makes an account.
#[utoipa::path(post, path = "/api/v1/users", tag = "people", request_body = CreateUser, security(("bearer" = []), ("cookie" = [])), responses(
    (status = 201, body = User), CallerProblems, Conflicting, BodyProblems,
))]
pub(in crate::http) async fn create(
    State(state): State<AppState>,
    person: Person,
    ApiJson(request): ApiJson<CreateUser>,
) -> ApiResult<(StatusCode, ApiJson<User>)> {
    person.require_admin()?;
    let mut form = Form::default();
    form.line("name", &request.name, 1, 200);
    form.email("email", &request.email);
    if let Some(password) = &request.password {
        form.new_password("password", password, &[&request.name, &request.email]);
    }
    form.finish()?;
    let hash = match request.password {
        Some(password) => Some(state.auth.passwords.hash(password).await?),
        None => None,
    };
    let new = NewPerson {
        email: &request.email,
        name: request.name.trim(),
        role: request.role,
        password_hash: hash.as_deref(),
    };
    let (organization, actor) = (person.organization_id, Some(person.user_id));
    let user = accounts::create_user(&state.store, &*state.clock, organization, actor, new)
        .await
        .map_err(|error| match error {
            AccountError::Store(error) => error.into(),
            taken => ApiError::conflict(format!("{taken}. Nothing was changed.")),
        })?;
    Ok((StatusCode::CREATED, ApiJson(user)))
}
