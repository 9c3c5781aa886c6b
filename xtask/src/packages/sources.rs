//! What cannot be built here is checked here, as far as tools on Linux can: scripts, property
//! lists, Windows installers around placeholder programs; units, policies and workflows have files
//! of their own.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, ensure};

use super::{policies, units, workflows};
use crate::{cmd::Cmd, repo, steps::Steps};

/// Scripts that are run on machines of others.
const SCRIPTS: [&str; 17] = [
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
    "installers/macos/signing-keychain.sh",
    "installers/windows/sign.sh",
    "installers/server/rpm/pre.sh",
    "installers/server/rpm/post.sh",
    "installers/server/rpm/preun.sh",
    "installers/server/rpm/postun.sh",
    "installers/linux/agent/rpm/preun.sh",
];
/// Property lists for macOS.
const PLISTS: [&str; 5] = [
    "installers/macos/Info.plist",
    "installers/macos/io.workpulse.tray.plist",
    "installers/macos/io.workpulse.enrol.plist",
    "installers/macos/workpulse.mobileconfig",
    "installers/macos/preferences.mobileconfig",
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
    screen_recording()?;
    icon()?;
    let work = repo::scratch_dir("installers")?;
    let outcome = with_tools(&work);
    fs::remove_dir_all(&work)?;
    outcome
}

fn with_tools(work: &Path) -> Result<()> {
    windows(&work.join("windows"))?;
    units::check(work)?;
    let schemas = tool()?;
    policies::check(&schemas, work)?;
    workflows::check(&schemas, work)
}

/// macOS lets nobody grant the recording of screens: a profile that says so is refused whole.
fn screen_recording() -> Result<()> {
    const READ: &str = "import plistlib, sys
payloads = plistlib.load(open(sys.argv[1], 'rb'))['PayloadContent']
services = [it['Services'] for it in payloads if 'Services' in it]
print(services[0]['ScreenCapture'][0]['Authorization'], services[0]['Accessibility'][0]['Authorization'])";
    let found = Cmd::new("python3", &["-c", READ])
        .arg(repo::root().join("installers/macos/workpulse.mobileconfig"))
        .capture()?;
    ensure!(
        found.trim() == "AllowStandardUserToSetSystemService Allow",
        "the profile grants: {found}"
    );
    Ok(())
}

/// Programs for Windows carry an icon: the build stops there without one.
fn icon() -> Result<()> {
    let home = repo::root().join("agent-ui");
    let text = fs::read_to_string(home.join("tauri.conf.json"))?;
    let settings: serde_json::Value = serde_json::from_str(&text)?;
    let icons = settings["bundle"]["icon"]
        .as_array()
        .context("the application has icons")?;
    let icon = icons
        .iter()
        .filter_map(serde_json::Value::as_str)
        .find(|name| {
            Path::new(name)
                .extension()
                .is_some_and(|kind| kind == "ico")
        })
        .context("tauri.conf.json names no .ico")?;
    let bytes = fs::read(home.join(icon))?;
    ensure!(
        bytes.starts_with(&[0, 0, 1, 0]),
        "{icon} is no icon for Windows"
    );
    Ok(())
}

/// Builds both Windows installers around placeholders, signed with a certificate of this run, and
/// looks into them.
pub(super) fn windows(work: &Path) -> Result<()> {
    fs::create_dir_all(work)?;
    let sources = repo::root().join("installers/windows");
    for program in [
        "workpulse-agent.exe",
        "workpulse-tray.exe",
        "workpulse-window.exe",
    ] {
        // The least program that Windows would run, so that it can be signed.
        let script = work.join("placeholder.nsi");
        fs::write(
            &script,
            format!(
                "Unicode true\nName placeholder\nRequestExecutionLevel user\nOutFile '{}'\nSection\nSectionEnd\n",
                work.join(program).display()
            ),
        )?;
        Cmd::new("makensis", &["-V1"]).arg(&script).capture()?;
    }
    let msi = work.join("workpulse-agent-1.2.3.msi");
    // A signing command that leaves a mark shows that it is called, for each file.
    let signed = work.join("signed");
    let sign = work.join("sign");
    fs::write(
        &sign,
        format!(
            "#!/bin/sh\nset -e\n'{}' \"$1\"\necho \"$1\" >>'{}'\n",
            sources.join("sign.sh").display(),
            signed.display()
        ),
    )?;
    Cmd::new("chmod", &["755"]).arg(&sign).run()?;
    let certificate = certificate(work)?;
    let with_certificate = |command: Cmd| {
        command
            .env("WORKPULSE_AUTHENTICODE_COMMAND", &sign)
            .env("WORKPULSE_AUTHENTICODE_PKCS12", work.join("sign.p12"))
            .env(
                "WORKPULSE_AUTHENTICODE_PASSWORD_FILE",
                work.join("sign.password"),
            )
    };
    with_certificate(Cmd::new(sources.join("build-msi.sh"), &["1.2.3"]))
        .arg(work)
        .arg(&msi)
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
    with_certificate(Cmd::new("makensis", &["-V2", "-WX", "-DVERSION=1.2.3"]))
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
        "workpulse-window.exe",
        "workpulse-agent-1.2.3.msi",
        "workpulse-agent-1.2.3.exe",
    ] {
        ensure!(
            calls.lines().any(|line| line.ends_with(file)),
            "the signing command was not called for {file}: {calls}"
        );
        authentic(&work.join(file), &certificate)?;
    }
    println!(
        "    NSIS: built by makensis without a warning; programs and installers are signed by sign.sh, and one bit more is noticed"
    );
    Ok(())
}

/// A certificate that signs programs, as `sign.p12` with its password; the path of the certificate.
fn certificate(work: &Path) -> Result<PathBuf> {
    let certificate = work.join("sign.pem");
    fs::write(work.join("sign.password"), "secret")?;
    Cmd::new(
        "openssl",
        &["req", "-x509", "-newkey", "rsa:2048", "-nodes"],
    )
    .arg("-days")
    .arg("2")
    .arg("-subj")
    .arg("/CN=WorkPulse test signing")
    .arg("-addext")
    .arg("extendedKeyUsage=codeSigning")
    .arg("-keyout")
    .arg(work.join("sign.key"))
    .arg("-out")
    .arg(&certificate)
    .capture()?;
    Cmd::new("openssl", &["pkcs12", "-export"])
        .arg("-inkey")
        .arg(work.join("sign.key"))
        .arg("-in")
        .arg(&certificate)
        .arg("-passout")
        .arg(format!("file:{}", work.join("sign.password").display()))
        .arg("-out")
        .arg(work.join("sign.p12"))
        .capture()?;
    Ok(certificate)
}

/// A file's signature verifies, and does not once the file was changed.
fn authentic(file: &Path, certificate: &Path) -> Result<()> {
    let verify = |file: &Path| {
        Cmd::new("osslsigncode", &["verify", "-CAfile"])
            .arg(certificate)
            .arg("-in")
            .arg(file)
            .capture()
    };
    verify(file)?;
    let mut bytes = fs::read(file)?;
    let place = bytes.len() / 3;
    bytes[place] ^= 1;
    let changed = file.with_extension("changed");
    fs::write(&changed, bytes)?;
    ensure!(
        verify(&changed).is_err(),
        "{} verifies although it was changed",
        file.display()
    );
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
        (
            "fedora",
            "no Fedora: .rpm were installed without their dependencies, on Debian",
        ),
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
