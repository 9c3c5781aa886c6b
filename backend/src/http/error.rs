//! What a client is told when something is wrong: one error, one body, everywhere.
//!
//! The detail that a client may read is in the answer; what only we may read goes to the
//! log, under the same request id. Invariant: input never makes a 500.

use axum::{
    body::Body,
    response::{IntoResponse, Response},
};
use http::{HeaderValue, StatusCode, header};
use shared_types::problem::{FieldProblem, Problem, ProblemCode};

use crate::{auth::passwords::HashingError, store::StoreError};

/// The media type of [`Problem`].
pub const PROBLEM_JSON: &str = "application/problem+json";
/// Seconds after which a client may try again when the database was away.
const RETRY_DATABASE_SECONDS: u32 = 2;
/// Seconds after which those that wait for a hash have had their turn.
const RETRY_HASHING_SECONDS: u32 = 5;

/// An error as a client sees it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{code:?}: {}", detail.as_deref().unwrap_or("no detail"))]
pub struct ApiError {
    /// What programs branch on.
    pub code: ProblemCode,
    /// What a person reads: what happened, what was kept, what to do. Safe to show.
    pub detail: Option<String>,
    /// The fields that were wrong.
    pub fields: Vec<FieldProblem>,
    /// Seconds after which trying again makes sense.
    pub retry_after: Option<u32>,
}

/// What a handler answers with.
pub type ApiResult<T> = Result<T, ApiError>;

impl ApiError {
    /// An error without details.
    #[must_use]
    pub const fn new(code: ProblemCode) -> Self {
        Self {
            code,
            detail: None,
            fields: Vec::new(),
            retry_after: None,
        }
    }

    /// With words for the person.
    #[must_use]
    pub fn detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = Some(detail.into());
        self
    }

    /// With the number of seconds to wait.
    #[must_use]
    pub const fn retry_after(mut self, seconds: u32) -> Self {
        self.retry_after = Some(seconds);
        self
    }

    /// 422 for one field.
    #[must_use]
    pub fn field(field: impl Into<String>, message: impl Into<String>) -> Self {
        let mut error = Self::new(ProblemCode::Validation);
        error.fields.push(FieldProblem {
            field: field.into(),
            message: message.into(),
        });
        error
    }

    /// 401: no credential, or one that is not valid (any more).
    #[must_use]
    pub fn unauthenticated() -> Self {
        Self::new(ProblemCode::Unauthenticated)
            .detail("Log in, and send the access token with the request.")
    }

    /// 403.
    #[must_use]
    pub fn forbidden(detail: impl Into<String>) -> Self {
        Self::new(ProblemCode::Forbidden).detail(detail)
    }

    /// 404: the same for what is not there and for what belongs to others.
    #[must_use]
    pub const fn not_found() -> Self {
        Self::new(ProblemCode::NotFound)
    }

    /// 409.
    #[must_use]
    pub fn conflict(detail: impl Into<String>) -> Self {
        Self::new(ProblemCode::Conflict).detail(detail)
    }

    /// 503 with `Retry-After`.
    #[must_use]
    pub fn unavailable(detail: impl Into<String>, seconds: u32) -> Self {
        Self::new(ProblemCode::Unavailable)
            .detail(detail)
            .retry_after(seconds)
    }

    /// 500: the cause goes to the log only.
    #[must_use]
    pub fn internal(cause: impl std::fmt::Display) -> Self {
        tracing::error!(cause = %cause, "a request failed on the server's side");
        Self::new(ProblemCode::Internal).detail(
            "Nothing is known to be lost. The request id finds the cause in the server's log.",
        )
    }

    /// The HTTP status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        StatusCode::from_u16(self.code.parts().1).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    /// The body, without a request id.
    #[must_use]
    pub fn problem(&self) -> Problem {
        Problem {
            detail: self.detail.clone(),
            fields: self.fields.clone(),
            ..Problem::new(self.code)
        }
    }
}

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        if error.is_transient() {
            tracing::warn!(cause = %error, "the database is not available");
            return Self::unavailable(
                "The database is busy or away. Nothing was lost; send the same request again.",
                RETRY_DATABASE_SECONDS,
            );
        }
        Self::internal(error)
    }
}

impl From<HashingError> for ApiError {
    fn from(error: HashingError) -> Self {
        match error {
            HashingError::Busy => Self::unavailable(
                "Too many people are logging in at this moment. Try again in a few seconds.",
                RETRY_HASHING_SECONDS,
            ),
            failed @ HashingError::Failed(_) => Self::internal(failed),
        }
    }
}

impl From<sqlx::Error> for ApiError {
    fn from(error: sqlx::Error) -> Self {
        StoreError::from(error).into()
    }
}

/// Rides in an answer's extensions, so that the outermost layer can write the request id
/// into the body.
#[derive(Debug, Clone)]
pub(super) struct ProblemBody(pub(super) Problem);

/// The body's bytes.
pub(super) fn render(problem: &Problem) -> Body {
    Body::from(serde_json::to_vec(problem).expect("a problem has only strings and numbers"))
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let problem = self.problem();
        let mut response = Response::new(render(&problem));
        *response.status_mut() = self.status();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(PROBLEM_JSON));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if self.status() == StatusCode::UNAUTHORIZED {
            headers.insert(
                header::WWW_AUTHENTICATE,
                HeaderValue::from_static("Bearer realm=\"workpulse\""),
            );
        }
        if let Some(seconds) = self.retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response.extensions_mut().insert(ProblemBody(problem));
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_a_status_that_http_knows() {
        for code in ProblemCode::ALL {
            let error = ApiError::new(code);
            assert_eq!(error.status().as_u16(), code.parts().1);
        }
    }

    #[test]
    fn a_challenge_comes_with_401_and_a_pause_with_503() {
        let answer = ApiError::unauthenticated().into_response();
        assert!(answer.headers().contains_key(header::WWW_AUTHENTICATE));
        let answer = ApiError::from(StoreError::Contended).into_response();
        assert_eq!(answer.status(), StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(answer.headers()[header::RETRY_AFTER], "2");
    }

    #[test]
    fn the_cause_of_a_500_stays_out_of_the_answer() {
        let error = ApiError::from(StoreError::Corrupt("users.role is 'root'".to_owned()));
        assert_eq!(error.code, ProblemCode::Internal);
        assert!(!error.detail.unwrap_or_default().contains("root"));
    }
}
