//! The .rpm packages, installed, upgraded and removed by rpm itself.
//!
//! On Debian, whose packages rpm does not know: without dependencies, so that what is shown is the
//! scripts, the files and their owners. No Fedora is started.

use std::{fs, path::Path};

use anyhow::{Context, Result, ensure};

use super::{
    Bench,
    root::Root,
    server::{log_in, serve, set_up},
};

pub(super) fn run(bench: &Bench) -> Result<()> {
    let system = Root::fresh(&bench.archive, &bench.work, "rpm")?;
    for (out, to) in [(&bench.before, "1"), (&bench.after, "2")] {
        for name in ["workpulse-server", "workpulse-agent"] {
            fs::copy(
                find(out, name)?,
                system.dir.join(format!("{name}-{to}.rpm")),
            )?;
        }
    }
    system.run("apt-get update -q && apt-get install -qy --no-install-recommends rpm")?;
    system.run("rpm -i --nodeps /workpulse-server-1.rpm")?;
    for (path, expected) in [
        ("var/lib/workpulse", "workpulse:workpulse 700"),
        ("etc/workpulse/server.toml", "root:workpulse 640"),
    ] {
        let found = system.owner(path)?;
        ensure!(found == expected, "{path} is {found}, not {expected}");
    }
    let server = serve(&system)?;
    set_up(&system)?;
    drop(server);

    system.run("echo '# IT was here' >>/etc/workpulse/server.toml")?;
    system.run("rpm -U --nodeps /workpulse-server-2.rpm")?;
    let copies = super::server::copies(&system)?;
    ensure!(
        copies.len() == 1 && !system.has("var/lib/workpulse/upgrade-unfinished"),
        "the upgrade made {copies:?}"
    );
    ensure!(
        system
            .read("etc/workpulse/server.toml")?
            .contains("IT was here"),
        "the upgrade changed the settings"
    );
    let server = serve(&system)?;
    log_in(&system).context("after the upgrade")?;
    drop(server);

    system
        .run("rpm -i --nodeps /workpulse-agent-1.rpm && rpm -U --nodeps /workpulse-agent-2.rpm")?;
    let version = system.run("rpm -q workpulse-agent workpulse-server")?;
    ensure!(
        version.lines().all(|line| line.contains("-2.")),
        "installed are: {version}"
    );
    system.run("rpm -e --nodeps workpulse-agent workpulse-server")?;
    ensure!(
        !system.has("usr/bin/workpulse-server") && !system.has("usr/bin/workpulse-tray"),
        "the programs stayed"
    );
    ensure!(
        system.has("var/lib/workpulse/workpulse.db"),
        "the data went with the package"
    );
    println!("    rpm installs, upgrades with a copy, and removes; data stays");
    Ok(())
}

fn find(out: &Path, name: &str) -> Result<std::path::PathBuf> {
    for entry in fs::read_dir(out)? {
        let path = entry?.path();
        let file = path.file_name().unwrap_or_default().to_string_lossy();
        if file.starts_with(&format!("{name}-")) && file.ends_with(".rpm") {
            return Ok(path);
        }
    }
    anyhow::bail!("{} has no {name}.rpm", out.display())
}
