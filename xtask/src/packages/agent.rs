//! The agent's package on a fresh system with a virtual desktop, beside a server.

use std::collections::BTreeSet;

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use super::{
    Bench,
    root::Root,
    running::Running,
    server::{log_in, person, serve, set_up},
};
use crate::clock;

/// The person at this desktop.
const USER: &str = "eve";
const HOME: &str = "home/eve/.local/share/workpulse";
const PROVISION: &str = "etc/workpulse/enrolment.toml";
const UNIT: &str = "usr/lib/systemd/user/workpulse-agent.service";

pub(super) fn run(bench: &Bench) -> Result<()> {
    let system = Root::fresh(&bench.archive, &bench.work, "desktop")?;
    bench.put(&system, "workpulse-agent")?;
    bench.put(&system, "workpulse-server")?;
    install(&system)?;
    let _server = serve(&system)?;
    set_up(&system)?;
    let admin = log_in(&system)?;
    let (eve, token) = person(&system, &admin)?;
    system.run(&format!(
        "adduser --quiet --disabled-password --gecos Eve {USER}"
    ))?;
    system.write(
        PROVISION,
        &format!("server = \"http://127.0.0.1:3000\"\ntoken = \"{token}\"\nsingle_use = true\n"),
    )?;
    // As docs/PACKAGES.md says: the machine is hers, in a directory that is not.
    system.run(&format!(
        "chown {USER}:{USER} /{PROVISION}; chmod 600 /{PROVISION}"
    ))?;
    let _desktop = desktop(&system)?;

    tray(&system)?;
    let agent = log_on(&system)?;
    let device = enrolment(&system)?;
    ensure!(
        system.read(PROVISION)?.is_empty(),
        "the token is still in {PROVISION}, although it was for a single use"
    );
    accept(&system)?;
    first_minute(&system, &admin, &eve)?;

    let rows = rows(&system)?;
    let secret = secret(&system)?;
    cut_off(&system)?;
    system.run("dpkg -i /workpulse-agent-2.deb")?;
    let state = system.run("dpkg-query -W -f '${db:Status-Abbrev}|${Version}' workpulse-agent")?;
    ensure!(
        state.starts_with("ii") && state.ends_with("-2"),
        "after the repair: {state}"
    );
    drop(agent);
    let agent = log_on(&system)?;
    ensure!(
        enrolment(&system)? == device,
        "the upgrade made another device of it"
    );
    ensure!(
        self::secret(&system)? == secret,
        "the upgrade changed the device's secret"
    );
    let after = self::rows(&system)?;
    ensure!(
        after.is_superset(&rows),
        "the upgrade lost rows of the outbox"
    );
    system.until("the agent of the new version is in contact", || {
        status(&system).is_ok_and(|status| {
            status["last_sync_at"].is_string()
                || status["state"] == "working"
                || status["state"] == "idle"
        })
    })?;
    println!(
        "    upgraded, though cut off: the same device, its secret, all {} rows",
        rows.len()
    );
    leave(&system, agent)
}

fn install(system: &Root) -> Result<()> {
    system.run(
        "apt-get update -q && apt-get install -qy --no-install-recommends /workpulse-server-2.deb /workpulse-agent-1.deb",
    )?;
    // Before anything else comes that would bring libraries along.
    let missing = system
        .run("ldd /usr/bin/workpulse-tray /usr/bin/workpulse-window /usr/bin/workpulse-agent | grep 'not found' || true")?;
    ensure!(
        missing.is_empty(),
        "the package names too few dependencies: {missing}"
    );
    system.run(
        "workpulse-agent --version && workpulse-tray --version && workpulse-window --version",
    )?;
    system.run("apt-get install -qy --no-install-recommends xvfb openbox xterm xdotool desktop-file-utils appstream dbus-x11 tint2")?;
    system.run("desktop-file-validate /usr/share/applications/io.workpulse.tray.desktop /etc/xdg/autostart/io.workpulse.*.desktop")?;
    system
        .run("appstreamcli validate --no-net /usr/share/metainfo/io.workpulse.tray.metainfo.xml")?;
    println!(
        "    installed on a fresh Debian: every library is found, desktop entries and metadata are valid"
    );
    Ok(())
}

