//! `cargo xtask dist`: packages for IT, and what IT needs to trust them.
//!
//! Everything that this machine can make goes into one directory, is signed where a key is
//! given, listed with its checksum, and printed with its size. What was left out is printed
//! too, with the reason.

mod complete;
mod deb;
mod manifest;
mod repository;
mod reproduce;
mod rpm;
mod sbom;
mod sign;
mod stage;

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};

pub(crate) use self::complete::rehearse as rehearse_complete;
use self::{manifest::Manifest, sign::Keys, stage::Inputs};
use crate::{
    cmd::{self, Cmd},
    dashboard, repo,
    setup::{self, Purpose},
    steps::Steps,
    window,
};

/// The packages, by the directory of their manifest.
const PACKAGES: [&str; 2] = ["installers/linux/agent", "installers/server"];
/// The programs that packages hold, each with cargo's profile that it is built with, which is also
/// the directory that it lands in.
const PROGRAMS: [(&str, &str); 4] = [
    ("workpulse-server", "release"),
    ("workpulse-agent", "desktop"),
    ("workpulse-tray", "desktop"),
    ("workpulse-window", "desktop"),
];
/// What is built with each profile.
const BUILDS: [(&str, &[&str]); 2] = [
    ("release", &["workpulse-server"]),
    ("desktop", &["workpulse-agent", "workpulse-tray"]),
];

/// Make the packages for IT: .deb, .rpm, repositories, signatures, SBOM, checksums
///
/// Keys come from the environment, and nothing is signed without them:
/// `WORKPULSE_GPG_KEY` (an ASCII-armoured secret key, or a file with one) signs .deb
/// repositories, .rpm packages and checksums; `WORKPULSE_MINISIGN_KEY` (a file) signs what the
/// updater fetches. --test-keys makes throw-away keys on the spot.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Where everything goes; emptied first
    #[arg(long, value_name = "DIR", default_value = "dist")]
    out: PathBuf,
    /// Take the programs as they were built last, without building
    #[arg(long)]
    skip_build: bool,
    /// The packages' revision: rises when the same version is packaged again
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=9_999))]
    revision: u32,
    /// Sign with keys made for this run; never for packages that leave this machine
    #[arg(long)]
    test_keys: bool,
    /// Build everything a second time, elsewhere, and compare byte by byte
    #[arg(long)]
    reproduce: bool,
    /// Make no packages, but complete what several machines have made and put into this
    /// directory: SBOM of installers for Windows and macOS, signatures for updaters, checksums
    #[arg(long, value_name = "DIR", conflicts_with_all = ["out", "skip_build", "reproduce"])]
    complete: Option<PathBuf>,
    /// Only these steps
    #[arg(long, value_name = "STEP")]
    only: Vec<String>,
}

/// What is released: the same for all files of one run.
pub(crate) struct Release {
    /// The workspace's version.
    pub(crate) version: String,
    /// How often this version was packaged.
    pub(crate) revision: u32,
    /// Instant of the commit, seconds since 1970: the only time that is part of a package.
    pub(crate) epoch: i64,
    /// The same, as Debian's changelog wants it.
    pub(crate) date_rfc2822: String,
    /// The commit's year.
    pub(crate) year: String,
    /// Debian's name of this machine's architecture.
    pub(crate) deb_arch: String,
    /// RPM's name of it.
    pub(crate) rpm_arch: String,
    /// `Name <address>` of whoever makes the packages.
    pub(crate) packager: String,
}

impl Release {
    fn find(revision: u32) -> Result<Self> {
        let git = |args: &[&str]| {
            Cmd::new("git", args)
                .dir(repo::root())
                .env("TZ", "UTC")
                .capture()
                .map(|text| text.trim().to_owned())
        };
        let log = |format: &str| git(&["log", "-1", "--date=format-local:%Y", format]);
        let epoch = log("--format=%ct")?
            .parse()
            .context("git gave no instant of the last commit")?;
        let arch = std::env::consts::ARCH;
        let deb_arch = match arch {
            "x86_64" => "amd64",
            "aarch64" => "arm64",
            other => bail!("no packages are made for {other}"),
        };
        Ok(Self {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            revision,
            epoch,
            date_rfc2822: Cmd::new("date", &["-uRd"])
                .arg(format!("@{epoch}"))
                .env("LC_ALL", "C")
                .capture()?
                .trim()
                .to_owned(),
            year: log("--format=%cd")?,
            deb_arch: deb_arch.to_owned(),
            rpm_arch: arch.to_owned(),
            packager: std::env::var("WORKPULSE_PACKAGER")
                .unwrap_or_else(|_| "WorkPulse packages <packages@workpulse.invalid>".to_owned()),
        })
    }
}

