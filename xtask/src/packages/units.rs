//! The systemd units, as systemd itself reads them, and the environment file that goes with them.

use std::{fs, path::Path};

use anyhow::{Context, Result, ensure};

use crate::{cmd::Cmd, repo};

/// Units of the system, and how exposed each may be at most, in tenths of systemd's points.
const SERVERS: [(&str, u8); 2] = [
    ("installers/server/workpulse-server.service", 20),
    ("installers/server/workpulse-worker.service", 20),
];
/// A unit of each person's own.
const AGENT: &str = "installers/linux/agent/workpulse-agent.service";

pub(super) fn check(work: &Path) -> Result<()> {
    for program in ["workpulse-server", "workpulse-agent"] {
        // It is asked whether what a unit starts is there; what it is does not matter.
        fs::copy("/bin/true", work.join(program))?;
    }
    for (unit, exposed) in SERVERS {
        verify(unit, work, &[])?;
        Cmd::new("systemd-analyze", &["security", "--offline=true"])
            .arg(format!("--threshold={exposed}"))
            .arg(repo::root().join(unit))
            .capture()
            .with_context(|| format!("{unit} is more exposed than {exposed} tenths"))?;
    }
    verify(AGENT, work, &["--user"])?;
    println!(
        "    3 units: systemd knows every line; the servers' exposure is at most {}.{}",
        SERVERS[0].1 / 10,
        SERVERS[0].1 % 10
    );
    environment(work)
}

/// Nothing may be said about a unit: systemd goes on where it does not know a line.
fn verify(unit: &str, work: &Path, kind: &[&str]) -> Result<()> {
    let text = fs::read_to_string(repo::root().join(unit))?;
    let name = Path::new(unit).file_name().context("a unit has a name")?;
    let programs = work.display().to_string();
    let look = |text: &str| -> Result<String> {
        let here = text
            .replace("=/usr/bin/", &format!("={programs}/"))
            .replace("=-/usr/bin/", &format!("=-{programs}/"));
        let file = work.join(name);
        fs::write(&file, here)?;
        let mut command = Cmd::new("sh", &["-c", "exec systemd-analyze \"$@\" 2>&1", "sh"]);
        for word in kind {
            command = command.arg(*word);
        }
        command
            .arg("verify")
            .arg("--man=no")
            .arg(&file)
            .env("XDG_RUNTIME_DIR", work)
            .capture()
    };
    let said = look(&text)?;
    ensure!(said.is_empty(), "{unit}: {said}");
    let wrong = look(&text.replace("[Service]\n", "[Service]\nNoSuchSetting=yes\n"));
    ensure!(
        wrong.map_or(true, |said| said.contains("NoSuchSetting")),
        "systemd-analyze has nothing to say about a setting that there is not"
    );
    Ok(())
}

/// `environment.awk` reads as systemd.exec(5) says, and lets nothing be run.
fn environment(work: &Path) -> Result<()> {
    const FILE: &str = "# a comment\n; another\n\
        DATABASE_URL=postgres://u:p@h/db?a=b&c=d e\n  SPACED =  two  words \t\nNO LINE\nEMPTY=\n\
        DOUBLE=\"a \\\"b\\\" $HOME `id` \\x\"\nSINGLE='$it \\n'\nAPOSTROPHE=it's; touch $0.ran\n\
        LONG=one\\\ntwo\\\\three\n1BAD=x\nBAD-NAME=x\nTWO=\"a\nb\"\nLAST=end";
    let expected = [
        ("DATABASE_URL", "postgres://u:p@h/db?a=b&c=d e"),
        ("SPACED", "two  words"),
        ("EMPTY", ""),
        ("DOUBLE", "a \"b\" $HOME `id` \\x"),
        ("SINGLE", "$it \\n"),
        ("APOSTROPHE", "it's; touch $0.ran"),
        ("LONG", "onetwo\\three"),
        ("TWO", "a\nb"),
        ("LAST", "end"),
    ];
    let file = work.join("server.env");
    fs::write(&file, FILE)?;
    let script = repo::root().join("installers/server/environment.awk");
    let set = Cmd::new("env", &["-i", "/bin/sh", "-ec"])
        .arg("PATH=/usr/bin:/bin; commands=$(awk -f \"$1\" \"$2\"); unset PATH; eval \"$commands\"; exec /usr/bin/env -0")
        .arg("sh")
        .arg(&script)
        .arg(&file)
        .capture()?;
    let mut found: Vec<(&str, &str)> = set
        .split('\0')
        .filter_map(|line| line.split_once('='))
        .filter(|(name, _)| !["PWD", "OLDPWD", "SHLVL", "_"].contains(name))
        .collect();
    found.sort_unstable();
    let mut expected = expected.to_vec();
    expected.sort_unstable();
    ensure!(found == expected, "environment.awk sets {found:?}");
    println!("    environment.awk reads what systemd reads, and runs nothing of it");
    Ok(())
}
