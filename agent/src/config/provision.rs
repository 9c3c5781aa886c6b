//! What IT put on the machine so that people's agents enrol without being asked.
//!
//! The file holds an enrolment token, which every person of this machine may read: their own
//! agents enrol with it. IT limits it (uses, mail domain, expiry, approval) at the server, and
//! may take the file away once everybody is enrolled. Where a machine is one person's, `single_use
//! = true` has the agent erase it ([`spend`]): IT gives the file to that person, for its directory
//! is the administrator's.

use std::{
    fs,
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use secrecy::SecretString;
use serde::Deserialize;

use super::ConfigError;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    server: String,
    token: String,
    #[serde(default)]
    single_use: bool,
}

/// Where to enrol, and with what.
#[derive(Debug)]
pub struct Provision {
    /// The server's address.
    pub server: String,
    /// An enrolment token.
    pub token: SecretString,
    /// The machine is one person's: the file is erased once it has enrolled them.
    pub single_use: bool,
}

/// IT's file, beside the managed settings.
#[must_use]
pub fn provision_path() -> PathBuf {
    super::managed_path().with_file_name("enrolment.toml")
}

/// Reads IT's file; `None` where there is none, or where it was spent.
///
/// # Errors
/// [`ConfigError`] for a file that cannot be read or understood. It never repeats the token.
pub fn provision(path: &Path) -> Result<Option<Provision>, ConfigError> {
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => {
            return Err(ConfigError::Syntax {
                path: path.to_owned(),
                message: error.to_string(),
            });
        }
    };
    if text.trim().is_empty() {
        return Ok(None);
    }
    let understood = toml::from_str(&text).and_then(|mut file: toml::Table| {
        // Windows Installer writes .ini files, whose lines are in a section.
        match file.remove("enrolment") {
            Some(section) if file.is_empty() => section.try_into(),
            Some(_) => Err(serde::de::Error::custom("there is more than [enrolment]")),
            None => file.try_into(),
        }
    });
    let file: File = understood.map_err(|error: toml::de::Error| ConfigError::Syntax {
        path: path.to_owned(),
        // The whole text of a TOML error quotes the line, which may hold the token.
        message: error.message().to_owned(),
    })?;
    Ok(Some(Provision {
        server: file.server,
        token: SecretString::from(file.token),
        single_use: file.single_use,
    }))
}

/// Erases IT's file behind its use: what is in it is overwritten first, then it goes. Where the
/// person may write the file and not its directory, it stays, and is empty.
///
/// # Errors
/// When the person may not write it.
pub fn spend(path: &Path) -> io::Result<()> {
    let length = usize::try_from(fs::metadata(path)?.len()).unwrap_or(0);
    let mut file = fs::OpenOptions::new().write(true).open(path)?;
    file.write_all(&vec![b' '; length])?;
    file.sync_all()?;
    file.set_len(0)?;
    file.sync_all()?;
    match fs::remove_file(path) {
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied => Ok(()),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret as _;

    use super::*;

    fn read(text: &str) -> Result<Option<Provision>, ConfigError> {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("enrolment.toml");
        fs::write(&path, text).unwrap();
        provision(&path)
    }

    #[test]
    fn server_and_token_are_read_and_no_file_is_no_error() {
        let found = read("server = 'https://a.test'\ntoken = 'wpe_1'").unwrap();
        let found = found.unwrap();
        assert_eq!(found.server, "https://a.test");
        assert_eq!(found.token.expose_secret(), "wpe_1");
        let section = "[enrolment]\r\nserver=\"https://a.test\"\r\ntoken=\"wpe_1\"\r\n";
        let found = read(section).unwrap().unwrap();
        assert_eq!(
            found.token.expose_secret(),
            "wpe_1",
            "as Windows Installer writes it"
        );
        let nowhere = Path::new("/nonexistent/enrolment.toml");
        assert!(provision(nowhere).unwrap().is_none());
    }

    #[test]
    fn a_token_of_one_use_is_gone_behind_it() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("enrolment.toml");
        fs::write(
            &path,
            "server = 'https://a.test'\ntoken = 'wpe_1'\nsingle_use = true",
        )
        .unwrap();
        assert!(provision(&path).unwrap().unwrap().single_use);
        spend(&path).unwrap();
        assert!(provision(&path).unwrap().is_none());
        assert!(spend(&path).is_err());
        // Spent in a directory that is not the person's.
        fs::write(&path, "").unwrap();
        assert!(provision(&path).unwrap().is_none());
    }

    #[test]
    fn a_file_that_is_wrong_is_named_without_its_token() {
        for text in [
            "server = 'https://a.test'\ntoken = 'wpe_secret'\nmore = 1",
            "server = 'https://a.test'\ntoken = 'wpe_secret' x",
        ] {
            let error = read(text).unwrap_err().to_string();
            assert!(error.contains("enrolment.toml"), "{error}");
            assert!(!error.contains("wpe_secret"), "{error}");
        }
    }
}
