//! `cargo xtask codegen`: the OpenAPI document from the server's code, and the dashboard's
//! TypeScript from that document.
//!
//! Both are committed: a review shows what a change does to the contract. `--check` fails
//! when they are stale and leaves them as they were.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};

use crate::{cmd::Cmd, dashboard, repo};

/// Write the OpenAPI document and the TypeScript made from it
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Change nothing; fail if a committed file is stale
    #[arg(long)]
    check: bool,
}

pub(crate) fn run(args: &Args) -> Result<()> {
    if args.check { check() } else { write() }
}

fn document() -> PathBuf {
    repo::dashboard().join("openapi.json")
}

fn write() -> Result<()> {
    dashboard::install()?;
    // The whole workspace's features, as everywhere: another selection compiles dependencies again.
    repo::cargo(&[
        "build",
        "--quiet",
        "--workspace",
        "--bin",
        "workpulse-server",
    ])
    .run()?;
    let text = Cmd::new(repo::binary("debug", "workpulse-server")?, &["openapi"])
        .capture()
        .context("the server could not write its OpenAPI document")?;
    let path = document();
    let mut text = text.trim_end().to_owned();
    text.push('\n');
    // Rewriting an unchanged file would make the dashboard look changed.
    if fs::read_to_string(&path).ok().as_deref() != Some(&text) {
        fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))?;
    }
    repo::npm(&["run", "--silent", "codegen"]).run()
}

/// Makes the files again, compares, and puts the committed ones back.
pub(crate) fn check() -> Result<()> {
    let before = committed()?;
    let outcome = write();
    let after = committed()?;
    let stale = differing(&before, &after);
    for path in &stale {
        match before.get(path) {
            Some(bytes) => fs::write(path, bytes),
            None => fs::remove_file(path),
        }
        .with_context(|| format!("cannot put {} back", path.display()))?;
    }
    outcome?;
    if stale.is_empty() {
        return Ok(());
    }
    let names: Vec<String> = stale
        .iter()
        .map(|path| {
            let first = first_difference(before.get(path), after.get(path));
            let shown = path.strip_prefix(repo::root()).unwrap_or(path).display();
            format!("    {shown}{first}")
        })
        .collect();
    bail!(
        "these files no longer match the server's code:\n{}\nRun `cargo xtask codegen` and commit what it writes.",
        names.join("\n")
    )
}

/// The contents of every file that the generators may write.
fn committed() -> Result<BTreeMap<PathBuf, Vec<u8>>> {
    let mut files = BTreeMap::new();
    if document().is_file() {
        files.insert(document(), fs::read(document())?);
    }
    read_tree(&repo::dashboard().join("src"), &mut files)?;
    Ok(files)
}

fn read_tree(dir: &Path, files: &mut BTreeMap<PathBuf, Vec<u8>>) -> Result<()> {
    for entry in fs::read_dir(dir).with_context(|| format!("cannot read {}", dir.display()))? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            read_tree(&entry.path(), files)?;
        } else {
            files.insert(entry.path(), fs::read(entry.path())?);
        }
    }
    Ok(())
}

fn differing(
    before: &BTreeMap<PathBuf, Vec<u8>>,
    after: &BTreeMap<PathBuf, Vec<u8>>,
) -> Vec<PathBuf> {
    let mut paths: Vec<&PathBuf> = before.keys().chain(after.keys()).collect();
    paths.sort();
    paths.dedup();
    paths
        .into_iter()
        .filter(|path| before.get(*path) != after.get(*path))
        .cloned()
        .collect()
}

/// Where two versions of a text part, for a person to recognize the change.
fn first_difference(before: Option<&Vec<u8>>, after: Option<&Vec<u8>>) -> String {
    let (Some(before), Some(after)) = (before, after) else {
        return ": is not committed".to_owned();
    };
    let (before, after) = (
        String::from_utf8_lossy(before),
        String::from_utf8_lossy(after),
    );
    let mut old = before.lines();
    let mut new = after.lines();
    let mut number = 0;
    loop {
        number += 1;
        match (old.next(), new.next()) {
            (None, None) => return String::new(),
            (a, b) if a == b => {}
            (a, b) => {
                return format!(
                    ", from line {number}:\n      - {}\n      + {}",
                    a.unwrap_or("(end)").trim(),
                    b.unwrap_or("(end)").trim()
                );
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stale_file_is_named_with_the_line_where_it_parts() {
        let text = first_difference(Some(&b"a\nb\n".to_vec()), Some(&b"a\nc\n".to_vec()));
        assert!(
            text.contains("line 2") && text.contains("- b") && text.contains("+ c"),
            "{text}"
        );
    }

    #[test]
    fn changed_added_and_removed_files_all_differ() {
        let files = |list: &[(&str, &str)]| -> BTreeMap<PathBuf, Vec<u8>> {
            list.iter()
                .map(|(path, text)| (path.into(), text.as_bytes().to_vec()))
                .collect()
        };
        let before = files(&[("same", "1"), ("changed", "1"), ("removed", "1")]);
        let after = files(&[("same", "1"), ("changed", "2"), ("added", "1")]);
        let names: Vec<String> = differing(&before, &after)
            .iter()
            .map(|path| path.display().to_string())
            .collect();
        assert_eq!(names, ["added", "changed", "removed"]);
    }
}
