//! The tray app's menu and notifications, up to a real server: somebody enrols their own computer
//! by logging in, chooses a project, is away and says what it was, and sends what waited.
#![cfg(target_os = "linux")]
#![expect(
    clippy::used_underscore_binding,
    reason = "the names of an interface's arguments, which its macro reads"
)]

#[expect(
    dead_code,
    reason = "the tray app's own tests also look at the picture; here only the menu is used"
)]
#[path = "../../agent-ui/tests/support/panel.rs"]
mod panel;

use std::{
    io::{BufRead as _, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
    sync::Arc,
    time::Duration,
};

use anyhow::{Context, Result, ensure};
use parking_lot::Mutex;
use reqwest::Method;
use shared_types::{
    UserId,
    auth::Role,
    note::{NoteKind, NotePage, SHORTEST_SECONDS},
    project::{CreateProject, Project},
    session::SessionStatus,
};
use tokio::task::block_in_place;
use workpulse_tests::{
    agent::AgentPlan,
    api::{Api, PASSWORD},
    desktop::Desktop,
    server::{ServerPlan, program},
    time::wait_for,
};
use zbus::blocking::{Connection, connection::Builder};

use panel::{Entry, Icon, Panel};

const PATIENCE: Duration = Duration::from_mins(1);

/// A session bus of the test's own.
struct Bus {
    address: String,
    daemon: Child,
}

impl Bus {
    fn start() -> Result<Self> {
        let mut daemon = Command::new("dbus-daemon")
            .args(["--session", "--nofork", "--nopidfile", "--print-address=1"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .context("dbus-daemon cannot be started (Debian package dbus)")?;
        let output = daemon.stdout.take().context("its output is piped")?;
        let mut line = String::new();
        BufReader::new(output).read_line(&mut line)?;
        Ok(Self {
            address: line.trim().to_owned(),
            daemon,
        })
    }
}

impl Drop for Bus {
    fn drop(&mut self) {
        let _ = self.daemon.kill();
        let _ = self.daemon.wait();
    }
}

/// Whoever shows notifications on a desktop: here it keeps them.
#[derive(Default, Clone)]
struct Shown(Arc<Mutex<Vec<(String, String)>>>);

#[zbus::interface(name = "org.freedesktop.Notifications")]
#[expect(
    clippy::too_many_arguments,
    clippy::unused_self,
    reason = "the interface's shape"
)]
impl Shown {
    fn notify(
        &self,
        _app_name: &str,
        _replaces_id: u32,
        _app_icon: &str,
        summary: &str,
        body: &str,
        _actions: Vec<String>,
        _hints: std::collections::HashMap<String, zbus::zvariant::OwnedValue>,
        _expire_timeout: i32,
    ) -> u32 {
        let mut all = self.0.lock();
        all.push((summary.to_owned(), body.to_owned()));
        u32::try_from(all.len()).unwrap_or(u32::MAX)
    }

    fn get_capabilities(&self) -> Vec<String> {
        vec!["body".to_owned()]
    }

    fn get_server_information(&self) -> (String, String, String, String) {
        let of = |text: &str| text.to_owned();
        (of("a test"), of("WorkPulse"), of("1"), of("1.2"))
    }
}

impl Shown {
    /// Takes the name on the bus; for as long as the connection lives.
    fn serve(&self, bus: &Bus) -> Result<Connection> {
        Ok(Builder::address(bus.address.as_str())?
            .serve_at("/org/freedesktop/Notifications", self.clone())?
            .name("org.freedesktop.Notifications")?
            .build()?)
    }

    /// How often there was one with this heading.
    fn count(&self, summary: &str) -> usize {
        self.0.lock().iter().filter(|it| it.0 == summary).count()
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_chosen_in_the_tray_reaches_the_server() {
    run().await.unwrap();
}

#[expect(clippy::too_many_lines, reason = "one day, told from its beginning")]
async fn run() -> Result<()> {
    let dir = tempfile::tempdir()?;
    let desktop = Desktop::start(&["Alpha"]).await?;
    desktop.focus("Alpha").await?;
    let plan = ServerPlan::new(
        program("workpulse-server")?,
        dir.path().join("server"),
        None,
    )?;
    let server = plan.start().await?;
    let (_, admin) = server
        .api()
        .set_up("Harbour", "ada@harbour.example")
        .await?;
    admin
        .change_policy(|policy| {
            // The shortest: the test waits it out.
            policy.idle_after_seconds = 10;
            policy.auto_start = false;
        })
        .await?;
    let new = CreateProject {
        name: "Lighthouse".to_owned(),
        open_to_all: true,
    };
    let project: Project = admin.call(Method::POST, "/projects", &new).await?;
    let ines = admin
        .create_user("Ines Moreau", "ines@harbour.example", Role::Employee, true)
        .await?;
    let machine = AgentPlan {
        program: program("workpulse-agent")?,
        data_dir: dir.path().join("agent"),
        display: desktop.display().to_owned(),
    };
    let address = server.api().base().replace("/api/v1", "");
    let wrong = machine.enrol_by_login(&address, "ines@harbour.example", "not my password");
    ensure!(
        wrong.is_err_and(|error| error.to_string().contains("password is wrong")),
        "a wrong password enrols nothing"
    );
    machine
        .enrol_by_login(&address, "ines@harbour.example", PASSWORD)
        .context("enrolling by a log-in")?;
    keeps_no_password(&machine.data_dir)?;

    let bus = Bus::start()?;
    let shown = Shown::default();
    let _served = block_in_place(|| shown.serve(&bus))?;
    let panel = block_in_place(|| Panel::start(&bus.address));
    let tray = machine.run_tray_on(&program("workpulse-tray")?, &bus.address)?;
    let icon = block_in_place(|| panel.icon());

    choose(&icon, "Lighthouse").await.context("a project")?;
    wait_for("a session on the project", PATIENCE, || async {
        let sessions = admin.sessions(ines.id).await?;
        Ok(sessions
            .iter()
            .any(|it| it.project_id == Some(project.id) && it.status == SessionStatus::Active)
            .then_some(()))
    })
    .await?;

    is_idle(&desktop, &shown, 1).await?;
    desktop.press_key()?;
    wait_for("work goes on", PATIENCE, || async {
        Ok((machine.status()?["state"] == "working").then_some(()))
    })
    .await?;
    ensure!(
        shown.count("Welcome back") == 0 && machine.status()?["returned"].is_null(),
        "some seconds are nothing to ask about"
    );
    be_away(&desktop, &shown).await?;
    choose(&icon, "A break").await?;
    wait_for("the question is answered", PATIENCE, || async {
        Ok(machine.status()?["returned"].is_null().then_some(()))
    })
    .await?;
    let kinds = notes(&admin, ines.id).await?;
    ensure!(kinds == [NoteKind::Break], "{kinds:?}");

    // What waits for a server goes when the person says so.
    let status = server.stop().await?;
    ensure!(status.success(), "the server ended with {status}");
    choose(&icon, "Stop working").await?;
    wait_for("records that wait", PATIENCE, || async {
        let status = machine.status()?;
        let waits = status["pending"].as_i64().unwrap_or(0) > 0 && status["session"].is_null();
        Ok(waits.then_some(()))
    })
    .await?;
    let server = plan.start().await?;
    choose(&icon, "Sync now").await?;
    wait_for("everything is sent", PATIENCE, || async {
        Ok((machine.status()?["pending"] == 0).then_some(()))
    })
    .await?;
    let (_, admin) = server.api().log_in("ada@harbour.example", PASSWORD).await?;
    let sessions = admin.sessions(ines.id).await?;
    ensure!(
        sessions
            .iter()
            .all(|it| it.status == SessionStatus::Stopped),
        "{sessions:?}"
    );
    drop(tray);
    let status = server.stop().await?;
    ensure!(status.success(), "the server ended with {status}");
    Ok(())
}

/// Types, and does not type until that is idle; the person is told so for the `times`-th time.
async fn is_idle(desktop: &Desktop, shown: &Shown, times: usize) -> Result<()> {
    desktop.press_key()?;
    wait_for("idle is told", PATIENCE, || async {
        Ok((shown.count("No input for a while") == times).then_some(()))
    })
    .await
}

/// Is away for as long as somebody is asked about, and is asked.
async fn be_away(desktop: &Desktop, shown: &Shown) -> Result<()> {
    let since = tokio::time::Instant::now();
    is_idle(desktop, shown, 2).await?;
    let shortest = Duration::from_secs(SHORTEST_SECONDS.unsigned_abs());
    wait_for("a minute has passed", 2 * PATIENCE, || async {
        Ok((since.elapsed() > shortest).then_some(()))
    })
    .await?;
    desktop.press_key()?;
    wait_for("the return is asked about", PATIENCE, || async {
        Ok((shown.count("Welcome back") == 1).then_some(()))
    })
    .await
}

/// Chooses an entry as soon as it can be chosen.
async fn choose(icon: &Icon, label: &str) -> Result<()> {
    wait_for(label, PATIENCE, || async {
        Ok(block_in_place(|| can_be_chosen(&icon.menu(), label)).then_some(()))
    })
    .await?;
    block_in_place(|| icon.choose(label));
    Ok(())
}

fn can_be_chosen(entries: &[Entry], label: &str) -> bool {
    entries
        .iter()
        .any(|it| (it.label == label && it.enabled) || can_be_chosen(&it.children, label))
}

/// What she said of her time, the latest first.
async fn notes(admin: &Api, person: UserId) -> Result<Vec<NoteKind>> {
    let page: NotePage = admin.get(&format!("/notes?user_id={person}")).await?;
    Ok(page.items.into_iter().map(|note| note.kind).collect())
}

/// The password is in no file of the agent's.
fn keeps_no_password(dir: &Path) -> Result<()> {
    for entry in std::fs::read_dir(dir)? {
        let path = entry?.path();
        if path.is_file() {
            let content = std::fs::read(&path)?;
            let found = content
                .windows(PASSWORD.len())
                .any(|part| part == PASSWORD.as_bytes());
            ensure!(!found, "the password is in {}", path.display());
        }
    }
    Ok(())
}
