//! What doctor says of the machine: its data directory, its disk, its clock.

use std::path::Path;

use super::{Findings, Verdict};
use crate::config::data_dir;

/// Free space below which the server is in danger, in mebibytes.
#[cfg(unix)]
const LITTLE_SPACE_MIB: u64 = 512;
/// By how much two clocks may be apart, in milliseconds.
const CLOCK_TOLERANCE_MS: i64 = 5_000;

/// What clocks are that are apart by so many milliseconds.
pub(super) const fn clocks(apart: i64) -> Verdict {
    if apart.unsigned_abs() > CLOCK_TOLERANCE_MS.unsigned_abs() {
        Verdict::Failed
    } else {
        Verdict::Ok
    }
}

/// What a disk is with so much left on it.
#[cfg(unix)]
const fn space(free_mib: u64) -> Verdict {
    if free_mib < LITTLE_SPACE_MIB {
        Verdict::Warning
    } else {
        Verdict::Ok
    }
}

pub(super) fn look_at_directory(path: &Path, findings: &mut Findings) {
    if !path.is_dir() {
        findings.add(
            "data directory",
            Verdict::Failed,
            format!("{} is not there", path.display()),
        );
        return;
    }
    match data_dir::prepare(path) {
        Ok(()) => findings.add(
            "data directory",
            Verdict::Ok,
            format!("{} can be written", path.display()),
        ),
        Err(error) => findings.add("data directory", Verdict::Failed, error.to_string()),
    }
    look_at_permissions(path, findings);
    look_at_space(path, findings);
}

#[cfg(unix)]
fn look_at_permissions(path: &Path, findings: &mut Findings) {
    use std::os::unix::fs::PermissionsExt as _;
    match std::fs::metadata(path) {
        Ok(metadata) if metadata.permissions().mode().trailing_zeros() >= 6 => {
            findings.add(
                "permissions",
                Verdict::Ok,
                "only its owner reads the data directory",
            );
        }
        Ok(_) => findings.add(
            "permissions",
            Verdict::Warning,
            format!("others may read {}: chmod 700 it", path.display()),
        ),
        Err(error) => findings.add("permissions", Verdict::Failed, error.to_string()),
    }
}

#[cfg(not(unix))]
fn look_at_permissions(_: &Path, _: &mut Findings) {}

#[cfg(unix)]
#[expect(
    clippy::useless_conversion,
    reason = "other systems count blocks in 32 bits"
)]
fn look_at_space(path: &Path, findings: &mut Findings) {
    match nix::sys::statvfs::statvfs(path) {
        Ok(volume) => {
            let free = u64::from(volume.blocks_available()) * u64::from(volume.fragment_size())
                / (1024 * 1024);
            findings.add("disk space", space(free), format!("{free} MiB free"));
        }
        Err(error) => findings.add("disk space", Verdict::Warning, error.to_string()),
    }
}

#[cfg(not(unix))]
fn look_at_space(_: &Path, _: &mut Findings) {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clocks_that_are_apart_fail_either_way() {
        for (apart, verdict) in [
            (0, Verdict::Ok),
            (5_000, Verdict::Ok),
            (-5_000, Verdict::Ok),
            (5_001, Verdict::Failed),
            (-600_000, Verdict::Failed),
        ] {
            assert_eq!(clocks(apart), verdict, "{apart} ms");
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_disk_with_little_space_is_a_warning() {
        assert_eq!(space(0), Verdict::Warning);
        assert_eq!(space(LITTLE_SPACE_MIB - 1), Verdict::Warning);
        assert_eq!(space(LITTLE_SPACE_MIB), Verdict::Ok);
    }

    #[test]
    fn a_directory_that_is_not_there_or_is_none_fails() {
        let dir = tempfile::tempdir().expect("a directory");
        for path in [dir.path().join("none"), {
            let file = dir.path().join("file");
            std::fs::write(&file, "").expect("written");
            file
        }] {
            let mut findings = Findings::default();
            look_at_directory(&path, &mut findings);
            assert!(findings.worst_is_failed(), "{}", path.display());
        }
    }
}
