//! Embeds the configuration, the window's page, and the list of commands that it may call.

use std::{fs, io, path::Path};

/// What the page may ask for; `capabilities/window.json` allows them one by one.
const COMMANDS: &[&str] = &[
    "status",
    "act",
    "returned",
    "answer_return",
    "enrol",
    "log_in",
    "notice",
    "accept_notice",
    "today",
    "rows",
    "looks",
    "days",
    "day",
    "correct",
    "projects",
    "categories",
    "settings",
    "set",
    "diagnosis",
    "update_check",
    "update_download",
    "open_dashboard",
    "painted",
];

/// Stands where the page was not built: a build without Node.js still gives a tray app, and
/// its window says what is missing.
const NO_PAGE: &str = r#"<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>WorkPulse</title></head>
<body><h1>WorkPulse</h1><p>This build has no window: its page was not built. In
agent-ui/window, run npm ci and npm run build, then build WorkPulse again. The icon in the panel
works without it.</p></body></html>
"#;

fn main() -> io::Result<()> {
    let dist = Path::new("window/dist");
    let page = dist.join("index.html");
    if !page.exists() {
        fs::create_dir_all(dist)?;
        fs::write(&page, NO_PAGE)?;
    }
    // What is installed on people's machines has its window, or is not built.
    if std::env::var("PROFILE").is_ok_and(|profile| profile == "release")
        && fs::read_to_string(&page)? == NO_PAGE
    {
        println!(
            "cargo::error=a release build needs the window's page: npm ci in backend/dashboard and agent-ui/window, then npm run build in agent-ui/window"
        );
    }
    println!("cargo::rerun-if-changed={}", dist.display());
    // The page is embedded by a macro, which cargo does not watch: a changed page builds anew.
    println!("cargo::rustc-env=WORKPULSE_PAGE={}", stamp(dist)?);
    let manifest = tauri_build::AppManifest::new().commands(COMMANDS);
    let attributes = tauri_build::Attributes::new().app_manifest(manifest);
    if let Err(error) = tauri_build::try_build(attributes) {
        println!("cargo::error=the app's configuration cannot be used: {error:#}");
    }
    Ok(())
}

/// Name and length of every file of the page: names carry a hash of what is in them.
fn stamp(dir: &Path) -> io::Result<String> {
    let mut parts = Vec::new();
    for entry in fs::read_dir(dir)? {
        let entry = entry?;
        let meta = entry.metadata()?;
        if meta.is_dir() {
            parts.push(stamp(&entry.path())?);
        } else {
            parts.push(format!(
                "{}:{}",
                entry.file_name().to_string_lossy(),
                meta.len()
            ));
        }
    }
    parts.sort();
    Ok(parts.join(","))
}
