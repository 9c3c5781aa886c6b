//! The command line.

use std::path::PathBuf;

use clap::Parser;
use workpulse_tray::start::Profile;

/// What stands below `--help`.
const AFTER_HELP: &str = "\
Exit codes:
   0  left as asked; `--check` found nothing in the way; or WorkPulse ran already
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
    #[command(flatten)]
    pub(crate) profile: Profile,

    /// Show the icon only; without it the window opens too. Autostart uses it.
    #[arg(long)]
    pub(crate) minimized: bool,

    /// Look whether display, tray library, session bus and panel are there, tell, and end.
    #[arg(long)]
    pub(crate) check: bool,

    /// Write the man page into a directory, and end.
    #[arg(long, value_name = "DIR", hide = true)]
    pub(crate) write_man: Option<PathBuf>,
}
