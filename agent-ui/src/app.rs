//! The wiring: checks, agent, icon, signals, and the end of all of them.
//!
//! Nobody imports this file but `main`. It decides nothing about what is shown
//! ([`workpulse_tray::model`]) or recorded (the agent).

use std::{path::Path, sync::Arc, time::Duration};

use anyhow::Context as _;
use tauri::{AppHandle, RunEvent, Wry};
use tokio::{runtime::Runtime, sync::watch};
use workpulse_agent::{Clock, Settings, SystemClock, config::Flags};
use workpulse_tray::{
    command::Command,
    exit::Exit,
    facts::Facts,
    instance::InstanceName,
    model::TrayModel,
    news::{self, News},
    supervisor::Supervisor,
};

use crate::{open_window::WindowOpener, tray::Tray};

/// How long the agent may take to close its outbox and its connection.
const SHUTDOWN_PATIENCE: Duration = Duration::from_secs(10);

/// How often the words are looked at again although the agent reported nothing: "today"
/// turns into "yesterday" by itself.
const REFRESH: Duration = Duration::from_secs(30);

/// Runs the tray app until it is asked to leave.
pub(crate) fn run(settings: Settings, flags: &Flags, minimized: bool) -> anyhow::Result<Exit> {
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .thread_name("workpulse")
        .enable_all()
        .build()
        .context("the app's threads could not be started")?;
    // Tauri's tasks run on the same threads.
    tauri::async_runtime::set(runtime.handle().clone());

    let name = InstanceName::of(&settings.data_dir);
    let window = WindowOpener::new(&settings, flags, runtime.handle().clone());
    if name.is_taken() {
        tracing::warn!(
            data_dir = %settings.data_dir.display(),
            "WorkPulse already runs on this profile: look for its icon in the panel. It has \
             been told; this start ends."
        );
        // The plugin passes this start on to the running one and ends the process.
        let _app = build(&name, window)?;
        return Ok(Exit::AlreadyRunning);
    }

    let icon_dir = settings.data_dir.join("tray-icon");
    let started = runtime.block_on(async { Supervisor::start(settings, clock.clone()) });
    let supervisor = match started {
        Ok(supervisor) => supervisor,
        Err(error) => {
            tracing::error!("{error}");
            return Ok(Exit::AlreadyRunning);
        }
    };
    if !minimized {
        window.open(None);
    }
    let shown = show(&name, &supervisor, clock, &icon_dir, &runtime, &window);
    let ended = runtime
        .block_on(async { tokio::time::timeout(SHUTDOWN_PATIENCE, supervisor.shutdown()).await });
    if ended.is_err() {
        tracing::warn!(
            seconds = SHUTDOWN_PATIENCE.as_secs(),
            "The agent did not close in time and is left where it is; its outbox stays whole."
        );
    }
    // A probe that hangs in the system must not hold the process.
    runtime.shutdown_timeout(Duration::from_secs(1));
    shown
}

/// Shows the icon until the person, a signal or the session ends it.
fn show(
    name: &InstanceName,
    supervisor: &Supervisor,
    clock: Arc<dyn Clock>,
    icon_dir: &Path,
    runtime: &Runtime,
    window: &WindowOpener,
) -> anyhow::Result<Exit> {
    let app = build(name, window.clone())?;
    let facts = supervisor.facts();
    let model = model(&facts, &*clock);
    // What a killed predecessor left behind.
    let _ = std::fs::remove_dir_all(icon_dir);
    let tray = Tray::new(app.handle(), model, icon_dir).context("the icon could not be made")?;

    let commands = supervisor.commands();
    let window = window.clone();
    app.on_menu_event(
        move |app, event| match Command::from_id(event.id().as_ref()) {
            Some(Command::Quit) => app.exit(0),
            Some(Command::Open) => window.open(None),
            Some(Command::Update) => window.open(Some("diagnosis")),
            // A supervisor that has ended has nobody to carry it out.
            Some(command) => drop(commands.send(command)),
            None => {}
        },
    );
    runtime.spawn(keep_showing(app.handle().clone(), tray, facts, clock));
    runtime.spawn(leave_on_signal(app.handle().clone()));

    let code = app.run_return(|_, event| match event {
        // Without a window nothing but `exit` ends the app.
        RunEvent::ExitRequested {
            code: None, api, ..
        } => api.prevent_exit(),
        RunEvent::Ready => tracing::info!("The icon is in the panel."),
        _ => {}
    });
    let _ = std::fs::remove_dir_all(icon_dir);
    anyhow::ensure!(code == 0, "the desktop's event loop ended with {code}");
    Ok(Exit::Done)
}

