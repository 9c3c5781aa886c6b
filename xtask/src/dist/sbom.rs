//! What is inside: `CycloneDX` documents for each program and for the dashboard.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, ensure};

use super::Release;
use crate::{cmd::Cmd, repo};

/// The tool that reads Cargo's lock file; pinned, so that documents can be compared.
const TOOL: (&str, &str) = ("cargo-cyclonedx", "0.5.9");
/// Program and the directory of its crate.
const CRATES: [(&str, &str); 3] = [
    ("workpulse-server", "backend"),
    ("workpulse-agent", "agent"),
    ("workpulse-tray", "agent-ui"),
];

/// Writes `sbom/*.cdx.json`.
pub(super) fn write(release: &Release, out: &Path) -> Result<()> {
    let dir = out.join("sbom");
    fs::create_dir_all(&dir)?;
    let tool = tool()?;
    for (program, home) in CRATES {
        let home = repo::root().join(home);
        let file = format!("{program}.cdx");
        // Called as cargo would: its own name is the first argument. It writes beside the
        // manifest, for every crate of the workspace that the manifest reaches.
        Cmd::new(
            &tool,
            &[
                "cyclonedx",
                "--quiet",
                "--format",
                "json",
                "--describe",
                "crate",
            ],
        )
        .arg("--target")
        .arg(format!("{}-unknown-linux-gnu", std::env::consts::ARCH))
        .arg("--manifest-path")
        .arg(home.join("Cargo.toml"))
        .arg("--override-filename")
        .arg(&file)
        .env("SOURCE_DATE_EPOCH", release.epoch.to_string())
        .dir(repo::root())
        .capture()?;
        let made = home.join(format!("{file}.json"));
        let text = fs::read_to_string(&made)
            .with_context(|| format!("{} made no {}", TOOL.0, made.display()))?;
        clean()?;
        keep(&dir.join(format!("{file}.json")), &text)?;
    }
    let dashboard = repo::npm(&[
        "sbom",
        "--sbom-format",
        "cyclonedx",
        "--omit",
        "dev",
        "--package-lock-only",
    ])
    .capture()?;
    keep(&dir.join("dashboard.cdx.json"), &dashboard)
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
    for home in [
        "backend",
        "agent",
        "agent-ui",
        "shared-types",
        "tests",
        "xtask",
    ] {
        for entry in fs::read_dir(repo::root().join(home))? {
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
