//! Wires the parts together: one thread that looks and keeps, one that talks to the server.
//!
//! Imported by nobody inside the library; the headless program and the tray app use
//! [`Agent`] and [`AgentHandle`].

use std::{
    io,
    path::PathBuf,
    sync::{
        Arc,
        mpsc::{Receiver, RecvTimeoutError, Sender, channel},
    },
    thread::{self, JoinHandle},
    time::Duration,
};

use shared_types::{ProjectId, Timestamp};
use tokio::sync::{oneshot, watch};

use crate::{
    clock::Clock,
    config::Settings,
    control::Control,
    credentials,
    engine::Engine,
    enrol::{self, EnrolError, Enrolment},
    lock::{self, Lock, NotLocked},
    outbox::OutboxError,
    session::{Command, CommandError},
    status::{State, StatusReport},
    sync::{Attention, News, Syncer, Wake, client::Client, listen_for_nudges},
};

/// Commands from the command line are looked for this often.
const CONTROL_EVERY_MILLIS: i64 = 1_000;
/// A keychain that did not give the secret is asked again after this long.
const ASK_KEYCHAIN_AGAIN: Duration = Duration::from_mins(1);

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

/// The thread that looks and keeps.
struct Driver {
    settings: Settings,
    clock: Arc<dyn Clock>,
    engine: Option<Engine>,
    network: Option<Network>,
    requests: Sender<Request>,
    inbox: Receiver<Request>,
    publish: watch::Sender<StatusReport>,
    control: Control,
    _lock: Lock,
}

struct Network {
    stop: watch::Sender<bool>,
    thread: JoinHandle<()>,
}

impl Driver {
    fn drive(mut self) {
        let mut control_due = self.clock.mono_millis();
        loop {
            match self.inbox.recv_timeout(self.wait(control_due)) {
                Ok(Request::Command(command, answer)) => {
                    // Whoever asked may be gone.
                    let _ = answer.send(self.carry_out(&command));
                }
                Ok(Request::News(news)) => {
                    if let Some(engine) = &mut self.engine {
                        engine.news(news);
                        self.publish_status();
                    }
                }
                Ok(Request::ShutDown(done)) => {
                    self.shut_down();
                    drop(self);
                    let _ = done.send(());
                    return;
                }
                Err(RecvTimeoutError::Timeout) => {}
                // Cannot happen while the driver holds a sender of its own.
                Err(RecvTimeoutError::Disconnected) => break,
            }
            let now = self.clock.mono_millis();
            if now >= control_due {
                control_due = now + CONTROL_EVERY_MILLIS;
                self.answer_control();
                if self.publish.is_closed() {
                    break;
                }
            }
            if self.engine.as_mut().is_some_and(Engine::look_if_due) {
                self.publish_status();
            }
        }
        self.shut_down();
    }

    fn wait(&self, control_due: i64) -> Duration {
        let control = control_due - self.clock.mono_millis();
        let control = Duration::from_millis(u64::try_from(control).unwrap_or(0));
        self.engine
            .as_ref()
            .map_or(control, |engine| engine.due_in().min(control))
    }

    fn answer_control(&mut self) {
        if self.engine.is_none()
            && let Err(error) = self.begin_if_enrolled()
        {
            tracing::error!(error = %error, "this machine is enrolled, but the agent cannot begin");
        }
        for (ticket, command) in self.control.collect() {
            let answer = self.carry_out(&command);
            self.control.reply(&ticket, answer);
        }
    }

    fn carry_out(&mut self, command: &Command) -> Result<StatusReport, CommandError> {
        let Some(engine) = &mut self.engine else {
            return match command {
                Command::Status => Ok(not_enrolled()),
                _ => Err(CommandError::NotEnrolled),
            };
        };
        engine.command(command)?;
        self.publish_status();
        Ok(self.publish.borrow().clone())
    }

    fn publish_status(&self) {
        let report = self
            .engine
            .as_ref()
            .map_or_else(not_enrolled, Engine::report);
        self.publish.send_if_modified(|known| {
            let changed = *known != report;
            *known = report;
            changed
        });
    }

