//! Which server, whose time: enrolling this machine, and remembering it.
//!
//! Owns `enrolment.json` and `device-id`. The device's id is on the disk before the first
//! request, so that enrolling again after a lost answer is enrolling once.

mod asking;

use std::{io, path::Path};

use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use shared_types::{
    DeviceId, Timestamp, UserId,
    device::{DeviceStatus, EnrolResponse},
    policy::CapturePolicy,
};
use url::Url;

pub use self::asking::Proof;
use crate::{
    clock::Clock,
    config::Settings,
    credentials::{self, CredentialError, SecretPlace},
    files,
    lock::{self, NotLocked},
    outbox,
    sync::client::{Client, ServerError},
};

/// What enrolling left behind: everything but the secret.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Enrolment {
    /// The server's address, without `/api/v1`.
    pub server: Url,
    /// This installation.
    pub device_id: DeviceId,
    /// Whose time is recorded, for showing.
    pub user_name: String,
    /// Who sees it, for showing.
    pub organization_name: String,
    /// Where the secret is.
    pub secret: SecretPlace,
    /// What may be collected.
    pub policy: CapturePolicy,
    /// An admin has not approved this device yet.
    #[serde(default)]
    pub pending: bool,
    /// Whose time is recorded; absent where a server of before did not tell.
    #[serde(default)]
    pub user_id: Option<UserId>,
    /// When the person accepted the notice of what is collected; absent: not yet, and nothing
    /// is looked at.
    #[serde(default)]
    pub notice_accepted_at: Option<Timestamp>,
}

impl Enrolment {
    /// Whose rows the outbox holds.
    fn owner(&self) -> (&Url, DeviceId, &str, &str) {
        (
            &self.server,
            self.device_id,
            &self.user_name,
            &self.organization_name,
        )
    }
}

/// Why this machine could not be enrolled, or its enrolment not be read.
#[derive(Debug, thiserror::Error)]
pub enum EnrolError {
    /// Not an address that a credential may be sent to.
    #[error("{0}")]
    Address(#[from] AddressError),
    /// The server refused, or was not reached.
    #[error("the machine was not enrolled: {0}")]
    Server(#[from] ServerError),
    /// The server's policy makes no sense.
    #[error(
        "the server sent a capture policy that this agent cannot follow ({0}); nothing is collected"
    )]
    Policy(String),
    /// The secret could not be kept.
    #[error(
        "the server enrolled this machine, but its secret could not be kept: {0}. Enrol again with the same token."
    )]
    Secret(#[from] CredentialError),
    /// A file of the data directory.
    #[error("{path} cannot be used: {source}")]
    File {
        /// Which.
        path: std::path::PathBuf,
        /// Why.
        source: io::Error,
    },
    /// An agent runs with the enrolment of before.
    #[error("an agent is running here; stop it before this machine is enrolled again")]
    Running,
    /// It was enrolled with another server.
    #[error(
        "this machine is enrolled with {0} already; run `workpulse-agent enrol --again` to change it"
    )]
    Already(Url),
}

impl EnrolError {
    /// Whether the same command cannot succeed later.
    #[must_use]
    pub fn is_permanent(&self) -> bool {
        match self {
            Self::Server(error) => error.is_permanent(),
            Self::Address(_) | Self::Already(_) => true,
            Self::Policy(_) | Self::Secret(_) | Self::File { .. } | Self::Running => false,
        }
    }
}

/// Why an address is not used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    /// Not a URL.
    #[error("{0:?} is not an address such as https://workpulse.example.org")]
    NotAnAddress(String),
    /// Plain HTTP to another machine.
    #[error(
        "{0} would carry the device's secret in the clear; use https:// (http:// is allowed for this machine only)"
    )]
    Insecure(Url),
}

