//! Runs the agent for the tray: starts it, asks it, follows it, ends it.
//!
//! Owns the agent's handle. Must not know Tauri, icons or words. An agent that cannot start,
//! or that died, is tried again: the person sees why meanwhile, instead of an icon that is
//! missing.

use std::{sync::Arc, time::Duration};

use jiff::tz::TimeZone;
use tokio::{
    sync::{mpsc, oneshot, watch},
    task::JoinHandle,
};
use workpulse_agent::{
    Agent, AgentHandle, Clock, CommandError, Settings, StartError, StatusReport,
};

use crate::{
    command::{Call, Command},
    facts::Facts,
};

/// How long to wait before an agent that cannot start is tried again.
const TRY_AGAIN: Duration = Duration::from_secs(30);

/// Another WorkPulse works on this profile; only one may.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct AlreadyRunning(StartError);

/// The agent in this process.
#[derive(Debug)]
pub struct Supervisor {
    facts: watch::Receiver<Facts>,
    commands: mpsc::UnboundedSender<Command>,
    stop: oneshot::Sender<()>,
    task: JoinHandle<()>,
}

impl Supervisor {
    /// Starts the agent. Only an agent that runs already is an error; everything else is
    /// told by [`Self::facts`] and tried again every 30 seconds.
    ///
    /// Must be called inside a tokio runtime.
    pub fn start(settings: Settings, clock: Arc<dyn Clock>) -> Result<Self, AlreadyRunning> {
        let agent = match Agent::start(settings.clone(), clock.clone()) {
            Err(error @ StartError::AlreadyRunning(_)) => return Err(AlreadyRunning(error)),
            other => other,
        };
        let (publish, facts) = watch::channel(match &agent {
            Ok(handle) => Facts::of(&handle.status(), None),
            Err(error) => Facts::of_failure(error.to_string()),
        });
        let (commands, inbox) = mpsc::unbounded_channel();
        let (stop, stopped) = oneshot::channel();
        let worker = Worker {
            settings,
            clock,
            publish,
            inbox,
            stopped,
            refusal: None,
        };
        let task = tokio::spawn(worker.run(agent));
        Ok(Self {
            facts,
            commands,
            stop,
            task,
        })
    }

    /// Follows what the agent tells.
    #[must_use]
    pub fn facts(&self) -> watch::Receiver<Facts> {
        self.facts.clone()
    }

    /// Where the menu's choices go. What is refused is told by [`Self::facts`].
    #[must_use]
    pub fn commands(&self) -> mpsc::UnboundedSender<Command> {
        self.commands.clone()
    }

    /// Ends the agent: its session is stopped, its outbox closed.
    pub async fn shutdown(self) {
        // A worker that has ended already has nothing to stop.
        let _ = self.stop.send(());
        if self.task.await.is_err() {
            tracing::error!("the agent's supervisor panicked; its outbox is whole");
        }
    }
}

/// The task behind a [`Supervisor`].
struct Worker {
    settings: Settings,
    clock: Arc<dyn Clock>,
    publish: watch::Sender<Facts>,
    inbox: mpsc::UnboundedReceiver<Command>,
    stopped: oneshot::Receiver<()>,
    /// Why the last choice was not carried out; until the next one is.
    refusal: Option<String>,
}

/// Why following an agent ended.
enum Ended {
    Asked,
    Died,
}

impl Worker {
    async fn run(mut self, mut agent: Result<AgentHandle, StartError>) {
        loop {
            let failure = match agent {
                Ok(handle) => match self.follow(&handle).await {
                    Ended::Asked => return handle.shutdown().await,
                    Ended::Died => "The agent stopped by itself. What was recorded is kept; it is \
                         started again."
                        .to_owned(),
                },
                Err(error) => error.to_string(),
            };
            tracing::error!(error = %failure, "the agent does not run, it is tried again");
            self.publish.send_replace(Facts::of_failure(failure));
            tokio::select! {
                () = tokio::time::sleep(TRY_AGAIN) => {}
                _ = &mut self.stopped => return,
            }
            agent = Agent::start(self.settings.clone(), self.clock.clone());
        }
    }

    /// Publishes what the agent tells and passes choices on, until asked to stop.
    async fn follow(&mut self, handle: &AgentHandle) -> Ended {
        let mut status = handle.watch();
        loop {
            let facts = Facts::of(&status.borrow_and_update(), self.refusal.as_deref());
            self.publish.send_if_modified(|known| {
                let changed = *known != facts;
                *known = facts;
                changed
            });
            tokio::select! {
                changed = status.changed() => if changed.is_err() {
                    return Ended::Died;
                },
                Some(command) = self.inbox.recv() => {
                    let call = command.call(self.clock.wall().into(), &TimeZone::system());
                    self.refusal = match carry_out(handle, call).await {
                        Ok(_) => None,
                        Err(error) => {
                            tracing::warn!(?command, %error, "a choice was not carried out");
                            Some(error.to_string())
                        }
                    };
                }
                _ = &mut self.stopped => return Ended::Asked,
            }
        }
    }
}

async fn carry_out(handle: &AgentHandle, call: Call) -> Result<StatusReport, CommandError> {
    match call {
        Call::StartSession => handle.start_session(None).await,
        Call::StopSession => handle.stop_session().await,
        Call::Pause { until } => handle.pause(Some(until.into())).await,
        Call::Resume => handle.resume().await,
        Call::SyncNow => handle.sync_now().await,
        // The app leaves by itself; the agent only learns of it through `shutdown`.
        Call::Leave => Ok(handle.status()),
    }
}
