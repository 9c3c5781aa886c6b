//! What the kernel knows of a process: CPU time and memory, from `/proc`.

use std::fs;

use anyhow::{Context, Result};
use serde::Serialize;

/// Ticks a second of the times in `/proc`: fixed at 100 on Linux.
const TICKS_PER_SECOND: f64 = 100.0;

/// A process at one moment.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
pub struct Usage {
    /// CPU seconds since it began, user and system.
    pub cpu_seconds: f64,
    /// Resident bytes.
    pub rss_bytes: u64,
    /// The most resident bytes that it ever had.
    pub peak_rss_bytes: u64,
}

/// The usage of a process.
///
/// # Errors
/// When there is no such process, or no `/proc`.
pub fn usage(pid: u32) -> Result<Usage> {
    let status = fs::read_to_string(format!("/proc/{pid}/status"))
        .with_context(|| format!("there is no process {pid}"))?;
    let kib = |name: &str| -> u64 {
        status
            .lines()
            .find_map(|line| line.strip_prefix(name))
            .and_then(|rest| rest.split_whitespace().next()?.parse::<u64>().ok())
            .unwrap_or(0)
    };
    let (own, _) = cpu(pid)?;
    Ok(Usage {
        cpu_seconds: own,
        rss_bytes: kib("VmRSS:") * 1024,
        peak_rss_bytes: kib("VmHWM:") * 1024,
    })
}

/// CPU seconds of a process, and of its children that have ended.
fn cpu(pid: u32) -> Result<(f64, f64)> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat"))?;
    // The name in parentheses may hold spaces.
    let (_, rest) = stat.rsplit_once(')').context("a name in parentheses")?;
    let fields: Vec<&str> = rest.split_whitespace().collect();
    let ticks = |field: usize| -> f64 {
        fields
            .get(field)
            .and_then(|text| text.parse().ok())
            .unwrap_or(0.0)
    };
    Ok((
        (ticks(11) + ticks(12)) / TICKS_PER_SECOND,
        (ticks(13) + ticks(14)) / TICKS_PER_SECOND,
    ))
}

/// The parent of a process.
pub fn parent(pid: u32) -> Option<u32> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let (_, rest) = stat.rsplit_once(')')?;
    rest.split_whitespace().nth(1)?.parse().ok()
}

/// CPU seconds of a process and everything that it has started, living or ended.
pub fn family_cpu_seconds(pid: u32) -> f64 {
    let sum = |pid| cpu(pid).map_or(0.0, |(own, ended)| own + ended);
    let children = fs::read_dir("/proc")
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok())
        .filter(|child| parent(*child) == Some(pid));
    sum(pid) + children.map(sum).sum::<f64>()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_process_uses_memory() {
        let usage = usage(std::process::id()).expect("it is there");
        assert!(usage.rss_bytes > 100_000 && usage.peak_rss_bytes >= usage.rss_bytes);
    }
}
