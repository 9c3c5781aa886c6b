//! HTTP with the server: one request at a time, every answer judged.
//!
//! Owns what each answer means ([`ServerError`]); it must not know the outbox, nor when to try
//! again. Redirects are not followed: a credential goes to the configured server only.

use std::{path::Path, time::Duration};

use bytes::Bytes;
use reqwest::{Response, StatusCode, Url, header};
use secrecy::{ExposeSecret, SecretString};
use serde::{Serialize, de::DeserializeOwned};
use shared_types::{
    auth::{LoginRequest, LoginResponse},
    device::{EnrolRequest, EnrolResponse},
    policy::CapturePolicy,
    problem::{Problem, ProblemCode},
    sync::SyncResponse,
};

use crate::config::{Settings, proxy::Proxy};

const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
const READ_TIMEOUT: Duration = Duration::from_secs(30);
const WHOLE_TIMEOUT: Duration = Duration::from_mins(2);
/// Larger answers than this are not from our server.
const ANSWER_MAX_BYTES: usize = 4 * 1024 * 1024;
/// `Retry-After` is obeyed within these bounds.
const RETRY_AFTER: std::ops::RangeInclusive<u64> = 1..=900;
/// Smaller bodies are not worth compressing.
const COMPRESS_FROM_BYTES: usize = 1024;

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

/// A connection to one server, with this device's secret.
#[derive(Clone)]
pub struct Client {
    http: reqwest::Client,
    base: Url,
    secret: Option<SecretString>,
}

impl Client {
    /// For requests of an enrolled device. `server` ends with a slash.
    pub fn new(
        server: Url,
        secret: SecretString,
        settings: &Settings,
    ) -> Result<Self, ServerError> {
        Ok(Self {
            secret: Some(secret),
            ..Self::anonymous(server, settings)?
        })
    }

    /// For enrolling.
    pub fn anonymous(server: Url, settings: &Settings) -> Result<Self, ServerError> {
        let http = builder(settings)?
            .build()
            .map_err(|error| ServerError::Setup(chain(&error)))?;
        Ok(Self {
            http,
            base: server,
            secret: None,
        })
    }

    /// `POST /devices/enrol`
    pub async fn enrol(&self, request: &EnrolRequest) -> Result<EnrolResponse, ServerError> {
        let body = serde_json::to_vec(request).expect("a request is plain data");
        self.call(self.post("devices/enrol", body.into())).await
    }

    /// `POST /auth/login`: a connection in the name of the person who logged in.
    pub async fn logged_in(&self, login: &LoginRequest) -> Result<Self, ServerError> {
        let answer: LoginResponse = self.send("auth/login", login).await?;
        let tokens = answer.tokens.ok_or_else(|| {
            ServerError::NotOurServer("the log-in's answer holds no token".to_owned())
        })?;
        Ok(Self {
            secret: Some(SecretString::from(tokens.access_token)),
            ..self.clone()
        })
    }

    /// `POST /auth/logout`
    pub async fn log_out(&self) -> Result<(), ServerError> {
        let response = self
            .post("auth/logout", Bytes::from_static(b"{}"))
            .send()
            .await
            .map_err(|error| unreachable_error(&error))?;
        if response.status().is_success() {
            Ok(())
        } else {
            Err(judge(response).await)
        }
    }

    /// `POST /sync`, with a body that is JSON already.
    pub async fn sync(&self, body: String) -> Result<SyncResponse, ServerError> {
        self.call(self.post("sync", body.into())).await
    }

    /// `GET /policy`
    pub async fn policy(&self) -> Result<CapturePolicy, ServerError> {
        self.call(self.with_secret(self.http.get(self.url("policy"))))
            .await
    }

    /// `GET` of a route below `/api/v1`, with a query.
    pub async fn get<T: DeserializeOwned>(
        &self,
        route: &str,
        query: &[(&str, &str)],
    ) -> Result<T, ServerError> {
        let mut url = self.url(route);
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        let request = self.http.get(url).timeout(WHOLE_TIMEOUT);
        self.call(self.with_secret(request)).await
    }

    /// `POST` of a value to a route below `/api/v1`.
    pub async fn send<T: DeserializeOwned>(
        &self,
        route: &str,
        value: &impl Serialize,
    ) -> Result<T, ServerError> {
        let body = serde_json::to_vec(value).expect("plain data");
        self.call(self.post(route, body.into())).await
    }

