//! A web page that is built with npm: its packages and its build.
//!
//! Only this program runs npm. Both steps are left out when nothing that they read has
//! changed since they last succeeded; the stamps live in `node_modules`, so that removing
//! that directory forgets them too.

use std::{
    fs,
    hash::{DefaultHasher, Hash, Hasher},
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};

use crate::{cmd::Cmd, repo};

const INSTALLED: &str = "node_modules/.workpulse-installed";
const BUILT: &str = "node_modules/.workpulse-built";

/// A directory with a package.json.
pub(crate) struct Package {
    /// What it is called when something is told about it.
    pub(crate) name: &'static str,
    /// Where it is.
    pub(crate) dir: PathBuf,
    /// Sources elsewhere that are built into it.
    pub(crate) uses: Vec<PathBuf>,
}

impl Package {
    /// npm with these arguments, in this package.
    pub(crate) fn npm(&self, args: &[&str]) -> Cmd {
        repo::npm_in(&self.dir, args)
    }

    /// `npm ci`, when package-lock.json has changed since the last time.
    pub(crate) fn install(&self) -> Result<()> {
        let mut hasher = DefaultHasher::new();
        hash_file(&self.dir.join("package-lock.json"), &mut hasher)?;
        let want = hasher.finish().to_string();
        if stamp(&self.dir.join(INSTALLED)).as_deref() == Some(&want) {
            return Ok(());
        }
        println!("Installing the packages of the {} (npm ci)", self.name);
        self.npm(&["ci", "--no-audit", "--no-fund"]).run()?;
        set_stamp(&self.dir.join(INSTALLED), &want)
    }

    /// `npm run build`, when a source has changed since the last time.
    pub(crate) fn build(&self, force: bool) -> Result<()> {
        let mut hasher = DefaultHasher::new();
        hash_sources(&self.dir, &mut hasher)?;
        for dir in &self.uses {
            hash_sources(dir, &mut hasher)?;
        }
        let want = hasher.finish().to_string();
        let built = self.dir.join("dist/index.html").is_file();
        if !force && built && stamp(&self.dir.join(BUILT)).as_deref() == Some(&want) {
            return Ok(());
        }
        println!("Building the {} (npm run build)", self.name);
        self.npm(&["run", "--silent", "build"]).run()?;
        set_stamp(&self.dir.join(BUILT), &want)
    }
}

fn stamp(path: &Path) -> Option<String> {
    fs::read_to_string(path).ok()
}

fn set_stamp(path: &Path, text: &str) -> Result<()> {
    fs::write(path, text).with_context(|| format!("cannot write {}", path.display()))
}

/// Everything in the directory but what npm and the build themselves write.
fn hash_sources(dir: &Path, hasher: &mut DefaultHasher) -> Result<()> {
    const WRITTEN: [&str; 5] = [
        "node_modules",
        "dist",
        "dist-fake",
        "test-results",
        "coverage",
    ];
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
