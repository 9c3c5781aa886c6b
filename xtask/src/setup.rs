//! `cargo xtask setup`: what must be on this machine, and putting it there.
//!
//! On Debian and Ubuntu what is missing is installed, as root or through a `sudo` that asks
//! nothing. Everywhere else, and for anybody else, the missing things are named and the
//! command fails: it never half-works.

use std::{collections::BTreeSet, env};

use anyhow::{Context, Result, bail};
use clap::ValueEnum;

use crate::cmd::{self, Cmd};

/// Install the system packages that building, testing or the demo needs
///
/// The other commands call this themselves. As root, or with a sudo that asks for no
/// password, missing packages are installed with apt-get; otherwise the exact command to
/// run is printed and nothing is changed.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// What the machine is to be made ready for
    #[arg(value_enum, default_value_t = Purpose::Test)]
    purpose: Purpose,
    /// Only say what is missing
    #[arg(long)]
    dry_run: bool,
}

/// What a machine is made ready for.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(crate) enum Purpose {
    /// Server, dashboard and headless agent
    Demo,
    /// Everything that `cargo xtask test` runs
    Test,
    /// Making packages
    Dist,
}

/// What proves that a requirement is met.
#[derive(Clone, Copy)]
enum Proof {
    /// One of these programs is on the path.
    Program(&'static [&'static str]),
    /// pkg-config knows this library.
    Library(&'static str),
    /// Only the package itself.
    Package,
}

struct Need {
    package: &'static str,
    proof: Proof,
}

const fn program(package: &'static str, names: &'static [&'static str]) -> Need {
    Need {
        package,
        proof: Proof::Program(names),
    }
}

const fn library(package: &'static str, pkg_config: &'static str) -> Need {
    Need {
        package,
        proof: Proof::Library(pkg_config),
    }
}

const BUILD: &[Need] = &[
    program("build-essential", &["cc", "gcc", "clang"]),
    program("pkg-config", &["pkg-config"]),
];

const VIRTUAL_DESKTOP: &[Need] = &[
    program("xvfb", &["Xvfb"]),
    program("openbox", &["openbox"]),
    program("xterm", &["xterm"]),
    program("xdotool", &["xdotool"]),
    program("x11-utils", &["xprop"]),
];

const TEST: &[Need] = &[
    program("postgresql", &["postgres", "initdb"]),
    program("nginx", &["nginx"]),
    program(
        "chromium",
        &["chromium", "chromium-browser", "google-chrome"],
    ),
    Need {
        package: "fonts-dejavu-core",
        proof: Proof::Package,
    },
    program("tint2", &["tint2"]),
    program("imagemagick", &["import"]),
    program("dbus-x11", &["dbus-launch"]),
    program("sway", &["sway"]),
    program("foot", &["foot"]),
    program("strace", &["strace"]),
    program("i3lock", &["i3lock"]),
    program("webkit2gtk-driver", &["WebKitWebDriver"]),
    program("file", &["file"]),
    // The standard library's venv is a package of its own on Debian.
    Need {
        package: "python3-venv",
        proof: Proof::Package,
    },
];

const LIBRARIES: &[Need] = &[
    library("libwebkit2gtk-4.1-dev", "webkit2gtk-4.1"),
    library("libgtk-3-dev", "gtk+-3.0"),
    library("libayatana-appindicator3-dev", "ayatana-appindicator3-0.1"),
    library("librsvg2-dev", "librsvg-2.0"),
    library("libssl-dev", "openssl"),
    Need {
        package: "libxdo-dev",
        proof: Proof::Package,
    },
    library("libxcb1-dev", "xcb"),
    library("libdbus-1-dev", "dbus-1"),
    library("libx11-dev", "x11"),
    library("libxss-dev", "xscrnsaver"),
];

const DIST: &[Need] = &[
    program("dpkg-dev", &["dpkg-shlibdeps"]),
    program("apt-utils", &["apt-ftparchive"]),
    program("rpm", &["rpmbuild"]),
    program("createrepo-c", &["createrepo_c"]),
    program("gnupg", &["gpg"]),
    program("minisign", &["minisign"]),
    // What the packages' tests take on top.
    program("lintian", &["lintian"]),
    program("mmdebstrap", &["mmdebstrap"]),
    program("iproute2", &["ip"]),
    program("curl", &["curl"]),
    program("libxml2-utils", &["xmllint"]),
    program("wixl", &["wixl"]),
    program("msitools", &["msiinfo"]),
    program("nsis", &["makensis"]),
    program("osslsigncode", &["osslsigncode"]),
    program("openssl", &["openssl"]),
    program("desktop-file-utils", &["desktop-file-validate"]),
    program("appstream", &["appstreamcli"]),
    program("shellcheck", &["shellcheck"]),
    program("systemd", &["systemd-analyze"]),
    program("python3", &["python3"]),
];

/// What makes the tests quicker where the distribution has it; all of them run without.
/// Chromium without its windows takes three fifths of the time, and Ubuntu has no package of it.
const QUICKER: &str = "chromium-headless-shell";

fn needs(purpose: Purpose, has_display: bool) -> Vec<&'static Need> {
    let desktop = match purpose {
        Purpose::Test => true,
        Purpose::Demo => !has_display,
        Purpose::Dist => false,
    };
    BUILD
        .iter()
        .chain(VIRTUAL_DESKTOP.iter().filter(|_| desktop))
        .chain(TEST.iter().filter(|_| purpose == Purpose::Test))
        .chain(LIBRARIES.iter().filter(|_| purpose != Purpose::Demo))
        .chain(DIST.iter().filter(|_| purpose == Purpose::Dist))
        .collect()
}

