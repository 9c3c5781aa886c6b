//! Asking the server to enrol this machine: on the word of an administrator, or of the person.
//!
//! Owns what is said of the machine. It must not know what becomes of the answer.

use secrecy::{ExposeSecret, SecretString};
use shared_types::{
    OrganizationId,
    auth::{LoginRequest, TokenDelivery},
    device::{Capabilities, EnrolOwnRequest, EnrolRequest, EnrolResponse},
    problem::ProblemCode,
};

use super::{EnrolError, device_id, fresh_device_id};
use crate::{
    clock::Clock,
    config::Settings,
    sync::client::{Client, ServerError},
};

/// On whose word this machine is enrolled.
#[derive(Debug, Clone, Copy)]
pub enum Proof<'a> {
    /// An administrator's, by a token.
    Token(&'a SecretString),
    /// The person's own, by logging in. The log-in lasts as long as enrolling; neither it nor
    /// the password is kept.
    LogIn {
        /// Their address.
        email: &'a str,
        /// Their password.
        password: &'a SecretString,
        /// Which organization, where address and password fit several.
        organization: Option<OrganizationId>,
    },
}

/// Asks.
pub(super) async fn ask(
    settings: &Settings,
    clock: &dyn Clock,
    client: &Client,
    proof: Proof<'_>,
    again: bool,
) -> Result<EnrolResponse, EnrolError> {
    match proof {
        Proof::Token(token) => with_token(settings, clock, client, token, again).await,
        Proof::LogIn {
            email,
            password,
            organization,
        } => {
            let login = LoginRequest {
                email: email.trim().to_owned(),
                password: password.expose_secret().to_owned(),
                organization_id: organization,
                delivery: TokenDelivery::Body,
            };
            let client = client.logged_in(&login).await?;
            let enrolled = as_oneself(settings, clock, &client, again).await;
            // The log-in has done its work. One that could not be ended expires.
            if let Err(error) = client.log_out().await {
                tracing::debug!(%error, "the log-in for enrolling was not ended");
            }
            enrolled
        }
    }
}

async fn with_token(
    settings: &Settings,
    clock: &dyn Clock,
    client: &Client,
    token: &SecretString,
    again: bool,
) -> Result<EnrolResponse, EnrolError> {
    let dir = &settings.data_dir;
    let request = EnrolRequest {
        token: token.expose_secret().trim().to_owned(),
        device_id: device_id(dir, clock)?,
        name: machine_name(),
        os: operating_system(),
        agent_version: env!("CARGO_PKG_VERSION").to_owned(),
        // Nothing has been looked at yet: each batch says what the probe sees.
        capabilities: Capabilities::default(),
        email: settings.email.clone(),
    };
    match client.enrol(&request).await {
        Err(error) if again && belongs_to_another(&error) => {
            let device_id = fresh_device_id(dir, clock)?;
            let request = EnrolRequest {
                device_id,
                ..request
            };
            Ok(client.enrol(&request).await?)
        }
        other => Ok(other?),
    }
}

async fn as_oneself(
    settings: &Settings,
    clock: &dyn Clock,
    client: &Client,
    again: bool,
) -> Result<EnrolResponse, EnrolError> {
    let dir = &settings.data_dir;
    let request = EnrolOwnRequest {
        device_id: device_id(dir, clock)?,
        name: machine_name(),
        os: operating_system(),
        agent_version: env!("CARGO_PKG_VERSION").to_owned(),
        capabilities: Capabilities::default(),
    };
    match client.send("devices", &request).await {
        Err(error) if again && belongs_to_another(&error) => {
            let device_id = fresh_device_id(dir, clock)?;
            let request = EnrolOwnRequest {
                device_id,
                ..request
            };
            Ok(client.send("devices", &request).await?)
        }
        other => Ok(other?),
    }
}

/// The device's id belongs to an enrolment of before (another person, another server's copy): it
/// begins again as another device.
fn belongs_to_another(error: &ServerError) -> bool {
    error.code() == Some(ProblemCode::Conflict)
}

fn machine_name() -> String {
    let name = std::fs::read_to_string("/proc/sys/kernel/hostname")
        .ok()
        .or_else(|| std::env::var("COMPUTERNAME").ok())
        .or_else(|| std::env::var("HOSTNAME").ok())
        .unwrap_or_default();
    let name = shared_types::activity::clean_text(name.trim(), 200);
    if name.is_empty() {
        "this machine".to_owned()
    } else {
        name
    }
}

fn operating_system() -> String {
    let pretty = std::fs::read_to_string("/etc/os-release")
        .ok()
        .and_then(|text| {
            text.lines()
                .find_map(|line| line.strip_prefix("PRETTY_NAME="))
                .map(|name| name.trim_matches('"').to_owned())
        });
    let name = pretty.unwrap_or_else(|| std::env::consts::OS.to_owned());
    shared_types::activity::clean_text(&name, 200)
}
