//! `cargo xtask test-packages`: the packages on a real system, from installing to purging.
//!
//! Makes packages of two revisions with throw-away keys, and does with them in fresh Debian
//! systems what IT does: verifies, installs, enrols, upgrades (also cut off half-way), removes.

mod agent;
mod policies;
mod postgres;
mod root;
mod rpm;
mod running;
mod server;
mod sources;
mod trust;
mod units;
mod workflows;

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Result, ensure};

use crate::{
    cmd::Cmd,
    dist, repo,
    setup::{self, Purpose},
    steps::Steps,
};

/// Bytes that the agent's .deb may have.
const AGENT_LIMIT: u64 = 12_000_000;
/// Bytes that the server's .deb may have.
const SERVER_LIMIT: u64 = 30_000_000;

/// Test the packages on fresh Debian systems: verify, install, enrol, upgrade, remove
///
/// Needs root (chroot, network namespaces), the network, and release binaries, as
/// `cargo xtask dist` builds them. There is no systemd in a chroot: what a unit starts is
/// started as the unit's user.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The programs, as `cargo xtask dist` leaves them [default: target/programs]
    #[arg(long, value_name = "DIR")]
    binaries: Option<PathBuf>,
    /// Binaries of an earlier version to upgrade from; without them this version is packaged twice
    #[arg(long, value_name = "DIR")]
    before: Option<PathBuf>,
    /// Packages of both revisions that are there already, in `1` and `2`, instead of making them
    #[arg(long, value_name = "DIR", conflicts_with_all = ["binaries", "before"])]
    packages: Option<PathBuf>,
    /// Where Debian comes from
    #[arg(
        long,
        value_name = "URL",
        default_value = "http://deb.debian.org/debian"
    )]
    mirror: String,
    /// Only these steps
    #[arg(long, value_name = "STEP")]
    only: Vec<String>,
}

/// What the steps share.
struct Bench {
    /// The archive of a fresh system.
    archive: PathBuf,
    /// Thrown away at the end.
    work: PathBuf,
    /// Revision 1: from the earlier version, if there is one.
    before: PathBuf,
    /// Revision 2.
    after: PathBuf,
}

pub(crate) fn run(args: &Args) -> Result<()> {
    setup::ensure(Purpose::Dist)?;
    let mut steps = Steps::new("test-packages", &args.only);
    steps.run("sources", sources::check)?;
    let target = repo::target_dir()?;
    let work = repo::scratch_dir("packages")?;
    let outcome = on_systems(args, &mut steps, target, &work);
    fs::remove_dir_all(&work)?;
    outcome?;
    sources::left_out(&mut steps);
    steps.finish()
}

fn on_systems(args: &Args, steps: &mut Steps, target: &Path, work: &Path) -> Result<()> {
    if ![
        "packages",
        "lintian",
        "sizes",
        "signatures",
        "release",
        "apt",
        "rpm",
        "server",
        "agent",
    ]
    .iter()
    .any(|step| steps.wants(step))
    {
        return Ok(());
    }
    let binaries = args
        .binaries
        .clone()
        .unwrap_or_else(|| target.join("programs"));
    let earlier = args.before.clone().unwrap_or_else(|| binaries.clone());
    let made = args.packages.clone().unwrap_or_else(|| work.join("out"));
    let bench = Bench {
        archive: target.join("test-packages-base.tar"),
        work: work.to_owned(),
        before: made.join("1"),
        after: made.join("2"),
    };
    if args.packages.is_none() {
        // Every other step takes these.
        println!("\n==> packages");
        dist::rehearse(
            &[(1, &earlier, &bench.before), (2, &binaries, &bench.after)],
            &work.join("dist"),
        )?;
    }
    steps.run("lintian", || lintian(&bench))?;
    steps.run("sizes", || sizes(&bench))?;
    steps.run("signatures", || trust::signatures(&bench))?;
    steps.run("release", || trust::release(&bench))?;
    if !setup::is_root() {
        for step in ["apt", "rpm", "server", "agent"] {
            steps.not_done(step, "a system in a folder needs root");
        }
        return Ok(());
    }
    if ["apt", "rpm", "server", "agent"]
        .iter()
        .any(|step| steps.wants(step))
    {
        root::base(&bench.archive, &suite()?, &args.mirror)?;
    }
    steps.run("apt", || trust::apt(&bench))?;
    steps.run("rpm", || rpm::run(&bench))?;
    steps.run("server", || server::run(&bench))?;
    steps.run("agent", || agent::run(&bench))
}

/// This machine's release of Debian: the packages' dependencies are found on it.
fn suite() -> Result<String> {
    let text = fs::read_to_string("/etc/os-release")?;
    text.lines()
        .find_map(|line| line.strip_prefix("VERSION_CODENAME="))
        .map(str::to_owned)
        .ok_or_else(|| anyhow::anyhow!("/etc/os-release names no release of Debian"))
}

impl Bench {
    /// A package of one revision.
    fn deb(out: &Path, name: &str) -> Result<PathBuf> {
        let mut found = Vec::new();
        for entry in fs::read_dir(out)? {
            let path = entry?.path();
            let file = path.file_name().unwrap_or_default().to_string_lossy();
            if file.starts_with(&format!("{name}_")) && file.ends_with(".deb") {
                found.push(path);
            }
        }
        ensure!(found.len() == 1, "{} has {found:?}", out.display());
        Ok(found.remove(0))
    }

    /// Puts the packages of both revisions into a system as `/1.deb` and `/2.deb`.
    fn put(&self, system: &root::Root, name: &str) -> Result<()> {
        for (out, to) in [(&self.before, "1"), (&self.after, "2")] {
            let to = system.dir.join(format!("{name}-{to}.deb"));
            fs::copy(Self::deb(out, name)?, to)?;
        }
        Ok(())
    }
}

fn lintian(bench: &Bench) -> Result<()> {
    for name in ["workpulse-agent", "workpulse-server"] {
        let text = Cmd::new("lintian", &["--fail-on", "error", "--allow-root"])
            .arg(Bench::deb(&bench.after, name)?)
            .capture()?;
        println!(
            "    {name}: no errors, {} warnings",
            text.lines().filter(|line| line.starts_with("W:")).count()
        );
        print!("{text}");
    }
    Ok(())
}

fn sizes(bench: &Bench) -> Result<()> {
    for (name, limit) in [
        ("workpulse-agent", AGENT_LIMIT),
        ("workpulse-server", SERVER_LIMIT),
    ] {
        let size = fs::metadata(Bench::deb(&bench.after, name)?)?.len();
        println!("    {name}: {size} of at most {limit} bytes");
        ensure!(size <= limit, "{name} is larger than {limit} bytes: {size}");
    }
    Ok(())
}
