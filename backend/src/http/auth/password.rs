//! `POST /auth/password`.

use axum::extract::State;
use http::StatusCode;
use shared_types::account::ChangePassword;

use super::reset_problem;
use crate::{
    auth::{
        passwords::Verdict,
        resets::{self, Own},
    },
    http::{
        answers::{BodyProblems, CallerProblems, Conflicting, PublicProblems},
        caller::Person,
        error::{ApiError, ApiResult},
        forms::Form,
        json::ApiJson,
        limits,
        state::AppState,
    },
    store::standing,
};

/// Changes one's own password. All other log-ins end, and links to set a new one; this log-in
/// goes on.
#[utoipa::path(post, path = "/api/v1/auth/password", tag = "auth", request_body = ChangePassword, security(("bearer" = []), ("cookie" = [])), responses(
    (status = 204), CallerProblems, Conflicting, BodyProblems, PublicProblems,
))]
pub(in crate::http) async fn password(
    State(state): State<AppState>,
    person: Person,
    ApiJson(request): ApiJson<ChangePassword>,
) -> ApiResult<StatusCode> {
    // Whoever holds a stolen log-in is not to find the password by trying.
    limits::account(&state, &person.user_id.to_string())?;
    let (checked, about) = {
        let mut reader = state.store.tenant(person.organization_id).read().await?;
        let hash = standing::password_hash(reader.db(), person.user_id).await?;
        (
            hash,
            resets::about_person(reader.db(), person.user_id).await?,
        )
    };
    let about: Vec<&str> = about.iter().map(String::as_str).collect();
    let mut form = Form::default();
    form.require(
        request.current_password.len() <= 1_024,
        "current_password",
        "is not your password",
    );
    form.new_password("new_password", &request.new_password, &about);
    form.finish()?;
    let passwords = &state.auth.passwords;
    let verdict = passwords
        .verify(request.current_password, checked.clone())
        .await?;
    let Some(checked) = checked.filter(|_| verdict != Verdict::Wrong) else {
        return Err(ApiError::field("current_password", "is not your password"));
    };
    let hash = passwords.hash(request.new_password).await?;
    let own = Own {
        organization: person.organization_id,
        user: person.user_id,
        login: person.login_id,
    };
    let notify = state.mail.is_configured();
    resets::change(&state.store, &*state.clock, own, &checked, &hash, notify)
        .await
        .map_err(reset_problem)?;
    state.mail.wake();
    let authority = &state.auth.authority;
    authority
        .changed(person.organization_id, person.user_id)
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
