//! Policies for Windows and profiles for macOS: well-formed, and every name in them leads somewhere.
//! That they name the agent's settings, all of them, is a test of the agent's.

use std::{collections::BTreeSet, fs, path::Path};

use anyhow::{Result, ensure};

use crate::{cmd::Cmd, repo};

const ADMX: &str = "installers/windows/policies/workpulse.admx";
const ADML: [&str; 2] = [
    "installers/windows/policies/en-US/workpulse.adml",
    "installers/windows/policies/de-DE/workpulse.adml",
];
const SCHEMA: &str = "installers/macos/preferences.schema.json";
const PROFILE: &str = "installers/macos/preferences.mobileconfig";

pub(super) fn check(schemas: &Path, work: &Path) -> Result<()> {
    let policies = well_formed(ADMX)?;
    for file in ADML {
        let texts = well_formed(file)?;
        resolve(&policies, &texts).map_err(|error| error.context(file))?;
        // A name that leads nowhere is seen.
        let broken = texts.replacen("<string id=\"proxy\"", "<string id=\"proxi\"", 1);
        ensure!(
            resolve(&policies, &broken).is_err(),
            "a missing text of {file} is not noticed"
        );
    }
    println!("    policies for Windows: every text and every field is there, in both languages");
    preferences(schemas, work)
}

fn well_formed(file: &str) -> Result<String> {
    let path = repo::root().join(file);
    Cmd::new("xmllint", &["--noout", "--nonet"])
        .arg(&path)
        .capture()?;
    Ok(fs::read_to_string(path)?)
}

/// What stands between these two, each time.
fn between<'a>(text: &'a str, start: &str, end: &str) -> BTreeSet<&'a str> {
    text.split(start)
        .skip(1)
        .filter_map(|rest| rest.split_once(end))
        .map(|(found, _)| found)
        .collect()
}

/// Both files name the same texts, fields and groups of fields.
fn resolve(policies: &str, texts: &str) -> Result<()> {
    for (what, asked, told) in [
        (
            "texts",
            between(policies, "$(string.", ")"),
            between(texts, "<string id=\"", "\""),
        ),
        (
            "groups of fields",
            between(policies, "$(presentation.", ")"),
            between(texts, "<presentation id=\"", "\""),
        ),
        (
            "fields",
            ["<text id=\"", "<decimal id=\"", "<enum id=\""]
                .iter()
                .flat_map(|start| between(policies, start, "\""))
                .collect(),
            between(texts, " refId=\"", "\""),
        ),
    ] {
        ensure!(
            asked == told && !asked.is_empty(),
            "the {what} differ: {:?}",
            asked.symmetric_difference(&told).collect::<Vec<_>>()
        );
    }
    for (name, used) in [
        ("<category name=\"", "<parentCategory ref=\""),
        ("<definition name=\"", "<supportedOn ref=\""),
    ] {
        ensure!(
            between(policies, name, "\"") == between(policies, used, "\""),
            "{used} leads nowhere"
        );
    }
    Ok(())
}

/// The example of a profile fits the schema that consoles of MDM take.
fn preferences(schemas: &Path, work: &Path) -> Result<()> {
    const READ: &str = "import json, plistlib, sys
payload = plistlib.load(open(sys.argv[1], 'rb'))['PayloadContent'][0]
print(json.dumps({key: value for key, value in payload.items() if not key.startswith('Payload')}))";
    let set = Cmd::new("python3", &["-c", READ])
        .arg(repo::root().join(PROFILE))
        .capture()?;
    let file = work.join("preferences.json");
    let fits = |text: &str| -> Result<()> {
        fs::write(&file, text)?;
        Cmd::new(schemas, &["--schemafile"])
            .arg(repo::root().join(SCHEMA))
            .arg(&file)
            .capture()
            .map(drop)
    };
    fits(&set)?;
    ensure!(
        fits("{\"no_such_setting\": true}").is_err(),
        "the schema of preferences takes a setting that there is not"
    );
    println!("    preferences for macOS: the example fits its schema");
    Ok(())
}