/// Reads a server's address: https, or http to this very machine.
pub fn parse_server(text: &str) -> Result<Url, AddressError> {
    let not = || AddressError::NotAnAddress(text.to_owned());
    let mut url: Url = text.trim().parse().map_err(|_| not())?;
    url.host_str().ok_or_else(not)?;
    if !is_safe_address(&url) {
        return Err(if url.scheme() == "http" {
            AddressError::Insecure(url)
        } else {
            not()
        });
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(not());
    }
    url.set_query(None);
    url.set_fragment(None);
    if !url.path().ends_with('/') {
        let path = format!("{}/", url.path());
        url.set_path(&path);
    }
    Ok(url)
}

/// Whether what is asked there goes over TLS, or does not leave this machine.
#[must_use]
pub(crate) fn is_safe_address(url: &Url) -> bool {
    let Some(host) = url.host_str() else {
        return false;
    };
    let local = host == "localhost"
        || host.ends_with(".localhost")
        || host
            .trim_matches(['[', ']'])
            .parse::<std::net::IpAddr>()
            .is_ok_and(|ip| ip.is_loopback());
    match url.scheme() {
        "https" => true,
        "http" => local,
        _ => false,
    }
}

/// Enrols this machine with a token. `again` replaces an enrolment with another server. Rows
/// that were recorded for another person or server are put aside, never sent as this one's.
pub async fn enrol(
    settings: &Settings,
    clock: &dyn Clock,
    server: &str,
    token: &SecretString,
    again: bool,
) -> Result<Enrolment, EnrolError> {
    enrol_by(settings, clock, server, Proof::Token(token), again).await
}

/// Enrols this machine on somebody's word; otherwise as [`enrol`].
pub async fn enrol_by(
    settings: &Settings,
    clock: &dyn Clock,
    server: &str,
    proof: Proof<'_>,
    again: bool,
) -> Result<Enrolment, EnrolError> {
    let server = parse_server(server)?;
    let dir = &settings.data_dir;
    files::private_dir(dir).map_err(|source| EnrolError::File {
        path: dir.clone(),
        source,
    })?;
    let known = load(dir)?;
    if let Some(known) = &known
        && known.server != server
        && !again
    {
        return Err(EnrolError::Already(known.server.clone()));
    }
    // What an agent is recording now belongs to the enrolment that it runs with.
    let _alone = if known.is_some() {
        Some(lock::lock(dir).map_err(|error| match error {
            NotLocked::Taken => EnrolError::Running,
            NotLocked::Failed(source) => EnrolError::File {
                path: dir.clone(),
                source,
            },
        })?)
    } else {
        None
    };
    let client = Client::anonymous(server.clone(), settings)?;
    let answer = asking::ask(settings, clock, &client, proof, again).await?;
    keep(settings, clock, server, known, answer)
}

/// Keeps what the server answered.
fn keep(
    settings: &Settings,
    clock: &dyn Clock,
    server: Url,
    known: Option<Enrolment>,
    answer: EnrolResponse,
) -> Result<Enrolment, EnrolError> {
    let dir = &settings.data_dir;
    if let Some((field, rule)) = answer.policy.unusable() {
        return Err(EnrolError::Policy(format!("{field} {rule}")));
    }
    let secret = SecretString::from(answer.device_secret);
    let place = credentials::store(settings, answer.device_id, &secret)?;
    let mut enrolment = Enrolment {
        server,
        device_id: answer.device_id,
        user_name: answer.user_name,
        organization_name: answer.organization_name,
        secret: place,
        policy: answer.policy,
        pending: answer.status == DeviceStatus::Pending,
        user_id: answer.user_id,
        notice_accepted_at: None,
    };
    if let Some(known) = &known
        && known.owner() == enrolment.owner()
    {
        // The same person at the same place: they have read it.
        enrolment.notice_accepted_at = known.notice_accepted_at;
    }
    if known.is_some_and(|known| known.owner() != enrolment.owner()) {
        put_outbox_aside(dir, clock).map_err(|source| EnrolError::File {
            path: dir.join("outbox.db"),
            source,
        })?;
    }
    save(dir, &enrolment)?;
    Ok(enrolment)
}

