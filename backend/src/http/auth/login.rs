//! `POST /auth/login`.
//!
//! Unknown address, wrong password, suspended account: the same answer, after the same work.

use axum::{extract::State, response::Response};
use http::{HeaderMap, Method};
use shared_types::{
    auth::{LoginRequest, LoginResponse, TokenDelivery, UserStatus},
    problem::ProblemCode,
};

use super::logged_in;
use crate::{
    auth::{logins, passwords::Verdict},
    http::{
        answers::{BodyProblems, Conflicting, PublicProblems},
        client::ClientIp,
        error::{ApiError, ApiResult},
        json::ApiJson,
        limits, origin,
        state::AppState,
    },
    store::people::{self, Account},
};

/// Longer ones are no passwords that we ever set.
const LONGEST_ATTEMPT: usize = 1_024;

/// Logs a person in.
#[utoipa::path(post, path = "/api/v1/auth/login", tag = "auth", request_body = LoginRequest, responses(
    (status = 200, description = "With `delivery: cookie` the tokens are in `HttpOnly` cookies instead of the body", body = LoginResponse),
    (status = 401, description = "Address or password are wrong, or the account may not be used", content_type = "application/problem+json", body = shared_types::problem::Problem),
    Conflicting, BodyProblems, PublicProblems,
))]
pub(in crate::http) async fn login(
    State(state): State<AppState>,
    client: ClientIp,
    headers: HeaderMap,
    ApiJson(request): ApiJson<LoginRequest>,
) -> ApiResult<Response> {
    limits::address(&state, client)?;
    if request.delivery == TokenDelivery::Cookie {
        origin::refuse_foreign(&state, &Method::POST, &headers)?;
    }
    let email = request.email.to_lowercase();
    limits::account(&state, &email)?;
    if email.len() > 320 || request.password.len() > LONGEST_ATTEMPT {
        return Err(failed());
    }
    let accounts = {
        let mut reader = state.store.system().read().await?;
        people::accounts(reader.db(), &email, request.organization_id).await?
    };
    let mut fitting = fitting(&state, accounts, &request.password).await?;
    if fitting.len() > 1 {
        return Err(ApiError::new(ProblemCode::OrganizationNeeded).detail(
            "This address and password fit several organizations: say which with `organization_id`.",
        ));
    }
    let account = fitting.pop().ok_or_else(failed)?;
    let mut tx = state.store.tenant(account.organization_id).begin().await?;
    let login = logins::begin(&mut tx, &*state.clock, account.id).await?;
    tx.commit().await?;
    logged_in(&state, login, request.delivery).await
}

async fn fitting(
    state: &AppState,
    accounts: Vec<Account>,
    password: &str,
) -> ApiResult<Vec<Account>> {
    let check = |hash| state.auth.passwords.verify(password.to_owned(), hash);
    if accounts.is_empty() {
        check(None).await?;
    }
    let mut fitting = Vec::new();
    for mut account in accounts {
        let hash = account.password_hash.take();
        let verdict = check(hash).await?;
        if verdict != Verdict::Wrong && account.status == UserStatus::Active.as_str() {
            fitting.push(account);
        }
    }
    Ok(fitting)
}

fn failed() -> ApiError {
    ApiError::new(ProblemCode::LoginFailed)
        .detail("The address or the password is wrong, or the account may not be used.")
}
