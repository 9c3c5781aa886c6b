//! The command line.

use std::path::PathBuf;

use clap::Parser;
use workpulse_tray::start::Profile;

/// What stands below `--help`.
const AFTER_HELP: &str = "\
Exit codes:
   0  closed; or a window was open already, and came to the front
   1  something else failed; the message says what
   2  the command line or a setting cannot be understood
  10  no display answers";

/// The WorkPulse window: what an employee sees and sets, beside the tray app or a headless agent.
#[derive(Debug, Parser)]
#[command(name = "workpulse-window", version, after_help = AFTER_HELP)]
pub(crate) struct Arguments {
    #[command(flatten)]
    pub(crate) profile: Profile,

    /// The page that it opens with, such as data or days
    #[arg(long, value_name = "NAME")]
    pub(crate) page: Option<String>,

    /// Write the man page into a directory, and end.
    #[arg(long, value_name = "DIR", hide = true)]
    pub(crate) write_man: Option<PathBuf>,
}