/// What was recorded for one person, or for one server, is never sent as another's: it stays
/// on this machine, under another name.
fn put_outbox_aside(dir: &Path, clock: &dyn Clock) -> io::Result<()> {
    let number = clock.wall().as_millis();
    for from in outbox::aside::files_of(dir) {
        if !from.exists() {
            continue;
        }
        let name = from.file_name().unwrap_or_default().to_string_lossy();
        // The journal keeps its name beside the file.
        let (name, tail) = match name.find(".db") {
            Some(end) => name.split_at(end + 3),
            None => (name.as_ref(), ""),
        };
        std::fs::rename(&from, dir.join(format!("{name}.replaced-{number}{tail}")))?;
    }
    outbox::witness::remove(&dir.join("outbox.db"))?;
    files::remove(&dir.join("checkpoint.json"))
}

/// The enrolment of this data directory, if there is one.
pub fn load(dir: &Path) -> Result<Option<Enrolment>, EnrolError> {
    let path = dir.join("enrolment.json");
    let unreadable = |source| EnrolError::File {
        path: path.clone(),
        source,
    };
    let Some(content) = files::read(&path).map_err(unreadable)? else {
        return Ok(None);
    };
    serde_json::from_slice(&content)
        .map(Some)
        .map_err(|error| unreadable(io::Error::new(io::ErrorKind::InvalidData, error)))
}

/// Writes the enrolment, durably.
pub fn save(dir: &Path, enrolment: &Enrolment) -> Result<(), EnrolError> {
    let path = dir.join("enrolment.json");
    let content = serde_json::to_vec_pretty(enrolment).expect("an enrolment is plain data");
    files::replace(&path, &content, true).map_err(|source| EnrolError::File { path, source })
}

/// Remembers that the person accepted the notice of what is collected. For a data directory
/// on which no agent runs; a running one takes [`crate::Command::AcceptNotice`].
pub fn accept_notice(dir: &Path, at: Timestamp) -> Result<(), EnrolError> {
    let Some(mut enrolment) = load(dir)? else {
        return Ok(());
    };
    enrolment.notice_accepted_at.get_or_insert(at);
    save(dir, &enrolment)
}

fn device_id(dir: &Path, clock: &dyn Clock) -> Result<DeviceId, EnrolError> {
    let path = dir.join("device-id");
    let known = files::read(&path)
        .map_err(|source| EnrolError::File { path, source })?
        .and_then(|content| String::from_utf8(content).ok()?.trim().parse().ok());
    match known {
        Some(id) => Ok(id),
        None => fresh_device_id(dir, clock),
    }
}

fn fresh_device_id(dir: &Path, clock: &dyn Clock) -> Result<DeviceId, EnrolError> {
    let path = dir.join("device-id");
    let id = DeviceId(clock.new_uuid());
    files::replace(&path, id.to_string().as_bytes(), true)
        .map_err(|source| EnrolError::File { path, source })?;
    Ok(id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_http_is_for_this_machine_only() {
        for good in [
            "https://workpulse.example.org",
            "http://127.0.0.1:3000",
            "http://localhost:3000/",
            "http://[::1]:3000",
        ] {
            assert!(parse_server(good).is_ok(), "{good}");
        }
        assert!(matches!(
            parse_server("http://workpulse.example.org"),
            Err(AddressError::Insecure(_))
        ));
        assert!(matches!(
            parse_server("http://localhost.example.org"),
            Err(AddressError::Insecure(_))
        ));
        for bad in [
            "",
            "workpulse",
            "ftp://x",
            "https://",
            "https://me:secret@example.org",
        ] {
            assert!(
                matches!(parse_server(bad), Err(AddressError::NotAnAddress(_))),
                "{bad}"
            );
        }
    }

    #[test]
    fn a_path_prefix_is_kept_and_ends_with_a_slash() {
        assert_eq!(
            parse_server("https://a.example/wp?x#y").unwrap().as_str(),
            "https://a.example/wp/"
        );
    }
}