/// Whether this session has an X display.
pub(crate) fn has_display() -> bool {
    env::var_os("DISPLAY").is_some_and(|display| !display.is_empty())
}

pub(crate) fn run(args: &Args) -> Result<()> {
    check_node()?;
    let missing = missing(args.purpose);
    if missing.is_empty() {
        println!("Nothing is missing.");
    } else if args.dry_run {
        println!("Missing: {}", missing.join(" "));
    } else {
        install(&missing)?;
    }
    Ok(())
}

/// Makes this machine ready, or fails saying what to install.
pub(crate) fn ensure(purpose: Purpose) -> Result<()> {
    check_node()?;
    let missing = missing(purpose);
    if !missing.is_empty() {
        install(&missing)?;
    }
    if purpose == Purpose::Test && !cmd::exists(QUICKER) {
        quicken();
    }
    Ok(())
}

/// Installs what is quicker, if it is offered; a machine that cannot goes on without.
fn quicken() {
    let offered = Cmd::new("apt-cache", &["show", QUICKER]).succeeds();
    if !offered || install(&[QUICKER]).is_err() {
        println!("{QUICKER} is not to be had here: the browser tests take longer");
    }
}

/// The packages whose proof is not there.
fn missing(purpose: Purpose) -> Vec<&'static str> {
    let needs = needs(purpose, has_display());
    let installed = installed_packages(needs.iter().map(|need| need.package));
    needs
        .iter()
        .filter(|need| {
            !installed.contains(need.package)
                && match need.proof {
                    Proof::Program(names) => !names.iter().any(|name| found(name)),
                    Proof::Library(name) => !Cmd::new("pkg-config", &["--exists", name]).succeeds(),
                    Proof::Package => cmd::exists("dpkg-query"),
                }
        })
        .map(|need| need.package)
        .collect()
}

fn found(program: &str) -> bool {
    // Debian keeps PostgreSQL's server programs off the path, and nginx off that of some.
    cmd::exists(program)
        || crate::postgres::program(program).is_some()
        || std::path::Path::new("/usr/sbin").join(program).is_file()
}

/// Of these packages, those that dpkg says are installed; none where there is no dpkg.
fn installed_packages(names: impl Iterator<Item = &'static str>) -> BTreeSet<String> {
    let mut query = Cmd::new(
        "sh",
        &[
            "-c",
            r#"dpkg-query -W -f '${db:Status-Status} ${Package}\n' "$@" 2>/dev/null || true"#,
            "sh",
        ],
    );
    for name in names {
        query = query.arg(name);
    }
    query
        .capture()
        .map_or_else(|_| BTreeSet::new(), |text| parse_dpkg(&text))
}

