//! A whole run: a server, a fleet, sending, judging, and the limits to compare with.

use std::{
    net::{SocketAddr, TcpListener},
    path::PathBuf,
    process::{Child, Command, Stdio},
    time::Duration,
};

use anyhow::{Context, Result, bail, ensure};
use sqlx::{Connection as _, PgConnection};
use tokio::time::{Instant, sleep_until};

use super::{
    drive::{self, Pace, Plan, Window},
    fleet, raw,
    report::{Compared, Measured, Report, Restart, ServerCost},
    stream::Stream,
    verify::verify,
};
use crate::{
    database::{Engine, Storage},
    process::{Usage, family_cpu_seconds, parent, usage},
    server::{Server, ServerPlan},
    time::{now, wait_for},
};

/// Days before now at which every device's minutes begin; within the default retention.
const DAYS: i64 = 390;
/// How long a restarted server is left alone before its memory is read.
const AT_REST: Duration = Duration::from_secs(3);

/// What is run.
#[derive(Debug, Clone)]
pub struct Options {
    /// A server that runs already; otherwise one is started.
    pub url: Option<String>,
    /// The server's program.
    pub server: Option<PathBuf>,
    /// The database.
    pub engine: Engine,
    /// A PostgreSQL cluster in which databases may be made.
    pub cluster: Option<String>,
    /// Where data directories and raw files go.
    pub scratch: PathBuf,
    /// Simulated devices.
    pub agents: usize,
    /// Organizations.
    pub organizations: usize,
    /// Keep-alive connections.
    pub connections: usize,
    /// How fast.
    pub pace: Pace,
    /// Activities a batch.
    pub activities: u32,
    /// Unmeasured at the beginning.
    pub warm_up: Duration,
    /// Measured.
    pub duration: Duration,
    /// Rows of the raw limit; 0 leaves it out.
    pub raw_rows: usize,
    /// Whether to measure the empty handler, too.
    pub empty_baseline: bool,
    /// This program, for the empty handler.
    pub own_program: PathBuf,
    /// Servers on one database; the connections take them in turn.
    pub instances: usize,
}

/// Runs it.
///
/// # Errors
/// When a server cannot be started or asked; not when the server was slow or wrong: that is
/// what the report says.
pub async fn run(options: &Options, say: &dyn Fn(&str)) -> Result<Report> {
    let dir = tempfile::Builder::new()
        .prefix("workpulse-load-")
        .tempdir_in(&options.scratch)?;
    let mut storage = None;
    let mut server = None;
    let mut beside = Vec::new();
    if options.url.is_none() {
        let program = options
            .server
            .clone()
            .context("say which server: --url or --server-bin")?;
        let fresh = Storage::create(options.engine, options.cluster.as_deref(), "load").await?;
        let plan = ServerPlan::new(program, dir.path().join("server"), fresh.url())?;
        storage = Some(fresh);
        say("starting the server");
        server = Some(plan.start().await?);
        for number in 1..options.instances {
            let plan = plan.beside(&format!("server-{number}"))?;
            beside.push(plan.start().await?);
        }
    }
    let servers = Servers {
        first: server.as_ref(),
        beside: &beside,
    };
    let mut outcome = against(options, servers, storage.as_ref(), dir.path(), say).await;
    for server in beside {
        server.stop().await?;
    }
    if let Some(server) = server {
        let plan = server.plan().clone();
        server.stop().await?;
        if let Ok(report) = &mut outcome {
            say("starting the server on what it has now");
            report.restart = Some(restart(&plan).await?);
        }
    }
    if let Some(storage) = storage {
        storage.remove().await?;
    }
    outcome
}

/// Sends to a server that runs already on this storage, and judges.
///
/// # Errors
/// As [`run`].
pub async fn measure(
    options: &Options,
    server: &Server,
    storage: &Storage,
    say: &dyn Fn(&str),
) -> Result<Report> {
    let dir = server.plan().data_dir.clone();
    let servers = Servers {
        first: Some(server),
        beside: &[],
    };
    against(options, servers, Some(storage), &dir, say).await
}

/// The servers that this run has started, if it has.
#[derive(Clone, Copy)]
struct Servers<'s> {
    first: Option<&'s Server>,
    beside: &'s [Server],
}

