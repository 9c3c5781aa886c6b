//! Who sent this request. Extracted before any body is read.
//!
//! A person comes with an access token (Bearer, or the cookie of our own pages), a device with
//! its credential. What they may do is looked up, never taken from the token.

use axum::extract::FromRequestParts;
use axum_extra::extract::cookie::CookieJar;
use http::{HeaderMap, header, request::Parts};
use shared_types::{
    DeviceId, OrganizationId, UserId,
    auth::{Role, UserStatus},
    device::{DESKTOP_HEADER, Desktop},
    problem::ProblemCode,
};
use uuid::Uuid;

use super::{
    cookies,
    error::{ApiError, ApiResult},
    origin,
    state::AppState,
};
use crate::{
    auth::{devices, opaque::SecretKind},
    domain::authority::AuthorityChange,
};

/// A person who is logged in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Person {
    /// Their organization.
    pub organization_id: OrganizationId,
    /// Who they are.
    pub user_id: UserId,
    /// What they may do, as of now.
    pub role: Role,
    /// Which of their log-ins this is.
    pub login_id: Uuid,
    /// Whether the token came in a cookie, which browsers send by themselves.
    pub by_cookie: bool,
}

/// A device that is enrolled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DeviceCaller {
    /// The organization.
    pub organization_id: OrganizationId,
    /// Whose device it is.
    pub user_id: UserId,
    /// Which device.
    pub device_id: DeviceId,
    /// Whether it waits for an admin's approval; such a device is let in nowhere but where
    /// [`Admitted`] is asked for.
    pub pending: bool,
    /// Changes of policy that concern its person alone.
    pub policy_changes: i64,
}

/// Whoever may be meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Caller {
    /// A person.
    Person(Person),
    /// A device.
    Device(DeviceCaller),
}

impl Person {
    /// 403 unless they are an admin.
    pub fn require_admin(&self) -> ApiResult<()> {
        if self.role == Role::Admin {
            return Ok(());
        }
        Err(ApiError::forbidden("Only an admin may do this."))
    }

    /// 403 unless they are an admin or a manager.
    pub fn require_manager(&self) -> ApiResult<()> {
        if self.role == Role::Employee {
            return Err(ApiError::forbidden(
                "Only an admin or a manager may do this.",
            ));
        }
        Ok(())
    }
}

impl Caller {
    /// The organization.
    #[must_use]
    pub const fn organization_id(&self) -> OrganizationId {
        match self {
            Self::Person(person) => person.organization_id,
            Self::Device(device) => device.organization_id,
        }
    }

    /// The person, or whose device it is.
    #[must_use]
    pub const fn user_id(&self) -> UserId {
        match self {
            Self::Person(person) => person.user_id,
            Self::Device(device) => device.user_id,
        }
    }

    /// Whether a change of authority ends what this caller holds open.
    #[must_use]
    pub fn ended_by(&self, change: &AuthorityChange) -> bool {
        match self {
            Self::Person(p) => change.ends_person(p.user_id, p.role, p.login_id),
            Self::Device(d) => change.ends_device(d.user_id, d.device_id),
        }
    }
}

/// Whoever may be meant, also a device that waits for approval.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Admitted(pub Caller);

impl FromRequestParts<AppState> for Admitted {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> ApiResult<Self> {
        if let Some(token) = bearer(&parts.headers)? {
            if token.starts_with(SecretKind::Device.prefix()) {
                let found = device(state, token, &parts.headers).await?;
                return Ok(Self(Caller::Device(found)));
            }
            let found = person(state, token, false).await?;
            return Ok(Self(Caller::Person(found)));
        }
        let jar = CookieJar::from_headers(&parts.headers);
        let Some(cookie) = jar.get(cookies::access_name(state)) else {
            return Err(ApiError::unauthenticated());
        };
        let found = person(state, cookie.value(), true).await?;
        origin::require_ours(state, &parts.method, &parts.headers)?;
        Ok(Self(Caller::Person(found)))
    }
}

impl FromRequestParts<AppState> for Caller {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> ApiResult<Self> {
        let Admitted(caller) = Admitted::from_request_parts(parts, state).await?;
        match caller {
            Self::Device(device) if device.pending => {
                Err(ApiError::new(ProblemCode::DevicePending).detail(
                    "An admin of your organization has to approve this device. What it has recorded stays on it and is sent then.",
                ))
            }
            admitted => Ok(admitted),
        }
    }
}

impl FromRequestParts<AppState> for Person {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> ApiResult<Self> {
        match Caller::from_request_parts(parts, state).await? {
            Caller::Person(person) => Ok(person),
            Caller::Device(_) => Err(ApiError::forbidden("This is for people, not for devices.")),
        }
    }
}

