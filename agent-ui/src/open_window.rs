//! Opens the window: starts this program once more, as `window`.
//!
//! Whether a window is open already is the window's own question: a second one brings the first
//! to the front and ends.

use std::{env, ffi::OsString, path::PathBuf, process::Stdio};

use tokio::{process::Command, runtime::Handle};
use workpulse_agent::{Settings, config::Flags};

/// Starts windows on one profile.
#[derive(Debug, Clone)]
pub(crate) struct WindowOpener {
    arguments: Vec<OsString>,
    runtime: Handle,
}

impl WindowOpener {
    pub(crate) fn new(settings: &Settings, flags: &Flags, runtime: Handle) -> Self {
        let mut arguments = vec![
            OsString::from("window"),
            OsString::from("--data-dir"),
            settings.data_dir.clone().into(),
        ];
        if let Some(config) = &flags.config {
            arguments.extend([OsString::from("--config"), config.clone().into()]);
        }
        Self { arguments, runtime }
    }

    /// Opens the window, or brings it to the front. What goes wrong is in the log: the icon
    /// works without it.
    /// `page` is the part that it opens with; one that is open stays where it is.
    pub(crate) fn open(&self, page: Option<&str>) {
        let this = match env::current_exe() {
            Ok(this) => still_there(this),
            Err(error) => {
                tracing::error!(%error, "The window cannot be opened: this program is not found.");
                return;
            }
        };
        let _entered = self.runtime.enter();
        let started = Command::new(this)
            .args(&self.arguments)
            .args(page.into_iter().flat_map(|page| ["--page", page]))
            .stdin(Stdio::null())
            .spawn();
        match started {
            Ok(mut window) => {
                // Waited for, so that nothing is left of it in the process table.
                self.runtime.spawn(async move {
                    match window.wait().await {
                        Ok(status) if status.success() => {}
                        Ok(status) => tracing::warn!(%status, "The window ended early."),
                        Err(error) => tracing::warn!(%error, "The window is out of sight."),
                    }
                });
            }
            Err(error) => tracing::error!(%error, "The window could not be opened."),
        }
    }
}

/// On Linux a program that was replaced while it runs (by an update) has ` (deleted)` behind its
/// name; the new one is at the old place.
fn still_there(this: PathBuf) -> PathBuf {
    match this
        .to_str()
        .and_then(|path| path.strip_suffix(" (deleted)"))
    {
        Some(path) => PathBuf::from(path),
        None => this,
    }
}
