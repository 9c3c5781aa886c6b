//! `cargo xtask screenshots`: every page of the dashboard with real data, to be looked at.
//!
//! The demo's company on a server of its own, and the dashboard's script that walks through its
//! pages in Chromium. The pictures prove nothing by themselves; the script also fails on what must
//! never be there (policy reports, dialogs, sideways scroll, axe's findings).

use std::env;

use anyhow::Result;

use crate::{demo, repo};

/// Photograph every page at three widths in both schemes, with the demo's company in it
///
/// Builds dashboard and server, starts the server on embedded SQLite in a temporary directory,
/// makes the demo's company with eight weeks of history, and runs Chromium (`CHROMIUM` names
/// another). The pictures land in backend/dashboard/test-results/company.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Only pages whose name begins so
    #[arg(long)]
    only: Option<String>,
    /// Use the dashboard and the server as they were last built
    #[arg(long)]
    no_build: bool,
}

pub(crate) fn run(args: &Args) -> Result<()> {
    demo::with_company(args.no_build, |company| {
        let mut script = repo::npm(&["run", "--silent", "company", "--"])
            .arg(&company.base)
            .env("WORKPULSE_ADMIN", &company.admin)
            .env("WORKPULSE_MANAGER", &company.manager)
            .env("WORKPULSE_EMPLOYEE", &company.employee);
        if let Some(only) = &args.only {
            script = script.arg(format!("--only={only}"));
        }
        if let Ok(chromium) = env::var("CHROMIUM") {
            script = script.env("CHROMIUM", &chromium);
        }
        script.run()
    })
}