pub(crate) fn run(args: &Args) -> Result<()> {
    if let Some(dir) = &args.complete {
        return complete::run(args, &absolute(dir)?);
    }
    setup::ensure(Purpose::Dist)?;
    let mut steps = Steps::new("dist", &args.only);
    let release = Release::find(args.revision)?;
    let out = absolute(&args.out)?;
    let work = repo::target_dir()?.join("dist-work");
    if steps.wants("build") && !args.skip_build {
        steps.run("build", || build(repo::root(), repo::target_dir()?))?;
    }
    empty(&work)?;
    empty(&out)?;
    let keys = if args.test_keys {
        Keys::for_tests(&work.join("keys"))?
    } else {
        Keys::from_environment(&work.join("keys"))?
    };
    let binaries = gathered(repo::target_dir()?)?;
    steps.run("packages", || packages(&release, &binaries, &work, &out))?;
    steps.run("sbom", || sbom::write(&release, &out))?;
    if let Some(gpg) = &keys.gpg {
        steps.run("sign packages", || sign::packages(gpg, &out))?;
    } else {
        steps.not_done(
            "sign packages",
            "WORKPULSE_GPG_KEY holds no key; --test-keys makes one",
        );
    }
    steps.run("repositories", || {
        repository::write(&release, keys.gpg.as_ref(), &out)
    })?;
    sign_updates(&mut steps, &keys, &release, &out)?;
    if args.reproduce {
        steps.run("reproduce", || reproduce::compare(&release, &work, &out))?;
    }
    // Last: what was found out by building twice is among what they name.
    steps.run("checksums", || sign::checksums(keys.gpg.as_ref(), &out))?;
    left_out(&mut steps);
    print_sizes(&out)?;
    steps.finish()
}

fn sign_updates(steps: &mut Steps, keys: &Keys, release: &Release, out: &Path) -> Result<()> {
    if let Some(minisign) = &keys.minisign {
        return steps.run("sign updates", || sign::updates(minisign, release, out));
    }
    steps.not_done(
        "sign updates",
        "WORKPULSE_MINISIGN_KEY names no key; --test-keys makes one",
    );
    Ok(())
}

/// Packages of several revisions, signed with keys of this run, for the tests of the packages:
/// each a revision, the binaries that it holds, and where it goes.
pub(crate) fn rehearse(revisions: &[(u32, &Path, &Path)], work: &Path) -> Result<()> {
    let keys = Keys::for_tests(&work.join("keys"))?;
    for (revision, binaries, out) in revisions {
        let release = Release::find(*revision)?;
        fs::create_dir_all(out)?;
        packages(&release, binaries, &work.join(revision.to_string()), out)?;
        if let Some(gpg) = &keys.gpg {
            sign::packages(gpg, out)?;
        }
        repository::write(&release, keys.gpg.as_ref(), out)?;
        if let Some(minisign) = &keys.minisign {
            sign::updates(minisign, &release, out)?;
        }
        sign::checksums(keys.gpg.as_ref(), out)?;
    }
    Ok(())
}

/// Release binaries, without the paths of this machine inside.
fn build(root: &Path, target: &Path) -> Result<()> {
    window::install()?;
    dashboard::build(false)?;
    window::build()?;
    build_programs(root, target)
}

/// The programs of all profiles in one directory.
pub(crate) fn gathered(target: &Path) -> Result<PathBuf> {
    let together = target.join("programs");
    fs::create_dir_all(&together)?;
    for (program, profile) in PROGRAMS {
        let built = target.join(profile).join(program);
        fs::copy(&built, together.join(program))
            .with_context(|| format!("{} is not built", built.display()))?;
    }
    Ok(together)
}

/// What no run on Linux can make.
fn left_out(steps: &mut Steps) {
    steps.not_done(
        "windows installers",
        "their programs are built on Windows; then installers/windows/build-msi.sh and workpulse.nsi",
    );
    steps.not_done(
        "macos packages",
        "pkgbuild and hdiutil are on macOS only: installers/macos/build-pkg.sh",
    );
    steps.not_done(
        "container image",
        if cmd::exists("docker") || cmd::exists("podman") {
            "it is built from these packages: docker build -f installers/docker/Dockerfile -t workpulse-server dist"
        } else {
            "no container engine is here"
        },
    );
}

/// The same commands for the first and for the second build.
fn build_programs(root: &Path, target: &Path) -> Result<()> {
    BUILDS
        .iter()
        .try_for_each(|(profile, crates)| cargo_build(root, target, profile, crates).run())
}