/// A display, a window, and somebody who types into it.
fn desktop(system: &Root) -> Result<Running> {
    system.run("install -d -m 1777 /tmp/.X11-unix")?;
    let desktop = system.begin_as(
        USER,
        "export DISPLAY=:7
         Xvfb :7 -noreset -nolisten tcp -screen 0 800x600x24 &
         until xdotool getmouselocation; do sleep 0.2; done
         openbox &
         xterm -T Notes &
         while sleep 3; do xdotool search --onlyvisible --class xterm windowactivate key a; done",
    )?;
    system.until("the desktop has a window", || {
        system
            .run_as(USER, "DISPLAY=:7 xdotool search --class xterm")
            .is_ok()
    })?;
    Ok(desktop)
}

/// What happens at a log-in: enrolling without a question, and the agent.
fn log_on(system: &Root) -> Result<Running> {
    let unit = system.read(UNIT)?;
    for needed in [
        "ExecStartPre=-/usr/bin/workpulse-agent enrol --managed",
        "ExecStart=/usr/bin/workpulse-agent run",
    ] {
        ensure!(
            unit.lines().any(|line| line == needed),
            "the unit has no {needed}"
        );
    }
    system.run_as(USER, "workpulse-agent enrol --managed </dev/null")?;
    let agent = system.begin_as(USER, "export DISPLAY=:7; exec workpulse-agent run")?;
    system.until("the agent says that it is there", || {
        status(system).is_ok_and(|status| status["enrolled"] == true)
    })?;
    Ok(agent)
}

/// IT enrols; only the person accepts what is collected. Before, nothing is looked at.
fn accept(system: &Root) -> Result<()> {
    let seen = status(system)?;
    ensure!(
        seen["state"] == "needs_attention" && seen["notice_accepted_at"].is_null(),
        "without an accepted notice the agent says: {seen}"
    );
    let text = system.run_as(USER, "workpulse-agent outbox export --output json")?;
    let kept: Value = serde_json::from_str(&text)?;
    ensure!(
        kept["items"].as_array().is_some_and(Vec::is_empty),
        "recorded before the notice was accepted: {text}"
    );
    println!("    enrolled from IT's file; nothing is recorded before the person accepts");
    system.run_as(USER, "workpulse-agent notice accept")?;
    Ok(())
}

/// The tray application finds what it needs on a desktop with a panel, and starts as the desktop
/// starts it. It has a profile of its own here, for one agent runs on each.
fn tray(system: &Root) -> Result<()> {
    let autostart = system.read("etc/xdg/autostart/io.workpulse.tray.desktop")?;
    let command = autostart
        .lines()
        .find_map(|line| line.strip_prefix("Exec="))
        .context("the autostart starts something")?;
    let mut running = system.begin_as(
        USER,
        &format!(
            "export DISPLAY=:7 WORKPULSE_AGENT_DATA_DIR=/tmp/eve-tray
             exec dbus-run-session -- sh -ec 'tint2 & until xdotool search --class tint2; do sleep 0.2; done
             workpulse-tray --check; touch /tmp/eve-checked; exec {command}'"
        ),
    )?;
    system.until("the tray application is there", || {
        running.check().is_err()
            || (system.has("tmp/eve-checked")
                && system
                    .run_as(
                        USER,
                        "workpulse-agent --data-dir /tmp/eve-tray status --output json",
                    )
                    .is_ok_and(|text| text.contains("\"enrolled\"")))
    })?;
    running.check()?;
    let shown = system.run(
        "for process in /proc/[0-9]*; do readlink $process/exe || true; done | grep -cx /usr/bin/workpulse-tray",
    )?;
    println!(
        "    the tray's --check finds nothing in the way; its autostart runs ({} process)",
        shown.trim()
    );
    drop(running);
    Ok(())
}

