//! The demo's client: the HTTP contract as any program would use it.

use std::time::Duration;

use anyhow::{Context, Result, anyhow, bail};
use serde::{Serialize, de::DeserializeOwned};
use shared_types::problem::Problem;
use ureq::{Agent, Body, http::Response};

use crate::stop;

/// How often a request is sent again when the server asks for patience.
const PATIENCE: u32 = 10;

/// A connection to the demo's server.
pub(crate) struct Api {
    agent: Agent,
    base: String,
}

impl Api {
    /// A client of the server at this address, such as `http://127.0.0.1:3000`.
    pub(crate) fn new(base: &str) -> Self {
        let agent = Agent::config_builder()
            .http_status_as_error(false)
            .timeout_global(Some(Duration::from_secs(30)))
            // The server is on this machine, whatever proxy the environment names.
            .proxy(None)
            .build()
            .into();
        Self {
            agent,
            base: base.to_owned(),
        }
    }

    /// Whether the server says that it is ready.
    pub(crate) fn ready(&self) -> bool {
        self.agent
            .get(format!("{}/health/ready", self.base))
            .call()
            .is_ok_and(|answer| answer.status().is_success())
    }

    /// `GET /api/v1{path}`.
    pub(crate) fn get<T: DeserializeOwned>(&self, path: &str, token: Option<&str>) -> Result<T> {
        self.patiently(&format!("GET {path}"), || {
            let request = self.agent.get(format!("{}/api/v1{path}", self.base));
            match token {
                Some(token) => request
                    .header("authorization", format!("Bearer {token}"))
                    .call(),
                None => request.call(),
            }
        })
    }

    /// `POST /api/v1{path}`.
    pub(crate) fn post<T: DeserializeOwned>(
        &self,
        path: &str,
        token: Option<&str>,
        body: &impl Serialize,
    ) -> Result<T> {
        self.patiently(&format!("POST {path}"), || {
            let request = self.agent.post(format!("{}/api/v1{path}", self.base));
            match token {
                Some(token) => request
                    .header("authorization", format!("Bearer {token}"))
                    .send_json(body),
                None => request.send_json(body),
            }
        })
    }

    /// `PUT /api/v1{path}`, whose answer is not read.
    pub(crate) fn put(&self, path: &str, token: &str, body: &impl Serialize) -> Result<()> {
        let what = format!("PUT {path}");
        self.patiently_text(&what, || {
            self.agent
                .put(format!("{}/api/v1{path}", self.base))
                .header("authorization", format!("Bearer {token}"))
                .send_json(body)
        })
        .map(drop)
    }

    /// `PATCH /api/v1{path}`, whose answer is not read.
    pub(crate) fn patch(&self, path: &str, token: &str, body: &impl Serialize) -> Result<()> {
        let what = format!("PATCH {path}");
        self.patiently_text(&what, || {
            self.agent
                .patch(format!("{}/api/v1{path}", self.base))
                .header("authorization", format!("Bearer {token}"))
                .send_json(body)
        })
        .map(drop)
    }

    /// As [`Self::patiently_text`], and reads the answer.
    fn patiently<T: DeserializeOwned>(
        &self,
        what: &str,
        send: impl Fn() -> Result<Response<Body>, ureq::Error>,
    ) -> Result<T> {
        let text = self.patiently_text(what, send)?;
        serde_json::from_str(&text)
            .with_context(|| format!("{what}: the answer is not what the contract says"))
    }

    /// Sends until the answer is final: 429 and 503 say when to come back.
    fn patiently_text(
        &self,
        what: &str,
        send: impl Fn() -> Result<Response<Body>, ureq::Error>,
    ) -> Result<String> {
        for _ in 0..PATIENCE {
            stop::check()?;
            let mut answer = send().with_context(|| format!("{what} at {}", self.base))?;
            let status = answer.status();
            if status == 429 || status == 503 {
                let seconds = answer
                    .headers()
                    .get("retry-after")
                    .and_then(|value| value.to_str().ok()?.parse().ok())
                    .unwrap_or(1_u64);
                stop::wait(Duration::from_secs(seconds.clamp(1, 30)));
                continue;
            }
            let text = answer
                .body_mut()
                .with_config()
                .limit(64 * 1024 * 1024)
                .read_to_string()
                .with_context(|| format!("{what}: the answer could not be read"))?;
            if !status.is_success() {
                return Err(refusal(what, status.as_u16(), &text));
            }
            return Ok(text);
        }
        bail!("{what}: the server stayed busy; nothing was lost, try again")
    }
}

/// What a problem document says, in one line.
fn refusal(what: &str, status: u16, text: &str) -> anyhow::Error {
    let Ok(problem) = serde_json::from_str::<Problem>(text) else {
        return anyhow!("{what}: the server answered {status}");
    };
    let mut line = format!("{what}: {status} {}", problem.title);
    if let Some(detail) = problem.detail {
        line.push_str(": ");
        line.push_str(&detail);
    }
    for field in problem.fields {
        line.extend(["; ", &field.field, " ", &field.message]);
    }
    anyhow!(line)
}
