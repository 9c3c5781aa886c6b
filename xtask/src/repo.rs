//! Where things are, and how cargo and npm are called.

use std::{
    env,
    path::{Path, PathBuf},
    sync::OnceLock,
};

use anyhow::{Context, Result};

use crate::cmd::Cmd;

/// The repository's root.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("xtask is a directory of the workspace")
}

/// The dashboard's sources.
pub(crate) fn dashboard() -> PathBuf {
    root().join("backend/dashboard")
}

/// Where cargo puts what it builds.
pub(crate) fn target_dir() -> Result<&'static Path> {
    static TARGET: OnceLock<PathBuf> = OnceLock::new();
    if let Some(found) = TARGET.get() {
        return Ok(found);
    }
    let metadata = metadata()?;
    let directory = metadata["target_directory"]
        .as_str()
        .context("cargo metadata names no target_directory")?;
    Ok(TARGET.get_or_init(|| directory.into()))
}

/// What cargo says of the workspace.
pub(crate) fn metadata() -> Result<serde_json::Value> {
    let text = cargo(&["metadata", "--no-deps", "--format-version", "1"]).capture()?;
    serde_json::from_str(&text).context("cargo metadata gave no JSON")
}

/// A binary that `cargo build` has made with this profile's directory (`debug`, `bench-fast`).
pub(crate) fn binary(profile_dir: &str, name: &str) -> Result<PathBuf> {
    Ok(target_dir()?
        .join(profile_dir)
        .join(format!("{name}{}", env::consts::EXE_SUFFIX)))
}

/// Calls cargo in the repository's root.
pub(crate) fn cargo(args: &[&str]) -> Cmd {
    let mut cmd = Cmd::new("cargo", args).dir(root());
    // `cargo run` describes xtask's own package to us; passed on, build scripts that watch
    // these would run again each time.
    for (name, _) in env::vars_os() {
        let text = name.to_string_lossy();
        if [
            "CARGO_PKG_",
            "CARGO_MANIFEST_",
            "CARGO_BIN_",
            "CARGO_CRATE_",
            "CARGO_PRIMARY_",
        ]
        .iter()
        .any(|prefix| text.starts_with(prefix))
        {
            cmd = cmd.without_env(&text);
        }
    }
    cmd
}

/// Calls npm in the dashboard's directory.
pub(crate) fn npm(args: &[&str]) -> Cmd {
    npm_in(&dashboard(), args)
}

/// Calls npm in a directory.
pub(crate) fn npm_in(dir: &Path, args: &[&str]) -> Cmd {
    Cmd::new("npm", args).dir(dir)
}

/// A directory for a throw-away database or profile, readable by this user only.
///
/// The name is taken by creating it: an existing one (somebody else's) is never used.
pub(crate) fn scratch_dir(purpose: &str) -> Result<PathBuf> {
    let mut random = [0_u8; 8];
    getrandom::fill(&mut random).map_err(|error| anyhow::anyhow!("no random numbers: {error}"))?;
    let path = env::temp_dir().join(format!(
        "workpulse-{purpose}-{:016x}",
        u64::from_ne_bytes(random)
    ));
    let mut builder = std::fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder
        .create(&path)
        .with_context(|| format!("cannot create {}", path.display()))?;
    Ok(path)
}

/// A loopback port that nobody listens on just now.
pub(crate) fn free_port() -> Result<u16> {
    let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).context("no free port")?;
    Ok(listener.local_addr()?.port())
}
