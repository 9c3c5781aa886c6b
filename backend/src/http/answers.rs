//! The problems that routes answer with, for the OpenAPI document.
#![expect(dead_code, reason = "these types exist for their documentation")]

use shared_types::problem::Problem;
use utoipa::IntoResponses;

/// What any route with a caller may answer.
#[derive(IntoResponses)]
pub(super) enum CallerProblems {
    /// No credential, or one that is not valid (any more).
    #[response(status = 401, content_type = "application/problem+json")]
    Unauthenticated(Problem),
    /// Not allowed, suspended, or a revoked device.
    #[response(status = 403, content_type = "application/problem+json")]
    Forbidden(Problem),
    /// Busy, or the database is away: see `Retry-After`.
    #[response(status = 503, content_type = "application/problem+json")]
    Unavailable(Problem),
}

/// What any route without a caller may answer.
#[derive(IntoResponses)]
pub(super) enum PublicProblems {
    /// Too many: see `Retry-After`.
    #[response(status = 429, content_type = "application/problem+json")]
    TooMany(Problem),
    /// Busy, or the database is away: see `Retry-After`.
    #[response(status = 503, content_type = "application/problem+json")]
    Unavailable(Problem),
}

/// What any route with a JSON body may answer.
#[derive(IntoResponses)]
pub(super) enum BodyProblems {
    /// Not JSON.
    #[response(status = 400, content_type = "application/problem+json")]
    Malformed(Problem),
    /// The body came too slowly.
    #[response(status = 408, content_type = "application/problem+json")]
    TooSlow(Problem),
    /// The body is too large.
    #[response(status = 413, content_type = "application/problem+json")]
    TooLarge(Problem),
    /// The body is not announced as JSON.
    #[response(status = 415, content_type = "application/problem+json")]
    Unsupported(Problem),
    /// Some fields are not valid; they are named.
    #[response(status = 422, content_type = "application/problem+json")]
    Validation(Problem),
}

/// Query parameters may be wrong.
#[derive(IntoResponses)]
#[response(status = 422, content_type = "application/problem+json")]
/// Some parameters are not valid; they are named.
pub(super) struct Invalid(Problem);

/// Not there, or not yours.
#[derive(IntoResponses)]
#[response(status = 404, content_type = "application/problem+json")]
pub(super) struct Missing(Problem);

/// Something stands against it.
#[derive(IntoResponses)]
#[response(status = 409, content_type = "application/problem+json")]
pub(super) struct Conflicting(Problem);

/// The token has expired, is used up or revoked.
#[derive(IntoResponses)]
#[response(status = 410, content_type = "application/problem+json")]
pub(super) struct Spent(Problem);
