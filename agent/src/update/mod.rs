//! Newer versions of this program: found, fetched, verified, and left to whoever may install
//! them.
//!
//! Owns `updates/` of the data directory. Nothing is installed: packages are installed by an
//! administrator, so a person is offered a file and told the command. Two signatures are asked
//! for: the manifest's before anybody hears of a version, the package's before it gets its
//! name. Both name file and version, so that neither an older package nor another one passes
//! for the newer. What is asked carries no credential: whoever serves the files learns an
//! address and a version, and may send us on to another host.
//!
//! [`version`], [`manifest`] and [`signature`] decide; [`fetch`] asks.

mod fetch;
pub mod manifest;
pub mod signature;
pub mod version;

pub use self::fetch::FetchError;

use std::{io, path::PathBuf};

use url::Url;

use self::{
    fetch::Fetcher,
    manifest::{File, Kind, Manifest},
    signature::Refused,
    version::{PackageVersion, running},
};
use crate::{
    config::{
        Settings,
        updates::{Source, Updates},
    },
    files,
};

/// A signature is a few lines.
const SIGNATURE_MAX: u64 = 4 * 1024;
/// So is a manifest.
const MANIFEST_MAX: u64 = 64 * 1024;

/// Why there is no update, although one was asked for.
#[derive(Debug, thiserror::Error)]
pub enum UpdateError {
    /// Updates are off here.
    #[error("{0}")]
    Off(&'static str),
    /// Nobody answered, or with something else.
    #[error(transparent)]
    Fetch(#[from] FetchError),
    /// What was fetched is not taken.
    #[error("the update was refused: {0}")]
    Refused(#[from] Refused),
    /// The manifest is signed, and makes no sense.
    #[error("the update was refused: updates.json makes no sense: {0}")]
    Manifest(String),
    /// There is a newer version, and no package of it for this system.
    #[error("version {0} has no package for this system")]
    NotForThisSystem(PackageVersion),
    /// There is nothing newer to fetch.
    #[error("there is no newer version")]
    NothingNewer,
    /// The data directory.
    #[error("{path} cannot be written: {source}")]
    Disk {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

impl UpdateError {
    /// Whether trying again does not help.
    #[must_use]
    pub const fn is_permanent(&self) -> bool {
        match self {
            Self::Off(_)
            | Self::Refused(_)
            | Self::Manifest(_)
            | Self::NotForThisSystem(_)
            | Self::NothingNewer => true,
            Self::Fetch(error) => error.is_permanent(),
            Self::Disk { .. } => false,
        }
    }
}

/// A newer version that a signed manifest names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// The version.
    pub version: PackageVersion,
    /// Its package for this system.
    pub file: File,
}

/// A verified package on this machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ready {
    /// Its version.
    pub version: PackageVersion,
    /// Where it lies.
    pub path: PathBuf,
    /// What an administrator runs to install it.
    pub command: String,
}

/// Looks whether there is a newer version; `None` when there is not.
pub async fn check(settings: &Settings) -> Result<Option<Offer>, UpdateError> {
    let source = source(settings)?;
    offer(source, &Fetcher::new(settings)?).await
}

/// Fetches the newer version and verifies it; one that lies here already is verified again.
pub async fn download(settings: &Settings) -> Result<Ready, UpdateError> {
    let source = source(settings)?;
    let fetcher = Fetcher::new(settings)?;
    let offer = offer(source, &fetcher)
        .await?
        .ok_or(UpdateError::NothingNewer)?;
    let (name, version) = (&offer.file.name, offer.version.to_string());
    let signature = fetcher
        .text(
            &beside(&source.url, &format!("{name}.minisig")),
            SIGNATURE_MAX,
        )
        .await?;
    let dir = settings.data_dir.join("updates");
    let path = dir.join(name);
    let ready = Ready {
        command: command(offer.file.kind, &path),
        version: offer.version.clone(),
        path,
    };
    let disk = |source| UpdateError::Disk {
        path: ready.path.clone(),
        source,
    };
    let fits = |content: &[u8]| signature::verify(&source.key, &signature, content, name, &version);
    if let Some(content) = files::read(&ready.path).map_err(disk)?
        && fits(&content).is_ok()
    {
        return Ok(ready);
    }
    let content = fetcher
        .exactly(&beside(&source.url, name), offer.file.size)
        .await?;
    fits(&content)?;
    files::private_dir(&dir).map_err(disk)?;
    leave_nothing_else(&dir).map_err(disk)?;
    // Under its name only when it is whole and verified.
    files::replace(&ready.path, &content, true).map_err(disk)?;
    Ok(ready)
}

fn source(settings: &Settings) -> Result<&Source, UpdateError> {
    match &settings.updates {
        Updates::Off(why) => Err(UpdateError::Off(why)),
        Updates::From(source) => Ok(source),
    }
}

async fn offer(source: &Source, fetcher: &Fetcher) -> Result<Option<Offer>, UpdateError> {
    let address = beside(&source.url, manifest::NAME);
    let content = fetcher.bytes(&address, MANIFEST_MAX).await?;
    let signed = beside(&source.url, &format!("{}.minisig", manifest::NAME));
    let signature = fetcher.text(&signed, SIGNATURE_MAX).await?;
    decide(
        source,
        &content,
        &signature,
        kind_here(),
        std::env::consts::ARCH,
    )
}

/// What a manifest offers to a system: the decision, without network and disk.
fn decide(
    source: &Source,
    content: &[u8],
    signature: &str,
    kind: Kind,
    arch: &str,
) -> Result<Option<Offer>, UpdateError> {
    let manifest = Manifest::parse(content);
    // The comment's version is the manifest's own; one that cannot be read fits no comment.
    let version = manifest
        .as_ref()
        .map_or_else(|_| String::new(), |it| it.version.to_string());
    match (
        signature::verify(&source.key, signature, content, manifest::NAME, &version),
        manifest,
    ) {
        // Of what nobody signed, only that is said.
        (Err(error @ (Refused::Key | Refused::Unreadable(_) | Refused::NotSigned(_))), _) => {
            Err(error.into())
        }
        (_, Err(why)) => Err(UpdateError::Manifest(why)),
        (Err(error), Ok(_)) => Err(error.into()),
        (Ok(()), Ok(manifest)) if !manifest.version.is_newer_than(&running()) => Ok(None),
        (Ok(()), Ok(manifest)) => match manifest.file_for(kind, arch) {
            Some(file) => Ok(Some(Offer {
                file: file.clone(),
                version: manifest.version,
            })),
            None => Err(UpdateError::NotForThisSystem(manifest.version)),
        },
    }
}

/// A file in the directory of the updates.
fn beside(directory: &Url, name: &str) -> Url {
    // The directory ends with a slash, and names are plain.
    directory
        .join(name)
        .expect("a plain name is a relative address")
}

/// What installs packages on this system.
fn kind_here() -> Kind {
    if cfg!(windows) {
        Kind::Msi
    } else if cfg!(target_os = "macos") {
        Kind::Pkg
    } else if std::path::Path::new("/usr/bin/dpkg").exists() {
        Kind::Deb
    } else {
        Kind::Rpm
    }
}

/// What an administrator runs.
fn command(kind: Kind, path: &std::path::Path) -> String {
    let quoted = format!("'{}'", path.display().to_string().replace('\'', r"'\''"));
    match kind {
        Kind::Deb => format!("sudo apt install {quoted}"),
        Kind::Rpm => format!("sudo dnf install {quoted}"),
        Kind::Msi => format!("msiexec /i \"{}\"", path.display()),
        Kind::Pkg => format!("sudo installer -pkg {quoted} -target /"),
        Kind::Unknown => quoted,
    }
}

/// Removes what earlier versions left: one package is kept, the newest.
fn leave_nothing_else(dir: &std::path::Path) -> io::Result<()> {
    for entry in std::fs::read_dir(dir)? {
        files::remove(&entry?.path())?;
    }
    Ok(())
}
