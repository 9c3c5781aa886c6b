//! What cannot be built here is checked here, as far as tools on Linux can: scripts, property
//! lists, Windows installers around placeholder programs, the release workflow, the compose file.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, ensure};

use crate::{cmd::Cmd, repo, steps::Steps};

/// Scripts that are run on machines of others.
const SCRIPTS: [&str; 11] = [
    "installers/server/upgrade",
    "installers/server/deb/postinst",
    "installers/server/deb/postrm",
    "installers/server/deb/prerm",
    "installers/linux/agent/deb/postrm",
    "installers/linux/agent/deb/prerm",
    "installers/windows/build-msi.sh",
    "installers/macos/build-pkg.sh",
    "installers/macos/scripts/preinstall",
    "installers/macos/scripts/postinstall",
    "installers/server/rpm/post.sh",
];
/// Property lists for macOS.
const PLISTS: [&str; 4] = [
    "installers/macos/Info.plist",
    "installers/macos/io.workpulse.tray.plist",
    "installers/macos/io.workpulse.enrol.plist",
    "installers/macos/workpulse.mobileconfig",
];
/// Checks a file against the schema of its kind; pinned, so that it says the same tomorrow.
const SCHEMAS: (&str, &str) = ("check-jsonschema", "0.39.0");

/// Checks every source that this machine has a tool for.
pub(super) fn check() -> Result<()> {
    for script in SCRIPTS {
        Cmd::new("shellcheck", &["--shell=sh"])
            .arg(repo::root().join(script))
            .capture()?;
    }
    println!("    {} scripts: shellcheck finds nothing", SCRIPTS.len());
    for list in PLISTS {
        let path = repo::root().join(list);
        Cmd::new("xmllint", &["--noout", "--nonet"])
            .arg(&path)
            .capture()?;
        Cmd::new(
            "python3",
            &[
                "-c",
                "import plistlib, sys; plistlib.load(open(sys.argv[1], 'rb'))",
            ],
        )
        .arg(&path)
        .capture()?;
    }
    println!("    {} property lists are well-formed", PLISTS.len());
    let work = repo::scratch_dir("installers")?;
    let windows = windows(&work);
    fs::remove_dir_all(&work)?;
    windows?;
    schemas()
}

/// Builds both Windows installers around placeholders, and looks into the MSI.
fn windows(work: &Path) -> Result<()> {
    for program in ["workpulse-agent.exe", "workpulse-tray.exe"] {
        fs::write(work.join(program), "a placeholder")?;
    }
    let sources = repo::root().join("installers/windows");
    let msi = work.join("workpulse.msi");
    // A signing command that leaves a mark shows that it is called, for each file.
    let signed = work.join("signed");
    let sign = work.join("sign");
    fs::write(
        &sign,
        format!("#!/bin/sh\necho \"$1\" >>'{}'\n", signed.display()),
    )?;
    Cmd::new("chmod", &["755"]).arg(&sign).run()?;
    Cmd::new(sources.join("build-msi.sh"), &["1.2.3"])
        .arg(work)
        .arg(&msi)
        .env("WORKPULSE_AUTHENTICODE_COMMAND", &sign)
        .capture()?;
    let table = |name: &str| {
        Cmd::new("msiinfo", &["export"])
            .arg(&msi)
            .arg(name)
            .capture()
    };
    for (name, needed) in [
        ("Property", "MsiHiddenProperties\tENROLLMENT_TOKEN"),
        ("Property", "SERVER_URL;ENROLLMENT_TOKEN;AUTOSTART;NOUI"),
        (
            "Property",
            "UpgradeCode\t{7C0B5D0A-0C0E-4B5B-9E0B-5B1B3C7F5A11}",
        ),
        ("Property", "ALLUSERS\t1"),
        ("IniFile", "token\t\"[ENROLLMENT_TOKEN]\""),
        ("Condition", "FeatureStartAgent\t0\tAUTOSTART<>1 OR NOUI<>1"),
        ("InstallExecuteSequence", "WriteIniValues"),
    ] {
        let found = table(name)?;
        ensure!(
            found.contains(needed),
            "the MSI's {name} lacks {needed}:\n{found}"
        );
    }
    println!(
        "    MSI: built by wixl; properties, hidden token, upgrade code and conditions are in it"
    );
    let setup = work.join("workpulse-agent-1.2.3.exe");
    Cmd::new("makensis", &["-V2", "-WX", "-DVERSION=1.2.3"])
        .arg(format!("-DBINARIES={}", work.display()))
        .arg(format!("-DOUT={}", setup.display()))
        .arg(format!("-DSIGN={}", sign.display()))
        .arg(sources.join("workpulse.nsi"))
        .capture()?;
    ensure!(setup.is_file(), "makensis made nothing");
    let calls = fs::read_to_string(&signed).context("nothing was signed")?;
    for file in [
        "workpulse-agent.exe",
        "workpulse-tray.exe",
        "workpulse.msi",
        "workpulse-agent-1.2.3.exe",
    ] {
        ensure!(
            calls.lines().any(|line| line.ends_with(file)),
            "the signing command was not called for {file}: {calls}"
        );
    }
    println!(
        "    NSIS: built by makensis without a warning; the signing command was called for each file"
    );
    Ok(())
}

/// The workflow and the compose file against the schemas of their kinds.
fn schemas() -> Result<()> {
    let tool = tool()?;
    for (schema, file) in [
        ("vendor.github-workflows", ".github/workflows/release.yml"),
        ("vendor.compose-spec", "installers/docker/compose.yaml"),
    ] {
        Cmd::new(&tool, &["--builtin-schema", schema])
            .arg(repo::root().join(file))
            .capture()?;
        println!("    {file} fits {schema}");
    }
    Ok(())
}

/// The tool, installed beside what cargo builds if it is not there.
fn tool() -> Result<PathBuf> {
    let home = repo::target_dir()?
        .join("tools")
        .join(format!("{}-{}", SCHEMAS.0, SCHEMAS.1));
    let program = home.join("bin").join(SCHEMAS.0);
    if !program.is_file() {
        println!("    installing {} {}", SCHEMAS.0, SCHEMAS.1);
        Cmd::new("python3", &["-m", "venv"]).arg(&home).capture()?;
        Cmd::new(home.join("bin/pip"), &["install", "--quiet"])
            .arg(format!("{}=={}", SCHEMAS.0, SCHEMAS.1))
            .capture()?;
    }
    Ok(program)
}

/// Says what no machine like this one can show.
pub(super) fn left_out(steps: &mut Steps) {
    for (what, why) in [
        (
            "systemd",
            "there is none in a chroot: restarts, readiness and hardening were not seen",
        ),
        ("rpm-install", "only verified: no Fedora was installed"),
        (
            "windows-install",
            "no Windows: the installers were built, not run",
        ),
        (
            "macos-packages",
            "no macOS: pkgbuild, codesign and notarytool were not run",
        ),
        (
            "container-image",
            "no container engine: neither built nor started",
        ),
    ] {
        steps.not_done(what, why);
    }
}
