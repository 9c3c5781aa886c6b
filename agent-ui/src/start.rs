//! What the icon's program and the window's do first, in the same way: log, desktop, settings.
//!
//! Nothing here draws anything, or knows which of the two it serves but by what it is told.

use std::{
    io::{self, Write as _},
    path::PathBuf,
};

use workpulse_agent::{
    Settings,
    config::{self, ConfigError, Flags, Loaded},
    logging,
};

use crate::{
    exit::Exit,
    opengl,
    preflight::{self, Finding, Weight},
};

/// Which profile, on the command line of both programs.
#[derive(Debug, clap::Args)]
pub struct Profile {
    /// Where outbox, enrolment and lock live; the same directory as workpulse-agent's.
    #[arg(long, value_name = "DIR")]
    data_dir: Option<PathBuf>,

    /// The configuration file, instead of the one in the person's configuration folder.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

impl Profile {
    /// The settings of all layers: managed policy > flags > environment > file > defaults.
    fn load(self) -> Result<(Loaded, Flags), ConfigError> {
        let values = self
            .data_dir
            .map(|dir| {
                (
                    "data_dir",
                    toml::Value::from(dir.to_string_lossy().into_owned()),
                )
            })
            .into_iter()
            .collect();
        let flags = Flags {
            config: self.config,
            values,
        };
        config::load(&flags).map(|loaded| (loaded, flags))
    }
}

/// A program, and which findings on the desktop stop it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Program {
    /// `workpulse-tray`: it needs a display and the tray library.
    Tray,
    /// `workpulse-window`: it needs a display.
    Window,
}

impl Program {
    const fn name(self) -> &'static str {
        match self {
            Self::Tray => "workpulse-tray",
            Self::Window => "workpulse-window",
        }
    }

    fn look_at_the_desktop(self) -> Vec<Finding> {
        match self {
            Self::Tray => preflight::judge(&preflight::observe()),
            Self::Window => vec![preflight::display_alone()],
        }
    }
}

/// Leaves OpenGL out, which may start the program again, begins the log, looks at the desktop and
/// reads the settings.
///
/// # Errors
///
/// With the number that the process must end with; what stands in the way has been told.
pub fn begin(program: Program, profile: Profile) -> Result<(Settings, Flags), Exit> {
    opengl::do_without();
    // Two providers end up in one build; without a choice a TLS client panics. It fails only
    // when one was installed already, which is as good.
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    let loaded = profile.load();
    let log_dir = loaded
        .as_ref()
        .ok()
        .and_then(|(loaded, _)| loaded.settings.log_dir.as_deref());
    if let Err(error) = logging::begin(program.name(), log_dir) {
        return Err(failed(&error.to_string(), Exit::Usage));
    }
    let findings = program.look_at_the_desktop();
    for finding in &findings {
        match finding.weight {
            Weight::Fine => tracing::debug!("{}: {}", finding.subject, finding.message),
            Weight::Limit => tracing::warn!("{}: {}", finding.subject, finding.message),
            Weight::Missing(_) => tracing::error!("{}: {}", finding.subject, finding.message),
        }
    }
    if let Some(exit) = preflight::verdict(&findings) {
        return Err(exit);
    }
    let (loaded, flags) = loaded.map_err(|error| {
        tracing::error!("{error}");
        Exit::Usage
    })?;
    for sentence in &loaded.overruled {
        tracing::warn!("{sentence}");
    }
    Ok((loaded.settings, flags))
}

/// Writes the man page of a program into a directory; packages install it.
#[must_use]
pub fn write_man(command: clap::Command, directory: &std::path::Path) -> Exit {
    match clap_mangen::generate_to(command, directory) {
        Ok(()) => Exit::Done,
        Err(error) => failed(
            &format!(
                "The page cannot be written to {}: {error}",
                directory.display()
            ),
            Exit::Failed,
        ),
    }
}

/// How a program that has begun ends.
#[must_use]
pub fn ended(outcome: anyhow::Result<Exit>) -> Exit {
    outcome.unwrap_or_else(|error| {
        tracing::error!("{error:#}");
        Exit::Failed
    })
}

/// Says on stderr why nothing was started, before there is a log.
fn failed(why: &str, exit: Exit) -> Exit {
    // A closed stderr is no reason for another end.
    let _ = writeln!(io::stderr(), "error: {why}");
    exit
}
