//! What was signed verifies with the commands of docs/PACKAGES.md, and what was tampered with
//! does not.
//!
//! The commands are read from the page: a command that does not work there fails here.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, ensure};

use super::{Bench, root::Root};
use crate::{cmd::Cmd, dist, repo};

const PAGE: &str = "docs/PACKAGES.md";

/// The commands of a code block that follows this marker in the page.
fn commands(marker: &str) -> Result<String> {
    let page = fs::read_to_string(repo::root().join(PAGE))?;
    let start = format!("<!-- tested: {marker} -->");
    let (_, rest) = page
        .split_once(&start)
        .with_context(|| format!("{PAGE} has no block `{marker}`"))?;
    let (_, block) = rest.split_once("```sh\n").context("a code block follows")?;
    let (block, _) = block.split_once("```").context("a code block ends")?;
    Ok(block.to_owned())
}

/// Runs a block of the page in a directory with a keyring of its own.
fn verify(marker: &str, dir: &Path) -> Result<String> {
    let home = dir.join(".keyring");
    fs::create_dir_all(&home)?;
    Cmd::new("chmod", &["700"]).arg(&home).run()?;
    Cmd::new("sh", &["-ec"])
        .arg(commands(marker)?)
        .dir(dir)
        .env("GNUPGHOME", &home)
        // rpm's own keyring: not this machine's.
        .env("HOME", &home)
        .capture()
}

fn copy_of(out: &Path, to: &Path) -> Result<()> {
    Cmd::new("cp", &["-a"]).arg(out).arg(to).run()
}

/// Changes one byte in the middle of a file.
fn tamper(path: &Path) -> Result<()> {
    let mut bytes = fs::read(path)?;
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(path, bytes)?;
    Ok(())
}

fn file(dir: &Path, ending: &str) -> Result<PathBuf> {
    for entry in fs::read_dir(dir)? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if name.starts_with("workpulse-agent") && name.ends_with(ending) {
            return Ok(path);
        }
    }
    anyhow::bail!("{} has no agent's {ending}", dir.display())
}

pub(super) fn signatures(bench: &Bench) -> Result<()> {
    for (marker, ending) in [
        ("checksums", ".deb"),
        ("deb", ".deb"),
        ("rpm", ".rpm"),
        ("updates", ".deb"),
    ] {
        let good = bench.work.join(format!("good-{marker}"));
        copy_of(&bench.after, &good)?;
        verify(marker, &good).with_context(|| format!("`{marker}` of {PAGE}"))?;
        let bad = bench.work.join(format!("bad-{marker}"));
        copy_of(&bench.after, &bad)?;
        tamper(&file(&bad, ending)?)?;
        ensure!(
            verify(marker, &bad).is_err(),
            "`{marker}` of {PAGE} accepts a file that was tampered with"
        );
        println!(
            "    {marker}: the page's commands accept what was signed, and refuse it with one bit changed"
        );
    }
    forged(bench)?;
    let other = bench.work.join("changed-comment");
    copy_of(&bench.after, &other)?;
    let signature = file(&other, ".deb.minisig")?;
    let text = fs::read_to_string(&signature)?;
    fs::write(&signature, text.replacen("file:", "file:x", 1))?;
    ensure!(
        verify("updates", &other).is_err(),
        "an update's comment, with its version, can be changed"
    );
    println!("    updates: a changed version in the signed comment is refused");
    Ok(())
}

/// No signature, and one of another key, is none, whatever it says.
fn forged(bench: &Bench) -> Result<()> {
    let ring = bench.work.join("other-keyring");
    fs::create_dir_all(&ring)?;
    Cmd::new("chmod", &["700"]).arg(&ring).run()?;
    let gpg = |words: &[&str]| {
        let mut command = Cmd::new("gpg", &["--batch", "--quiet", "--yes", "--homedir"]).arg(&ring);
        for word in words {
            command = command.arg(*word);
        }
        command
    };
    gpg(&[
        "--passphrase",
        "",
        "--quick-generate-key",
        "Somebody else",
        "rsa3072",
        "sign",
        "1d",
    ])
    .capture()?;

    let dir = bench.work.join("deb-of-another");
    copy_of(&bench.after, &dir)?;
    let package = file(&dir, ".deb")?;
    gpg(&["--armor", "--detach-sign", "--output"])
        .arg(file(&dir, ".deb.asc")?)
        .arg(&package)
        .capture()?;
    ensure!(
        verify("deb", &dir).is_err(),
        "`deb` of {PAGE} accepts another key's signature"
    );

    let sign = |package: &Path, how: &str| {
        Cmd::new("rpmsign", &[how, "--define", "_gpg_name Somebody else"])
            .arg("--define")
            .arg(format!("_gpg_path {}", ring.display()))
            .arg("--define")
            .arg("__gpg /usr/bin/gpg")
            .arg(package)
            .capture()
    };
    for (name, how) in [
        ("stripped", &["--delsign"][..]),
        ("of-another", &["--delsign", "--addsign"][..]),
    ] {
        let dir = bench.work.join(format!("rpm-{name}"));
        copy_of(&bench.after, &dir)?;
        let package = file(&dir, ".rpm")?;
        for how in how {
            sign(&package, how)?;
        }
        ensure!(
            verify("rpm", &dir).is_err(),
            "`rpm` of {PAGE} accepts a package whose signature is {name}"
        );
    }

    let dir = bench.work.join("update-of-another");
    copy_of(&bench.after, &dir)?;
    let key = ring.join("minisign.key");
    Cmd::new("minisign", &["-G", "-W", "-f", "-s"])
        .arg(&key)
        .arg("-p")
        .arg(ring.join("minisign.pub"))
        .capture()?;
    Cmd::new("minisign", &["-S", "-s"])
        .arg(&key)
        .arg("-m")
        .arg(file(&dir, ".deb")?)
        .capture()?;
    ensure!(
        verify("updates", &dir).is_err(),
        "`updates` of {PAGE} accepts another key's signature"
    );
    println!(
        "    a signature that was taken away, and another key's, is refused: .deb, .rpm, updates"
    );
    Ok(())
}

