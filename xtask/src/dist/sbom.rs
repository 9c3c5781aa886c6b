//! What is inside: `CycloneDX` documents for each program and for both pages.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, ensure};

use super::Release;
use crate::{cmd::Cmd, repo};

/// The tool that reads Cargo's lock file; pinned, so that documents can be compared.
const TOOL: (&str, &str) = ("cargo-cyclonedx", "0.5.9");
/// What the tool is told to call its files.
const NAME: &str = "workpulse-sbom.cdx";
/// Program and the directory of its crate.
const CRATES: [(&str, &str); 3] = [
    ("workpulse-server", "backend"),
    ("workpulse-agent", "agent"),
    ("workpulse-tray", "agent-ui"),
];
/// What is in the agent's packages.
const AGENT: [&str; 2] = ["workpulse-agent", "workpulse-tray"];
/// Endings of installers that other systems make, and what their programs were built for.
const FOREIGN: [(&str, &[&str]); 4] = [
    ("msi", &["x86_64-pc-windows-msvc"]),
    ("exe", &["x86_64-pc-windows-msvc"]),
    ("pkg", &["aarch64-apple-darwin"]),
    ("dmg", &["aarch64-apple-darwin"]),
];

/// Writes `sbom/*.cdx.json`: of each program, of the dashboard and of the window's page.
pub(super) fn write(release: &Release, out: &Path) -> Result<()> {
    let dir = out.join("sbom");
    fs::create_dir_all(&dir)?;
    let tool = tool()?;
    let target = format!("{}-unknown-linux-gnu", std::env::consts::ARCH);
    for (program, home) in CRATES {
        let file = dir.join(format!("{program}.cdx.json"));
        keep(&file, &of_crate(release, &tool, home, &target)?)?;
    }
    pages(&dir, &["dashboard", "window"])
}

/// The same for the installers of other systems that lie in a directory, beside them.
pub(super) fn of_installers(release: &Release, dir: &Path) -> Result<()> {
    let tool = tool()?;
    let mut targets = std::collections::BTreeSet::new();
    for (ending, built_for) in FOREIGN {
        if !super::sign::files(dir, ending)?.is_empty() {
            targets.extend(built_for);
        }
    }
    for target in targets {
        for (program, home) in CRATES {
            if AGENT.contains(&program) {
                let file = dir.join(format!("{program}.{target}.cdx.json"));
                keep(&file, &of_crate(release, &tool, home, target)?)?;
            }
        }
    }
    pages(dir, &["window"])
}

/// The document of one crate, as it is built for a target.
fn of_crate(release: &Release, tool: &Path, home: &str, target: &str) -> Result<String> {
    let home = repo::root().join(home);
    // Called as cargo would: its own name is the first argument. It writes beside the
    // manifest, for every crate of the workspace that the manifest reaches.
    Cmd::new(tool, &["cyclonedx", "--quiet", "--format", "json"])
        .arg("--target")
        .arg(target)
        .arg("--manifest-path")
        .arg(home.join("Cargo.toml"))
        .arg("--override-filename")
        .arg(NAME)
        .env("SOURCE_DATE_EPOCH", release.epoch.to_string())
        .dir(repo::root())
        .capture()?;
    let made = home.join(format!("{NAME}.json"));
    let text = fs::read_to_string(&made)
        .with_context(|| format!("{} made no {}", TOOL.0, made.display()))?;
    clean()?;
    Ok(text)
}

/// The documents of pages, from their lock files.
fn pages(dir: &Path, names: &[&str]) -> Result<()> {
    for name in names {
        let home = if *name == "window" {
            repo::root().join("agent-ui/window")
        } else {
            repo::dashboard()
        };
        let text = repo::npm_in(
            &home,
            &[
                "sbom",
                "--sbom-format",
                "cyclonedx",
                "--omit",
                "dev",
                "--package-lock-only",
            ],
        )
        .capture()?;
        keep(&dir.join(format!("{name}.cdx.json")), &text)?;
    }
    Ok(())
}

/// Checks that a document lists components, and keeps it.
fn keep(path: &Path, text: &str) -> Result<()> {
    let document: serde_json::Value =
        serde_json::from_str(text).context("an SBOM that is no JSON")?;
    ensure!(
        document["bomFormat"] == "CycloneDX",
        "no CycloneDX document"
    );
    let components = document["components"].as_array().map_or(0, Vec::len);
    ensure!(components > 0, "{} lists nothing", path.display());
    fs::write(path, text)?;
    println!("    {}: {components} components", super::name(path));
    Ok(())
}

/// Removes what the tool has left beside the manifests.
fn clean() -> Result<()> {
    let workspace = repo::metadata()?;
    let packages = workspace["packages"]
        .as_array()
        .context("cargo metadata names no packages")?;
    for package in packages {
        let manifest = package["manifest_path"]
            .as_str()
            .context("cargo metadata names a package without a manifest")?;
        let home = Path::new(manifest)
            .parent()
            .context("a manifest lies in a directory")?;
        for entry in fs::read_dir(home)? {
            let path = entry?.path();
            if path.to_string_lossy().ends_with(".cdx.json") {
                fs::remove_file(path)?;
            }
        }
    }
    Ok(())
}

/// The tool, installed beside what cargo builds if it is not there.
fn tool() -> Result<PathBuf> {
    let root = repo::target_dir()?.join("tools").join(TOOL.1);
    let program = root.join("bin").join(TOOL.0);
    if !program.is_file() {
        println!("    installing {} {}", TOOL.0, TOOL.1);
        repo::cargo(&[
            "install",
            "--quiet",
            "--locked",
            "--version",
            TOOL.1,
            TOOL.0,
        ])
        .arg("--root")
        .arg(&root)
        .arg("--target-dir")
        .arg(root.join("build"))
        .run()?;
        fs::remove_dir_all(root.join("build"))?;
    }
    Ok(program)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_that_lists_nothing_or_is_none_is_not_kept() {
        let dir = repo::scratch_dir("sbom-test").expect("a directory");
        let file = dir.join("x.cdx.json");
        for text in [
            "not json",
            "{}",
            r#"{"bomFormat": "SPDX", "components": [{}]}"#,
            r#"{"bomFormat": "CycloneDX", "components": []}"#,
        ] {
            keep(&file, text).expect_err(text);
            assert!(!file.exists(), "{text}");
        }
        let good = r#"{"bomFormat": "CycloneDX", "components": [{"name": "serde"}]}"#;
        keep(&file, good).expect("kept");
        assert_eq!(fs::read_to_string(&file).expect("read"), good);
        fs::remove_dir_all(dir).expect("removed");
    }
}
