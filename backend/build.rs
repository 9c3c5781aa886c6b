//! Watches what is embedded, and refuses a release without its dashboard.
//!
//! npm is never run from here: `cargo xtask` builds the dashboard.

use std::{env, path::Path, process::ExitCode};

fn main() -> ExitCode {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=../migrations");
    println!("cargo::rerun-if-env-changed=WORKPULSE_ALLOW_NO_DASHBOARD");
    // A debug build reads the files when it runs.
    if env::var("PROFILE").as_deref() != Ok("release") {
        return ExitCode::SUCCESS;
    }
    println!("cargo::rerun-if-changed=dashboard/dist");
    let allowed = env::var("WORKPULSE_ALLOW_NO_DASHBOARD").as_deref() == Ok("1");
    if Path::new("dashboard/dist/index.html").is_file() || allowed {
        return ExitCode::SUCCESS;
    }
    println!(
        "cargo::error=a release needs the dashboard: run `cargo xtask dashboard` first, or set WORKPULSE_ALLOW_NO_DASHBOARD=1 for a build that serves none"
    );
    ExitCode::FAILURE
}
