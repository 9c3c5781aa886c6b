//! A PostgreSQL cluster of our own, for the length of a test run.
//!
//! It listens on a free loopback port and asks for a random password. PostgreSQL refuses to
//! run as root, so root runs it as an unprivileged user with a data directory of that user's.
//! It does not wait for the disk: tests kill processes, whose writes the kernel keeps, and none
//! cuts the power; with it each database that is made and removed would cost seconds. Dropping
//! the cluster stops the server and removes the directory, whatever went wrong before.

use std::{
    fs,
    path::{Path, PathBuf},
    time::Duration,
};

use anyhow::{Context, Result, bail};

use crate::{
    clock::Stopwatch,
    cmd::{self, Background, Cmd},
    repo, setup, stop,
};

const START_LIMIT: Duration = Duration::from_mins(1);
const STOP_LIMIT: Duration = Duration::from_secs(20);

/// Start a throw-away PostgreSQL and run a command with it in `WORKPULSE_TEST_POSTGRES`
///
/// Without a command its address is printed and it runs until Ctrl-C.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The command, for example: cargo nextest run -p workpulse-server
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    command: Vec<String>,
}

pub(crate) fn run(args: &Args) -> Result<()> {
    let cluster = Cluster::start()?;
    if let Some((program, rest)) = args.command.split_first() {
        let mut cmd = Cmd::new(program, &[]).env("WORKPULSE_TEST_POSTGRES", cluster.url());
        for arg in rest {
            cmd = cmd.arg(arg);
        }
        return cmd.run();
    }
    println!("WORKPULSE_TEST_POSTGRES={}", cluster.url());
    while !stop::wait(Duration::from_hours(1)) {}
    Ok(())
}

/// A running cluster.
pub(crate) struct Cluster {
    server: Background,
    dir: PathBuf,
    url: String,
}

impl Cluster {
    /// Makes a cluster and waits until it answers.
    pub(crate) fn start() -> Result<Self> {
        let dir = repo::scratch_dir("postgres")?;
        Self::start_in(&dir).inspect_err(|_| {
            // The first error is the one that matters; the directory is in /tmp.
            let _ = fs::remove_dir_all(&dir);
        })
    }

    fn start_in(dir: &Path) -> Result<Self> {
        let initdb = program("initdb").context("PostgreSQL's initdb is not here")?;
        let postgres = program("postgres").context("PostgreSQL's server is not here")?;
        let user = unprivileged_user()?;
        let password = random_password()?;
        let port = repo::free_port()?;
        let data = dir.join("data");
        let password_file = dir.join("password");
        fs::write(&password_file, &password)?;
        for path in [dir, &password_file] {
            give_to(path, user)?;
        }
        Cmd::new(
            &initdb,
            &[
                "--auth=scram-sha-256",
                "--username=workpulse",
                "--encoding=UTF8",
                "--locale=C",
            ],
        )
        .arg(format!("--pgdata={}", data.display()))
        .arg(format!("--pwfile={}", password_file.display()))
        .dir(dir)
        .user(user)
        .capture()
        .context("the PostgreSQL cluster could not be made")?;
        let mut server = Cmd::new(
            &postgres,
            &[
                "-c",
                "listen_addresses=127.0.0.1",
                "-c",
                "max_connections=300",
                "-c",
                "fsync=off",
                "-c",
                "full_page_writes=off",
            ],
        )
        .arg("-D")
        .arg(&data)
        .arg("-p")
        .arg(port.to_string())
        .arg("-c")
        .arg(format!("unix_socket_directories={}", dir.display()))
        .dir(dir)
        .user(user)
        .start("PostgreSQL", &dir.join("log"))?;
        wait_until_ready(&mut server, dir, port)?;
        let url = format!("postgres://workpulse:{password}@127.0.0.1:{port}/postgres");
        Ok(Self {
            server,
            dir: dir.to_owned(),
            url,
        })
    }

    /// How to connect, as the superuser of this cluster.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        // On the way out, perhaps because of an error: this one would hide it.
        let _ = self.server.stop(STOP_LIMIT);
        let _ = fs::remove_dir_all(&self.dir);
    }
}

/// The postmaster says in its pid file when it takes connections; this needs no client.
fn wait_until_ready(server: &mut Background, dir: &Path, port: u16) -> Result<()> {
    let watch = Stopwatch::start();
    loop {
        let state = fs::read_to_string(dir.join("data/postmaster.pid")).unwrap_or_default();
        if state.lines().any(|line| line.trim() == "ready") {
            return Ok(());
        }
        server.check()?;
        if watch.elapsed() > START_LIMIT {
            bail!(
                "PostgreSQL did not answer on port {port} within {} s",
                START_LIMIT.as_secs()
            );
        }
        if stop::wait(Duration::from_millis(50)) {
            bail!("interrupted");
        }
    }
}

/// One of PostgreSQL's server programs, wherever the distribution keeps it.
pub(crate) fn program(name: &str) -> Option<PathBuf> {
    let mut versions: Vec<(u32, PathBuf)> = fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| {
            let version = entry.file_name().to_str()?.parse().ok()?;
            Some((version, entry.path().join("bin").join(name)))
        })
        .filter(|(_, path)| path.is_file())
        .collect();
    versions.sort();
    versions
        .pop()
        .map(|(_, path)| path)
        .or_else(|| cmd::exists(name).then(|| name.into()))
}

/// Who runs the cluster: nobody else unless this is root.
fn unprivileged_user() -> Result<Option<(u32, u32)>> {
    if !setup::is_root() {
        return Ok(None);
    }
    for name in ["postgres", "nobody"] {
        let id = |flag| -> Option<u32> {
            Cmd::new("id", &[flag, name])
                .capture()
                .ok()?
                .trim()
                .parse()
                .ok()
        };
        if let (Some(uid), Some(gid)) = (id("-u"), id("-g")) {
            return Ok(Some((uid, gid)));
        }
    }
    bail!("PostgreSQL refuses to run as root, and there is neither a user `postgres` nor `nobody`")
}

#[cfg(unix)]
fn give_to(path: &Path, user: Option<(u32, u32)>) -> Result<()> {
    if let Some((uid, gid)) = user {
        std::os::unix::fs::chown(path, Some(uid), Some(gid))
            .with_context(|| format!("cannot give {} to user {uid}", path.display()))?;
    }
    Ok(())
}

#[cfg(not(unix))]
fn give_to(_: &Path, _: Option<(u32, u32)>) -> Result<()> {
    Ok(())
}

fn random_password() -> Result<String> {
    let mut random = [0_u8; 16];
    getrandom::fill(&mut random).map_err(|error| anyhow::anyhow!("no random numbers: {error}"))?;
    Ok(format!("{:032x}", u128::from_ne_bytes(random)))
}
