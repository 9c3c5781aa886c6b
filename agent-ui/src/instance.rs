//! The name under which a running window is found on the session bus.
//!
//! One per profile, not one per person: a second profile (another data directory) is
//! another agent with locks of its own, and its window may be open beside the first. The icon
//! needs no name: its lock is a file of the profile.

use std::path::Path;

/// The base of the name; the app's identifier.
const BASE: &str = "io.workpulse.tray";

/// The name of one profile's window.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InstanceName(String);

impl InstanceName {
    /// The name for a data directory.
    #[must_use]
    pub fn of(data_dir: &Path) -> Self {
        // One directory has many spellings; the profile inside it is one.
        let dir = data_dir
            .canonicalize()
            .or_else(|_| std::path::absolute(data_dir))
            .unwrap_or_else(|_| data_dir.to_owned());
        Self(format!(
            "{BASE}.p{:016x}.window",
            fnv1a(dir.as_os_str().as_encoded_bytes())
        ))
    }

    /// What the single-instance plugin is given.
    #[must_use]
    pub fn bus_id(&self) -> &str {
        &self.0
    }
}

/// A short, stable hash; names on the bus are not secrets.
fn fnv1a(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_profile_has_a_name_that_spelling_does_not_change() {
        let dir = tempfile::tempdir().expect("a directory");
        let other = tempfile::tempdir().expect("a directory");
        let plain = InstanceName::of(dir.path());
        assert_eq!(InstanceName::of(&dir.path().join(".")), plain);
        assert_ne!(InstanceName::of(other.path()), plain);
        assert!(plain.bus_id().starts_with("io.workpulse.tray.p"));
    }
}
