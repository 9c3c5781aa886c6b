//! How often a process waits for the disk, as strace counts it.

use std::time::Duration;

use anyhow::{Context, Result, ensure};

use crate::{cmd::Cmd, repo, stop};

const STOP_LIMIT: Duration = Duration::from_secs(20);

/// How often a process and its threads wait for the disk, over so many minutes.
pub(super) fn a_minute(pid: u32, minutes: u32) -> Result<f64> {
    let dir = repo::scratch_dir("measure-agent-strace")?;
    let counts = dir.join("counts");
    let mut tracer = Cmd::new("strace", &["-f", "-c", "-e", "trace=fsync,fdatasync", "-o"])
        .arg(&counts)
        .arg("-p")
        .arg(pid.to_string())
        .start("strace", &dir.join("strace.log"))
        .context("strace is missing, or may not look at the agent (kernel.yama.ptrace_scope)")?;
    let interrupted = stop::wait(Duration::from_secs(u64::from(minutes) * 60));
    tracer.check()?;
    // It writes what it counted when it is asked to end.
    tracer.stop(STOP_LIMIT)?;
    ensure!(!interrupted, "interrupted");
    let text = std::fs::read_to_string(&counts).context("strace counted nothing")?;
    std::fs::remove_dir_all(&dir)?;
    let calls = f64::from(parse(&text));
    Ok(calls / f64::from(minutes))
}

/// The calls in strace's table: `% time, seconds, usecs/call, calls, errors, syscall`.
fn parse(table: &str) -> u32 {
    table
        .lines()
        .filter(|line| line.ends_with("fsync") || line.ends_with("fdatasync"))
        .filter_map(|line| line.split_whitespace().nth(3)?.parse::<u32>().ok())
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_calls_of_both_kinds_are_added_up_and_the_total_is_not() {
        let table = "% time     seconds  usecs/call     calls    errors syscall
------ ----------- ----------- --------- --------- ----------------
 98.00    0.010000        1000        10           fdatasync
  2.00    0.000200         100         2         1 fsync
------ ----------- ----------- --------- --------- ----------------
100.00    0.010200         850        12         1 total
";
        assert_eq!(parse(table), 12);
        assert_eq!(parse(""), 0);
    }
}