/// A person asking about themselves, in a browser or through the agent on their own device.
///
/// A device speaks for its person with an employee's rights, whatever the person's role is: a
/// stolen laptop of a manager opens nobody else's days. Ask for it only where what is answered
/// is the caller's own, or what every employee may read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Themselves(pub Person);

impl FromRequestParts<AppState> for Themselves {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> ApiResult<Self> {
        Ok(Self(
            match Caller::from_request_parts(parts, state).await? {
                Caller::Person(person) => person,
                Caller::Device(device) => Person {
                    organization_id: device.organization_id,
                    user_id: device.user_id,
                    role: Role::Employee,
                    // No log-in stands behind a device: nothing that is about log-ins takes this.
                    login_id: Uuid::nil(),
                    by_cookie: false,
                },
            },
        ))
    }
}

impl FromRequestParts<AppState> for DeviceCaller {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> ApiResult<Self> {
        match Caller::from_request_parts(parts, state).await? {
            Caller::Device(device) => Ok(device),
            Caller::Person(_) => Err(ApiError::forbidden("This is for devices, not for people.")),
        }
    }
}

/// The Bearer token, if there is an `Authorization` at all.
fn bearer(headers: &HeaderMap) -> ApiResult<Option<&str>> {
    let Some(value) = headers.get(header::AUTHORIZATION) else {
        return Ok(None);
    };
    value
        .to_str()
        .ok()
        .and_then(|text| text.split_once(' '))
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
        .map(|(_, token)| Some(token.trim()))
        .ok_or_else(ApiError::unauthenticated)
}

async fn person(state: &AppState, token: &str, by_cookie: bool) -> ApiResult<Person> {
    let claims = state
        .auth
        .tokens
        .verify(token, state.clock.now())
        .map_err(|_| ApiError::unauthenticated())?;
    let authority = state
        .auth
        .authority
        .person(claims.org, claims.sub, claims.sid)
        .await?
        .ok_or_else(ApiError::unauthenticated)?;
    match authority.status {
        UserStatus::Active => {}
        UserStatus::Suspended => return Err(suspended()),
        UserStatus::Inactive => return Err(ApiError::unauthenticated()),
    }
    if !authority.login_open {
        return Err(ApiError::unauthenticated());
    }
    let now = state.clock.now();
    state.auth.last_seen.note(claims.org, claims.sub, now);
    Ok(Person {
        organization_id: claims.org,
        user_id: claims.sub,
        role: authority.role,
        login_id: claims.sid,
        by_cookie,
    })
}

async fn device(state: &AppState, token: &str, headers: &HeaderMap) -> ApiResult<DeviceCaller> {
    let hash = SecretKind::Device
        .hash(token)
        .ok_or_else(ApiError::unauthenticated)?;
    let authority = state
        .auth
        .authority
        .device(hash)
        .await?
        .ok_or_else(ApiError::unauthenticated)?;
    if authority.revoked {
        return Err(ApiError::new(ProblemCode::DeviceRevoked).detail(
            "This device may not send any more. What it has not sent stays on it; enrol it again to go on.",
        ));
    }
    if authority.status != UserStatus::Active {
        return Err(suspended());
    }
    if let Some(version) = agent_version(headers)
        && version != authority.agent_version
    {
        let (organization, id) = (authority.organization_id, authority.device_id);
        devices::note_version(&state.store, organization, id, version).await?;
        state.auth.authority.forget(authority.user_id);
    }
    // Compared with what is held in memory: what has not changed writes nothing.
    if let Some(desktop) = desktop(headers)
        && authority.desktop.as_ref() != Some(&desktop)
    {
        let (organization, id) = (authority.organization_id, authority.device_id);
        devices::note_desktop(&state.store, organization, id, &desktop).await?;
        state.auth.authority.forget(authority.user_id);
    }
    let (organization, user) = (authority.organization_id, authority.user_id);
    let now = state.clock.now();
    state.auth.last_seen.note(organization, user, now);
    Ok(DeviceCaller {
        organization_id: authority.organization_id,
        user_id: authority.user_id,
        device_id: authority.device_id,
        pending: authority.pending,
        policy_changes: authority.policy_changes,
    })
}

/// The version that an agent says it has; it may have been updated since it was enrolled.
fn agent_version(headers: &HeaderMap) -> Option<&str> {
    headers
        .get(header::USER_AGENT)?
        .to_str()
        .ok()?
        .strip_prefix("workpulse-agent/")
        .filter(|version| (1..=50).contains(&version.len()))
}

/// What an agent says that it sees of its desktop.
fn desktop(headers: &HeaderMap) -> Option<Desktop> {
    Desktop::from_header(headers.get(DESKTOP_HEADER)?.to_str().ok()?)
}

fn suspended() -> ApiError {
    ApiError::new(ProblemCode::Suspended)
        .detail("This account has been suspended. Ask an admin of your organization.")
}
