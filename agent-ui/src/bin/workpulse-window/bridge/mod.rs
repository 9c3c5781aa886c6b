//! The commands that the window's page may call, one file for each part of the window.
//!
//! Thin: each asks the agent, the outbox or the server, and gives what `workpulse_tray::view`
//! makes of the answer. Which of them the page may call at all stands in
//! `capabilities/window.json`. The window is a process of its own and the agent runs in
//! another: it is asked as the command line asks it.

pub(crate) mod days;
pub(crate) mod enrolment;
pub(crate) mod outside;
pub(crate) mod records;
pub(crate) mod settings;
pub(crate) mod status;
pub(crate) mod updates;

use std::sync::Arc;

use serde::Serialize;
use workpulse_agent::{
    Clock, Command, Settings, StatusReport,
    config::{self, Flags, Loaded},
    control, lock,
    outbox::{OutboxError, Reader},
    person::OwnPerson,
    stopped,
};

/// Why a command was not carried out: a sentence for the person.
#[derive(Debug, Serialize)]
pub(crate) struct Told {
    message: String,
}

impl<E: std::fmt::Display> From<E> for Told {
    fn from(error: E) -> Self {
        Self {
            message: sentence(&error.to_string()),
        }
    }
}

/// An error as a sentence: it begins with a capital letter and ends with a full stop.
fn sentence(text: &str) -> String {
    let text = text.trim();
    let mut chars = text.chars();
    let first: String = chars.next().iter().flat_map(|c| c.to_uppercase()).collect();
    let end = if text.ends_with(['.', '!', '?']) {
        ""
    } else {
        "."
    };
    format!("{first}{}{end}", chars.as_str())
}

pub(crate) type Answer<T> = Result<T, Told>;

/// What every command works on.
pub(crate) struct Bridge {
    settings: Settings,
    flags: Flags,
    clock: Arc<dyn Clock>,
}

impl Bridge {
    pub(crate) fn new(settings: Settings, flags: Flags, clock: Arc<dyn Clock>) -> Self {
        Self {
            settings,
            flags,
            clock,
        }
    }

    fn now(&self) -> jiff::Timestamp {
        self.clock.wall().into()
    }

    fn running(&self) -> bool {
        lock::is_running(&self.settings.data_dir)
    }

    /// Asks the running agent.
    async fn ask(&self, command: &Command) -> Answer<StatusReport> {
        if !self.running() {
            return Err(Told::from(
                "WorkPulse is not running, so nothing is recorded. Start it from your applications",
            ));
        }
        Ok(control::ask(&self.settings.data_dir, &*self.clock, command).await?)
    }

    /// The report of the agent, or of what it left behind; and whether it runs.
    async fn report(&self) -> Answer<(StatusReport, bool)> {
        if self.running() {
            return Ok((self.ask(&Command::Status).await?, true));
        }
        let report = stopped::report(&self.settings.data_dir)?.unwrap_or_default();
        Ok((report, false))
    }

    /// Reads from the outbox, away from the threads that answer.
    async fn read<T: Send + 'static>(
        &self,
        read: impl FnOnce(&Reader) -> Result<T, OutboxError> + Send + 'static,
    ) -> Answer<Option<T>> {
        let dir = self.settings.data_dir.clone();
        let task = tokio::task::spawn_blocking(move || {
            Reader::open(&dir)?.map(|reader| read(&reader)).transpose()
        });
        Ok(task.await??)
    }

    /// A connection to the server in the person's name; the keychain may have to be asked.
    async fn person(&self) -> Answer<OwnPerson> {
        let settings = self.settings.clone();
        Ok(tokio::task::spawn_blocking(move || OwnPerson::open(&settings)).await??)
    }

    /// The settings as they are on the disk now.
    fn loaded(&self) -> Answer<Loaded> {
        Ok(config::load(&self.flags)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_becomes_a_sentence() {
        assert_eq!(sentence("no session is running"), "No session is running.");
        assert_eq!(sentence("Enrol it again."), "Enrol it again.");
        assert_eq!(sentence(""), ".");
    }
}