    /// `GET /ws`, up to the switch of protocols.
    pub async fn open_socket(&self, key: &str) -> Result<Response, ServerError> {
        let request = self
            .with_secret(self.http.get(self.url("ws")))
            .header(header::CONNECTION, "Upgrade")
            .header(header::UPGRADE, "websocket")
            .header(header::SEC_WEBSOCKET_VERSION, "13")
            .header(header::SEC_WEBSOCKET_KEY, key);
        let response = request
            .send()
            .await
            .map_err(|error| unreachable_error(&error))?;
        if response.status() == StatusCode::SWITCHING_PROTOCOLS {
            Ok(response)
        } else {
            Err(judge(response).await)
        }
    }

    fn url(&self, route: &str) -> Url {
        self.base
            .join(&format!("api/v1/{route}"))
            .expect("a route is a relative address")
    }

    fn with_secret(&self, request: reqwest::RequestBuilder) -> reqwest::RequestBuilder {
        match &self.secret {
            Some(secret) => request.bearer_auth(secret.expose_secret()),
            None => request,
        }
    }

    fn post(&self, route: &str, body: Bytes) -> reqwest::RequestBuilder {
        let request = self
            .with_secret(self.http.post(self.url(route)))
            .timeout(WHOLE_TIMEOUT)
            .header(header::CONTENT_TYPE, "application/json");
        if body.len() > COMPRESS_FROM_BYTES
            && let Ok(small) = zstd::bulk::compress(&body, 1)
        {
            return request.header(header::CONTENT_ENCODING, "zstd").body(small);
        }
        request.body(body)
    }

    async fn call<T: DeserializeOwned>(
        &self,
        request: reqwest::RequestBuilder,
    ) -> Result<T, ServerError> {
        let response = request
            .send()
            .await
            .map_err(|error| unreachable_error(&error))?;
        crate::failpoint::failpoint("request_sent");
        if !response.status().is_success() {
            return Err(judge(response).await);
        }
        let body = read(response).await?;
        let parsed = serde_json::from_slice(&body).map_err(|error| {
            ServerError::NotOurServer(format!("the answer is no JSON of ours: {error}"))
        })?;
        crate::failpoint::failpoint("response_parsed");
        Ok(parsed)
    }
}

/// What every connection of the agent has: proxy and certificates of the settings, patience, and
/// no redirects.
pub(crate) fn builder(settings: &Settings) -> Result<reqwest::ClientBuilder, ServerError> {
    let builder = reqwest::Client::builder();
    let builder = match &settings.proxy {
        Proxy::System => builder,
        Proxy::None => builder.no_proxy(),
        Proxy::At(address) => builder.proxy(
            reqwest::Proxy::all(address.expose_secret())
                // Its text would repeat the address.
                .map_err(|_| {
                    ServerError::Setup(format!("the proxy {} cannot be used", settings.proxy))
                })?,
        ),
    };
    let builder = match &settings.ca_file {
        None => builder,
        Some(path) => builder.tls_certs_merge(certificates(path)?),
    };
    Ok(builder
        .user_agent(concat!("workpulse-agent/", env!("CARGO_PKG_VERSION")))
        .redirect(reqwest::redirect::Policy::none())
        .connect_timeout(CONNECT_TIMEOUT)
        .read_timeout(READ_TIMEOUT)
        .pool_max_idle_per_host(1)
        // One request a minute gains nothing from HTTP/2, and the socket's upgrade needs 1.1.
        .http1_only())
}

/// The certificates of a PEM file, at least one.
fn certificates(path: &Path) -> Result<Vec<reqwest::Certificate>, ServerError> {
    let failed = |why: String| {
        ServerError::Setup(format!(
            "the certificates of ca_file {} cannot be used: {why}",
            path.display()
        ))
    };
    let pem = std::fs::read(path).map_err(|error| failed(error.to_string()))?;
    let certificates =
        reqwest::Certificate::from_pem_bundle(&pem).map_err(|error| failed(chain(&error)))?;
    if certificates.is_empty() {
        return Err(failed("there is none in it".to_owned()));
    }
    Ok(certificates)
}

async fn read(mut response: Response) -> Result<Vec<u8>, ServerError> {
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
async fn judge(response: Response) -> ServerError {
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

fn unreachable_error(error: &reqwest::Error) -> ServerError {
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
