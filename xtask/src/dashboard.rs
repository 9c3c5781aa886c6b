//! `cargo xtask dashboard`: installs what the dashboard needs and builds it.

use anyhow::Result;

use crate::{repo, web::Package};

/// Build the web dashboard into backend/dashboard/dist
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Build even if nothing has changed
    #[arg(long)]
    force: bool,
}

pub(crate) fn run(args: &Args) -> Result<()> {
    install()?;
    build(args.force)
}

/// `npm ci`, when package-lock.json or Node has changed since the last time.
pub(crate) fn install() -> Result<()> {
    package().install()
}

/// `npm run build`, when a source has changed since the last time.
pub(crate) fn build(force: bool) -> Result<()> {
    package().build(force)
}

fn package() -> Package {
    Package {
        name: "dashboard",
        dir: repo::dashboard(),
        uses: Vec::new(),
    }
}
