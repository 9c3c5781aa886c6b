//! The server's package on a fresh system.

use anyhow::{Context, Result, bail, ensure};
use serde_json::{Value, json};

use super::{Bench, postgres, root::Root, running::Running};

/// Where the package puts the unit.
pub(super) const UNIT: &str = "usr/lib/systemd/system/workpulse-server.service";
const SETTINGS: &str = "etc/workpulse/server.toml";
const DATABASE: &str = "var/lib/workpulse/workpulse.db";
const EMAIL: &str = "ada@example.org";
const PASSWORD: &str = "correct horse battery";

pub(super) fn run(bench: &Bench) -> Result<()> {
    let system = Root::fresh(&bench.archive, &bench.work, "server")?;
    bench.put(&system, "workpulse-server")?;
    install(&system)?;
    // Settings that IT has changed, and data.
    let changed = system.read(SETTINGS)? + "\nlog = \"debug\"\n";
    system.write(SETTINGS, &changed)?;
    let server = serve(&system)?;
    set_up(&system)?;
    drop(server);

    cut_off_while_unpacking(&system)?;
    cut_off_while_configuring(&system)?;
    ensure!(
        system.read(SETTINGS)? == changed,
        "the upgrade changed the settings"
    );
    ensure!(
        version(&system)?.ends_with("-2"),
        "the new version is not installed"
    );
    let server = serve(&system)?;
    log_in(&system).context("after the upgrade")?;
    drop(server);
    println!("    upgraded, though cut off twice: settings, people and passwords are there");

    without_room(&system)?;
    again(&system)?;
    postgres::carried_over(&system)?;
    leave(&system)
}

fn install(system: &Root) -> Result<()> {
    system.run(
        "apt-get update -q && apt-get install -qy --no-install-recommends /workpulse-server-1.deb",
    )?;
    for (path, expected) in [
        ("var/lib/workpulse", "workpulse:workpulse 700"),
        (SETTINGS, "root:workpulse 640"),
        ("usr/bin/workpulse-server", "root:root 755"),
    ] {
        let found = system.owner(path)?;
        ensure!(found == expected, "{path} is {found}, not {expected}");
    }
    ensure!(
        system.has("etc/systemd/system/multi-user.target.wants/workpulse-server.service"),
        "the server does not start with the machine"
    );
    for path in [
        "usr/share/man/man1/workpulse-server.1.gz",
        "usr/share/bash-completion/completions/workpulse-server",
        "usr/lib/systemd/system/workpulse-worker.service",
    ] {
        ensure!(system.has(path), "{path} is missing");
    }
    println!("    installed on a fresh Debian, with all that it depends on");
    Ok(())
}

/// Starts what the unit starts, and waits until it answers.
pub(super) fn serve(system: &Root) -> Result<Running> {
    let mut server = system.start_unit(UNIT)?;
    system.until("the server answers /health", || {
        server.check().is_err() || system.http("GET", "/health/ready", "", None).is_ok()
    })?;
    server.check()?;
    let health = system.http("GET", "/health", "", None)?;
    println!("    the unit's command, as its user, answers /health: {health}");
    Ok(server)
}

/// Makes the first organization.
pub(super) fn set_up(system: &Root) -> Result<()> {
    let body = json!({
        "organization_name": "Acme", "time_zone": "UTC", "name": "Ada",
        "email": EMAIL, "password": PASSWORD,
    });
    system
        .http("POST", "/api/v1/setup", "", Some(&body))
        .map(drop)
}

/// Logs the first admin in; the access token.
pub(super) fn log_in(system: &Root) -> Result<String> {
    let body = json!({ "email": EMAIL, "password": PASSWORD });
    let answer = system.http("POST", "/api/v1/auth/login", "", Some(&body))?;
    answer["tokens"]["access_token"]
        .as_str()
        .map(str::to_owned)
        .context("the log-in gave no token")
}

fn version(system: &Root) -> Result<String> {
    let text = system.run("dpkg-query -W -f '${db:Status-Abbrev}|${Version}' workpulse-server")?;
    let (state, version) = text.split_once('|').context("dpkg's answer")?;
    ensure!(state.trim() == "ii", "the package is in state {state}");
    Ok(version.to_owned())
}

/// The copies that upgrades have made, oldest first.
pub(super) fn copies(system: &Root) -> Result<Vec<String>> {
    let text = system.run(
        "cd /var/lib/workpulse/backups 2>/dev/null && ls | grep '^before-upgrade-from-.*[.]db$' || true",
    )?;
    Ok(text.lines().map(str::to_owned).collect())
}

/// Cuts dpkg off while the new program lies beside the old one.
fn cut_off_while_unpacking(system: &Root) -> Result<()> {
    let upgrade = system.begin("dpkg -i /workpulse-server-2.deb")?;
    system.until("dpkg unpacks the program", || {
        system.has("usr/bin/workpulse-server.dpkg-new")
    })?;
    upgrade.cut_off()?;
    ensure!(
        version(system).is_err(),
        "dpkg had finished before it was cut off"
    );
    // The machine comes up again: what is installed is whole, and serves what it had.
    let server = serve(system).context("after the cut")?;
    log_in(system).context("after the cut")?;
    drop(server);
    println!("    cut off while unpacking: the version before still serves its data");
    Ok(())
}

