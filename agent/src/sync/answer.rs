//! What an answer means, and what goes wrong with one.

use std::time::Duration;

use reqwest::{Response, header};
use shared_types::problem::{Problem, ProblemCode};

/// Larger answers than this are not from our server.
const ANSWER_MAX_BYTES: usize = 4 * 1024 * 1024;
/// `Retry-After` is obeyed within these bounds.
const RETRY_AFTER: std::ops::RangeInclusive<u64> = 1..=900;

/// Why the server did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum ServerError {
    /// No connection, or it broke: nobody knows whether the server did it.
    #[error("the server cannot be reached ({0})")]
    Unreachable(String),
    /// Something answered that does not speak our language: a portal, a proxy's page.
    #[error(
        "something other than the server answered ({0}); nothing was sent anew and nothing was deleted"
    )]
    NotOurServer(String),
    /// The server sent us elsewhere; credentials do not follow.
    #[error("the server redirects to {0}; enrol with that address if it is right")]
    Redirected(String),
    /// A documented problem.
    #[error("{}", problem_text(problem))]
    Problem {
        /// Its code, if we know it.
        code: Option<ProblemCode>,
        /// Obey this before the next try.
        retry_after: Option<Duration>,
        /// The document.
        problem: Box<Problem>,
    },
    /// A status without a document.
    #[error("the server answered with status {status}")]
    Status {
        /// The status.
        status: u16,
        /// Obey this before the next try.
        retry_after: Option<Duration>,
    },
    /// The HTTP client could not be made.
    #[error("the connection could not be prepared: {0}")]
    Setup(String),
}

fn problem_text(problem: &Problem) -> String {
    problem.detail.as_ref().map_or_else(
        || problem.title.clone(),
        |detail| format!("{}: {detail}", problem.title),
    )
}

impl ServerError {
    /// Whether the same request can never succeed.
    #[must_use]
    pub fn is_permanent(&self) -> bool {
        match self {
            Self::Unreachable(_) | Self::NotOurServer(_) | Self::Setup(_) => false,
            Self::Redirected(_) => true,
            Self::Problem { problem, .. } => permanent_status(problem.status),
            Self::Status { status, .. } => permanent_status(*status),
        }
    }

    /// The documented code.
    #[must_use]
    pub const fn code(&self) -> Option<ProblemCode> {
        match self {
            Self::Problem { code, .. } => *code,
            _ => None,
        }
    }

    /// The HTTP status.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        match self {
            Self::Problem { problem, .. } => Some(problem.status),
            Self::Status { status, .. } => Some(*status),
            _ => None,
        }
    }

    /// How long the server asks to be left alone.
    #[must_use]
    pub const fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Problem { retry_after, .. } | Self::Status { retry_after, .. } => *retry_after,
            _ => None,
        }
    }
}

const fn permanent_status(status: u16) -> bool {
    matches!(status, 400..=499) && !matches!(status, 408 | 413 | 425 | 429)
}

/// Whether a refusal may mean that the body did not arrive as it was sent.
pub(super) fn unreadable(error: &ServerError) -> bool {
    matches!(error.status(), Some(400 | 415))
}

pub(super) async fn read(mut response: Response) -> Result<Vec<u8>, ServerError> {
    let mut body = Vec::new();
    while let Some(chunk) = response
        .chunk()
        .await
        .map_err(|error| unreachable_error(&error))?
    {
        if body.len() + chunk.len() > ANSWER_MAX_BYTES {
            return Err(ServerError::NotOurServer(
                "the answer is too large".to_owned(),
            ));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

/// What an answer that is no success means.
pub(super) async fn judge(response: Response) -> ServerError {
    let status = response.status();
    if status.is_redirection() {
        let to = response
            .headers()
            .get(header::LOCATION)
            .and_then(|value| value.to_str().ok())
            .unwrap_or("another address");
        return ServerError::Redirected(to.chars().take(200).collect());
    }
    let retry_after = response
        .headers()
        .get(header::RETRY_AFTER)
        .and_then(|value| value.to_str().ok())
        .and_then(parse_retry_after);
    let problem = match read(response).await {
        Ok(body) => serde_json::from_slice::<Problem>(&body).ok(),
        Err(error) => return error,
    };
    match problem {
        Some(problem) if problem.status == status.as_u16() => ServerError::Problem {
            code: ProblemCode::parse(&problem.kind),
            retry_after,
            problem: Box::new(problem),
        },
        _ => ServerError::Status {
            status: status.as_u16(),
            retry_after,
        },
    }
}

/// Seconds only: a date would trust two clocks to agree.
fn parse_retry_after(text: &str) -> Option<Duration> {
    let seconds: u64 = text.trim().parse().ok()?;
    Some(Duration::from_secs(
        seconds.clamp(*RETRY_AFTER.start(), *RETRY_AFTER.end()),
    ))
}

pub(super) fn unreachable_error(error: &reqwest::Error) -> ServerError {
    ServerError::Unreachable(chain(error))
}

/// The innermost cause, which names the thing (refused, no such host); without the address,
/// which the status shows anyway.
pub(crate) fn chain(error: &dyn std::error::Error) -> String {
    let mut cause = error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    cause.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn retry_after_is_obeyed_within_bounds() {
        assert_eq!(parse_retry_after("0"), Some(Duration::from_secs(1)));
        assert_eq!(parse_retry_after(" 17 "), Some(Duration::from_secs(17)));
        assert_eq!(parse_retry_after("999999"), Some(Duration::from_mins(15)));
        assert_eq!(parse_retry_after("Wed, 21 Oct 2026 07:28:00 GMT"), None);
    }

    #[test]
    fn only_answers_that_cannot_change_are_permanent() {
        for (status, permanent) in [
            (400, true),
            (401, true),
            (403, true),
            (408, false),
            (413, false),
            (429, false),
            (500, false),
            (503, false),
        ] {
            assert_eq!(
                ServerError::Status {
                    status,
                    retry_after: None
                }
                .is_permanent(),
                permanent,
                "{status}"
            );
        }
        assert!(!ServerError::Unreachable(String::new()).is_permanent());
    }
}