fn cargo_build(root: &Path, target: &Path, profile: &str, crates: &[&str]) -> Cmd {
    let home = std::env::var("CARGO_HOME")
        .unwrap_or_else(|_| format!("{}/.cargo", std::env::var("HOME").unwrap_or_default()));
    let mut command = repo::cargo(&["build", "--profile", profile, "--locked"]).dir(root);
    for name in crates {
        command = command.arg("-p").arg(name);
    }
    command
        .env("CARGO_TARGET_DIR", target)
        .env("CARGO_INCREMENTAL", "0")
        .env(
            "RUSTFLAGS",
            format!(
                "--remap-path-prefix={}=/workpulse --remap-path-prefix={home}=/cargo --remap-path-prefix={}=/target",
                root.display(),
                // Last, for it may lie below the sources: what build scripts generate is there.
                target.display()
            ),
        )
}

/// All packages of all formats.
fn packages(release: &Release, binaries: &Path, work: &Path, out: &Path) -> Result<()> {
    let man = work.join("man");
    fs::create_dir_all(&man)?;
    for (program, _) in PROGRAMS {
        // Every program describes itself; the pages cannot say what it does not do.
        let written = match program {
            "workpulse-tray" | "workpulse-window" => {
                Cmd::new(binaries.join(program), &["--write-man"])
            }
            _ => Cmd::new(binaries.join(program), &["man"]),
        };
        written.arg(&man).capture()?;
    }
    let inputs = Inputs {
        binaries: binaries.to_owned(),
        man,
    };
    for home in PACKAGES {
        let manifest = Manifest::read(&repo::root().join(home))?;
        for made in [
            deb::build(&manifest, release, &inputs, work, out)?,
            rpm::build(&manifest, release, &inputs, work, out)?,
        ] {
            println!("    {}", name(&made));
        }
    }
    Ok(())
}

fn print_sizes(out: &Path) -> Result<()> {
    let mut files = Vec::new();
    list(out, &mut files)?;
    files.sort();
    println!("\n{}:", out.display());
    for file in files {
        let size = fs::metadata(&file)?.len();
        let shown = file.strip_prefix(out).unwrap_or(&file);
        println!("  {:>10}  {}", human(size), shown.display());
    }
    Ok(())
}

/// Every file below a directory.
fn list(dir: &Path, into: &mut Vec<PathBuf>) -> Result<()> {
    for entry in fs::read_dir(dir).with_context(|| format!("cannot read {}", dir.display()))? {
        let path = entry?.path();
        if path.is_dir() {
            list(&path, into)?;
        } else {
            into.push(path);
        }
    }
    Ok(())
}

fn human(bytes: u64) -> String {
    let (unit, name) = match bytes {
        0..1_000 => return format!("{bytes} B"),
        1_000..1_000_000 => (1_000, "kB"),
        _ => (1_000_000, "MB"),
    };
    format!("{}.{} {name}", bytes / unit, bytes % unit * 10 / unit)
}

fn name(path: &Path) -> String {
    path.file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default()
}

fn absolute(path: &Path) -> Result<PathBuf> {
    std::path::absolute(repo::root().join(path)).context("the directory has no absolute path")
}

/// Removes what a run before has left, and only that.
fn empty(dir: &Path) -> Result<()> {
    const MARK: &str = ".made-by-xtask-dist";
    if dir.is_dir() && fs::read_dir(dir)?.next().is_some() {
        if !dir.join(MARK).is_file() {
            bail!(
                "{} holds files that this command did not make; empty it, or choose another with --out",
                dir.display()
            );
        }
        fs::remove_dir_all(dir)?;
    }
    fs::create_dir_all(dir).with_context(|| format!("cannot create {}", dir.display()))?;
    fs::write(dir.join(MARK), "")?;
    Ok(())
}

/// Whether a program is there; its Debian package if it is not.
fn require(program: &str, package: &str) -> Result<()> {
    if cmd::exists(program) {
        return Ok(());
    }
    bail!("{program} is not here; its Debian package is {package}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_read_well() {
        assert_eq!(human(999), "999 B");
        assert_eq!(human(12_345), "12.3 kB");
        assert_eq!(human(12_345_678), "12.3 MB");
    }

    #[test]
    fn a_directory_with_other_files_is_never_emptied() {
        let dir = repo::scratch_dir("dist-test").expect("a directory");
        fs::write(dir.join("thesis.txt"), "years of work").expect("written");
        let error = empty(&dir).expect_err("not ours").to_string();
        assert!(error.contains("did not make"), "{error}");
        assert!(dir.join("thesis.txt").is_file());
        fs::remove_file(dir.join("thesis.txt")).expect("removed");
        empty(&dir).expect("an empty one is fine");
        fs::write(dir.join("old.deb"), "").expect("written");
        empty(&dir).expect("ours now");
        assert!(!dir.join("old.deb").exists());
        fs::remove_dir_all(dir).expect("removed");
    }
}
