//! The page of the tray app's window: installed, checked, tested and built like the dashboard,
//! whose look and words it shares.

use anyhow::Result;

use crate::{cmd::Cmd, dashboard, repo, web::Package};

/// `npm ci` for the window and for the dashboard, whose sources it is built of.
pub(crate) fn install() -> Result<()> {
    dashboard::install()?;
    package().install()
}

/// `npm run build`, when a source has changed since the last time. The tray app embeds what it
/// makes, so it comes before cargo.
pub(crate) fn build() -> Result<()> {
    package().build(false)
}

/// npm with these arguments, in the window's package.
pub(crate) fn npm(args: &[&str]) -> Cmd {
    package().npm(args)
}

fn package() -> Package {
    Package {
        name: "window",
        dir: repo::root().join("agent-ui/window"),
        uses: vec![repo::dashboard().join("src")],
    }
}
