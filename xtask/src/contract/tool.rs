//! Schemathesis, in a Python environment of its own below cargo's target directory.

use std::{fs, path::PathBuf};

use anyhow::{Context, Result};

use crate::{cmd::Cmd, repo};

const REQUIREMENTS: &str = include_str!("requirements.txt");

/// The program; installs it where it is not there, or was installed from other requirements.
pub(super) fn ensure() -> Result<PathBuf> {
    let dir = repo::target_dir()?.join("tools/schemathesis");
    let program = dir.join("bin/schemathesis");
    let stamp = dir.join("requirements.txt");
    if fs::read_to_string(&stamp).is_ok_and(|found| found == REQUIREMENTS) && program.is_file() {
        return Ok(program);
    }
    println!("    installing schemathesis into {}", dir.display());
    if dir.exists() {
        fs::remove_dir_all(&dir).with_context(|| format!("cannot remove {}", dir.display()))?;
    }
    Cmd::new("python3", &["-m", "venv"])
        .arg(&dir)
        .capture()
        .context("no Python environment could be made (Debian: python3-venv)")?;
    let wanted = dir.join("wanted.txt");
    fs::write(&wanted, REQUIREMENTS)?;
    Cmd::new(dir.join("bin/pip"), &["install", "--quiet", "--no-input"])
        .arg("--disable-pip-version-check")
        .arg("--requirement")
        .arg(&wanted)
        .capture()
        .context("schemathesis could not be installed")?;
    // Last: an installation that was interrupted has no stamp.
    fs::rename(wanted, stamp)?;
    Ok(program)
}
