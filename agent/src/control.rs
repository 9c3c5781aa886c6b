//! How the command line talks to a running agent: small files in `control/`.
//!
//! No port is open and no socket is needed; who may write the data directory may command the
//! agent, and nobody else. A request is `ID.request` with a [`Command`], its answer `ID.reply`
//! with an [`Answer`]. The agent looks once a second, which costs one read of an empty
//! directory.

use std::{
    fs, io,
    path::{Path, PathBuf},
    time::Duration,
};

use serde::{Deserialize, Serialize};

use crate::{
    clock::Clock,
    files,
    session::{Command, CommandError},
    status::StatusReport,
};

/// How long a command waits for its answer.
const PATIENCE: Duration = Duration::from_secs(10);
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// What the agent answers.
pub type Answer = Result<StatusReport, CommandError>;

/// The same, as it stands in the file.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Written {
    Done(Box<StatusReport>),
    Refused(CommandError),
}

/// Why a running agent could not be asked.
#[derive(Debug, thiserror::Error)]
pub enum AskError {
    /// Nobody answered.
    #[error("the agent did not answer within {} seconds; is it running?", PATIENCE.as_secs())]
    Silence,
    /// The files.
    #[error("the agent's directory {path} cannot be used: {source}")]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The agent refused.
    #[error(transparent)]
    Refused(#[from] CommandError),
}

/// The agent's side.
#[derive(Debug)]
pub(crate) struct Control {
    dir: PathBuf,
}

impl Control {
    /// Opens it, and forgets what was asked of an agent before.
    pub(crate) fn open(data_dir: &Path) -> io::Result<Self> {
        let dir = data_dir.join("control");
        files::private_dir(&dir)?;
        for entry in fs::read_dir(&dir)?.flatten() {
            files::remove(&entry.path())?;
        }
        Ok(Self { dir })
    }

    /// Takes what has been asked since the last call. Each request is gone from the directory
    /// first: a command is carried out once, even if its answer cannot be written.
    pub(crate) fn collect(&self) -> Vec<(Ticket, Command)> {
        let Ok(entries) = fs::read_dir(&self.dir) else {
            return Vec::new();
        };
        entries
            .flatten()
            .map(|entry| entry.path())
            .filter(|path| path.extension().is_some_and(|kind| kind == "request"))
            .filter_map(|path| {
                let content = files::read(&path).ok().flatten();
                files::remove(&path).ok()?;
                let command = serde_json::from_slice(&content?).ok()?;
                Some((Ticket(path.with_extension("reply")), command))
            })
            .collect()
    }

    /// Answers one request.
    pub(crate) fn reply(&self, ticket: &Ticket, answer: Answer) {
        let written = match answer {
            Ok(report) => Written::Done(Box::new(report)),
            Err(error) => Written::Refused(error),
        };
        let content = serde_json::to_vec(&written).expect("plain data");
        if let Err(error) = files::replace(&ticket.0, &content, false) {
            tracing::warn!(error = %error, directory = %self.dir.display(), "a command was carried out, but its answer could not be written");
        }
    }
}

/// Where an answer is expected.
#[derive(Debug)]
pub(crate) struct Ticket(PathBuf);

/// Asks the agent that runs on this data directory.
pub async fn ask(
    data_dir: &Path,
    clock: &dyn Clock,
    command: &Command,
) -> Result<StatusReport, AskError> {
    let request = data_dir
        .join("control")
        .join(format!("{}.request", clock.new_uuid()));
    let failed = |source| AskError::File {
        path: data_dir.to_owned(),
        source,
    };
    let content = serde_json::to_vec(command).expect("plain data");
    files::replace(&request, &content, false).map_err(failed)?;
    let reply = request.with_extension("reply");
    let answer = tokio::time::timeout(PATIENCE, async {
        loop {
            if let Some(content) = files::read(&reply)? {
                return Ok(content);
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
    })
    .await;
    let _ = files::remove(&reply);
    let Ok(answer) = answer else {
        let _ = files::remove(&request);
        return Err(AskError::Silence);
    };
    match serde_json::from_slice(&answer.map_err(failed)?) {
        Ok(Written::Done(report)) => Ok(*report),
        Ok(Written::Refused(error)) => Err(error.into()),
        Err(error) => Err(failed(io::Error::new(io::ErrorKind::InvalidData, error))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::SystemClock;

    #[tokio::test]
    async fn a_command_is_carried_out_once_and_answered() {
        let dir = tempfile::tempdir().unwrap();
        let control = Control::open(dir.path()).unwrap();
        let mut commands = Vec::new();
        let answering = async {
            while commands.is_empty() {
                for (ticket, command) in control.collect() {
                    commands.push(command);
                    control.reply(
                        &ticket,
                        Ok(StatusReport {
                            pending: 7,
                            ..StatusReport::default()
                        }),
                    );
                }
                tokio::task::yield_now().await;
            }
        };
        let asked = ask(dir.path(), &SystemClock, &Command::Stop);
        let (report, ()) = tokio::join!(asked, answering);
        assert_eq!(report.unwrap().pending, 7);
        assert_eq!(commands, [Command::Stop]);
        assert_eq!(fs::read_dir(dir.path().join("control")).unwrap().count(), 0);
    }

    #[tokio::test(start_paused = true)]
    async fn without_an_agent_the_request_is_taken_back() {
        let dir = tempfile::tempdir().unwrap();
        Control::open(dir.path()).unwrap();
        let asked = ask(dir.path(), &SystemClock, &Command::Status).await;
        assert!(matches!(asked, Err(AskError::Silence)));
        assert_eq!(fs::read_dir(dir.path().join("control")).unwrap().count(), 0);
    }

    #[test]
    fn what_is_no_command_is_removed_and_disturbs_nothing() {
        let dir = tempfile::tempdir().unwrap();
        let control = Control::open(dir.path()).unwrap();
        let path = dir.path().join("control/x.request");
        fs::write(&path, "not json").unwrap();
        assert!(control.collect().is_empty());
        assert!(!path.exists());
    }
}
