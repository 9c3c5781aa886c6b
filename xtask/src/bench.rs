//! `cargo xtask bench`: builds server and load generator optimized, and runs the generator.

use anyhow::Result;

use crate::repo;

/// Build optimized and run the load generator; arguments are passed on to it
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Arguments for workpulse-load (`--help` shows them)
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    args: Vec<String>,
}

pub(crate) fn run(args: &Args) -> Result<()> {
    repo::cargo(&[
        "build",
        "--profile",
        "bench-fast",
        "--package",
        "workpulse-server",
        "--package",
        "workpulse-tests",
        "--bin",
        "workpulse-server",
        "--bin",
        "workpulse-load",
    ])
    .run()?;
    let mut load = crate::cmd::Cmd::new(repo::binary("bench-fast", "workpulse-load")?, &[])
        .dir(repo::root())
        .env("WORKPULSE_BIN_DIR", repo::target_dir()?.join("bench-fast"));
    for arg in &args.args {
        load = load.arg(arg);
    }
    load.run()
}
