//! Runs the agent for the tray: starts it, asks it, follows it, ends it.
//!
//! Owns the agent's handle. Must not know Tauri, icons or words. An agent that cannot start,
//! or that died, is tried again: the person sees why meanwhile, instead of an icon that is
//! missing.

use std::{sync::Arc, time::Duration};

use jiff::tz::TimeZone;
use shared_types::{
    ProjectId,
    note::{CreateNote, NoteKind},
};
use tokio::{
    sync::{mpsc, oneshot, watch},
    task::JoinHandle,
};
use workpulse_agent::{
    Agent, AgentHandle, Clock, CommandError, Settings, StartError, StatusReport, person::OwnPerson,
    update,
};

use crate::{
    command::{Answer, Call, Command},
    facts::{Facts, Work},
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
            Ok(handle) => offering(
                Facts::of(&handle.status(), None),
                &settings,
                &Found::default(),
            ),
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
            found: Found::default(),
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
    /// What others than the agent told last.
    found: Found,
}

/// What was found by asking others than the agent.
#[derive(Debug, Default)]
struct Found {
    /// The projects that the server offered last.
    projects: Vec<(ProjectId, String)>,
    /// The newer version that was seen last.
    update: Option<String>,
}

/// How often the server is asked which projects there are.
const PROJECTS_EVERY: Duration = Duration::from_mins(15);

/// How often a newer version is looked for.
const UPDATES_EVERY: Duration = Duration::from_hours(12);

/// Facts with what only the settings and the server know.
fn offering(mut facts: Facts, settings: &Settings, found: &Found) -> Facts {
    facts.offers.may_quit = settings.allow_quit;
    facts.offers.projects.clone_from(&found.projects);
    facts.offers.update.clone_from(&found.update);
    facts
}

/// The newer version that there is, in words. What could not be asked is asked again later.
async fn newer(settings: Settings) -> Option<String> {
    match update::check(&settings).await {
        Ok(offer) => offer.map(|it| it.version.to_string()),
        Err(error) => {
            tracing::warn!(%error, "A newer version could not be looked for.");
            None
        }
    }
}

/// The projects on which the person may book, by name. Blocks for the keychain.
async fn projects(settings: Settings) -> Result<Vec<(ProjectId, String)>, String> {
    let person = tokio::task::spawn_blocking(move || OwnPerson::open(&settings))
        .await
        .map_err(|error| error.to_string())?
        .map_err(|error| error.to_string())?;
    let page = person.projects().await.map_err(|error| error.to_string())?;
    Ok(page
        .items
        .into_iter()
        .filter(|it| it.archived_at.is_none())
        .map(|it| (it.id, it.name))
        .collect())
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
        let mut ask_projects = tokio::time::interval(PROJECTS_EVERY);
        let (found, mut offered) = mpsc::channel(1);
        let mut ask_updates = tokio::time::interval(UPDATES_EVERY);
        let (seen, mut updates) = mpsc::channel(1);
        loop {
            let facts = Facts::of(&status.borrow_and_update(), self.refusal.as_deref());
            let facts = offering(facts, &self.settings, &self.found);
            let usable = !matches!(facts.work, Work::NotEnrolled);
            self.publish.send_if_modified(|known| {
                let changed = *known != facts;
                *known = facts;
                changed
            });
            tokio::select! {
                changed = status.changed() => if changed.is_err() {
                    return Ended::Died;
                },
                // Before there is an enrolment there is nobody to ask; the tick waits.
                _ = ask_projects.tick(), if usable => {
                    let (settings, found) = (self.settings.clone(), found.clone());
                    tokio::spawn(async move {
                        match projects(settings).await {
                            // Nobody may be listening any more.
                            Ok(list) => drop(found.send(list).await),
                            Err(error) => tracing::debug!(%error, "the projects are not known"),
                        }
                    });
                }
                Some(list) = offered.recv() => self.found.projects = list,
                _ = ask_updates.tick(), if self.settings.updates.is_on() => {
                    let (settings, seen) = (self.settings.clone(), seen.clone());
                    // Nobody may be listening any more.
                    tokio::spawn(async move { drop(seen.send(newer(settings).await).await) });
                }
                Some(newer) = updates.recv() => self.found.update = newer,
                Some(command) = self.inbox.recv() => {
                    let call = command.call(self.clock.wall().into(), &TimeZone::system());
                    self.refusal = match carry_out(handle, call, &self.settings).await {
                        Ok(()) => None,
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

async fn carry_out(handle: &AgentHandle, call: Call, settings: &Settings) -> Result<(), Refused> {
    let done: Result<StatusReport, CommandError> = match call {
        Call::Was(answer) => return was(handle, answer, settings).await,
        Call::Project(id) => {
            // One session has one project: another project is another session.
            if handle.status().session.is_some() {
                handle.stop_session().await?;
            }
            handle.start_session(Some(id)).await
        }
        Call::StartSession => handle.start_session(None).await,
        Call::StopSession => handle.stop_session().await,
        Call::Pause { until } => handle.pause(Some(until.into())).await,
        Call::Resume => handle.resume().await,
        Call::SyncNow => handle.sync_now().await,
        // The app does these by itself; the agent only learns of its end through `shutdown`.
        Call::Leave | Call::Open => Ok(handle.status()),
    };
    done?;
    Ok(())
}

/// Why a choice was not carried out, in words.
type Refused = Box<dyn std::error::Error + Send + Sync>;

/// Tells the server what the time away was, and forgets the question behind that: an answer
/// that does not arrive can be given again.
async fn was(handle: &AgentHandle, answer: Answer, settings: &Settings) -> Result<(), Refused> {
    let Some(away) = handle.status().returned else {
        return Ok(()); // Answered in the window meanwhile.
    };
    let kind = match answer {
        Answer::Break => Some(NoteKind::Break),
        Answer::Meeting => Some(NoteKind::Meeting),
        Answer::Keep => None,
    };
    if let Some(kind) = kind {
        let settings = settings.clone();
        let person = tokio::task::spawn_blocking(move || OwnPerson::open(&settings)).await??;
        let note = CreateNote {
            from: away.from,
            to: away.to,
            kind,
            text: None,
        };
        person.correct(&note).await?;
    }
    let from = away.from;
    handle
        .command(workpulse_agent::Command::AnswerReturn { from })
        .await?;
    Ok(())
}