    /// Opens the engine and starts the network if this machine has been enrolled.
    fn begin_if_enrolled(&mut self) -> Result<(), StartError> {
        let Some(enrolment) = enrol::load(&self.settings.data_dir)? else {
            return Ok(());
        };
        let wake = Arc::new(Wake::default());
        let engine = Engine::open(
            self.settings.clone(),
            Arc::clone(&self.clock),
            enrolment.clone(),
            Arc::clone(&wake),
        )?;
        let (stop, stopped) = watch::channel(false);
        let requests = self.requests.clone();
        let tell: Arc<dyn Fn(News) + Send + Sync> = Arc::new(move |news| {
            // The engine may have ended already.
            let _ = requests.send(Request::News(news));
        });
        let side = NetworkSide {
            settings: self.settings.clone(),
            clock: Arc::clone(&self.clock),
            keeper: engine.keeper(),
            enrolment,
            wake,
            tell,
        };
        let thread = thread::Builder::new()
            .name("workpulse-net".into())
            .spawn(move || side.run(stopped))
            .map_err(StartError::Thread)?;
        self.engine = Some(engine);
        self.network = Some(Network { stop, thread });
        Ok(())
    }

    fn shut_down(&mut self) {
        if let Some(engine) = &mut self.engine {
            engine.shut_down();
            self.publish_status();
        }
        if let Some(network) = self.network.take() {
            // It may have ended by itself.
            let _ = network.stop.send(true);
            if network.thread.join().is_err() {
                tracing::error!("the network thread panicked; everything unsent is in the outbox");
            }
        }
    }
}

fn not_enrolled() -> StatusReport {
    StatusReport {
        state: State::NeedsAttention,
        message: Some("This machine is not enrolled yet. Nothing is recorded.".to_owned()),
        agent_version: env!("CARGO_PKG_VERSION").to_owned(),
        ..StatusReport::default()
    }
}

/// What the network thread needs.
struct NetworkSide {
    settings: Settings,
    clock: Arc<dyn Clock>,
    keeper: Arc<parking_lot::Mutex<crate::outbox::Keeper>>,
    enrolment: Enrolment,
    wake: Arc<Wake>,
    tell: Arc<dyn Fn(News) + Send + Sync>,
}

impl NetworkSide {
    fn run(self, mut stop: watch::Receiver<bool>) {
        let runtime = match tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
        {
            Ok(runtime) => runtime,
            Err(error) => {
                tracing::error!(error = %error, "the network cannot be used, everything stays in the outbox");
                return;
            }
        };
        runtime.block_on(async {
            let Some(client) = self.client(&mut stop).await else {
                return;
            };
            let nudges = listen_for_nudges(
                client.clone(),
                Arc::clone(&self.clock),
                Arc::clone(&self.wake),
                Arc::clone(&self.tell),
                stop.clone(),
            );
            let syncer = Syncer::new(
                client,
                self.keeper,
                self.clock,
                (self.enrolment.device_id, self.enrolment.policy.version),
                Duration::from_secs(u64::from(self.settings.sync_interval_seconds)),
                self.wake,
                self.tell,
            );
            tokio::join!(syncer.run(stop.clone()), nudges);
        });
    }

    /// Waits for the secret as long as it takes: sampling goes on meanwhile.
    async fn client(&self, stop: &mut watch::Receiver<bool>) -> Option<Client> {
        loop {
            let device = self.enrolment.device_id;
            let client = credentials::read(&self.settings, device, self.enrolment.secret)
                .map_err(|error| error.to_string())
                .and_then(|secret| {
                    Client::new(self.enrolment.server.clone(), secret)
                        .map_err(|error| error.to_string())
                });
            match client {
                Ok(client) => return Some(client),
                Err(message) => {
                    tracing::error!(error = %message, "the server cannot be used without the device's secret");
                    (self.tell)(News::Failed {
                        message,
                        attention: Attention::Credential,
                    });
                }
            }
            tokio::select! {
                () = tokio::time::sleep(ASK_KEYCHAIN_AGAIN) => {}
                () = self.wake.now.notified() => {}
                _ = stop.wait_for(|stop| *stop) => return None,
            }
        }
    }
}