/// What the end of a release does with the installers of other systems.
pub(super) fn release(bench: &Bench) -> Result<()> {
    let made = bench.work.join("windows");
    super::sources::windows(&made)?;
    let dir = bench.work.join("release");
    fs::create_dir_all(&dir)?;
    for name in ["workpulse-agent-1.2.3.msi", "workpulse-agent-1.2.3.exe"] {
        fs::copy(made.join(name), dir.join(name))?;
    }
    // Apple's tools are not here: a file of that name stands for what they make.
    fs::write(dir.join("WorkPulse-1.2.3.pkg"), "a placeholder")?;
    dist::rehearse_complete(&dir, &bench.work.join("release-keys"))?;
    verify("checksums", &dir)?;
    for name in [
        "workpulse-agent-1.2.3.msi",
        "workpulse-agent-1.2.3.exe",
        "WorkPulse-1.2.3.pkg",
    ] {
        let check = || {
            Cmd::new(
                "minisign",
                &["-V", "-p", "workpulse-updates.pub", "-m", name],
            )
            .dir(&dir)
            .capture()
        };
        check()?;
        tamper(&dir.join(name))?;
        ensure!(check().is_err(), "{name} verifies although it was changed");
    }
    for name in [
        "workpulse-agent.x86_64-pc-windows-msvc.cdx.json",
        "workpulse-tray.aarch64-apple-darwin.cdx.json",
        "window.cdx.json",
    ] {
        ensure!(dir.join(name).is_file(), "the release has no {name}");
    }
    let windows = fs::read_to_string(dir.join("workpulse-agent.x86_64-pc-windows-msvc.cdx.json"))?;
    ensure!(
        windows.contains("\"winreg\"") && !windows.contains("\"x11rb\""),
        "the SBOM for Windows lists what is built for another system"
    );
    ensure!(
        verify("checksums", &dir).is_err(),
        "checksums hold for files that were changed"
    );
    println!("    MSI, .exe and PKG have signatures for updaters, SBOM and checksums");
    Ok(())
}

/// Installs from the signed repository as the page says, then from one that was changed.
pub(super) fn apt(bench: &Bench) -> Result<()> {
    let system = Root::fresh(&bench.archive, &bench.work, "apt")?;
    let place = system.dir.join("repository");
    copy_of(&bench.after, &place)?;
    // The page's address is a web server's; here it is this directory.
    let page = commands("apt")?.replace("https://packages.example.org", "file:///repository");
    let page = page.replace("curl -fsSLo", "fetch");
    let script =
        format!("sudo() {{ \"$@\"; }}\nfetch() {{ cp \"${{2#file://}}\" \"$1\"; }}\n{page}");
    system.run(&script).context("the commands of `apt`")?;
    system.run("workpulse-server --version && dpkg -s workpulse-server | grep -q '^Status: install ok installed'")?;
    println!("    apt installs from the signed repository");

    let list = "apt-get update -q -o Dir::Etc::sourcelist=sources.list.d/workpulse.sources -o Dir::Etc::sourceparts=- -o APT::Update::Error-Mode=any";
    let pool = place.join("apt/pool/main");
    let package = fs::read_dir(&pool)?
        .map(|entry| Ok(entry?.path()))
        .collect::<Result<Vec<_>>>()?
        .into_iter()
        .find(|path| path.to_string_lossy().contains("workpulse-server"))
        .context("the repository has a server")?;
    tamper(&package)?;
    let refused = system.run(&format!(
        "{list}; apt-get clean; apt-get install -qy --reinstall workpulse-server"
    ));
    ensure!(
        refused.is_err(),
        "apt installed a package that was tampered with"
    );
    println!(
        "    apt refuses a package with one bit changed: {}",
        reason(&refused)
    );

    let index = place.join("apt/dists/stable/InRelease");
    let text = fs::read_to_string(&index)?;
    fs::write(
        &index,
        text.replacen("Origin: WorkPulse", "Origin: WorkPu1se", 1),
    )?;
    let refused = system.run(list);
    ensure!(
        refused.is_err(),
        "apt accepts an index that was tampered with"
    );
    println!(
        "    apt refuses an index that was changed: {}",
        reason(&refused)
    );
    Ok(())
}

/// The line in which apt says why.
fn reason(refused: &Result<String>) -> String {
    let text = refused
        .as_ref()
        .err()
        .map(|error| format!("{error:#}"))
        .unwrap_or_default();
    text.lines()
        .find(|line| line.starts_with("E:") || line.contains("BADSIG") || line.contains("invalid"))
        .unwrap_or("refused")
        .to_owned()
}