/// Cuts dpkg off between the database's copy and the new schema, then lets it go on.
fn cut_off_while_configuring(system: &Root) -> Result<()> {
    // The upgrade reads the unit's environment before each of the two: a pipe holds it there
    // until somebody has written to it.
    system.run("mkfifo /etc/workpulse/server.env")?;
    // Opens only when somebody reads.
    let read = || {
        system
            .run("dd if=/dev/null of=/etc/workpulse/server.env oflag=nonblock conv=nocreat,notrunc status=none")
            .is_ok()
    };
    let upgrade = system.begin("dpkg -i /workpulse-server-2.deb")?;
    system.until("the upgrade looks for the database", read)?;
    system.until("the upgrade has made its copy, and goes on", || {
        copies(system).is_ok_and(|copies| !copies.is_empty()) && read()
    })?;
    upgrade.cut_off()?;
    let audit = system.run("dpkg --audit")?;
    ensure!(
        audit.contains("workpulse-server"),
        "dpkg sees nothing unfinished: {audit}"
    );
    let before = copies(system)?;
    system.run("rm /etc/workpulse/server.env; dpkg --configure -a")?;
    ensure!(
        before.len() == 1 && copies(system)? == before,
        "going on made {:?} of the copies {before:?}",
        copies(system)?
    );
    ensure!(
        !system.has("var/lib/workpulse/upgrade-unfinished"),
        "the upgrade is still marked as unfinished"
    );
    println!("    cut off after the copy: going on uses that copy, and ends");
    Ok(())
}

/// The same upgrade once more, later: its copy holds what was added in between.
fn again(system: &Root) -> Result<()> {
    system.run("dpkg -i /workpulse-server-1.deb")?;
    let server = serve(system)?;
    let admin = log_in(system)?;
    person(system, &admin)?;
    drop(server);
    // Going back made a copy as well: by name it is the last one.
    let before = copies(system)?;
    system.run("dpkg -i /workpulse-server-2.deb")?;
    version(system)?;
    let made: Vec<_> = copies(system)?
        .into_iter()
        .filter(|copy| !before.contains(copy))
        .collect();
    let [newest] = made.as_slice() else {
        bail!("one copy was to be made of what was there now: {made:?}");
    };
    let list = system.read(&format!("var/lib/workpulse/backups/{newest}.json"))?;
    let list: Value = serde_json::from_str(&list)?;
    ensure!(
        list["rows"]["users"] == 2,
        "{newest} is of another time: {}",
        list["rows"]["users"]
    );
    println!("    upgraded once more: {newest} holds what was added since");
    Ok(())
}

/// A copy that cannot be made stops the upgrade before the database is touched.
fn without_room(system: &Root) -> Result<()> {
    let digest = || system.run(&format!("sha256sum /{DATABASE}"));
    system.run("mv /var/lib/workpulse/backups /kept; touch /var/lib/workpulse/backups")?;
    let before = digest()?;
    let refused = system.run("dpkg -i /workpulse-server-2.deb");
    ensure!(
        refused.is_err(),
        "an upgrade without a copy was not refused"
    );
    ensure!(digest()? == before, "the database was touched");
    system.run(
        "rm /var/lib/workpulse/backups; mv /kept /var/lib/workpulse/backups; dpkg --configure -a",
    )?;
    version(system)?;
    // Settings in a file of IT's own, the package's file taken away.
    system.run(
        "cd /etc/workpulse; mv server.toml own.toml
         echo WORKPULSE_CONFIG=/etc/workpulse/own.toml >server.env
         dpkg -i /workpulse-server-2.deb
         rm server.env; mv own.toml server.toml",
    )?;
    println!("    no room for the copy: the upgrade stops, the database is as it was");
    Ok(())
}

/// Remove keeps what may be wanted again; purge keeps nothing but the account.
fn leave(system: &Root) -> Result<()> {
    system.run("apt-get remove -qy workpulse-server")?;
    ensure!(
        !system.has("usr/bin/workpulse-server"),
        "the program stayed"
    );
    for kept in [DATABASE, SETTINGS] {
        ensure!(system.has(kept), "{kept} went with `remove`");
    }
    system.run("apt-get purge -qy workpulse-server")?;
    for gone in ["var/lib/workpulse", "var/log/workpulse", "etc/workpulse"] {
        ensure!(!system.has(gone), "{gone} stayed after `purge`");
    }
    system.run("getent passwd workpulse")?;
    println!("    remove keeps data and settings; purge keeps the locked account only");
    Ok(())
}

/// A person with a token for their devices: their id and the token.
pub(super) fn person(system: &Root, admin: &str) -> Result<(String, String)> {
    let body = json!({ "name": "Eve", "email": "eve@example.org", "role": "employee", "password": PASSWORD });
    let made: Value = system.http("POST", "/api/v1/users", admin, Some(&body))?;
    let id = made["id"]
        .as_str()
        .context("a person has an id")?
        .to_owned();
    let body = json!({ "user_id": id, "max_uses": 5 });
    let token = system.http("POST", "/api/v1/enrolment-tokens", admin, Some(&body))?;
    let token = token["token"].as_str().context("a token")?.to_owned();
    Ok((id, token))
}
