//! `updates.json`: which version there is, and its files. Read only behind its signature.

use serde::Deserialize;

use super::version::PackageVersion;

/// The manifest's name, which is part of what is signed.
pub const NAME: &str = "updates.json";
/// A package is smaller than this.
const LARGEST: u64 = 256 * 1024 * 1024;

/// What there is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Manifest {
    /// The version of all files.
    pub version: PackageVersion,
    /// The files.
    pub files: Vec<File>,
}

/// One package.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct File {
    /// Its name, in the directory of the manifest.
    pub name: String,
    /// What installs it.
    pub kind: Kind,
    /// The processor, as Rust names it.
    pub arch: String,
    /// Its length in bytes.
    pub size: u64,
}

/// What installs a package.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// apt, dpkg.
    Deb,
    /// dnf, rpm.
    Rpm,
    /// Windows Installer.
    Msi,
    /// macOS Installer.
    Pkg,
    /// Of a newer version of us.
    #[serde(other)]
    Unknown,
}

#[derive(Deserialize)]
struct Wire {
    version: String,
    files: Vec<File>,
}

impl Manifest {
    /// Reads it; what is wrong with it, as a clause.
    pub fn parse(content: &[u8]) -> Result<Self, String> {
        let wire: Wire = serde_json::from_slice(content)
            .map_err(|error| format!("it is no JSON of ours: {error}"))?;
        let version =
            PackageVersion::parse(&wire.version).ok_or_else(|| "its version is none".to_owned())?;
        for file in &wire.files {
            if !is_plain_name(&file.name) {
                return Err("it names a file with another path".to_owned());
            }
            if file.size == 0 || file.size > LARGEST {
                return Err(format!("the size of {} cannot be", file.name));
            }
        }
        Ok(Self {
            version,
            files: wire.files,
        })
    }

    /// The package for a system, if there is one.
    #[must_use]
    pub fn file_for(&self, kind: Kind, arch: &str) -> Option<&File> {
        self.files
            .iter()
            .find(|file| file.kind == kind && file.arch == arch)
    }
}

/// A name that stays in its directory, on any system.
fn is_plain_name(name: &str) -> bool {
    (1..=200).contains(&name.len())
        && name.starts_with(|c: char| c.is_ascii_alphanumeric())
        && name
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "._+~-".contains(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(name: &str, size: u64) -> Result<Manifest, String> {
        Manifest::parse(
            serde_json::json!({
                "version": "0.2.0-1",
                "files": [{ "name": name, "kind": "deb", "arch": "x86_64", "size": size }],
            })
            .to_string()
            .as_bytes(),
        )
    }

    #[test]
    fn a_package_is_found_by_what_installs_it_and_for_which_processor() {
        let manifest = of("workpulse-agent_0.2.0-1_amd64.deb", 9).expect("a manifest");
        assert!(manifest.file_for(Kind::Deb, "x86_64").is_some());
        assert!(manifest.file_for(Kind::Rpm, "x86_64").is_none());
        assert!(manifest.file_for(Kind::Deb, "aarch64").is_none());
    }

    #[test]
    fn a_name_that_leaves_the_directory_and_a_size_that_cannot_be_are_refused() {
        for name in [
            "", "../x.deb", "/etc/x", "a/b.deb", r"a\b.deb", ".hidden", "a b.deb", "C:x",
        ] {
            assert!(of(name, 9).is_err(), "{name:?}");
        }
        assert!(of("a.deb", 0).is_err());
        assert!(of("a.deb", u64::MAX).is_err());
    }

    #[test]
    fn what_a_newer_version_of_us_adds_is_passed_over() {
        let manifest = Manifest::parse(
            br#"{"version":"9.0.0-1","new":1,"files":[{"name":"a.flatpak","kind":"flatpak","arch":"x86_64","size":1,"x":2}]}"#,
        )
        .expect("a manifest");
        assert_eq!(manifest.files[0].kind, Kind::Unknown);
    }
}
