//! The server binary: everything is in the library.

use std::process::ExitCode;

fn main() -> ExitCode {
    // Two TLS providers may end up in one build; whoever builds a client first must find one chosen.
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    workpulse_server::cli::run(std::env::args_os())
}
