//! Directories that apt and dnf install from, to be put on any web server.

use std::{fmt::Write as _, fs, path::Path};

use anyhow::Result;

use super::{
    Release, name, require,
    sign::{self, Gpg},
};
use crate::cmd::Cmd;

/// Writes `apt/` and `yum/` beside the packages.
pub(super) fn write(release: &Release, key: Option<&Gpg>, out: &Path) -> Result<()> {
    apt(release, key, &out.join("apt"), out)?;
    yum(release, key, &out.join("yum"), out)
}

/// `deb [signed-by=…] URL stable main`.
fn apt(release: &Release, key: Option<&Gpg>, dir: &Path, out: &Path) -> Result<()> {
    require("apt-ftparchive", "apt-utils")?;
    let pool = dir.join("pool/main");
    let dist = dir.join("dists/stable");
    let binary = dist.join(format!("main/binary-{}", release.deb_arch));
    fs::create_dir_all(&pool)?;
    fs::create_dir_all(&binary)?;
    for file in sign::files(out, "deb")? {
        fs::copy(&file, pool.join(name(&file)))?;
    }
    let packages = Cmd::new("apt-ftparchive", &["packages", "pool/main"])
        .dir(dir)
        .capture()?;
    fs::write(binary.join("Packages"), packages)?;
    Cmd::new("gzip", &["-9nk", "Packages"]).dir(&binary).run()?;
    let mut command = Cmd::new("apt-ftparchive", &[]).dir(&dist);
    let codename = [
        ("Origin", "WorkPulse"),
        ("Label", "WorkPulse"),
        ("Suite", "stable"),
        ("Codename", "stable"),
        ("Architectures", release.deb_arch.as_str()),
        ("Components", "main"),
    ];
    for (field, value) in codename {
        command = command
            .arg("-o")
            .arg(format!("APT::FTPArchive::Release::{field}={value}"));
    }
    let text = command
        .arg("release")
        .arg(".")
        .env("SOURCE_DATE_EPOCH", release.epoch.to_string())
        .capture()?;
    fs::write(dist.join("Release"), text)?;
    if let Some(key) = key {
        key.clear_sign(&dist.join("Release"), &dist.join("InRelease"))?;
        key.detach(&dist.join("Release"), &dist.join("Release.gpg"))?;
    }
    println!("    apt/ ({})", signed(key));
    Ok(())
}

/// `[workpulse] baseurl=URL gpgcheck=1 repo_gpgcheck=1`.
fn yum(release: &Release, key: Option<&Gpg>, dir: &Path, out: &Path) -> Result<()> {
    require("createrepo_c", "createrepo-c")?;
    let pool = dir.join("packages");
    fs::create_dir_all(&pool)?;
    for file in sign::files(out, "rpm")? {
        fs::copy(&file, pool.join(name(&file)))?;
    }
    Cmd::new(
        "createrepo_c",
        &["--quiet", "--no-database", "--set-timestamp-to-revision"],
    )
    .arg("--revision")
    .arg(release.epoch.to_string())
    .arg(dir)
    .capture()?;
    if let Some(key) = key {
        key.detach(
            &dir.join("repodata/repomd.xml"),
            &dir.join("repodata/repomd.xml.asc"),
        )?;
    }
    let mut text = String::from(
        "# Put this into /etc/yum.repos.d/, with the address that you serve this directory from.\n[workpulse]\nname=WorkPulse\nenabled=1\n",
    );
    writeln!(text, "baseurl=https://packages.example.org/yum")?;
    let check = u8::from(key.is_some());
    writeln!(text, "gpgcheck={check}\nrepo_gpgcheck={check}")?;
    writeln!(
        text,
        "gpgkey=https://packages.example.org/workpulse-packages.asc"
    )?;
    fs::write(dir.join("workpulse.repo"), text)?;
    println!("    yum/ ({})", signed(key));
    Ok(())
}

fn signed(key: Option<&Gpg>) -> &'static str {
    if key.is_some() {
        "its index is signed"
    } else {
        "NOT SIGNED: no key was given"
    }
}
