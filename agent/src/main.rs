//! `workpulse-agent`: the agent without a window, and the commands by which a person or IT
//! talks to it. Parses and calls; everything that matters is in the library.

mod cli;

use std::process::ExitCode;

fn main() -> ExitCode {
    // Two TLS providers can end up in one build, and a builder then does not know which.
    let installed = rustls::crypto::aws_lc_rs::default_provider().install_default();
    debug_assert!(installed.is_ok(), "nothing installs a provider before main");
    cli::main()
}
