//! A client of the server's API, typed by `shared-types`.

use std::{fmt, net::IpAddr, time::Duration};

use anyhow::{Context, Result};
use reqwest::{Client, Method, StatusCode, header};
use serde::{Serialize, de::DeserializeOwned};
use shared_types::{
    DeviceId, OrganizationId, SessionId, UserId,
    auth::{
        CreateUser, LoginRequest, LoginResponse, Role, SetupRequest, SetupResponse, SetupStatus,
        TokenDelivery, User,
    },
    device::{
        Capabilities, CreateEnrolmentToken, EnrolRequest, EnrolResponse, EnrolmentTokenCreated,
    },
    live::PresenceSnapshot,
    policy::CapturePolicy,
    problem::{Problem, ProblemCode},
    session::{SessionPage, WorkSession},
    sync::{SyncRequest, SyncResponse},
    team::{CreateTeam, SetMember, Team},
};

/// The password of every account that the harness makes.
pub const PASSWORD: &str = "lantern-orbit-harbour-42";

/// An answer that is no success.
#[derive(Debug)]
pub struct Refused {
    /// The status.
    pub status: StatusCode,
    /// The problem document, where the body is one.
    pub problem: Option<Problem>,
    /// Seconds in `Retry-After`, where it is there.
    pub retry_after: Option<u64>,
    /// The content type.
    pub content_type: String,
    /// The body.
    pub body: String,
}

impl Refused {
    /// The problem's code.
    #[must_use]
    pub fn code(&self) -> Option<ProblemCode> {
        ProblemCode::parse(&self.problem.as_ref()?.kind)
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let body: String = self.body.chars().take(400).collect();
        write!(f, "{}: {body}", self.status)
    }
}

impl std::error::Error for Refused {}

/// The API, with the credential of one caller or none.
#[derive(Debug, Clone)]
pub struct Api {
    base: String,
    client: Client,
    bearer: Option<String>,
}

impl Api {
    /// The API of the server at `base` (`http://127.0.0.1:3000`), without a credential.
    ///
    /// # Panics
    /// When no HTTP client can be made.
    #[must_use]
    pub fn new(base: &str) -> Self {
        Self::from_address(base, None)
    }

    /// The same, calling from this address of the machine: the server limits some requests
    /// by address.
    ///
    /// # Panics
    /// When no HTTP client can be made.
    #[must_use]
    pub fn from_address(base: &str, source: Option<IpAddr>) -> Self {
        let client = Client::builder()
            .no_proxy()
            .local_address(source)
            .timeout(Duration::from_mins(1))
            .build()
            .expect("a client without special wishes can be made");
        Self {
            base: base.trim_end_matches('/').to_owned(),
            client,
            bearer: None,
        }
    }

    /// The same, as the holder of this token or device secret.
    #[must_use]
    pub fn with_bearer(&self, bearer: &str) -> Self {
        Self {
            bearer: Some(bearer.to_owned()),
            ..self.clone()
        }
    }

    /// The server's address.
    #[must_use]
    pub fn base(&self) -> &str {
        &self.base
    }

    /// A request to a path under `/api/v1`, with the caller's credential.
    pub fn request(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        let request = self
            .client
            .request(method, format!("{}/api/v1{path}", self.base));
        match &self.bearer {
            Some(bearer) => request.bearer_auth(bearer),
            None => request,
        }
    }

    /// Sends it.
    ///
    /// # Errors
    /// [`Refused`] inside when the answer is no success.
    pub async fn send(&self, request: reqwest::RequestBuilder) -> Result<reqwest::Response> {
        let answer = request.send().await.context("the server did not answer")?;
        if answer.status().is_success() {
            return Ok(answer);
        }
        Err(refusal(answer).await.into())
    }

    /// Gets a document.
    ///
    /// # Errors
    /// [`Refused`] inside when the answer is no success.
    pub async fn get<T: DeserializeOwned>(&self, path: &str) -> Result<T> {
        let answer = self.send(self.request(Method::GET, path)).await?;
        answer
            .json()
            .await
            .with_context(|| format!("the answer to GET {path}"))
    }

    /// Sends a document and reads one.
    ///
    /// # Errors
    /// [`Refused`] inside when the answer is no success.
    pub async fn call<T: DeserializeOwned>(
        &self,
        method: Method,
        path: &str,
        body: &impl Serialize,
    ) -> Result<T> {
        let answer = self.send(self.request(method, path).json(body)).await?;
        answer
            .json()
            .await
            .with_context(|| format!("the answer to {path}"))
    }

    /// Makes the first organization, if there is none, and logs its admin in.
    ///
    /// # Errors
    /// When the server refuses.
    pub async fn set_up(&self, organization: &str, email: &str) -> Result<(OrganizationId, Self)> {
        let status: SetupStatus = self.get("/setup").await?;
        if status.needed {
            let request = SetupRequest {
                organization_name: organization.to_owned(),
                time_zone: "Europe/Berlin".to_owned(),
                name: "Ada Admin".to_owned(),
                email: email.to_owned(),
                password: PASSWORD.to_owned(),
                setup_code: None,
            };
            let _: SetupResponse = self.call(Method::POST, "/setup", &request).await?;
        }
        let (login, admin) = self.log_in(email, PASSWORD).await?;
        Ok((login.me.organization.id, admin))
    }

