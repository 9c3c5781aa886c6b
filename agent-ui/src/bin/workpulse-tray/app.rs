//! The wiring: checks, agent, icon, signals, and the end of all of them.
//!
//! Nobody imports this file but `main`. It decides nothing about what is shown
//! ([`workpulse_tray::model`]) or recorded (the agent).

use std::{path::Path, sync::Arc, time::Duration};

use anyhow::Context as _;
use tao::{
    event::{Event, StartCause},
    event_loop::{ControlFlow, EventLoop, EventLoopBuilder, EventLoopProxy},
    platform::run_return::EventLoopExtRunReturn as _,
};
use tokio::{runtime::Runtime, sync::watch};
use tray_icon::menu::MenuEvent;
use workpulse_agent::{
    Clock, Settings, SystemClock,
    config::Flags,
    lock::{self, NotLocked},
};
use workpulse_tray::{
    command::Command,
    exit::Exit,
    facts::Facts,
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
    let window = WindowOpener::new(&settings, flags, runtime.handle().clone());
    // Held until the process ends.
    let only = lock::tray(&settings.data_dir);
    match &only {
        Ok(_) => {}
        Err(NotLocked::Taken) => {
            tracing::warn!(
                data_dir = %settings.data_dir.display(),
                "WorkPulse already runs on this profile: look for its icon in the panel. This \
                 start ends."
            );
            if !minimized {
                window.open(None);
            }
            return Ok(Exit::Done);
        }
        // What stands in the way of this file stands in the way of the agent, which tells it.
        Err(NotLocked::Failed(error)) => tracing::debug!(%error, "The profile is not locked."),
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
    let shown = show(&supervisor, &clock, &icon_dir, &runtime, &window);
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

/// What reaches the event loop from other threads.
enum Told {
    /// There is something else to show.
    Show(TrayModel),
    /// An entry of the menu was chosen.
    Chosen(MenuEvent),
    /// The system or a terminal asks the app to end.
    Leave,
}

/// Shows the icon until the person, a signal or the session ends it.
fn show(
    supervisor: &Supervisor,
    clock: &Arc<dyn Clock>,
    icon_dir: &Path,
    runtime: &Runtime,
    window: &WindowOpener,
) -> anyhow::Result<Exit> {
    let mut events: EventLoop<Told> = EventLoopBuilder::with_user_event().build();
    let proxy = events.create_proxy();
    let chosen = proxy.clone();
    MenuEvent::set_event_handler(Some(move |event| {
        // An event loop that has ended has nothing to choose from.
        let _ = chosen.send_event(Told::Chosen(event));
    }));
    let facts = supervisor.facts();
    // What a killed predecessor left behind.
    let _ = std::fs::remove_dir_all(icon_dir);
    let commands = supervisor.commands();
    let mut tray = None;
    let mut failed = None;
    runtime.spawn(leave_on_signal(proxy.clone()));
    let code = events.run_return(|event, _, flow| {
        // Nothing is drawn but what changes.
        if *flow == ControlFlow::Poll {
            *flow = ControlFlow::Wait;
        }
        match event {
            // An icon can only be made once the loop runs.
            Event::NewEvents(StartCause::Init) => {
                match Tray::new(model(&facts, &**clock), icon_dir) {
                    Ok(made) => {
                        tray = Some(made);
                        runtime.spawn(keep_showing(proxy.clone(), facts.clone(), clock.clone()));
                        tracing::info!("The icon is in the panel.");
                    }
                    Err(error) => {
                        failed = Some(error.context("the icon could not be made"));
                        *flow = ControlFlow::Exit;
                    }
                }
            }
            Event::UserEvent(Told::Show(model)) => {
                if let Some(Err(error)) = tray.as_mut().map(|tray| tray.show(model)) {
                    tracing::warn!(%error, "The icon could not be updated.");
                }
            }
            Event::UserEvent(Told::Chosen(event)) => match Command::from_id(event.id().as_ref()) {
                Some(Command::Quit) => *flow = ControlFlow::Exit,
                Some(Command::Open) => window.open(None),
                Some(Command::Update) => window.open(Some("diagnosis")),
                // A supervisor that has ended has nobody to carry it out.
                Some(command) => drop(commands.send(command)),
                None => {}
            },
            Event::UserEvent(Told::Leave) => *flow = ControlFlow::Exit,
            _ => {}
        }
    });
    drop(tray);
    let _ = std::fs::remove_dir_all(icon_dir);
    if let Some(error) = failed {
        return Err(error);
    }
    anyhow::ensure!(code == 0, "the desktop's event loop ended with {code}");
    Ok(Exit::Done)
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
    events: EventLoopProxy<Told>,
    mut facts: watch::Receiver<Facts>,
    clock: Arc<dyn Clock>,
) {
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
        if events
            .send_event(Told::Show(model(&facts, &*clock)))
            .is_err()
        {
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
async fn leave_on_signal(events: EventLoopProxy<Told>) {
    match asked_to_end().await {
        Ok(signal) => {
            tracing::info!(signal, "WorkPulse was asked to end.");
            // An event loop that has ended is what is asked for.
            let _ = events.send_event(Told::Leave);
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
