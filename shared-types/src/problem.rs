//! What is said when something is wrong: RFC 9457 problem documents.

use serde::{Deserialize, Serialize};

/// An error's body, `application/problem+json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Problem {
    /// Stable: `urn:workpulse:problem:` and a code. Programs branch on this.
    #[serde(rename = "type")]
    pub kind: String,
    /// The HTTP status.
    pub status: u16,
    /// What happened, in a few words, the same for every occurrence.
    pub title: String,
    /// This occurrence: what happened, what was kept, what to do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// Find it in the server's log by this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
    /// The fields that were wrong, for `validation`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<FieldProblem>,
}

/// One field that was wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FieldProblem {
    /// Path of the field in the body.
    pub field: String,
    /// What it should have been.
    pub message: String,
}

/// The stable codes behind [`Problem::kind`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ProblemCode {
    /// 400: not JSON, or not of the documented shape.
    Malformed,
    /// 401: no credential, or one that is not valid (any more).
    Unauthenticated,
    /// 401: the address or the password is wrong, or the account may not be used.
    LoginFailed,
    /// 403: logged in, but not allowed.
    Forbidden,
    /// 403: this account has been suspended; an agent stops sampling and says so.
    Suspended,
    /// 403: this device has been revoked.
    DeviceRevoked,
    /// 403: this device waits for an admin's approval; it keeps what it has and asks again.
    DevicePending,
    /// 404: not there, or not yours.
    NotFound,
    /// 405: the address exists, the method does not.
    MethodNotAllowed,
    /// 409: it exists with other content, or something else stands against it.
    Conflict,
    /// 409: the same address and password fit several organizations: say which.
    OrganizationNeeded,
    /// 410: the enrolment token has expired, is used up or revoked.
    TokenSpent,
    /// 413: too large: halve it.
    TooLarge,
    /// 415: send JSON (plain, gzip or zstd).
    UnsupportedMedia,
    /// 408: the request did not arrive in time.
    RequestTimeout,
    /// 422: well-formed, but some fields are wrong.
    Validation,
    /// 429: too many: see `Retry-After`.
    TooManyRequests,
    /// 500: our fault; the request id finds it in the log.
    Internal,
    /// 503: busy, or the database is away; nothing was lost: see `Retry-After`.
    Unavailable,
}

impl ProblemCode {
    /// Every code.
    pub const ALL: [Self; 19] = [
        Self::Malformed,
        Self::Unauthenticated,
        Self::LoginFailed,
        Self::Forbidden,
        Self::Suspended,
        Self::DeviceRevoked,
        Self::DevicePending,
        Self::NotFound,
        Self::MethodNotAllowed,
        Self::Conflict,
        Self::OrganizationNeeded,
        Self::TokenSpent,
        Self::TooLarge,
        Self::UnsupportedMedia,
        Self::RequestTimeout,
        Self::Validation,
        Self::TooManyRequests,
        Self::Internal,
        Self::Unavailable,
    ];

    /// The code, status and title.
    #[must_use]
    pub const fn parts(self) -> (&'static str, u16, &'static str) {
        match self {
            Self::Malformed => ("malformed", 400, "The request could not be read"),
            Self::Unauthenticated => ("unauthenticated", 401, "Not logged in"),
            Self::LoginFailed => ("login-failed", 401, "Log-in failed"),
            Self::Forbidden => ("forbidden", 403, "Not allowed"),
            Self::Suspended => ("suspended", 403, "This account is suspended"),
            Self::DeviceRevoked => ("device-revoked", 403, "This device has been revoked"),
            Self::DevicePending => ("device-pending", 403, "This device waits for approval"),
            Self::NotFound => ("not-found", 404, "Not found"),
            Self::MethodNotAllowed => ("method-not-allowed", 405, "Method not allowed"),
            Self::Conflict => ("conflict", 409, "Conflict"),
            Self::OrganizationNeeded => ("organization-needed", 409, "Say which organization"),
            Self::TokenSpent => ("token-spent", 410, "This token can no longer be used"),
            Self::TooLarge => ("too-large", 413, "Too large"),
            Self::UnsupportedMedia => ("unsupported-media", 415, "Unsupported media type"),
            Self::RequestTimeout => ("request-timeout", 408, "The request took too long"),
            Self::Validation => ("validation", 422, "Some fields are not valid"),
            Self::TooManyRequests => ("too-many-requests", 429, "Too many requests"),
            Self::Internal => ("internal", 500, "Something went wrong on the server"),
            Self::Unavailable => ("unavailable", 503, "Not available just now"),
        }
    }

    /// The `type` of a problem with this code.
    #[must_use]
    pub fn kind(self) -> String {
        format!("urn:workpulse:problem:{}", self.parts().0)
    }

    /// The code behind a problem's `type`.
    #[must_use]
    pub fn parse(kind: &str) -> Option<Self> {
        let code = kind.strip_prefix("urn:workpulse:problem:")?;
        Self::ALL.into_iter().find(|known| known.parts().0 == code)
    }
}

impl Problem {
    /// A problem with its code's status and title.
    #[must_use]
    pub fn new(code: ProblemCode) -> Self {
        let (_, status, title) = code.parts();
        Self {
            kind: code.kind(),
            status,
            title: title.to_owned(),
            detail: None,
            request_id: None,
            fields: Vec::new(),
        }
    }
}
