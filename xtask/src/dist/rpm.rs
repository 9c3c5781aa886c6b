//! RPM packages, put together by rpmbuild.

use std::{
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};

use super::{
    Release,
    manifest::Manifest,
    stage::{Format, Inputs, Stage},
};
use crate::{cmd::Cmd, repo};

/// Sections of a spec file, and the scripts that fill them.
const SCRIPTS: [(&str, &str); 4] = [
    ("%pre", "pre.sh"),
    ("%post", "post.sh"),
    ("%preun", "preun.sh"),
    ("%postun", "postun.sh"),
];

/// Makes one package in `out`; returns its file.
pub(super) fn build(
    manifest: &Manifest,
    release: &Release,
    inputs: &Inputs,
    work: &Path,
    out: &Path,
) -> Result<PathBuf> {
    let root = work.join(format!("{}-rpm", manifest.name));
    let mut stage = Stage::lay_out(manifest, Format::Rpm, inputs, &root)?;
    let licence = format!("usr/share/licenses/{}/LICENSE", manifest.name);
    stage.put(&repo::root().join("LICENSE"), &licence, 0o644, false)?;
    let top = work.join(format!("{}-rpmbuild", manifest.name));
    fs::create_dir_all(&top)?;
    let spec = top.join(format!("{}.spec", manifest.name));
    fs::write(&spec, text(manifest, release, &stage)?)?;
    Cmd::new("rpmbuild", &["-bb", "--quiet"])
        .arg("--target")
        .arg(&release.rpm_arch)
        .arg("--define")
        .arg(format!("_topdir {}", top.display()))
        .arg("--define")
        .arg(format!("_rpmdir {}", out.display()))
        .arg(&spec)
        .env("SOURCE_DATE_EPOCH", release.epoch.to_string())
        .capture()?;
    let file = out.join(format!(
        "{}-{}-{}.{}.rpm",
        manifest.name, release.version, release.revision, release.rpm_arch
    ));
    fs::metadata(&file).with_context(|| format!("rpmbuild made no {}", file.display()))?;
    Ok(file)
}

fn text(manifest: &Manifest, release: &Release, stage: &Stage) -> Result<String> {
    let mut spec = String::new();
    // The binaries are stripped already, and have no sources to install beside them. What the
    // packaging machine is called, and when it ran, is not part of a package. Packed as the .deb
    // is, for the same reason.
    spec.push_str(
        "%global debug_package %{nil}\n%global __strip /bin/true\n%global __os_install_post %{nil}\n\
         %global _build_id_links none\n%global _buildhost reproducible\n\
         %global use_source_date_epoch_as_buildtime 1\n%global clamp_mtime_to_source_date_epoch 1\n\
         %global _binary_payload w9.xzdio\n%global _rpmfilename %{NAME}-%{VERSION}-%{RELEASE}.%{ARCH}.rpm\n\n",
    );
    writeln!(spec, "Name: {}", manifest.name)?;
    writeln!(spec, "Version: {}", release.version)?;
    writeln!(spec, "Release: {}", release.revision)?;
    writeln!(spec, "Summary: {}", manifest.summary)?;
    writeln!(spec, "License: Apache-2.0")?;
    writeln!(spec, "Packager: {}", release.packager)?;
    for capability in &manifest.rpm_requires {
        writeln!(spec, "Requires: {capability}")?;
    }
    for capability in &manifest.rpm_recommends {
        writeln!(spec, "Recommends: {capability}")?;
    }
    writeln!(spec, "\n%description\n{}\n", manifest.description.trim())?;
    writeln!(
        spec,
        "%install\ncp -a '{}/.' '%{{buildroot}}'\n",
        stage.root.display()
    )?;
    for (section, name) in SCRIPTS {
        if let Some(script) = manifest.script("rpm", name) {
            // A percent sign begins a macro, in scripts too.
            let text = fs::read_to_string(script)?.replace('%', "%%");
            writeln!(spec, "{section}\n{text}")?;
        }
    }
    writeln!(spec, "%files")?;
    let mut placed = stage.placed.clone();
    placed.sort_by(|a, b| a.path.cmp(&b.path));
    for file in placed {
        let kind = match (file.directory, file.settings) {
            (true, _) => "%dir ",
            (false, true) => "%config(noreplace) ",
            (false, false) if file.path.starts_with("usr/share/man/") => "%doc ",
            (false, false) if file.path.starts_with("usr/share/licenses/") => "%license ",
            (false, false) => "",
        };
        writeln!(
            spec,
            "%attr({:04o},root,root) {kind}\"/{}\"",
            file.mode, file.path
        )?;
    }
    Ok(spec)
}
