//! Debian packages, put together by dpkg's own tools.

use std::{
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};

use super::{
    Release,
    manifest::{Manifest, Source},
    stage::{Format, Inputs, Stage, set_mode},
};
use crate::cmd::Cmd;

/// The scripts that dpkg knows.
const SCRIPTS: [&str; 4] = ["preinst", "postinst", "prerm", "postrm"];

/// Makes one package in `out`; returns its file.
pub(super) fn build(
    manifest: &Manifest,
    release: &Release,
    inputs: &Inputs,
    work: &Path,
    out: &Path,
) -> Result<PathBuf> {
    let root = work.join(format!("{}-deb", manifest.name));
    let mut stage = Stage::lay_out(manifest, Format::Deb, inputs, &root)?;
    let docs = format!("usr/share/doc/{}", manifest.name);
    stage.write(
        copyright(release).as_bytes(),
        &format!("{docs}/copyright"),
        0o644,
        false,
    )?;
    stage.write_gzip(
        changelog(manifest, release).as_bytes(),
        &format!("{docs}/changelog.Debian"),
    )?;
    let overrides = manifest.home.join("deb/lintian-overrides");
    if overrides.is_file() {
        let target = format!("usr/share/lintian/overrides/{}", manifest.name);
        stage.put(&overrides, &target, 0o644, false)?;
    }
    let size_kib = stage.size()?.div_ceil(1024);

    let control_dir = root.join("DEBIAN");
    fs::create_dir(&control_dir)?;
    let depends = dependencies(manifest, inputs, work)?;
    let control = control(manifest, release, &depends, size_kib)?;
    fs::write(control_dir.join("control"), control)?;
    let settings: String = stage
        .placed
        .iter()
        .filter(|placed| placed.settings)
        .fold(String::new(), |all, placed| all + "/" + &placed.path + "\n");
    if !settings.is_empty() {
        fs::write(control_dir.join("conffiles"), settings)?;
    }
    fs::write(control_dir.join("md5sums"), sums(&stage)?)?;
    for name in SCRIPTS {
        if let Some(script) = manifest.script("deb", name) {
            let target = control_dir.join(name);
            fs::copy(script, &target)?;
            set_mode(&target, 0o755)?;
        }
    }
    let directories = Cmd::new("find", &[])
        .arg(&root)
        .arg("-type")
        .arg("d")
        .arg("-exec")
        .arg("chmod")
        .arg("755")
        .arg("{}")
        .arg("+");
    directories.run()?;
    let file = out.join(format!(
        "{}_{}-{}_{}.deb",
        manifest.name, release.version, release.revision, release.deb_arch
    ));
    // The agent's two programs have much in common, 20 MB apart: only the largest dictionary sees
    // it, which makes a third less. One thread: several would each begin with an empty one.
    Cmd::new(
        "dpkg-deb",
        &[
            "--root-owner-group",
            "-Zxz",
            "-z9",
            "--threads-max=1",
            "--build",
        ],
    )
    .arg(&root)
    .arg(&file)
    .env("SOURCE_DATE_EPOCH", release.epoch.to_string())
    .capture()?;
    Ok(file)
}

/// Packages of the shared libraries that the binaries name, and those of the manifest.
fn dependencies(manifest: &Manifest, inputs: &Inputs, work: &Path) -> Result<String> {
    // dpkg-shlibdeps wants to stand in a source package.
    let source = work.join(format!("{}-shlibs", manifest.name));
    fs::create_dir_all(source.join("debian"))?;
    fs::write(
        source.join("debian/control"),
        format!(
            "Source: {0}\n\nPackage: {0}\nArchitecture: any\n",
            manifest.name
        ),
    )?;
    let mut command = Cmd::new("dpkg-shlibdeps", &["-O"]).dir(&source);
    for entry in &manifest.files {
        if let Source::Binary(name) = entry.source(&manifest.home) {
            command = command.arg("-e").arg(inputs.binaries.join(name));
        }
    }
    let text = command.capture()?;
    let found = text
        .lines()
        .find_map(|line| line.strip_prefix("shlibs:Depends="))
        .context("dpkg-shlibdeps named no dependencies")?;
    let mut all: Vec<&str> = found.split(", ").collect();
    all.extend(manifest.deb_depends.iter().map(String::as_str));
    all.sort_unstable();
    all.dedup();
    Ok(all.join(", "))
}

fn control(manifest: &Manifest, release: &Release, depends: &str, size_kib: u64) -> Result<String> {
    let mut text = String::new();
    writeln!(text, "Package: {}", manifest.name)?;
    writeln!(text, "Version: {}-{}", release.version, release.revision)?;
    writeln!(text, "Architecture: {}", release.deb_arch)?;
    writeln!(text, "Maintainer: {}", release.packager)?;
    writeln!(text, "Installed-Size: {size_kib}")?;
    writeln!(text, "Depends: {depends}")?;
    if !manifest.deb_recommends.is_empty() {
        writeln!(text, "Recommends: {}", manifest.deb_recommends.join(", "))?;
    }
    writeln!(text, "Section: {}", manifest.section)?;
    writeln!(text, "Priority: optional")?;
    writeln!(text, "Description: {}", manifest.summary)?;
    for line in manifest.description.trim().lines() {
        writeln!(text, " {}", if line.is_empty() { "." } else { line })?;
    }
    Ok(text)
}

/// Debian's machine-readable form; the licence's text is on every Debian system.
fn copyright(release: &Release) -> String {
    format!(
        "Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/\nUpstream-Name: WorkPulse\n\nFiles: *\nCopyright: {} the WorkPulse authors\nLicense: Apache-2.0\n On Debian systems the full text of this licence is in\n /usr/share/common-licenses/Apache-2.0.\n",
        release.year
    )
}

fn changelog(manifest: &Manifest, release: &Release) -> String {
    format!(
        "{} ({}-{}) stable; urgency=medium\n\n  * WorkPulse {}. What changed: CHANGELOG.md of the sources.\n\n -- {}  {}\n",
        manifest.name,
        release.version,
        release.revision,
        release.version,
        release.packager,
        release.date_rfc2822
    )
}

fn sums(stage: &Stage) -> Result<String> {
    let mut command = Cmd::new("md5sum", &[]).dir(&stage.root);
    for placed in &stage.placed {
        if !placed.directory {
            command = command.arg(&placed.path);
        }
    }
    command.capture()
}