/// How long a start on an existing database takes, and what the server holds at rest.
async fn restart(plan: &ServerPlan) -> Result<Restart> {
    let begun = Instant::now();
    let server = plan.start().await?;
    let ready_ms = begun.elapsed().as_secs_f64() * 1_000.0;
    tokio::time::sleep(AT_REST).await;
    let memory = usage(server.pid())?;
    server.stop().await?;
    Ok(Restart { ready_ms, memory })
}

async fn against(
    options: &Options,
    servers: Servers<'_>,
    storage: Option<&Storage>,
    dir: &std::path::Path,
    say: &dyn Fn(&str),
) -> Result<Report> {
    let server = servers.first;
    let base = match (&options.url, server) {
        (Some(url), _) => url.clone(),
        (None, Some(server)) => server.plan().address(),
        (None, None) => bail!("no server"),
    };
    let mut targets = vec![loopback(&base)?];
    for server in servers.beside {
        targets.push(loopback(&server.plan().address())?);
    }
    let fleet = fleet::enrol(
        &base,
        server.map(Server::plan),
        options.organizations,
        options.agents,
        DAYS,
        |done| {
            if done % 100 == 0 || done == options.agents {
                say(&format!("enrolled {done} of {} devices", options.agents));
            }
        },
    )
    .await?;
    say("sending");
    let plan = Plan {
        targets,
        pace: options.pace,
        activities: options.activities,
        warm_up: options.warm_up,
        duration: options.duration,
    };
    let mut watch = None;
    let postmaster = postmaster(storage).await;
    let (streams, tally) = drive::drive(plan, options.connections, fleet.streams, |window| {
        let pids: Vec<u32> = server
            .into_iter()
            .chain(servers.beside)
            .map(Server::pid)
            .collect();
        watch = (!pids.is_empty()).then(|| tokio::spawn(watch_servers(pids, postmaster, window)));
    })
    .await?;
    ensure_past(&streams)?;
    let cost = match watch {
        Some(watch) => Some(watch.await??),
        None => None,
    };
    let seconds = options.duration.as_secs_f64();
    let measured = Measured::new(tally, seconds);
    say("asking the server what it has");
    let verdict = verify(&base, &fleet.tenants, &streams).await?;
    let mut compared = Vec::new();
    if options.empty_baseline {
        say("the empty handler");
        let empty = empty_rate(options, streams).await?;
        compared.push(Compared::batches(
            "an empty handler that only parses, same load",
            empty,
            measured.batches_per_second,
        ));
    }
    if options.raw_rows > 0 {
        say("the database alone");
        let shape = raw::Shape {
            agents: options.agents,
            activities: options.activities,
            rows: options.raw_rows,
            first_minute: now().minute() - DAYS * 1_440,
        };
        raw_limits(options, shape, dir, measured.logs_per_second, &mut compared).await?;
    }
    Ok(Report {
        engine: options.engine,
        mode: match options.pace {
            Pace::Max => "as fast as they can".to_owned(),
            Pace::Rate(rate) => format!("open loop at {rate} batches/s"),
        },
        agents: options.agents,
        organizations: options.organizations,
        instances: servers.beside.len() + 1,
        connections: options.connections.min(options.agents),
        activities_per_batch: options.activities,
        seconds,
        measured,
        server: cost,
        verdict,
        compared,
        restart: None,
    })
}

async fn raw_limits(
    options: &Options,
    shape: raw::Shape,
    dir: &std::path::Path,
    logs_per_second: f64,
    compared: &mut Vec<Compared>,
) -> Result<()> {
    match options.engine {
        Engine::Sqlite => {
            for rows in [1_000, 10_000] {
                let limit = raw::sqlite(dir, shape, rows).await?;
                let what = format!("prepared insert loop, {rows} rows a transaction");
                compared.push(Compared::logs(&what, limit, logs_per_second));
            }
        }
        Engine::Postgres => {
            let cluster = options.cluster.as_deref().context("--database-url")?;
            for (lanes, what) in [(1, "COPY, one connection"), (2, "COPY, two connections")] {
                let limit = raw::postgres(cluster, shape, lanes).await?;
                compared.push(Compared::logs(what, limit, logs_per_second));
            }
        }
    }
    Ok(())
}

