//! `cargo xtask bench`: builds server and load generator optimized, and runs the generator.

use std::env;

use anyhow::Result;

use crate::{postgres::Cluster, repo};

const POSTGRES: &str = "WORKPULSE_TEST_POSTGRES";

/// Build optimized and run the load generator; arguments are passed on to it
///
/// `--engine postgres` gets a PostgreSQL of its own, unless one is named.
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
    // Held until the generator has ended.
    let cluster = needs_cluster(&args.args, env::var_os(POSTGRES).is_some())
        .then(Cluster::start)
        .transpose()?;
    if let Some(cluster) = &cluster {
        load = load.env(POSTGRES, cluster.url());
    }
    load.run()
}

fn needs_cluster(args: &[String], named: bool) -> bool {
    let postgres = |arg: &String| arg == "postgres" || arg == "--engine=postgres";
    let address = |arg: &String| arg.starts_with("--database-url") || arg.starts_with("--url");
    !named && args.iter().any(postgres) && !args.iter().any(address)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cluster_is_started_only_for_postgres_without_an_address() {
        let words = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
        assert!(needs_cluster(&words("--engine postgres --max"), false));
        assert!(needs_cluster(&words("--engine=postgres"), false));
        assert!(!needs_cluster(&words("--engine postgres"), true));
        assert!(!needs_cluster(
            &words("--engine postgres --database-url postgres://x"),
            false
        ));
        assert!(!needs_cluster(&words("--engine sqlite"), false));
    }
}
