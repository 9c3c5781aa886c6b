//! The device's secret: in the keychain of the system, or in a file that only its owner reads.
//!
//! Where it was put is remembered with the enrolment, so that running the agent does not touch
//! a keychain that it does not need. Every call to a keychain is bounded in time: one that is
//! locked waits for a person, and the agent does not.

use std::{io, path::PathBuf, sync::mpsc, thread, time::Duration};

use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use shared_types::DeviceId;

use crate::{config::Settings, files};

const SERVICE: &str = "workpulse-agent";
/// How long a keychain may take.
const PATIENCE: Duration = Duration::from_secs(5);

/// Where the secret is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SecretPlace {
    /// The system's keychain (secret service, Keychain, Credential Manager).
    Keychain,
    /// `device-secret` in the data directory, mode 0600.
    File,
}

/// Where secrets may be kept.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SecretChoice {
    /// In the keychain where one answers, else in a file.
    #[default]
    Auto,
    /// In a file.
    File,
}

/// Why the secret could not be kept or read.
#[derive(Debug, thiserror::Error)]
pub enum CredentialError {
    /// The file.
    #[error("{path} cannot be used: {source}")]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// Others may read the file.
    #[error(
        "{0} can be read by others; run `chmod 600` on it, and have the device revoked if you do not trust them"
    )]
    Exposed(PathBuf),
    /// The keychain.
    #[error(
        "the keychain does not give the device's secret ({0}). Unlock it and start the agent again."
    )]
    Keychain(String),
    /// Nothing is there.
    #[error("the device's secret is gone; enrol this machine again")]
    Missing,
}

/// Keeps the secret, and tells where.
pub fn store(
    settings: &Settings,
    device: DeviceId,
    secret: &SecretString,
) -> Result<SecretPlace, CredentialError> {
    if settings.credentials == SecretChoice::Auto && keychain_may_answer() {
        let kept = secret.clone();
        let wrote = bounded(move || {
            let entry = keyring::Entry::new(SERVICE, &device.to_string())?;
            entry.set_password(kept.expose_secret())?;
            // A keychain that forgets at once is none.
            entry.get_password()
        });
        match wrote {
            Ok(read) if read == secret.expose_secret() => return Ok(SecretPlace::Keychain),
            Ok(_) => {
                tracing::warn!("the keychain did not keep the device's secret, a file is used");
            }
            Err(error) => {
                tracing::info!(error = %error, "there is no usable keychain, a file is used");
            }
        }
    }
    let path = secret_file(settings);
    files::replace(&path, secret.expose_secret().as_bytes(), true)
        .map_err(|source| CredentialError::File { path, source })?;
    Ok(SecretPlace::File)
}

/// Reads the secret from where it was put.
pub fn read(
    settings: &Settings,
    device: DeviceId,
    place: SecretPlace,
) -> Result<SecretString, CredentialError> {
    match place {
        SecretPlace::Keychain => {
            bounded(move || keyring::Entry::new(SERVICE, &device.to_string())?.get_password())
                .map(SecretString::from)
                .map_err(CredentialError::Keychain)
        }
        SecretPlace::File => {
            let path = secret_file(settings);
            let failed = |source| CredentialError::File {
                path: path.clone(),
                source,
            };
            #[cfg(unix)]
            if let Ok(meta) = std::fs::metadata(&path) {
                use std::os::unix::fs::PermissionsExt as _;
                if meta.permissions().mode() & 0o077 != 0 {
                    return Err(CredentialError::Exposed(path));
                }
            }
            let content = files::read(&path)
                .map_err(failed)?
                .ok_or(CredentialError::Missing)?;
            let text = String::from_utf8(content)
                .map_err(|error| failed(io::Error::new(io::ErrorKind::InvalidData, error)))?;
            Ok(SecretString::from(text.trim().to_owned()))
        }
    }
}

fn secret_file(settings: &Settings) -> PathBuf {
    settings.data_dir.join("device-secret")
}

/// On Linux a secret service is reached over the session bus; without one, asking would start
/// a bus daemon or wait for it.
fn keychain_may_answer() -> bool {
    if cfg!(target_os = "linux") {
        std::env::var_os("DBUS_SESSION_BUS_ADDRESS").is_some_and(|address| !address.is_empty())
    } else {
        true
    }
}

/// Runs a keychain call on a thread of its own and waits at most [`PATIENCE`] for it.
fn bounded(
    call: impl FnOnce() -> Result<String, keyring::Error> + Send + 'static,
) -> Result<String, String> {
    let (answer, answers) = mpsc::sync_channel(1);
    thread::Builder::new()
        .name("workpulse-keychain".into())
        .spawn(move || {
            // Nobody may be waiting any more.
            let _ = answer.send(call().map_err(|error| error.to_string()));
        })
        .map_err(|error| error.to_string())?;
    answers
        .recv_timeout(PATIENCE)
        .unwrap_or_else(|_| Err("it did not answer in time".to_owned()))
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use uuid::Uuid;

    use super::*;

    #[test]
    fn a_file_keeps_the_secret_for_its_owner_only() {
        let dir = tempfile::tempdir().unwrap();
        let settings = Settings {
            credentials: SecretChoice::File,
            ..Settings::for_data_dir(dir.path())
        };
        let device = DeviceId(Uuid::from_u128(1));
        let place = store(&settings, device, &SecretString::from("s3cret")).unwrap();
        assert_eq!(place, SecretPlace::File);
        let path = dir.path().join("device-secret");
        assert_eq!(
            std::fs::metadata(&path).unwrap().permissions().mode() & 0o777,
            0o600
        );
        assert_eq!(
            read(&settings, device, place).unwrap().expose_secret(),
            "s3cret"
        );

        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
        assert!(matches!(
            read(&settings, device, place),
            Err(CredentialError::Exposed(_))
        ));
        std::fs::remove_file(&path).unwrap();
        assert!(matches!(
            read(&settings, device, place),
            Err(CredentialError::Missing)
        ));
    }
}
