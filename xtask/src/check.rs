//! `cargo xtask check`: what to run before each commit.
//!
//! Formatting, lints, unit tests, TypeScript, generated files. The tray app takes part when
//! the libraries that it is built with are here, and is named as left out when they are not;
//! `cargo xtask test` never leaves it out.

use anyhow::Result;

use crate::{cmd::Cmd, codegen, repo, setup, steps::Steps, window};

/// Check quickly: formatting, lints, unit tests, TypeScript, generated files
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Only these steps
    #[arg(long, value_name = "STEP")]
    only: Vec<String>,
}

pub(crate) fn run(args: &Args) -> Result<()> {
    let mut steps = Steps::new("check", &args.only);
    let tray = Cmd::new("pkg-config", &["--exists", "webkit2gtk-4.1", "gtk+-3.0"]).succeeds();
    steps.run("setup", || setup::ensure(setup::Purpose::Demo))?;
    steps.command("format", &repo::cargo(&["fmt", "--all", "--check"]))?;
    steps.command("clippy", &clippy(tray))?;
    if !tray {
        steps.not_done(
            "tray",
            "WebKit's and GTK's headers are not here (cargo xtask setup test)",
        );
    }
    steps.command("unit-tests", &unit_tests())?;
    steps.run("npm-install", window::install)?;
    steps.command("typescript", &repo::npm(&["run", "--silent", "check"]))?;
    steps.command("window-check", &window::npm(&["run", "--silent", "check"]))?;
    steps.run("codegen", codegen::check)?;
    steps.finish()
}

/// Clippy on everything, with or without the tray app.
pub(crate) fn clippy(tray: bool) -> Cmd {
    let mut cmd = repo::cargo(&["clippy", "--all-targets"]);
    if tray {
        cmd = cmd.arg("--workspace");
    }
    cmd.arg("--").arg("-D").arg("warnings")
}

fn unit_tests() -> Cmd {
    if has_nextest() {
        repo::cargo(&["nextest", "run", "--lib", "--bins", "--no-tests", "pass"])
    } else {
        repo::cargo(&["test", "--lib", "--bins"])
    }
}

/// Whether cargo-nextest is installed; `cargo test` does the same work without it.
pub(crate) fn has_nextest() -> bool {
    repo::cargo(&["nextest", "--version"]).succeeds()
}
