//! What a package holds: `installers/**/package.toml`, read and checked.
//!
//! Owns the manifest's shape. Must not know how a .deb or an .rpm is written.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, ensure};
use serde::Deserialize;

/// One package, for every format.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Manifest {
    /// The package's name in both worlds.
    pub(super) name: String,
    /// One line, without a full stop.
    pub(super) summary: String,
    /// Paragraphs, separated by empty lines.
    pub(super) description: String,
    /// Debian's section.
    pub(super) section: String,
    /// Debian packages that no shared library names.
    #[serde(default)]
    pub(super) deb_depends: Vec<String>,
    /// Debian packages that most want beside it.
    #[serde(default)]
    pub(super) deb_recommends: Vec<String>,
    /// RPM capabilities that no shared library names.
    #[serde(default)]
    pub(super) rpm_requires: Vec<String>,
    /// RPM capabilities that most want beside it.
    #[serde(default)]
    pub(super) rpm_recommends: Vec<String>,
    /// What is in it.
    #[serde(rename = "file")]
    pub(super) files: Vec<Entry>,
    /// Directories that are there although they are empty.
    #[serde(default, rename = "directory")]
    pub(super) directories: Vec<Directory>,
    /// Where the manifest stands; sources are named from here.
    #[serde(skip)]
    pub(super) home: PathBuf,
}

/// A file of a package.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Entry {
    source: String,
    /// Where it goes, without the leading slash.
    pub(super) target: String,
    /// Octal digits.
    #[serde(default = "plain")]
    pub(super) mode: String,
    /// Settings that IT may have changed: an upgrade keeps them.
    #[serde(default)]
    pub(super) settings: bool,
}

/// An empty directory of a package.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Directory {
    /// Where, without the leading slash.
    pub(super) target: String,
    /// Octal digits.
    pub(super) mode: String,
}

fn plain() -> String {
    "644".to_owned()
}

/// Where a file comes from.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Source<'a> {
    /// A release binary of this name.
    Binary(&'a str),
    /// The man pages of this program, written by itself.
    Man(&'a str),
    /// The completions of this program, written by itself.
    Completions(&'a str),
    /// A file of the repository.
    File(PathBuf),
}

impl Manifest {
    /// Reads `package.toml` of a directory.
    pub(super) fn read(home: &Path) -> Result<Self> {
        let path = home.join("package.toml");
        let text =
            fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
        let mut manifest: Self =
            toml::from_str(&text).with_context(|| path.display().to_string())?;
        home.clone_into(&mut manifest.home);
        manifest.check()?;
        Ok(manifest)
    }

    fn check(&self) -> Result<()> {
        ensure!(
            self.summary.chars().count() <= 80 && !self.summary.ends_with('.'),
            "{}: the summary is one line of at most 80 characters without a full stop",
            self.name
        );
        for entry in &self.files {
            let absolute = entry.target.starts_with('/') || entry.target.contains("..");
            ensure!(
                !absolute,
                "{}: {} must be relative to the root",
                self.name,
                entry.target
            );
            ensure!(
                u32::from_str_radix(&entry.mode, 8).is_ok(),
                "{}: {} is no mode",
                self.name,
                entry.mode
            );
            if let Source::File(path) = entry.source(&self.home) {
                ensure!(
                    path.is_file(),
                    "{}: {} is not there",
                    self.name,
                    path.display()
                );
            }
        }
        Ok(())
    }

    /// A maintainer script of one format, if the package has it.
    pub(super) fn script(&self, format: &str, name: &str) -> Option<PathBuf> {
        let path = self.home.join(format).join(name);
        path.is_file().then_some(path)
    }
}

impl Entry {
    /// Where the file comes from.
    pub(super) fn source(&self, home: &Path) -> Source<'_> {
        if let Some(name) = self.source.strip_prefix("bin:") {
            Source::Binary(name)
        } else if let Some(name) = self.source.strip_prefix("made:man/") {
            Source::Man(name)
        } else if let Some(name) = self.source.strip_prefix("made:completions/") {
            Source::Completions(name)
        } else {
            Source::File(home.join(&self.source))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::repo;

    #[test]
    fn the_manifests_of_the_repository_can_be_read_and_name_files_that_exist() {
        for home in ["installers/linux/agent", "installers/server"] {
            let manifest = Manifest::read(&repo::root().join(home)).expect(home);
            assert!(manifest.files.len() > 3, "{home}");
        }
    }

    #[test]
    fn an_unknown_key_is_named() {
        let error = toml::from_str::<Manifest>("nmae = 'x'").expect_err("a typing error");
        assert!(error.to_string().contains("nmae"), "{error}");
    }
}
