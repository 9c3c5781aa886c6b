//! The end of a release that several machines have made: what their installers hold, signatures for
//! updaters, checksums over all of it.

use std::path::Path;

use anyhow::{Result, ensure};

use super::{Args, Keys, Release, print_sizes, sbom, sign, sign_updates};
use crate::{repo, steps::Steps};

pub(super) fn run(args: &Args, dir: &Path) -> Result<()> {
    ensure!(dir.is_dir(), "{} is no directory", dir.display());
    let mut steps = Steps::new("dist", &args.only);
    let release = Release::find(args.revision)?;
    let home = repo::scratch_dir("keys")?;
    let outcome = keys(args, &home).and_then(|keys| {
        steps.run("sbom", || sbom::of_installers(&release, dir))?;
        if let Some(gpg) = &keys.gpg {
            gpg.export(&dir.join("workpulse-packages.asc"))?;
        }
        sign_updates(&mut steps, &keys, &release, dir)?;
        steps.run("checksums", || sign::checksums(keys.gpg.as_ref(), dir))
    });
    std::fs::remove_dir_all(&home)?;
    outcome?;
    print_sizes(dir)?;
    steps.finish()
}

fn keys(args: &Args, home: &Path) -> Result<Keys> {
    if args.test_keys {
        Keys::for_tests(home)
    } else {
        Keys::from_environment(home)
    }
}

/// Completes a directory for the tests of the packages, with keys of its own.
pub(crate) fn rehearse(dir: &Path, home: &Path) -> Result<()> {
    let keys = Keys::for_tests(home)?;
    let release = Release::find(1)?;
    sbom::of_installers(&release, dir)?;
    if let Some(gpg) = &keys.gpg {
        gpg.export(&dir.join("workpulse-packages.asc"))?;
    }
    if let Some(minisign) = &keys.minisign {
        sign::updates(minisign, &release, dir)?;
    }
    sign::checksums(keys.gpg.as_ref(), dir)
}
