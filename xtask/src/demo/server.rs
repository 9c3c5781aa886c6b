//! The demo's server: a free port, a clean environment, ready or a clear error.

use std::{io::ErrorKind, net::TcpListener, path::Path, time::Duration};

use anyhow::{Context, Result, bail};

use super::api::Api;
use crate::{
    clock::Stopwatch,
    cmd::{Background, Cmd},
    repo, stop,
};

const READY_LIMIT: Duration = Duration::from_mins(1);

/// The server and how to reach it.
pub(crate) struct Server {
    /// The process.
    pub(crate) process: Background,
    /// `http://127.0.0.1:<port>`.
    pub(crate) base: String,
    /// A client.
    pub(crate) api: Api,
}

/// Has a job run now, beside its schedule, and waits until it has ended.
pub(crate) fn run_job(data_dir: &Path, job: &str) -> Result<()> {
    jobs(data_dir, &["run", job, "--wait=60"])
}

fn jobs(data_dir: &Path, words: &[&str]) -> Result<()> {
    let mut cmd = Cmd::new(repo::binary("debug", "workpulse-server")?, &["jobs"]);
    for word in words {
        cmd = cmd.arg(*word);
    }
    cmd = cmd
        .arg("--data-dir")
        .arg(data_dir.join("server"))
        .dir(data_dir)
        .without_env("DATABASE_URL");
    for (name, _) in std::env::vars() {
        if name.starts_with("WORKPULSE_") {
            cmd = cmd.without_env(&name);
        }
    }
    cmd.capture()
        .map(drop)
        .with_context(|| format!("workpulse-server jobs {}", words.join(" ")))
}

/// A port to listen on: the one asked for if it is free, any free one for 0.
pub(crate) fn claim_port(port: u16) -> Result<u16> {
    match TcpListener::bind(("127.0.0.1", port)) {
        Ok(listener) => Ok(listener.local_addr()?.port()),
        Err(error) if error.kind() == ErrorKind::AddrInUse => bail!(
            "port {port} is in use (by another demo, or another program); choose one with --port, or 0 for any free one"
        ),
        Err(error) => Err(error)
            .with_context(|| format!("port {port} cannot be used; choose one with --port")),
    }
}

/// Starts the server on embedded SQLite and waits until it is ready.
pub(crate) fn start(data_dir: &Path, port: u16) -> Result<Server> {
    start_on(data_dir, port, None)
}

/// The same on the PostgreSQL database at this address, where one is named.
pub(crate) fn start_on(data_dir: &Path, port: u16, database: Option<&str>) -> Result<Server> {
    start_built("debug", data_dir, port, database)
}

/// The same, as cargo has built it into this profile's directory.
pub(crate) fn start_built(
    profile_dir: &str,
    data_dir: &Path,
    port: u16,
    database: Option<&str>,
) -> Result<Server> {
    // Building took its time: somebody may have come first, and would answer in our place.
    claim_port(port)?;
    let log = data_dir.join("server.log");
    let base = format!("http://127.0.0.1:{port}");
    let mut cmd = Cmd::new(repo::binary(profile_dir, "workpulse-server")?, &["serve"])
        .arg("--listen")
        .arg(format!("127.0.0.1:{port}"))
        .arg("--data-dir")
        .arg(data_dir.join("server"))
        .arg("--metrics-listen")
        .arg(format!("127.0.0.1:{}", repo::free_port()?))
        // Not the caller's directory: a workpulse.toml there is meant for another server.
        .dir(data_dir)
        // Not on the database that this shell is set up for.
        .without_env("DATABASE_URL");
    for (name, _) in std::env::vars() {
        if name.starts_with("WORKPULSE_") {
            cmd = cmd.without_env(&name);
        }
    }
    if let Some(url) = database {
        cmd = cmd.env("DATABASE_URL", url);
    }
    let mut process = cmd.start("the server", &log)?;
    let api = Api::new(&base);
    let watch = Stopwatch::start();
    while !api.ready() {
        process.check()?;
        if watch.elapsed() > READY_LIMIT {
            bail!(
                "the server was not ready within a minute; see {}",
                log.display()
            );
        }
        if stop::wait(Duration::from_millis(100)) {
            bail!("interrupted");
        }
    }
    process.check()?;
    Ok(Server { process, base, api })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_in_use_is_named_with_the_way_out() {
        let taken = TcpListener::bind(("127.0.0.1", 0)).expect("a port");
        let port = taken.local_addr().expect("bound").port();
        let error = claim_port(port).expect_err("in use").to_string();
        assert!(
            error.contains(&port.to_string()) && error.contains("--port"),
            "{error}"
        );
    }
}
