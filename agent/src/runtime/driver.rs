//! The thread that looks and keeps: waits, and calls the engine.

use std::{
    sync::{
        Arc,
        mpsc::{Receiver, RecvTimeoutError, Sender},
    },
    thread::{self, JoinHandle},
    time::Duration,
};

use tokio::sync::watch;

use super::{Request, StartError, network::NetworkSide};
use crate::{
    clock::Clock,
    config::Settings,
    control::Control,
    engine::Engine,
    enrol,
    lock::Lock,
    session::{Command, CommandError},
    status::{State, StatusReport},
    sync::{News, Wake},
};

/// Commands from the command line are looked for this often.
const CONTROL_EVERY_MILLIS: i64 = 1_000;

/// The thread that looks and keeps.
pub(super) struct Driver {
    pub(super) settings: Settings,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) engine: Option<Engine>,
    pub(super) network: Option<Network>,
    pub(super) requests: Sender<Request>,
    pub(super) inbox: Receiver<Request>,
    pub(super) publish: watch::Sender<StatusReport>,
    pub(super) control: Control,
    pub(super) _lock: Lock,
}

pub(super) struct Network {
    stop: watch::Sender<bool>,
    thread: JoinHandle<()>,
}

impl Driver {
    pub(super) fn drive(mut self) {
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

    pub(super) fn publish_status(&self) {
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
    pub(super) fn begin_if_enrolled(&mut self) -> Result<(), StartError> {
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
