//! `POST /auth/login`.
//!
//! Unknown address, wrong password, suspended account: the same answer, after the same work.

use std::time::Duration;

use axum::{extract::State, response::Response};
use http::{HeaderMap, Method, header};
use shared_types::{
    OrganizationId, UserId,
    auth::{LoginRequest, LoginResponse, TokenDelivery, UserStatus},
    problem::ProblemCode,
};

use super::logged_in;
use crate::{
    auth::{logins, passwords::Verdict},
    domain,
    http::{
        answers::{BodyProblems, Conflicting, PublicProblems},
        client::ClientIp,
        error::{ApiError, ApiResult},
        json::ApiJson,
        limits, origin,
        state::AppState,
    },
    store::{
        people::{self, Account},
        standing,
    },
};

/// Longer ones are no passwords that we ever set.
const LONGEST_ATTEMPT: usize = 1_024;
/// No refusal comes sooner: longer than a bcrypt hash of cost 12 takes.
const REFUSED_AFTER: Duration = Duration::from_millis(500);

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
    let begun = tokio::time::Instant::now();
    let client = describe(&headers);
    let outcome = attempt(&state, &request, &email, &client).await;
    if outcome
        .as_ref()
        .is_err_and(|error| error.code == ProblemCode::LoginFailed)
    {
        // Hashes of different kinds take different times; nobody is to learn which one there is.
        tokio::time::sleep_until(begun + REFUSED_AFTER).await;
    }
    outcome
}

async fn attempt(
    state: &AppState,
    request: &LoginRequest,
    email: &str,
    client: &str,
) -> ApiResult<Response> {
    let accounts = {
        let mut reader = state.store.system().read().await?;
        people::accounts(reader.db(), email, request.organization_id).await?
    };
    let mut fitting = fitting(state, accounts, &request.password).await?;
    if fitting.len() > 1 {
        return Err(ApiError::new(ProblemCode::OrganizationNeeded).detail(
            "This address and password fit several organizations: say which with `organization_id`.",
        ));
    }
    let account = fitting.pop().ok_or_else(failed)?;
    let upgraded = if account.outdated {
        Some(state.auth.passwords.hash(request.password.clone()).await?)
    } else {
        None
    };
    let hash = upgraded.as_deref().unwrap_or(&account.hash);
    let mut tx = state.store.tenant(account.organization).begin().await?;
    // Who changes the password at this moment ends the log-ins that were made with the old one:
    // this one comes after that, or is among them.
    if !standing::replace_hash(&mut tx, account.user, &account.hash, hash).await? {
        return Err(failed());
    }
    let login = logins::begin(&mut tx, &*state.clock, account.user, client).await?;
    tx.commit().await?;
    let (organization, user) = (account.organization, account.user);
    let now = state.clock.now();
    state.auth.last_seen.note(organization, user, now);
    logged_in(state, login, request.delivery).await
}

/// An account whose password was given.
struct Fitting {
    organization: OrganizationId,
    user: UserId,
    hash: String,
    /// The hash is to be replaced by one of ours.
    outdated: bool,
}

async fn fitting(
    state: &AppState,
    accounts: Vec<Account>,
    password: &str,
) -> ApiResult<Vec<Fitting>> {
    let check = |hash| state.auth.passwords.verify(password.to_owned(), hash);
    if accounts.is_empty() {
        check(None).await?;
    }
    let mut fitting = Vec::new();
    for account in accounts {
        let verdict = check(account.password_hash.clone()).await?;
        let active = account.status == UserStatus::Active.as_str();
        if let Some(hash) = account.password_hash
            && verdict != Verdict::Wrong
            && active
        {
            fitting.push(Fitting {
                organization: account.organization_id,
                user: account.id,
                hash,
                outdated: verdict == Verdict::FitsOldHash,
            });
        }
    }
    Ok(fitting)
}

fn describe(headers: &HeaderMap) -> String {
    let agent = headers
        .get(header::USER_AGENT)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    domain::client::describe(agent)
}

fn failed() -> ApiError {
    ApiError::new(ProblemCode::LoginFailed)
        .detail("The address or the password is wrong, or the account may not be used.")
}
