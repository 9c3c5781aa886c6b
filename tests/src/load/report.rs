//! What a run says at its end, for people and for programs.

use std::fmt::Write as _;

use serde::Serialize;

use super::{drive::Tally, raw::Limit, verify::Verdict};
use crate::{database::Engine, process::Usage};

/// How long answers took, in milliseconds.
#[derive(Debug, Clone, Copy, Default, Serialize)]
pub struct Latency {
    /// Half were faster.
    pub p50_ms: f64,
    /// Nine of ten.
    pub p90_ms: f64,
    /// Ninety-nine of a hundred.
    pub p99_ms: f64,
    /// The slowest.
    pub max_ms: f64,
}

impl Latency {
    /// Exact percentiles (nearest rank) of microseconds.
    #[must_use]
    pub fn of(mut micros: Vec<u32>) -> Self {
        micros.sort_unstable();
        let rank = |percent: usize| -> f64 {
            let at = (micros.len() * percent).div_ceil(100).saturating_sub(1);
            f64::from(micros.get(at).copied().unwrap_or(0)) / 1_000.0
        };
        Self {
            p50_ms: rank(50),
            p90_ms: rank(90),
            p99_ms: rank(99),
            max_ms: rank(100),
        }
    }
}

/// The window that was measured.
#[derive(Debug, Serialize)]
pub struct Measured {
    /// Batches acknowledged a second.
    pub batches_per_second: f64,
    /// Activities acknowledged a second.
    pub logs_per_second: f64,
    /// Answers, from sending (closed loop) or from when they were due (open loop).
    pub latency: Latency,
    /// Answers that were no acknowledgement.
    pub errors: u64,
    /// The first of them.
    pub error_samples: Vec<String>,
    /// Arrivals that were never sent, because the server was too far behind.
    pub missed: u64,
}

impl Measured {
    /// From a tally over so many seconds, and over what it took beyond them: a rate that the
    /// server did not keep up with must not be reported as kept.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "counts of one run")]
    pub fn new(tally: Tally, seconds: f64) -> Self {
        let seconds = seconds + tally.overtime.as_secs_f64();
        Self {
            batches_per_second: tally.batches as f64 / seconds,
            logs_per_second: tally.activities as f64 / seconds,
            latency: Latency::of(tally.latencies),
            errors: tally.errors,
            error_samples: tally.error_samples,
            missed: tally.missed,
        }
    }
}

/// The server's process over the window.
#[derive(Debug, Serialize)]
pub struct ServerCost {
    /// CPU seconds in the window.
    pub cpu_seconds: f64,
    /// The same as a share of one core.
    pub cores: f64,
    /// CPU seconds of all PostgreSQL processes in the window, where they are on this machine.
    pub database_cpu_seconds: Option<f64>,
    /// Memory at its end, and at its highest.
    pub memory: Usage,
}

/// A start on the database that the run left behind.
#[derive(Debug, Serialize)]
pub struct Restart {
    /// From starting the process until it says that it is ready.
    pub ready_ms: f64,
    /// Its memory a few seconds later, with nobody connected.
    pub memory: Usage,
}

/// A named limit and the server's share of it.
#[derive(Debug, Serialize)]
pub struct Compared {
    /// What it is.
    pub what: String,
    /// The limit itself, in its own unit.
    pub limit: f64,
    /// The unit.
    pub unit: &'static str,
    /// The server's rate divided by it.
    pub ratio: f64,
}

impl Compared {
    /// A raw limit beside the logs of the run.
    #[must_use]
    pub fn logs(what: &str, limit: Limit, logs_per_second: f64) -> Self {
        Self {
            what: format!("{what}, {} rows", limit.rows),
            limit: limit.rows_per_second,
            unit: "logs/s",
            ratio: logs_per_second / limit.rows_per_second,
        }
    }

    /// The empty handler beside the batches of the run.
    #[must_use]
    pub fn batches(what: &str, limit: f64, batches_per_second: f64) -> Self {
        Self {
            what: what.to_owned(),
            limit,
            unit: "batches/s",
            ratio: batches_per_second / limit,
        }
    }
}