fn build(name: &InstanceName, window: WindowOpener) -> anyhow::Result<tauri::App<Wry>> {
    tauri::Builder::default()
        .plugin(
            tauri_plugin_single_instance::Builder::new()
                .dbus_id(name.bus_id())
                .callback(move |_, arguments, _| {
                    tracing::info!("WorkPulse was started again; this one goes on.");
                    if !arguments.iter().any(|it| it == "--minimized") {
                        window.open(None);
                    }
                })
                .build(),
        )
        .build(tauri::generate_context!())
        .context("the desktop's event loop could not be started")
}

fn model(facts: &watch::Receiver<Facts>, clock: &dyn Clock) -> TrayModel {
    TrayModel::new(
        &facts.borrow(),
        clock.wall().into(),
        // Asked each time: people travel, and the zone is cached by jiff.
        &jiff::tz::TimeZone::system(),
    )
}

/// Shows each change, until the app ends.
async fn keep_showing(
    app: AppHandle<Wry>,
    tray: Tray,
    mut facts: watch::Receiver<Facts>,
    clock: Arc<dyn Clock>,
) {
    let tray = Arc::new(parking_lot::Mutex::new(tray));
    let mut known = facts.borrow().clone();
    loop {
        // A time-out is the refresh; a closed channel is the agent's end.
        if let Ok(Err(_)) = tokio::time::timeout(REFRESH, facts.changed()).await {
            return;
        }
        let told = facts.borrow_and_update().clone();
        if let Some(news) = news::between(
            &known,
            &told,
            clock.wall().into(),
            &jiff::tz::TimeZone::system(),
        ) {
            notify(news);
        }
        known = told;
        let (model, tray) = (model(&facts, &*clock), tray.clone());
        let shown = app.run_on_main_thread(move || {
            if let Err(error) = tray.lock().show(model) {
                tracing::warn!(%error, "The icon could not be updated.");
            }
        });
        if shown.is_err() {
            return; // The event loop has ended.
        }
    }
}

/// Shows a notification, on a thread of its own: whoever shows it may take its time.
fn notify(news: News) {
    let shown = std::thread::Builder::new()
        .name("workpulse-notify".into())
        .spawn(move || {
            let shown = notify_rust::Notification::new()
                .appname("WorkPulse")
                .icon("io.workpulse.tray")
                .summary(&news.title)
                .body(&news.text)
                .show();
            if let Err(error) = shown {
                tracing::debug!(%error, "Nobody shows notifications here.");
            }
        });
    if let Err(error) = shown {
        tracing::debug!(%error, "A notification could not be shown.");
    }
}

/// Ends the app when the system or a terminal asks for it.
async fn leave_on_signal(app: AppHandle<Wry>) {
    match asked_to_end().await {
        Ok(signal) => {
            tracing::info!(signal, "WorkPulse was asked to end.");
            app.exit(0);
        }
        Err(error) => tracing::warn!(%error, "Signals cannot be watched."),
    }
}

#[cfg(unix)]
async fn asked_to_end() -> std::io::Result<&'static str> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut hangup = signal(SignalKind::hangup())?;
    Ok(tokio::select! {
        _ = terminate.recv() => "SIGTERM",
        _ = interrupt.recv() => "SIGINT",
        _ = hangup.recv() => "SIGHUP",
    })
}

#[cfg(not(unix))]
async fn asked_to_end() -> std::io::Result<&'static str> {
    tokio::signal::ctrl_c().await.map(|()| "Ctrl-C")
}