fn parse_dpkg(text: &str) -> BTreeSet<String> {
    text.lines()
        .filter_map(|line| line.strip_prefix("installed "))
        .map(str::to_owned)
        .collect()
}

fn check_node() -> Result<()> {
    const ADVICE: &str = "the dashboard is built with Node.js 20.19 or newer and npm: https://nodejs.org/en/download";
    let version = Cmd::new("node", &["--version"])
        .capture()
        .with_context(|| format!("Node.js is not here; {ADVICE}"))?;
    if parse_node(&version).is_none_or(|version| version < (20, 19)) {
        bail!("Node.js is {}; {ADVICE}", version.trim());
    }
    if !cmd::exists("npm") {
        bail!("npm is not here; {ADVICE}");
    }
    Ok(())
}

fn parse_node(text: &str) -> Option<(u32, u32)> {
    let mut parts = text.trim().strip_prefix('v')?.split('.');
    Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
}

/// Installs with apt-get, or says what to type.
fn install(packages: &[&'static str]) -> Result<()> {
    let list = packages.join(" ");
    let by_hand = format!("apt-get update && apt-get install -y --no-install-recommends {list}");
    if !cmd::exists("apt-get") {
        bail!(
            "these are missing, and this machine has no apt-get to install them with; their Debian names: {list}"
        );
    }
    let prefix: &[&str] = if is_root() {
        &[]
    } else if Cmd::new("sudo", &["-n", "true"]).succeeds() {
        &["sudo", "-n"]
    } else {
        bail!(
            "these packages are missing: {list}\nInstall them, then run this again:\n\n    sudo sh -c '{by_hand}'\n"
        );
    };
    println!("Installing {list}");
    // Another apt may hold the lock on a machine that has just booted: wait for it.
    let common = ["-o", "DPkg::Lock::Timeout=180", "-q"];
    let apt = |action: &[&str]| {
        let words: Vec<&str> = prefix
            .iter()
            .chain(["env", "DEBIAN_FRONTEND=noninteractive", "apt-get"].iter())
            .chain(common.iter())
            .chain(action)
            .copied()
            .collect();
        Cmd::new(words[0], &words[1..])
    };
    apt(&["update"])
        .run()
        .context("the package lists could not be fetched")?;
    let action: Vec<&str> = ["install", "-y", "--no-install-recommends"]
        .into_iter()
        .chain(packages.iter().copied())
        .collect();
    apt(&action)
        .run()
        .with_context(|| format!("apt-get failed; by hand: {by_hand}"))
}

/// Whether this process is root.
#[cfg(unix)]
pub(crate) fn is_root() -> bool {
    nix::unistd::geteuid().is_root()
}

/// Whether this process is root.
#[cfg(not(unix))]
pub(crate) fn is_root() -> bool {
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    fn packages(purpose: Purpose, has_display: bool) -> BTreeSet<&'static str> {
        needs(purpose, has_display)
            .iter()
            .map(|need| need.package)
            .collect()
    }

    #[test]
    fn a_demo_on_a_desktop_needs_no_virtual_one() {
        assert!(!packages(Purpose::Demo, true).contains("xvfb"));
        assert!(packages(Purpose::Demo, false).contains("xvfb"));
    }

    #[test]
    fn the_tests_need_all_that_the_demo_needs_even_on_a_desktop() {
        let test = packages(Purpose::Test, true);
        assert!(test.is_superset(&packages(Purpose::Demo, false)));
        assert!(test.contains("libwebkit2gtk-4.1-dev") && test.contains("postgresql"));
    }

    #[test]
    fn a_package_that_was_removed_but_left_its_settings_counts_as_missing() {
        let found = parse_dpkg("installed xvfb\nconfig-files openbox\nnot-installed xterm\n");
        assert_eq!(found.into_iter().collect::<Vec<_>>(), ["xvfb"]);
    }

    #[test]
    fn node_versions_are_compared_by_number() {
        assert_eq!(parse_node("v20.19.2\n"), Some((20, 19)));
        assert!(parse_node("v20.9.0") < Some((20, 19)));
        assert_eq!(parse_node("weird"), None);
    }
}
