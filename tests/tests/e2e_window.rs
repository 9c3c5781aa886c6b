//! The tray app's real window on a real display, beside its icon, a real agent and a real server: somebody
//! sets their computer up, reads what is recorded and accepts it, works, pauses, reads their
//! rows, and sees who looked. Nothing is recorded before they accept.

use std::{path::Path, time::Duration};

use anyhow::{Context, Result, ensure};
use shared_types::auth::Role;
use workpulse_tests::{
    agent::AgentPlan,
    api::{Api, PASSWORD},
    desktop::Desktop,
    oracle::kept,
    server::{ServerPlan, program},
    time::wait_for,
    webdriver::Window,
};

const PATIENCE: Duration = Duration::from_mins(1);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_person_sets_up_their_computer_works_and_reads_everything_about_themselves() {
    run().await.unwrap();
}

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
    let person = admin
        .create_user("Ines Moreau", "ines@harbour.example", Role::Employee, true)
        .await?;
    let machine = AgentPlan {
        program: program("workpulse-agent")?,
        data_dir: dir.path().join("agent"),
        display: desktop.display().to_owned(),
    };
    let agent = machine.run_tray(&program("workpulse-tray")?)?;
    let window = open(dir.path(), &machine).await?;

    set_up(
        &window,
        &server.api().base().replace("/api/v1", ""),
        &machine,
        &desktop,
    )
    .await
    .context("the first run")?;
    work_and_pause(&window, &machine, &desktop)
        .await
        .context("today")?;
    read_rows(&window).await.context("my data")?;
    be_looked_at(&window, &admin, person.id)
        .await
        .context("who looked")?;

    window.close().await?;
    drop(agent);
    let status = server.stop().await?;
    ensure!(status.success(), "the server ended with {status}");
    Ok(())
}

async fn open(dir: &Path, machine: &AgentPlan) -> Result<Window> {
    let arguments = [
        "--data-dir".to_owned(),
        machine.data_dir.display().to_string(),
    ];
    let home = dir.join("home");
    std::fs::create_dir_all(&home)?;
    Window::open(
        &program("workpulse-window")?,
        &arguments,
        &machine.display,
        &home,
    )
    .await
    .context("the window")
}

/// Server and log-in, then the notice; until it is accepted nothing is recorded.
async fn set_up(
    window: &Window,
    address: &str,
    machine: &AgentPlan,
    desktop: &Desktop,
) -> Result<()> {
    window.shows("Set up WorkPulse").await?;
    window.fill("Server address", address).await?;
    picture(window, "first-run").await?;
    window
        .fill("Your work e-mail address", "ines@harbour.example")
        .await?;
    window.fill("Password", "not my password").await?;
    window.press("Log in and continue").await?;
    window.shows("The address or the password is wrong").await?;
    window.fill("Password", PASSWORD).await?;
    window.press("Log in and continue").await?;
    window.shows("What is recorded, and why").await?;
    window.shows("Ines Moreau at Harbour").await?;
    desktop.press_key()?;
    // The agent has seen its enrolment, and looked at nothing.
    wait_for("the agent is enrolled", PATIENCE, || async {
        let status = machine.status()?;
        Ok((status["enrolled"] == true).then_some(()))
    })
    .await?;
    let status = machine.status()?;
    ensure!(status["session"].is_null(), "{status}");
    ensure!(status["notice_accepted_at"].is_null(), "{status}");
    let kept = kept::read(&machine.outbox())?;
    ensure!(kept.items.is_empty(), "{} items", kept.items.len());
    picture(window, "notice").await?;
    window.press("Accept and begin").await?;
    window.shows("Today").await
}

/// Input begins a session; a pause is a pause for the agent too.
async fn work_and_pause(window: &Window, machine: &AgentPlan, desktop: &Desktop) -> Result<()> {
    // The window itself is an application like any other; the work is elsewhere.
    desktop.focus("Alpha").await?;
    wait_for("a session runs", PATIENCE, || async {
        desktop.press_key()?;
        let status = machine.status()?;
        Ok((!status["session"].is_null()).then_some(()))
    })
    .await?;
    window.shows("Working since").await?;
    window.choose("Pause for …", "15 min").await?;
    window.shows("Paused until").await?;
    ensure!(machine.status()?["paused"] == true, "the agent is paused");
    window.press("Resume").await?;
    window.shows("Working since").await?;
    ensure!(machine.status()?["paused"] == false, "the agent works");
    window.press("Stop working").await?;
    window.shows("Not working").await?;
    // What was recorded is a stretch on the lane, and arrives.
    window.shows("As a table").await?;
    window.shows("0 still to be sent").await?;
    picture(window, "today").await
}

/// Each row can be read as it leaves.
async fn read_rows(window: &Window) -> Result<()> {
    window.press("My data").await?;
    window.shows("Session began").await?;
    window.shows("Session ended").await?;
    window.shows("On the server").await?;
    let bodies = window
        .run(
            "return [...document.querySelectorAll('pre')].map((it) => it.textContent).join()",
            serde_json::json!([]),
        )
        .await?;
    let bodies = bodies.as_str().unwrap_or_default();
    ensure!(
        bodies.contains("session_started") && bodies.contains("\"application\": \"Alpha\""),
        "exactly what leaves: {bodies}"
    );
    ensure!(
        window.text().await?.contains("Active · Alpha"),
        "the application is named"
    );
    picture(window, "data").await
}

/// A look from elsewhere is a line here.
async fn be_looked_at(window: &Window, admin: &Api, person: shared_types::UserId) -> Result<()> {
    window.press("Today").await?;
    admin.sessions(person).await?;
    window.press("My data").await?;
    window.shows("Who looked at me").await?;
    window.shows("List of sessions").await?;
    window.press("My days").await?;
    window.shows("What the server has of your days").await?;
    picture(window, "days").await?;
    window.press("Diagnosis").await?;
    window.shows("Conservation").await?;
    picture(window, "diagnosis").await
}

/// For whoever wants to look: `WORKPULSE_PICTURES=dir`.
async fn picture(window: &Window, name: &str) -> Result<()> {
    if let Some(dir) = std::env::var_os("WORKPULSE_PICTURES") {
        let path = Path::new(&dir).join(format!("window-{name}.png"));
        std::fs::write(&path, window.picture().await?)
            .with_context(|| format!("{}", path.display()))?;
    }
    Ok(())
}