    /// Logs a person in.
    ///
    /// # Errors
    /// When the server refuses.
    pub async fn log_in(&self, email: &str, password: &str) -> Result<(LoginResponse, Self)> {
        let request = LoginRequest {
            email: email.to_owned(),
            password: password.to_owned(),
            organization_id: None,
            delivery: TokenDelivery::Body,
        };
        let login: LoginResponse = self.call(Method::POST, "/auth/login", &request).await?;
        let tokens = login.tokens.as_ref().context("tokens in the body")?;
        let api = self.with_bearer(&tokens.access_token);
        Ok((login, api))
    }

    /// Makes an account; `password`: they may log in with [`PASSWORD`].
    ///
    /// # Errors
    /// When the server refuses.
    pub async fn create_user(
        &self,
        name: &str,
        email: &str,
        role: Role,
        password: bool,
    ) -> Result<User> {
        let request = CreateUser {
            name: name.to_owned(),
            email: email.to_owned(),
            role,
            password: password.then(|| PASSWORD.to_owned()),
        };
        self.call(Method::POST, "/users", &request).await
    }

    /// Makes a team of a manager and the people whom they see by it.
    ///
    /// # Errors
    /// When the server refuses.
    pub async fn team(&self, name: &str, manager: UserId, people: &[UserId]) -> Result<Team> {
        let request = CreateTeam {
            name: name.to_owned(),
        };
        let team: Team = self.call(Method::POST, "/teams", &request).await?;
        let members = people.iter().map(|person| (*person, false));
        for (person, is_manager) in [(manager, true)].into_iter().chain(members) {
            let path = format!("/teams/{}/members/{person}", team.id);
            let request = self
                .request(Method::PUT, &path)
                .json(&SetMember { is_manager });
            self.send(request).await?;
        }
        Ok(team)
    }

    /// Makes an enrolment token for devices of this person.
    ///
    /// # Errors
    /// When the server refuses.
    pub async fn enrolment_token(&self, user_id: UserId) -> Result<EnrolmentTokenCreated> {
        let request = CreateEnrolmentToken {
            user_id: Some(user_id),
            mail_domain: None,
            label: String::new(),
            needs_approval: None,
            max_uses: 1,
            expires_in_hours: 72,
        };
        self.call(Method::POST, "/enrolment-tokens", &request).await
    }

    /// Enrols a simulated device.
    ///
    /// # Errors
    /// When the server refuses.
    pub async fn enrol(&self, token: &str, device_id: DeviceId) -> Result<EnrolResponse> {
        let request = EnrolRequest {
            token: token.to_owned(),
            device_id,
            name: "simulated".to_owned(),
            os: "none".to_owned(),
            agent_version: env!("CARGO_PKG_VERSION").to_owned(),
            capabilities: Capabilities {
                application: true,
                title: true,
                idle: true,
            },
            email: None,
        };
        self.call(Method::POST, "/devices/enrol", &request).await
    }

    /// Sends a batch.
    ///
    /// # Errors
    /// When the server refuses.
    pub async fn sync(&self, batch: &SyncRequest) -> Result<SyncResponse> {
        self.call(Method::POST, "/sync", batch).await
    }

    /// Changes the capture policy.
    ///
    /// # Errors
    /// When the server refuses.
    pub async fn change_policy(
        &self,
        change: impl FnOnce(&mut CapturePolicy),
    ) -> Result<CapturePolicy> {
        let mut policy: CapturePolicy = self.get("/policy").await?;
        change(&mut policy);
        self.call(Method::PUT, "/policy", &policy).await
    }

    /// Everyone's state.
    ///
    /// # Errors
    /// When the server refuses.
    pub async fn presence(&self) -> Result<PresenceSnapshot> {
        self.get("/presence").await
    }

    /// One session.
    ///
    /// # Errors
    /// When the server refuses.
    pub async fn session(&self, id: SessionId) -> Result<WorkSession> {
        self.get(&format!("/sessions/{id}")).await
    }

    /// All sessions of a person.
    ///
    /// # Errors
    /// When the server refuses.
    pub async fn sessions(&self, user: UserId) -> Result<Vec<WorkSession>> {
        let mut all = Vec::new();
        let mut cursor = String::new();
        loop {
            let page: SessionPage = self
                .get(&format!("/sessions?user_id={user}&limit=200{cursor}"))
                .await?;
            all.extend(page.items);
            match page.next_cursor {
                Some(next) => cursor = format!("&cursor={next}"),
                None => return Ok(all),
            }
        }
    }
}

/// What a refusal says.
pub async fn refusal(answer: reqwest::Response) -> Refused {
    let status = answer.status();
    let header = |name: header::HeaderName| {
        let value = answer.headers().get(name)?;
        Some(value.to_str().ok()?.to_owned())
    };
    let retry_after = header(header::RETRY_AFTER).and_then(|text| text.parse().ok());
    let content_type = header(header::CONTENT_TYPE).unwrap_or_default();
    let body = answer.text().await.unwrap_or_default();
    Refused {
        status,
        problem: serde_json::from_str(&body).ok(),
        retry_after,
        content_type,
        body,
    }
}