/// The server's address, which must be this machine: this is no tool for loading others.
fn loopback(base: &str) -> Result<SocketAddr> {
    let url: reqwest::Url = base.parse().context("--url")?;
    let port = url.port_or_known_default().context("a port")?;
    let host = url.host_str().context("a host")?;
    let address: SocketAddr = match host {
        "localhost" => ([127, 0, 0, 1], port).into(),
        host => format!("{host}:{port}").parse().context("an IP address")?,
    };
    ensure!(url.scheme() == "http", "plain http only");
    ensure!(
        address.ip().is_loopback(),
        "{host} is another machine; the generator loads this one only"
    );
    Ok(address)
}

/// Minutes of the future would have been refused, and would prove nothing.
fn ensure_past(streams: &[Stream]) -> Result<()> {
    let last = streams.iter().map(|stream| stream.position.minute).max();
    ensure!(
        last.is_none_or(|minute| minute <= now().minute()),
        "the devices ran out of past minutes ({DAYS} days): use more --agents or a shorter --duration"
    );
    Ok(())
}

async fn watch_servers(
    pids: Vec<u32>,
    postmaster: Option<u32>,
    window: Window,
) -> Result<ServerCost> {
    let database = || postmaster.map(family_cpu_seconds);
    sleep_until(window.from).await;
    let (before, database_before) = (usage_of_all(&pids)?, database());
    sleep_until(window.until).await;
    let (after, database_after) = (usage_of_all(&pids)?, database());
    let cpu_seconds = after.cpu_seconds - before.cpu_seconds;
    let seconds = (window.until - window.from).as_secs_f64();
    Ok(ServerCost {
        cpu_seconds,
        cores: cpu_seconds / seconds,
        database_cpu_seconds: database_before
            .zip(database_after)
            .map(|(before, after)| after - before),
        memory: after,
    })
}

/// What several processes use together; their peaks need not have been at the same moment.
fn usage_of_all(pids: &[u32]) -> Result<Usage> {
    pids.iter().try_fold(Usage::default(), |sum, pid| {
        let one = usage(*pid)?;
        Ok(Usage {
            cpu_seconds: sum.cpu_seconds + one.cpu_seconds,
            rss_bytes: sum.rss_bytes + one.rss_bytes,
            peak_rss_bytes: sum.peak_rss_bytes + one.peak_rss_bytes,
        })
    })
}

/// PostgreSQL's first process, when it runs on this machine.
async fn postmaster(storage: Option<&Storage>) -> Option<u32> {
    let url = storage?.url()?;
    let mut connection = PgConnection::connect(&url).await.ok()?;
    let backend: i32 = sqlx::query_scalar("SELECT pg_backend_pid()")
        .fetch_one(&mut connection)
        .await
        .ok()?;
    let backend = u32::try_from(backend).ok()?;
    let name = std::fs::read_to_string(format!("/proc/{backend}/comm")).ok()?;
    name.starts_with("postgres")
        .then(|| parent(backend))
        .flatten()
}

/// The empty handler under the same load, in a process of its own as the server is.
async fn empty_rate(options: &Options, streams: Vec<Stream>) -> Result<f64> {
    let port = TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port();
    let target: SocketAddr = ([127, 0, 0, 1], port).into();
    let child = Command::new(&options.own_program)
        .args(["empty-server", "--listen", &target.to_string()])
        .stdin(Stdio::null())
        .spawn()?;
    let _child = Killed(child);
    wait_for(
        "the empty handler listens",
        Duration::from_secs(10),
        || async { Ok(tokio::net::TcpStream::connect(target).await.ok()) },
    )
    .await?;
    let plan = Plan {
        targets: vec![target],
        pace: Pace::Max,
        activities: options.activities,
        warm_up: options.warm_up.min(Duration::from_secs(2)),
        duration: options.duration.min(Duration::from_secs(10)),
    };
    let seconds = plan.duration.as_secs_f64();
    let (_, tally) = drive::drive(plan, options.connections, streams, |_| {}).await?;
    ensure!(
        tally.errors == 0,
        "the empty handler refused: {:?}",
        tally.error_samples
    );
    Ok(Measured::new(tally, seconds).batches_per_second)
}

struct Killed(Child);

impl Drop for Killed {
    fn drop(&mut self) {
        // It has ended already, or it must.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_machine_is_loaded() {
        assert!(loopback("http://127.0.0.1:3000").is_ok());
        assert!(loopback("http://localhost:3000").is_ok());
        assert!(loopback("http://10.0.0.1:3000").is_err());
        assert!(loopback("http://example.org").is_err());
        assert!(loopback("https://127.0.0.1").is_err());
    }
}
