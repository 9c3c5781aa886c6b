//! A package's files, laid out as they will be installed.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, ensure};

use super::manifest::{Manifest, Source};
use crate::cmd::Cmd;

/// The two worlds of packages, which keep a few things in different places.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format {
    /// Debian, Ubuntu.
    Deb,
    /// Fedora, RHEL, openSUSE.
    Rpm,
}

impl Format {
    fn zsh(self) -> &'static str {
        match self {
            Self::Deb => "usr/share/zsh/vendor-completions",
            Self::Rpm => "usr/share/zsh/site-functions",
        }
    }
}

/// A file or an empty directory, as it will be installed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Placed {
    /// Without the leading slash.
    pub(super) path: String,
    /// Permission bits.
    pub(super) mode: u32,
    /// An upgrade keeps what IT changed.
    pub(super) settings: bool,
    /// A directory rather than a file.
    pub(super) directory: bool,
}

/// The laid-out files of one package.
pub(super) struct Stage {
    /// The directory that stands for `/`.
    pub(super) root: PathBuf,
    /// What is in it, in the order of paths.
    pub(super) placed: Vec<Placed>,
}

/// Where built and generated files are.
pub(super) struct Inputs {
    /// Release binaries.
    pub(super) binaries: PathBuf,
    /// `man/*.1`, made by the programs.
    pub(super) man: PathBuf,
}

impl Stage {
    /// Lays a package's files out under `root`, which must not exist yet.
    pub(super) fn lay_out(
        manifest: &Manifest,
        format: Format,
        inputs: &Inputs,
        root: &Path,
    ) -> Result<Self> {
        fs::create_dir_all(root).with_context(|| format!("cannot create {}", root.display()))?;
        let mut stage = Self {
            root: root.to_owned(),
            placed: Vec::new(),
        };
        for entry in &manifest.files {
            let mode = u32::from_str_radix(&entry.mode, 8).context("a mode in octal digits")?;
            match entry.source(&manifest.home) {
                Source::Binary(name) => {
                    stage.put(&inputs.binaries.join(name), &entry.target, mode, false)?;
                    // Names of functions are a sixth of the size, and of use to nobody who
                    // installs it: a panic's place is in its message.
                    Cmd::new("strip", &["--strip-unneeded", "--remove-section=.comment"])
                        .arg(root.join(&entry.target))
                        .capture()?;
                }
                Source::File(path) => stage.put(&path, &entry.target, mode, entry.settings)?,
                Source::Man(program) => stage.man_pages(program, inputs, &entry.target)?,
                Source::Completions(program) => stage.completions(program, format, inputs)?,
            }
        }
        for directory in &manifest.directories {
            fs::create_dir_all(root.join(&directory.target))?;
            stage.placed.push(Placed {
                path: directory.target.clone(),
                mode: u32::from_str_radix(&directory.mode, 8).context("a mode in octal digits")?,
                settings: false,
                directory: true,
            });
        }
        stage.placed.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(stage)
    }

    /// Adds one file.
    pub(super) fn put(
        &mut self,
        source: &Path,
        target: &str,
        mode: u32,
        settings: bool,
    ) -> Result<()> {
        let content =
            fs::read(source).with_context(|| format!("cannot read {}", source.display()))?;
        self.write(&content, target, mode, settings)
    }

    /// Adds one file with this content.
    pub(super) fn write(
        &mut self,
        content: &[u8],
        target: &str,
        mode: u32,
        settings: bool,
    ) -> Result<()> {
        let path = self.root.join(target);
        let parent = path.parent().context("a file has a directory")?;
        fs::create_dir_all(parent)?;
        fs::write(&path, content).with_context(|| format!("cannot write {}", path.display()))?;
        set_mode(&path, mode)?;
        self.placed.push(Placed {
            path: target.to_owned(),
            mode,
            settings,
            directory: false,
        });
        Ok(())
    }

    /// Adds one file, compressed.
    pub(super) fn write_gzip(&mut self, content: &[u8], target: &str) -> Result<()> {
        self.write(content, target, 0o644, false)?;
        // Without a name and a time inside, so that the same content gives the same bytes.
        Cmd::new("gzip", &["-9n"])
            .arg(self.root.join(target))
            .run()?;
        let placed = self.placed.last_mut().expect("just written");
        placed.path.push_str(".gz");
        Ok(())
    }

    fn man_pages(&mut self, program: &str, inputs: &Inputs, target: &str) -> Result<()> {
        let mut pages: Vec<PathBuf> = fs::read_dir(&inputs.man)
            .with_context(|| format!("cannot read {}", inputs.man.display()))?
            .map(|entry| Ok(entry?.path()))
            .collect::<Result<_>>()?;
        pages.retain(|page| {
            page.file_stem()
                .and_then(|stem| stem.to_str())
                .is_some_and(|stem| stem == program || stem.starts_with(&format!("{program}-")))
        });
        ensure!(!pages.is_empty(), "{program} has written no man page");
        pages.sort();
        for page in pages {
            let name = page
                .file_name()
                .and_then(|name| name.to_str())
                .context("a man page has a name")?;
            self.write_gzip(&fs::read(&page)?, &format!("{target}{name}"))?;
        }
        Ok(())
    }

    fn completions(&mut self, program: &str, format: Format, inputs: &Inputs) -> Result<()> {
        let binary = inputs.binaries.join(program);
        let script = |shell: &str| Cmd::new(&binary, &["completions", shell]).capture();
        let bash = format!("usr/share/bash-completion/completions/{program}");
        let fish = format!("usr/share/fish/vendor_completions.d/{program}.fish");
        let zsh = format!("{}/_{program}", format.zsh());
        self.write(script("bash")?.as_bytes(), &bash, 0o644, false)?;
        self.write(script("fish")?.as_bytes(), &fish, 0o644, false)?;
        self.write(script("zsh")?.as_bytes(), &zsh, 0o644, false)
    }

    /// Bytes of all files.
    pub(super) fn size(&self) -> Result<u64> {
        let mut sum = 0;
        for placed in &self.placed {
            sum += fs::metadata(self.root.join(&placed.path))?.len();
        }
        Ok(sum)
    }
}

#[cfg(unix)]
pub(super) fn set_mode(path: &Path, mode: u32) -> Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    fs::set_permissions(path, fs::Permissions::from_mode(mode))?;
    Ok(())
}

#[cfg(not(unix))]
pub(super) fn set_mode(_path: &Path, _mode: u32) -> Result<()> {
    anyhow::bail!("Linux packages are made on Linux")
}
