//! Builds everything a second time, in another directory, and compares.

use std::{collections::BTreeMap, fs, path::Path};

use anyhow::{Result, bail};

use super::{PROGRAMS, Release, build_programs, gathered, name, packages, sign};
use crate::{cmd::Cmd, repo};

/// The second build starts from a fresh clone elsewhere, so that a path or a file that only
/// this directory has shows up as a difference.
pub(super) fn compare(release: &Release, work: &Path, out: &Path) -> Result<()> {
    let elsewhere = repo::scratch_dir("reproduce")?;
    let result = again(release, work, out, &elsewhere);
    fs::remove_dir_all(&elsewhere)?;
    result
}

fn again(release: &Release, work: &Path, out: &Path, elsewhere: &Path) -> Result<()> {
    let clone = elsewhere.join("sources");
    Cmd::new("git", &["clone", "--quiet", "--no-hardlinks"])
        .arg(repo::root())
        .arg(&clone)
        .run()?;
    // Both pages are embedded; they are built by npm from their lock files, and compared through
    // the binaries that carry them.
    let pages = ["backend/dashboard", "agent-ui/window"].map(|dir| clone.join(dir));
    for dir in &pages {
        repo::npm_in(dir, &["ci", "--no-audit", "--no-fund", "--silent"]).run()?;
    }
    for dir in &pages {
        repo::npm_in(dir, &["run", "--silent", "build"]).run()?;
    }
    let target = elsewhere.join("target");
    build_programs(&clone, &target)?;
    let programs = gathered(&target)?;
    let second = elsewhere.join("out");
    fs::create_dir_all(&second)?;
    packages(release, &programs, &elsewhere.join("work"), &second)?;

    let mut different = Vec::new();
    let binaries = gathered(repo::target_dir()?)?;
    for (program, _) in PROGRAMS {
        if fs::read(binaries.join(program))? != fs::read(programs.join(program))? {
            different.push(program.to_owned());
        }
    }
    // Packages before signing: a signature holds the instant at which it was made.
    let unsigned = work.join("again");
    fs::create_dir_all(&unsigned)?;
    packages(release, &binaries, &work.join("again-work"), &unsigned)?;
    let (one, two) = (sums(&unsigned)?, sums(&second)?);
    for (file, sum) in &one {
        if two.get(file) != Some(sum) {
            different.push(file.clone());
        }
    }
    if different.is_empty() {
        println!(
            "    {} programs and {} packages are the same, byte by byte",
            PROGRAMS.len(),
            one.len()
        );
        fs::write(
            out.join("REPRODUCED"),
            format!(
                "{}-{}: built twice, in two places, from one commit: the same bytes before signing\n",
                release.version, release.revision
            ),
        )?;
        Ok(())
    } else {
        bail!("built twice, these differ: {}", different.join(", "))
    }
}

fn sums(dir: &Path) -> Result<BTreeMap<String, String>> {
    let mut all = BTreeMap::new();
    for ending in ["deb", "rpm"] {
        for file in sign::files(dir, ending)? {
            let sum = Cmd::new("sha256sum", &[]).arg(&file).capture()?;
            let sum = sum.split(' ').next().unwrap_or_default().to_owned();
            all.insert(name(&file), sum);
        }
    }
    Ok(all)
}
