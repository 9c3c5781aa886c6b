//! The data directory: made for the server alone, and the secret that is kept in it.

use std::{
    fs::{self, OpenOptions},
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use secrecy::SecretString;

use super::sources::ConfigError;

/// The file that holds the signing secret, when none is configured.
const SECRET_FILE: &str = "secret";
/// The file by which tools find the running server.
const SERVER_FILE: &str = "server.json";

/// Makes the directory (for its owner only) if it is not there, and makes sure that it can be
/// written.
pub fn prepare(path: &Path) -> Result<(), ConfigError> {
    let refused = |error: io::Error| {
        ConfigError(format!(
            "the data directory {} cannot be used: {error}. Nothing was started. Give the server a directory that it can write, with --data-dir or WORKPULSE_DATA_DIR.",
            path.display()
        ))
    };
    if !path.is_dir() {
        make_private_dir(path).map_err(refused)?;
    }
    // A name of its own each time: a server, a worker and commands start beside each other.
    tempfile::NamedTempFile::new_in(path)
        .and_then(tempfile::NamedTempFile::close)
        .map_err(refused)
}

/// Makes a directory that only its owner enters, and those above it.
#[cfg(unix)]
pub fn make_private_dir(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt as _;
    fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(path)
}

/// Makes a directory, and those above it.
#[cfg(not(unix))]
pub fn make_private_dir(path: &Path) -> io::Result<()> {
    fs::create_dir_all(path)
}

/// Creates (or empties) a file that only its owner reads.
pub fn private_file(path: &Path) -> io::Result<fs::File> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// Writes a file that only its owner reads, so that a reader sees all of it or the one before.
fn replace(path: &Path, content: &str) -> io::Result<()> {
    let mut name = path.as_os_str().to_owned();
    name.push(".new");
    let fresh = PathBuf::from(name);
    let mut file = private_file(&fresh)?;
    file.write_all(content.as_bytes())?;
    file.sync_all()?;
    fs::rename(&fresh, path)
}

/// The signing secret of this directory, made at the first start.
pub fn secret(path: &Path) -> Result<SecretString, ConfigError> {
    let file = path.join(SECRET_FILE);
    let refused = |error: io::Error| {
        ConfigError(format!(
            "the signing secret {}: {error}. Nothing was started.",
            file.display()
        ))
    };
    if !file.exists() {
        let mut bytes = [0; 48];
        getrandom::fill(&mut bytes).map_err(|error| refused(io::Error::other(error)))?;
        make(&file, &URL_SAFE_NO_PAD.encode(bytes)).map_err(refused)?;
    }
    // What the file says counts: another process may have been quicker.
    let text = fs::read_to_string(&file).map_err(refused)?;
    Ok(SecretString::from(text))
}

/// Writes a file that only its owner reads, whole, unless there is one already.
fn make(path: &Path, content: &str) -> io::Result<()> {
    let directory = path
        .parent()
        .expect("a file of the data directory is in it");
    let mut fresh = tempfile::NamedTempFile::new_in(directory)?;
    fresh.write_all(content.as_bytes())?;
    fresh.as_file().sync_all()?;
    match fresh.persist_noclobber(path) {
        Err(error) if error.error.kind() != io::ErrorKind::AlreadyExists => Err(error.error),
        _ => Ok(()),
    }
}

/// Says where the running server is reached; removed when it stops.
pub fn announce(path: &Path, content: &serde_json::Value) -> io::Result<()> {
    replace(&path.join(SERVER_FILE), &content.to_string())
}

/// Takes the announcement back.
pub fn retract(path: &Path) -> io::Result<()> {
    fs::remove_file(path.join(SERVER_FILE))
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use secrecy::ExposeSecret as _;

    use super::*;

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).expect("there").permissions().mode() & 0o777
    }

    #[test]
    fn a_new_directory_and_its_secret_are_their_owners_alone() {
        let parent = tempfile::tempdir().expect("a directory");
        let dir = parent.path().join("a/b");
        prepare(&dir).expect("made");
        assert_eq!(mode(&dir), 0o700);
        let made = secret(&dir).expect("made");
        assert_eq!(mode(&dir.join(SECRET_FILE)), 0o600);
        assert!(made.expose_secret().len() >= 64);
        let again = secret(&dir).expect("read");
        assert_eq!(again.expose_secret(), made.expose_secret());
    }

    #[test]
    fn many_that_start_at_once_share_one_secret_and_leave_nothing_else() {
        let dir = tempfile::tempdir().expect("a directory");
        let start = std::sync::Barrier::new(16);
        let made: std::collections::BTreeSet<String> = std::thread::scope(|scope| {
            let all: Vec<_> = (0..16)
                .map(|_| {
                    scope.spawn(|| {
                        start.wait();
                        prepare(dir.path()).expect("writable");
                        let secret = secret(dir.path()).expect("made or read");
                        prepare(dir.path()).expect("writable");
                        secret.expose_secret().to_owned()
                    })
                })
                .collect();
            all.into_iter()
                .map(|one| one.join().expect("no panic"))
                .collect()
        });
        assert_eq!(made.len(), 1);
        assert_eq!(fs::read_dir(dir.path()).expect("listed").count(), 1);
    }

    #[test]
    fn a_directory_that_cannot_be_made_is_named_with_what_to_do() {
        let parent = tempfile::tempdir().expect("a directory");
        let blocked = parent.path().join("file");
        fs::write(&blocked, "").expect("written");
        let error = prepare(&blocked.join("data"))
            .expect_err("refused")
            .to_string();
        assert!(
            error.contains("file/data") && error.contains("--data-dir"),
            "{error}"
        );
    }
}
