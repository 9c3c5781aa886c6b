//! HTTP with the server: one request at a time, every answer judged ([`ServerError`]).
//!
//! It must not know the outbox, nor when to try again. Redirects are not followed: a credential
//! goes to the configured server only.
//!
//! Large bodies are compressed. What lies between may take the header away that says so, or
//! unpack the body and leave the header: the server then refuses what it cannot read. So a
//! refused body goes once more as it is before the refusal counts, and where that helps the
//! next ones go so at once.

use std::{
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use bytes::Bytes;
use reqwest::{
    Response, StatusCode, Url,
    header::{self, HeaderMap},
};
use secrecy::{ExposeSecret, SecretString};
use serde::{Serialize, de::DeserializeOwned};
use shared_types::{
    auth::{LoginRequest, LoginResponse},
    device::{DESKTOP_HEADER, Desktop, EnrolRequest, EnrolResponse},
    policy::CapturePolicy,
    sync::SyncResponse,
};

pub use super::answer::ServerError;
pub(crate) use super::answer::chain;
use super::{
    answer::{judge, read, unreachable_error, unreadable},
    outgoing::outgoing,
};
use crate::{
    config::{Settings, proxy::Proxy},
    failpoint::failpoint,
};

const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
const READ_TIMEOUT: Duration = Duration::from_secs(30);
const WHOLE_TIMEOUT: Duration = Duration::from_mins(2);
/// Smaller bodies are not worth compressing.
const COMPRESS_FROM_BYTES: usize = 1024;
/// So many bodies go uncompressed after one that was only taken so: about an hour of minutes.
/// Then compressing is tried again, for one request more.
const PLAIN_BODIES: u32 = 60;

/// A connection to one server, with this device's secret.
#[derive(Clone)]
pub struct Client {
    http: reqwest::Client,
    base: Url,
    secret: Option<SecretString>,
    /// Bodies that still go uncompressed.
    plain: Arc<AtomicU32>,
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
            plain: Arc::default(),
        })
    }

    /// `POST /devices/enrol`
    pub async fn enrol(&self, request: &EnrolRequest) -> Result<EnrolResponse, ServerError> {
        let body = serde_json::to_vec(request).expect("a request is plain data");
        self.post("devices/enrol", HeaderMap::new(), body.into())
            .await
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
            .body("auth/logout", HeaderMap::new(), Bytes::from_static(b"{}"))
            .send()
            .await
            .map_err(|error| unreachable_error(&error))?;
        if response.status().is_success() {
            Ok(())
        } else {
            Err(judge(response).await)
        }
    }

    /// `POST /sync`, with a body that is JSON already, and what is seen of the desktop.
    pub async fn sync(
        &self,
        body: String,
        desktop: Option<&Desktop>,
    ) -> Result<SyncResponse, ServerError> {
        let mut headers = HeaderMap::new();
        if let Some(value) = desktop.and_then(|it| it.to_header().parse().ok()) {
            headers.insert(DESKTOP_HEADER, value);
        }
        self.post("sync", headers, body.into()).await
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
        self.post(route, HeaderMap::new(), body.into()).await
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

    /// Compressed where that is worth it; as it is where it was refused so.
    async fn post<T: DeserializeOwned>(
        &self,
        route: &str,
        headers: HeaderMap,
        body: Bytes,
    ) -> Result<T, ServerError> {
        let small = (body.len() > COMPRESS_FROM_BYTES && !self.goes_plain())
            .then(|| zstd::bulk::compress(&body, 1).ok())
            .flatten();
        let Some(small) = small else {
            return self.call(self.body(route, headers, body)).await;
        };
        let packed = self
            .body(route, headers.clone(), small.into())
            .header(header::CONTENT_ENCODING, "zstd");
        let refusal = match self.call(packed).await {
            Err(error) if unreadable(&error) => error,
            other => return other,
        };
        let again = self.call(self.body(route, headers, body)).await;
        // Refused both ways: it was not the compression.
        if !again.as_ref().is_err_and(unreadable) {
            self.plain.store(PLAIN_BODIES, Ordering::Relaxed);
            tracing::warn!(
                error = %refusal,
                "a compressed body is not understood behind this network, the next ones go uncompressed"
            );
        }
        again
    }

    /// Counts one body down, while they go uncompressed.
    fn goes_plain(&self) -> bool {
        self.plain
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| {
                left.checked_sub(1)
            })
            .is_ok()
    }

    fn body(&self, route: &str, headers: HeaderMap, body: Bytes) -> reqwest::RequestBuilder {
        let request = self
            .with_secret(self.http.post(self.url(route)))
            .timeout(WHOLE_TIMEOUT)
            .headers(headers)
            .header(header::CONTENT_TYPE, "application/json");
        outgoing(request, body)
    }

    async fn call<T: DeserializeOwned>(
        &self,
        request: reqwest::RequestBuilder,
    ) -> Result<T, ServerError> {
        let response = request
            .send()
            .await
            .map_err(|error| unreachable_error(&error))?;
        failpoint("answer_begun");
        if !response.status().is_success() {
            return Err(judge(response).await);
        }
        let body = read(response).await?;
        let parsed = serde_json::from_slice(&body).map_err(|error| {
            ServerError::NotOurServer(format!("the answer is no JSON of ours: {error}"))
        })?;
        failpoint("response_parsed");
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
