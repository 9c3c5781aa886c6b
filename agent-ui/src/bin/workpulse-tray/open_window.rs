//! Opens the window: starts `workpulse-window`, which is installed beside this program.
//!
//! Whether a window is open already is the window's own question: a second one brings the first
//! to the front and ends.

use std::{
    env,
    ffi::OsString,
    path::{Path, PathBuf},
    process::Stdio,
};

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
        let program = match env::current_exe() {
            Ok(this) => beside(&this),
            Err(error) => {
                tracing::error!(%error, "The window cannot be opened: this program is not found.");
                return;
            }
        };
        let _entered = self.runtime.enter();
        let started = Command::new(&program)
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
            Err(error) => {
                tracing::error!(%error, program = %program.display(), "The window could not be opened.");
            }
        }
    }
}

/// The window's program. Asked at each start: an update may have replaced both while this one
/// runs, and the new one is at the old place.
fn beside(this: &Path) -> PathBuf {
    this.with_file_name(format!("workpulse-window{}", env::consts::EXE_SUFFIX))
}
