//! Where the log goes: stderr always, and where IT wants it a file a day.
//!
//! For the programs, not for the library: nothing else in here calls it. What is logged never
//! holds a window's title or a page's address; a test reads a whole agent's log at its loudest.

use std::{io, path::Path};

use tracing_appender::rolling::{Builder, InitError, Rotation};
use tracing_subscriber::{
    EnvFilter, Layer as _, layer::SubscriberExt as _, util::SubscriberInitExt as _,
};

/// The variable that sets how much is logged.
pub const LEVEL: &str = "WORKPULSE_AGENT_LOG";
/// Files that are kept, a day each.
const DAYS: usize = 7;

/// Why nothing can be logged as wanted.
#[derive(Debug, thiserror::Error)]
pub enum LogError {
    /// [`LEVEL`].
    #[error("{LEVEL}={wanted} cannot be understood: {why}")]
    Level {
        /// What it says.
        wanted: String,
        /// Why.
        why: String,
    },
    /// The directory.
    #[error(
        "no log can be kept in log_dir {dir}: {source}. Nothing was started; make it writable or take the setting away."
    )]
    Directory {
        /// Which.
        dir: String,
        /// Why.
        source: InitError,
    },
}

/// Begins to log for a program, on stderr and, with a directory, in `PROGRAM.YYYY-MM-DD.log` in
/// it. A second call changes nothing.
pub fn begin(program: &str, dir: Option<&Path>) -> Result<(), LogError> {
    let wanted = std::env::var(LEVEL).unwrap_or_else(|_| "info".to_owned());
    let filter = || {
        EnvFilter::try_new(&wanted).map_err(|error| LogError::Level {
            wanted: wanted.clone(),
            why: error.to_string(),
        })
    };
    let file = match dir {
        None => None,
        Some(dir) => {
            let appender = Builder::new()
                .rotation(Rotation::DAILY)
                .filename_prefix(program)
                .filename_suffix("log")
                .max_log_files(DAYS)
                .build(dir)
                .map_err(|source| LogError::Directory {
                    dir: dir.display().to_string(),
                    source,
                })?;
            let layer = tracing_subscriber::fmt::layer()
                .with_ansi(false)
                .with_target(false)
                .with_writer(std::sync::Mutex::new(appender))
                .with_filter(filter()?);
            Some(layer)
        }
    };
    let stderr = tracing_subscriber::fmt::layer()
        .with_ansi(io::IsTerminal::is_terminal(&io::stderr()))
        .with_target(false)
        .with_writer(io::stderr)
        .with_filter(filter()?);
    // It fails only when somebody logs already, which is as good.
    let _ = tracing_subscriber::registry()
        .with(stderr)
        .with(file)
        .try_init();
    Ok(())
}
