//! `cargo xtask dashboard`: installs what the dashboard needs and builds it.
//!
//! Only this program runs npm. Both steps are left out when nothing that they read has
//! changed since they last succeeded; the stamps live in `node_modules`, so that removing
//! that directory forgets them too.

use std::{
    fs,
    hash::{DefaultHasher, Hash, Hasher},
    path::Path,
};

use anyhow::{Context, Result};

use crate::repo;

/// Build the web dashboard into backend/dashboard/dist
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Build even if nothing has changed
    #[arg(long)]
    force: bool,
}

const INSTALLED: &str = "node_modules/.workpulse-installed";
const BUILT: &str = "node_modules/.workpulse-built";

pub(crate) fn run(args: &Args) -> Result<()> {
    install()?;
    build(args.force)
}

/// `npm ci`, when package-lock.json or Node has changed since the last time.
pub(crate) fn install() -> Result<()> {
    let dir = repo::dashboard();
    let mut hasher = DefaultHasher::new();
    hash_file(&dir.join("package-lock.json"), &mut hasher)?;
    let want = hasher.finish().to_string();
    if stamp(&dir.join(INSTALLED)).as_deref() == Some(&want) {
        return Ok(());
    }
    println!("Installing the dashboard's packages (npm ci)");
    repo::npm(&["ci", "--no-audit", "--no-fund"]).run()?;
    set_stamp(&dir.join(INSTALLED), &want)
}

/// `npm run build`, when a source has changed since the last time.
pub(crate) fn build(force: bool) -> Result<()> {
    let dir = repo::dashboard();
    let mut hasher = DefaultHasher::new();
    hash_sources(&dir, &mut hasher)?;
    let want = hasher.finish().to_string();
    let built = dir.join("dist/index.html").is_file();
    if !force && built && stamp(&dir.join(BUILT)).as_deref() == Some(&want) {
        return Ok(());
    }
    println!("Building the dashboard (npm run build)");
    repo::npm(&["run", "--silent", "build"]).run()?;
    set_stamp(&dir.join(BUILT), &want)
}

fn stamp(path: &Path) -> Option<String> {
    fs::read_to_string(path).ok()
}

fn set_stamp(path: &Path, text: &str) -> Result<()> {
    fs::write(path, text).with_context(|| format!("cannot write {}", path.display()))
}

/// Everything in the directory but what npm and the build themselves write.
fn hash_sources(dir: &Path, hasher: &mut DefaultHasher) -> Result<()> {
    const WRITTEN: [&str; 4] = ["node_modules", "dist", "test-results", "coverage"];
    let mut entries = fs::read_dir(dir)
        .and_then(Iterator::collect::<std::io::Result<Vec<_>>>)
        .with_context(|| format!("cannot read {}", dir.display()))?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let name = entry.file_name();
        if entry.file_type()?.is_dir() {
            if !WRITTEN.iter().any(|written| name == *written) {
                name.hash(hasher);
                hash_sources(&entry.path(), hasher)?;
            }
        } else {
            name.hash(hasher);
            hash_file(&entry.path(), hasher)?;
        }
    }
    Ok(())
}

fn hash_file(path: &Path, hasher: &mut DefaultHasher) -> Result<()> {
    fs::read(path)
        .with_context(|| format!("cannot read {}", path.display()))?
        .hash(hasher);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hash(dir: &Path) -> u64 {
        let mut hasher = DefaultHasher::new();
        hash_sources(dir, &mut hasher).expect("readable");
        hasher.finish()
    }

    #[test]
    fn a_changed_source_is_noticed_and_a_changed_output_is_not() {
        let dir = repo::scratch_dir("dashboard-test").expect("a directory");
        fs::create_dir_all(dir.join("src")).expect("made");
        fs::create_dir_all(dir.join("dist")).expect("made");
        fs::write(dir.join("src/a.ts"), "1").expect("written");
        let before = hash(&dir);
        fs::write(dir.join("dist/a.js"), "1").expect("written");
        assert_eq!(hash(&dir), before);
        fs::write(dir.join("src/a.ts"), "2").expect("written");
        assert_ne!(hash(&dir), before);
        fs::remove_dir_all(dir).expect("removed");
    }
}
