//! "Dependencies point one way", kept true by reading what every file imports.
//!
//! Between crates: system-events ← agent → shared-types ← backend, agent-ui → agent, tests → all. Inside the
//! backend: `store`, `domain` and `ingest` never know `http`, and nobody imports the file
//! that wires the parts together.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("xtask is a directory of the workspace")
}

/// The workspace's crates: directory and package name.
const CRATES: [(&str, &str); 7] = [
    ("shared-types", "shared-types"),
    ("agent", "workpulse-agent"),
    ("agent/system-events", "workpulse-system-events"),
    ("agent-ui", "workpulse-tray"),
    ("backend", "workpulse-server"),
    ("tests", "workpulse-tests"),
    ("xtask", "xtask"),
];

/// The workspace crates that a manifest names in its `[dependencies]`, `[build-dependencies]`
/// or (in a product crate as much as anywhere else) `[dev-dependencies]` tables.
fn workspace_dependencies(manifest: &str) -> Vec<&'static str> {
    let mut inside = false;
    let mut found = Vec::new();
    for line in manifest.lines().map(str::trim) {
        if line.starts_with('[') {
            // `[dependencies.name]` and `[target.….dependencies]` count, too.
            inside = line.contains("dependencies");
            for (_, name) in CRATES {
                if line.ends_with(&format!("dependencies.{name}]")) {
                    found.push(name);
                }
            }
        } else if inside {
            let key = line.split(['=', '.', ' ']).next().unwrap_or_default();
            found.extend(
                CRATES
                    .iter()
                    .map(|(_, name)| *name)
                    .filter(|name| *name == key),
            );
        }
    }
    found
}

#[test]
fn each_crate_depends_only_on_what_stands_before_it() {
    let allowed: BTreeMap<&str, &[&str]> = BTreeMap::from([
        ("shared-types", &[][..]),
        ("workpulse-system-events", &[][..]),
        (
            "workpulse-agent",
            &["shared-types", "workpulse-system-events"][..],
        ),
        ("workpulse-tray", &["shared-types", "workpulse-agent"][..]),
        ("workpulse-server", &["shared-types"][..]),
        (
            "workpulse-tests",
            &["shared-types", "workpulse-agent", "workpulse-server"][..],
        ),
        ("xtask", &["shared-types"][..]),
    ]);
    for (dir, name) in CRATES {
        let manifest = fs::read_to_string(root().join(dir).join("Cargo.toml")).expect("a manifest");
        for dependency in workspace_dependencies(&manifest) {
            // A crate may turn its own features on for its own tests.
            assert!(
                dependency == name || allowed[name].contains(&dependency),
                "{dir}/Cargo.toml: {name} must not depend on {dependency}"
            );
        }
    }
}

#[test]
fn every_member_of_the_workspace_is_known_to_these_rules() {
    let manifest = fs::read_to_string(root().join("Cargo.toml")).expect("the manifest");
    let members = manifest
        .lines()
        .find(|line| line.starts_with("members"))
        .expect("members");
    let count = members.matches('"').count() / 2;
    assert_eq!(
        count,
        CRATES.len(),
        "add the new member to the rules: {members}"
    );
}

fn rust_files(dir: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(dir).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            rust_files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// The top-level modules of its own crate that a source text names by `crate::…`, with the
/// line. Groups (`use crate::{a, b::c}`) are taken apart; comments are not looked at.
fn modules_named(source: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    let code: String = source
        .lines()
        .map(|line| line.split_once("//").map_or(line, |(code, _)| code))
        .flat_map(|line| [line, "\n"])
        .collect();
    for (at, matched) in code.match_indices("crate::") {
        let before = code[..at].chars().next_back();
        if before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == '$') {
            continue;
        }
        let line = code[..at].matches('\n').count() + 1;
        let rest = code[at + matched.len()..].trim_start();
        if let Some(group) = rest.strip_prefix('{') {
            let mut depth = 0_u32;
            let mut name = String::new();
            let mut taking = true;
            for c in group.chars() {
                match c {
                    '{' => depth += 1,
                    '}' if depth == 0 => break,
                    '}' => depth -= 1,
                    ',' if depth == 0 => {
                        found.push((line, std::mem::take(&mut name)));
                        taking = true;
                    }
                    c if depth == 0 && taking && (c.is_alphanumeric() || c == '_') => name.push(c),
                    c if c.is_whitespace() => taking = name.is_empty(),
                    _ => taking = false,
                }
            }
            found.push((line, name));
        } else {
            let name = rest
                .chars()
                .take_while(|c| c.is_alphanumeric() || *c == '_')
                .collect();
            found.push((line, name));
        }
    }
    found.retain(|(_, name)| !name.is_empty());
    found
}

#[test]
fn the_backends_store_domain_and_ingest_never_know_http() {
    let source = root().join("backend/src");
    let mut looked_at = 0;
    for part in ["store", "domain", "ingest"] {
        let mut files = Vec::new();
        rust_files(&source.join(part), &mut files);
        files.extend(Some(source.join(format!("{part}.rs"))).filter(|file| file.is_file()));
        for file in files {
            looked_at += 1;
            let text = fs::read_to_string(&file).expect("readable");
            for (line, module) in modules_named(&text) {
                assert!(
                    module != "http",
                    "{}:{line}: {part} must not know http",
                    file.display()
                );
            }
            for forbidden in ["axum::", "tower_http::"] {
                assert!(
                    !text.contains(forbidden),
                    "{}: {part} must not know {forbidden}",
                    file.display()
                );
            }
        }
    }
    assert!(
        looked_at > 0,
        "the backend's parts have moved: this test no longer looks at anything"
    );
}

#[test]
fn nobody_imports_the_file_that_wires_the_backend() {
    // The file that owns the wiring is the command-line side: `cli`, or `app`.
    let source = root().join("backend/src");
    let mut files = Vec::new();
    rust_files(&source, &mut files);
    for file in files {
        let inside = file
            .strip_prefix(&source)
            .expect("below the source directory");
        let first = inside
            .components()
            .next()
            .expect("a name")
            .as_os_str()
            .to_string_lossy()
            .into_owned();
        if [
            "main.rs", "cli", "cli.rs", "app", "app.rs", "serve.rs", "lib.rs",
        ]
        .contains(&first.as_str())
        {
            continue;
        }
        let text = fs::read_to_string(&file).expect("readable");
        for (line, module) in modules_named(&text) {
            assert!(
                !["cli", "app", "serve"].contains(&module.as_str()),
                "{}:{line}: nobody imports the wiring (crate::{module})",
                file.display()
            );
        }
    }
}

#[test]
fn imports_are_found_alone_in_groups_and_in_paths_but_not_in_comments() {
    let names = |text: &str| -> Vec<String> {
        modules_named(text)
            .into_iter()
            .map(|(_, name)| name)
            .collect()
    };
    assert_eq!(names("use crate::http::x;"), ["http"]);
    assert_eq!(
        names("use crate::{\n    store::{a, b},\n    http,\n    live as l,\n};"),
        ["store", "http", "live"]
    );
    assert_eq!(names("fn f() { crate::ingest::go(); }"), ["ingest"]);
    assert_eq!(names("// use crate::http\n//! see crate::http"), [""; 0]);
    assert_eq!(names("use mycrate::http;"), [""; 0]);
    assert_eq!(
        workspace_dependencies(
            "[dependencies]\nshared-types.workspace = true\nserde = \"1\"\n[features]\nxtask = []"
        ),
        ["shared-types"]
    );
}
