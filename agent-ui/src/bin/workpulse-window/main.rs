//! `workpulse-window`: parses, checks the desktop, and shows the window until it is closed.
//!
//! A program and a process of its own, so that its memory comes back when it closes. The agent is
//! not in this process: the tray app's, or a headless one, goes on whatever happens here.

mod bridge;
mod cli;
mod window;

use std::process::ExitCode;

use clap::{CommandFactory as _, Parser as _};
use workpulse_tray::{
    exit::Exit,
    start::{self, Program},
};

fn main() -> ExitCode {
    run(cli::Arguments::parse()).into()
}

fn run(arguments: cli::Arguments) -> Exit {
    if let Some(directory) = &arguments.write_man {
        return start::write_man(cli::Arguments::command(), directory);
    }
    match start::begin(Program::Window, arguments.profile) {
        Ok((settings, flags)) => {
            start::ended(window::run(settings, flags, arguments.page.as_deref()))
        }
        Err(exit) => exit,
    }
}
