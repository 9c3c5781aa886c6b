//! The command line.

use std::{io, path::PathBuf};

use clap::Parser;
use workpulse_agent::config::{self, ConfigError, Flags, Loaded};

/// What stands below `--help`.
const AFTER_HELP: &str = "\
Exit codes:
   0  left as asked; `--check` found nothing in the way; or WorkPulse ran already and was told
   1  something else failed; the message says what
   2  the command line or a setting cannot be understood
   4  another agent runs on this profile
  10  no display answers
  11  the tray library is not installed
Settings come from managed policy, flags, environment (WORKPULSE_AGENT_…) and file, in
this order; `workpulse-agent config show --origin` tells each with its source.
Log: to stderr, and a file a day in log_dir where that is set; WORKPULSE_AGENT_LOG sets how much
(error, warn, info, debug, trace).";

/// The WorkPulse tray app: records working time on this desktop, with an icon that shows it.
#[derive(Debug, Parser)]
#[command(name = "workpulse-tray", version, after_help = AFTER_HELP)]
pub(crate) struct Arguments {
    /// Where outbox, enrolment and lock live; the same directory as workpulse-agent's.
    #[arg(long, global = true, value_name = "DIR")]
    data_dir: Option<PathBuf>,

    /// The configuration file, instead of the one in the person's configuration folder.
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,

    /// Show the icon only; without it the window opens too. Autostart uses it.
    #[arg(long)]
    pub(crate) minimized: bool,

    /// Look whether display, tray library, session bus and panel are there, tell, and end.
    #[arg(long)]
    pub(crate) check: bool,

    /// Write the man page into a directory, and end.
    #[arg(long, value_name = "DIR", hide = true)]
    pub(crate) write_man: Option<PathBuf>,

    #[command(subcommand)]
    pub(crate) part: Option<Part>,
}

/// A part of the app that runs as a process of its own.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Part {
    /// Show the window of a WorkPulse that runs in the panel, or beside a headless agent
    Window {
        /// The page that it opens with, such as data or days
        #[arg(long, value_name = "NAME")]
        page: Option<String>,
    },
}

impl Arguments {
    /// The settings of all layers: managed policy > flags > environment > file > defaults.
    pub(crate) fn into_settings(self) -> Result<(Loaded, Flags), ConfigError> {
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

/// Writes the page that packages install.
pub(crate) fn write_man(directory: &std::path::Path) -> io::Result<()> {
    clap_mangen::generate_to(<Arguments as clap::CommandFactory>::command(), directory)
}
