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
use tokio::time::Instant;

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
    let client = describe(&headers);
    refused_late(attempt(&state, &request, &email, &client)).await
}

/// What an attempt comes to; a refusal not before [`REFUSED_AFTER`]. Hashes of different kinds take
/// different times, and nobody is to learn which one there is.
async fn refused_late<T>(attempt: impl Future<Output = ApiResult<T>>) -> ApiResult<T> {
    let begun = Instant::now();
    let outcome = attempt.await;
    if outcome
        .as_ref()
        .is_err_and(|error| error.code == ProblemCode::LoginFailed)
    {
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

#[cfg(test)]
mod tests {
    use super::*;

    /// How long it takes until an attempt that works for so long is answered, by a clock that only
    /// moves when everybody sleeps.
    async fn answered_after(works: Duration, outcome: ApiResult<()>) -> Duration {
        let begun = Instant::now();
        let attempt = async {
            tokio::time::sleep(works).await;
            outcome
        };
        let _ = refused_late(attempt).await;
        begun.elapsed()
    }

    #[tokio::test(start_paused = true)]
    async fn a_refusal_takes_as_long_whatever_it_was_found_by() {
        for works in [0, 5, 60, 300, 499].map(Duration::from_millis) {
            assert_eq!(answered_after(works, Err(failed())).await, REFUSED_AFTER);
        }
        let long = Duration::from_secs(2);
        assert_eq!(answered_after(long, Err(failed())).await, long);
    }

    #[tokio::test(start_paused = true)]
    async fn whoever_gets_in_and_whatever_else_went_wrong_does_not_wait() {
        let works = Duration::from_millis(60);
        let other = ApiError::new(ProblemCode::OrganizationNeeded);
        for outcome in [Ok(()), Err(other)] {
            assert_eq!(answered_after(works, outcome).await, works);
        }
    }
}