fn status(system: &Root) -> Result<Value> {
    let text = system.run_as(USER, "workpulse-agent status --output json")?;
    Ok(serde_json::from_str(&text)?)
}

/// Which device this is.
fn enrolment(system: &Root) -> Result<String> {
    let found: Value = serde_json::from_str(&system.read(&format!("{HOME}/enrolment.json"))?)?;
    found["device_id"]
        .as_str()
        .map(str::to_owned)
        .context("a device")
}

fn secret(system: &Root) -> Result<String> {
    let path = format!("{HOME}/device-secret");
    let owner = system.owner(&path)?;
    ensure!(owner == "eve:eve 600", "the device's secret is {owner}");
    system.read(&path)
}

/// Every row of the outbox, with its number; what was sent of it may change.
fn rows(system: &Root) -> Result<BTreeSet<String>> {
    let text = system.run_as(USER, "workpulse-agent outbox export --output json")?;
    let kept: Value = serde_json::from_str(&text)?;
    let rows: BTreeSet<String> = kept["items"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|row| format!("{} {}", row["seq"], row["item"]))
        .collect();
    ensure!(!rows.is_empty(), "the outbox holds nothing: {text}");
    Ok(rows)
}

/// Waits until the server shows a minute of the person.
fn first_minute(system: &Root, admin: &str, person: &str) -> Result<()> {
    let mut shown = Value::Null;
    system.until("the first minute is at the server", || {
        let today = clock::now().to_string();
        let path = format!("/api/v1/users/{person}/timeline?date={}", &today[..10]);
        shown = system.http("GET", &path, admin, None).unwrap_or_default();
        shown["spans"]
            .as_array()
            .is_some_and(|spans| !spans.is_empty())
    })?;
    let text = shown["spans"].to_string();
    ensure!(
        text.to_lowercase().contains("xterm"),
        "the window is not in it: {text}"
    );
    println!(
        "    accepted; the first minute is at the server: {}",
        shown["spans"][0]
    );
    Ok(())
}

/// Cuts dpkg off while the new programs lie beside the old ones, with the agent running.
fn cut_off(system: &Root) -> Result<()> {
    let upgrade = system.begin("dpkg -i /workpulse-agent-2.deb")?;
    system.until("dpkg unpacks the program", || {
        system.has("usr/bin/workpulse-agent.dpkg-new")
            || system.has("usr/bin/workpulse-tray.dpkg-new")
            || system.has("usr/bin/workpulse-window.dpkg-new")
    })?;
    upgrade.cut_off()?;
    let audit = system.run("dpkg --audit")?;
    ensure!(
        audit.contains("workpulse-agent"),
        "dpkg had finished before it was cut off"
    );
    status(system).context("the agent after the cut")?;
    Ok(())
}

/// Remove ends the agents and leaves what they recorded; purge takes IT's files.
fn leave(system: &Root, mut agent: Running) -> Result<()> {
    system.run("apt-get remove -qy workpulse-agent")?;
    system.until("the agent has ended", || agent.check().is_err())?;
    for kept in ["outbox.db", "enrolment.json", "device-secret"] {
        ensure!(
            system.has(&format!("{HOME}/{kept}")),
            "{kept} went with `remove`"
        );
    }
    ensure!(system.has(PROVISION), "IT's file went with `remove`");
    system.run("mkdir -p /etc/workpulse/agent.d && touch /etc/workpulse/agent.d/10-site.toml")?;
    system.run("apt-get purge -qy workpulse-agent")?;
    ensure!(
        !system.has("etc/workpulse/agent.d"),
        "IT's settings stayed after `purge`"
    );
    ensure!(
        !system.has(PROVISION),
        "IT's file, with its token, stayed after `purge`"
    );
    ensure!(
        !system.has("etc/xdg/autostart/io.workpulse.tray.desktop"),
        "the autostart stayed"
    );
    ensure!(
        system.has(&format!("{HOME}/outbox.db")),
        "purge took what belongs to the person"
    );
    println!(
        "    remove ends agents and keeps what they recorded; purge takes IT's files with the token"
    );
    Ok(())
}
