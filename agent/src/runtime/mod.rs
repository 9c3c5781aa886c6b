//! Wires the parts together: one thread that looks and keeps, one that talks to the server.
//!
//! Imported by nobody inside the library; the headless program and the tray app use
//! [`Agent`] and [`AgentHandle`].

mod driver;
mod network;

use std::{
    io,
    path::PathBuf,
    sync::{
        Arc,
        mpsc::{Sender, channel},
    },
    thread,
};

use shared_types::{ProjectId, Timestamp};
use tokio::sync::{oneshot, watch};

use self::driver::Driver;
use crate::{
    clock::Clock,
    config::Settings,
    control::Control,
    enrol::EnrolError,
    lock::{self, Lock, NotLocked},
    outbox::OutboxError,
    session::{Command, CommandError},
    status::StatusReport,
    sync::News,
};

/// Why the agent did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// Another agent runs on this data directory.
    #[error(
        "an agent is already running on {0}; only one may. Use `workpulse-agent status` to see it."
    )]
    AlreadyRunning(PathBuf),
    /// The data directory cannot be written.
    #[error(
        "the data directory {path} cannot be used: {source}. Nothing was changed; make it writable or choose another with --data-dir."
    )]
    DataDir {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The outbox cannot be opened.
    #[error(transparent)]
    Outbox(#[from] OutboxError),
    /// The enrolment cannot be read.
    #[error(transparent)]
    Enrolment(#[from] EnrolError),
    /// A thread could not be started.
    #[error("a thread could not be started: {0}")]
    Thread(io::Error),
}

/// The agent.
#[derive(Debug, Clone, Copy)]
pub struct Agent;

/// A running agent. When the last handle and the last watcher are dropped, the agent stops
/// as with [`AgentHandle::shutdown`].
#[derive(Debug, Clone)]
pub struct AgentHandle {
    requests: Sender<Request>,
    status: watch::Receiver<StatusReport>,
}

enum Request {
    Command(Command, oneshot::Sender<Result<StatusReport, CommandError>>),
    News(News),
    ShutDown(oneshot::Sender<()>),
}

impl Agent {
    /// Starts the agent on its own threads. A machine that is not enrolled yet is not looked
    /// at; the agent begins when it has been enrolled.
    pub fn start(settings: Settings, clock: Arc<dyn Clock>) -> Result<AgentHandle, StartError> {
        let lock = take_lock(&settings)?;
        let unusable = |source| StartError::DataDir {
            path: settings.data_dir.clone(),
            source,
        };
        let control = Control::open(&settings.data_dir).map_err(unusable)?;
        let (requests, inbox) = channel();
        let mut driver = Driver {
            engine: None,
            network: None,
            requests: requests.clone(),
            inbox,
            publish: watch::channel(StatusReport::default()).0,
            control,
            clock,
            settings,
            _lock: lock,
        };
        driver.begin_if_enrolled()?;
        driver.publish_status();
        let handle = AgentHandle {
            requests,
            status: driver.publish.subscribe(),
        };
        thread::Builder::new()
            .name("workpulse-agent".into())
            .spawn(move || driver.drive())
            .map_err(StartError::Thread)?;
        Ok(handle)
    }
}

impl AgentHandle {
    /// The status as of the last look, command or answer.
    #[must_use]
    pub fn status(&self) -> StatusReport {
        self.status.borrow().clone()
    }

    /// Follows the status.
    #[must_use]
    pub fn watch(&self) -> watch::Receiver<StatusReport> {
        self.status.clone()
    }

    /// Starts a session now. Ends a pause.
    pub async fn start_session(
        &self,
        project_id: Option<ProjectId>,
    ) -> Result<StatusReport, CommandError> {
        self.command(Command::Start { project_id }).await
    }

    /// Stops the running session; no new one begins by itself on this local day.
    pub async fn stop_session(&self) -> Result<StatusReport, CommandError> {
        self.command(Command::Stop).await
    }

    /// Stops looking at the desktop, until an instant or until resumed.
    pub async fn pause(&self, until: Option<Timestamp>) -> Result<StatusReport, CommandError> {
        self.command(Command::Pause { until }).await
    }

    /// Looks at the desktop again.
    pub async fn resume(&self) -> Result<StatusReport, CommandError> {
        self.command(Command::Resume).await
    }

    /// Sends what is pending now, without waiting for the outcome.
    pub async fn sync_now(&self) -> Result<StatusReport, CommandError> {
        self.command(Command::SyncNow).await
    }

    /// Stops the running session, sends what is pending if the server answers within a few
    /// seconds, and ends the agent's threads.
    pub async fn shutdown(self) {
        let (done, ended) = oneshot::channel();
        if self.requests.send(Request::ShutDown(done)).is_ok() {
            // An error means that the thread has ended: the same.
            let _ = ended.await;
        }
    }

    /// Carries out any command.
    pub async fn command(&self, command: Command) -> Result<StatusReport, CommandError> {
        let (answer, answered) = oneshot::channel();
        self.requests
            .send(Request::Command(command, answer))
            .map_err(|_| CommandError::ShuttingDown)?;
        answered.await.unwrap_or(Err(CommandError::ShuttingDown))
    }
}

fn take_lock(settings: &Settings) -> Result<Lock, StartError> {
    let dir = &settings.data_dir;
    lock::lock(dir).map_err(|error| match error {
        NotLocked::Taken => StartError::AlreadyRunning(dir.clone()),
        NotLocked::Failed(source) => StartError::DataDir {
            path: dir.clone(),
            source,
        },
    })
}
