//! Versions of packages: `0.2.0-3` is the third package of version 0.2.0.

use std::fmt;

use semver::Version;

/// A version and how often it was packaged.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct PackageVersion {
    version: Version,
    revision: u32,
}

impl PackageVersion {
    /// Reads `VERSION-REVISION`; `None` for anything else.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (version, revision) = text.rsplit_once('-')?;
        Some(Self {
            version: Version::parse(version).ok()?,
            revision: revision.parse().ok()?,
        })
    }

    /// Whether this is newer than the program that runs. The same version packaged once more
    /// is not: the program cannot know how often it was packaged.
    #[must_use]
    pub fn is_newer_than(&self, running: &Version) -> bool {
        // Not by what stands behind a `+`, which says nothing about which is newer.
        self.version.cmp_precedence(running).is_gt()
    }
}

impl fmt::Display for PackageVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.version, self.revision)
    }
}

/// The version of the program that runs.
#[must_use]
pub fn running() -> Version {
    Version::parse(env!("CARGO_PKG_VERSION")).expect("cargo checks it")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn newer(offered: &str, running: &str) -> bool {
        PackageVersion::parse(offered)
            .expect("a package's version")
            .is_newer_than(&Version::parse(running).expect("a version"))
    }

    #[test]
    fn only_a_higher_version_is_newer() {
        for (offered, running, expected) in [
            ("0.2.0-1", "0.1.9", true),
            ("0.10.0-1", "0.9.0", true),
            ("1.0.0-1", "1.0.0-rc.1", true),
            ("0.1.0-1", "0.1.0", false),
            ("0.1.0-7", "0.1.0", false),
            ("0.1.0+build.9-1", "0.1.0", false),
            ("1.0.0-rc.1-1", "1.0.0", false),
            ("0.0.9-9", "0.1.0", false),
        ] {
            assert_eq!(
                newer(offered, running),
                expected,
                "{offered} over {running}"
            );
        }
    }

    #[test]
    fn what_is_no_packages_version_is_none() {
        for text in [
            "", "0.2.0", "0.2-1", "v0.2.0-1", "0.2.0-x", "0.2.0--1", "0.2.0-1 ",
        ] {
            assert_eq!(PackageVersion::parse(text), None, "{text:?}");
        }
        let text = "1.2.3-rc.1-4";
        assert_eq!(PackageVersion::parse(text).expect("one").to_string(), text);
    }
}