/// A whole run.
#[derive(Debug, Serialize)]
pub struct Report {
    /// The database.
    pub engine: Engine,
    /// `rate 10000/s` or `max`.
    pub mode: String,
    /// Simulated devices.
    pub agents: usize,
    /// Organizations that they belong to.
    pub organizations: usize,
    /// Servers on the one database.
    pub instances: usize,
    /// Keep-alive connections.
    pub connections: usize,
    /// Activities in each batch.
    pub activities_per_batch: u32,
    /// Length of the window.
    pub seconds: f64,
    /// What was measured.
    pub measured: Measured,
    /// What the server used for it; absent for a server that we did not start.
    pub server: Option<ServerCost>,
    /// Whether everything sent is stored once.
    pub verdict: Verdict,
    /// Limits of the same run.
    pub compared: Vec<Compared>,
    /// The start afterwards; absent for a server that we did not start.
    pub restart: Option<Restart>,
}

impl Report {
    /// Whether the run proves anything: no refusals, and everything stored once.
    #[must_use]
    pub const fn is_sound(&self) -> bool {
        self.verdict.wrong_devices == 0 && self.verdict.sent == self.verdict.stored
    }

    /// For people.
    #[must_use]
    pub fn text(&self) -> String {
        let mut out = String::new();
        let measured = &self.measured;
        let latency = &measured.latency;
        let mut line = |text: std::fmt::Arguments<'_>| {
            out.write_fmt(text).expect("a String takes everything");
            out.push('\n');
        };
        line(format_args!(
            "{} · {} · {} agents in {} organizations over {} connections{} · {} activities a batch · {:.0} s",
            self.engine.name(),
            self.mode,
            self.agents,
            self.organizations,
            self.connections,
            match self.instances {
                1 => String::new(),
                several => format!(" to {several} servers"),
            },
            self.activities_per_batch,
            self.seconds
        ));
        line(format_args!(
            "  rate       {:>10.0} logs/s   {:>10.0} batches/s",
            measured.logs_per_second, measured.batches_per_second
        ));
        line(format_args!(
            "  latency    p50 {:.2} ms   p90 {:.2} ms   p99 {:.2} ms   max {:.2} ms",
            latency.p50_ms, latency.p90_ms, latency.p99_ms, latency.max_ms
        ));
        line(format_args!(
            "  errors     {} refused or broken, {} never sent",
            measured.errors, measured.missed
        ));
        for sample in &measured.error_samples {
            line(format_args!("             {sample}"));
        }
        if let Some(server) = &self.server {
            let database = server
                .database_cpu_seconds
                .map_or_else(String::new, |seconds| {
                    format!("; PostgreSQL {seconds:.1} CPU s")
                });
            line(format_args!(
                "  server     {:.1} CPU s ({:.2} cores), {:.0} MB resident, {:.0} MB at most{database}",
                server.cpu_seconds,
                server.cores,
                megabytes(server.memory.rss_bytes),
                megabytes(server.memory.peak_rss_bytes)
            ));
        }
        line(format_args!(
            "  exactly once: {} acknowledged, {} stored, {} devices differ: {}",
            self.verdict.sent,
            self.verdict.stored,
            self.verdict.wrong_devices,
            if self.is_sound() { "yes" } else { "NO" }
        ));
        if let Some(restart) = &self.restart {
            line(format_args!(
                "  restart    ready after {:.0} ms on this database; {:.0} MB resident at rest",
                restart.ready_ms,
                megabytes(restart.memory.rss_bytes)
            ));
        }
        for compared in &self.compared {
            line(format_args!(
                "  ratio      {:.2} of {:.0} {} ({})",
                compared.ratio, compared.limit, compared.unit, compared.what
            ));
        }
        out
    }
}

#[expect(clippy::cast_precision_loss, reason = "megabytes for reading")]
fn megabytes(bytes: u64) -> f64 {
    bytes as f64 / 1e6
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_of_the_nearest_rank() {
        let latency = Latency::of((1..=1_000).rev().map(|n| n * 1_000).collect());
        assert!((latency.p50_ms - 500.0).abs() < 1e-9);
        assert!((latency.p99_ms - 990.0).abs() < 1e-9);
        assert!((latency.max_ms - 1_000.0).abs() < 1e-9);
        assert!(Latency::of(Vec::new()).max_ms.abs() < 1e-9);
    }
}
