//! One change, and how long it takes to reach the last of many sockets.
//!
//! Every socket is a real one, opened by an admin who sees everyone. A device sends a minute;
//! each socket notes when the event came. The generator reads all of them on this machine, so
//! its own work is part of the figure.

use std::{
    fmt::Write as _,
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicU64, AtomicUsize, Ordering},
    },
    time::Duration,
};

use anyhow::{Context, Result, ensure};
use futures_util::{StreamExt as _, TryStreamExt as _, stream as futures};
use memchr::memmem;
use nix::sys::resource::{Resource, getrlimit, setrlimit};
use tokio::{net::TcpStream, task::JoinSet, time::Instant};
use tokio_tungstenite::{
    WebSocketStream, client_async_with_config,
    tungstenite::{Message, client::IntoClientRequest as _, protocol::WebSocketConfig},
};

use super::{fleet, report::Latency, stream::Stream};
use crate::{
    api::{Api, PASSWORD},
    database::{Engine, Storage},
    process::usage,
    server::ServerPlan,
    time::{now, wait_for},
};

/// How long a round may take before the run is given up.
const ROUND: Duration = Duration::from_secs(30);
/// Sockets that are being opened at once.
const OPENING: usize = 64;
/// Files that a process holds beside its sockets.
const SPARE_FILES: u64 = 512;

/// How many, where.
#[derive(Debug, Clone)]
pub struct Options {
    /// The server's program.
    pub server: PathBuf,
    /// The database.
    pub engine: Engine,
    /// A PostgreSQL cluster in which databases may be made.
    pub cluster: Option<String>,
    /// Where data directories go.
    pub scratch: PathBuf,
    /// Sockets.
    pub sockets: usize,
    /// Changes, one after the other.
    pub rounds: usize,
    /// Whether the sockets are those of a second instance, so that each event crosses over.
    pub across: bool,
}

/// What the sockets saw of the round that runs.
#[derive(Debug)]
struct Board {
    /// What instants are counted from.
    zero: Instant,
    /// Sockets that have had the round's event.
    had: AtomicUsize,
    /// Microseconds at which the last of them had it.
    last: AtomicU64,
}

impl Board {
    fn micros(&self) -> u64 {
        u64::try_from(self.zero.elapsed().as_micros()).unwrap_or(u64::MAX)
    }

    fn note(&self) {
        self.last.fetch_max(self.micros(), Ordering::Relaxed);
        self.had.fetch_add(1, Ordering::Release);
    }
}

/// Opens the sockets and measures; what to tell people.
///
/// # Errors
/// When the server, a socket or a round fails.
pub async fn run(options: &Options, say: &dyn Fn(&str)) -> Result<String> {
    allow_files(u64::try_from(options.sockets)? + SPARE_FILES)?;
    let dir = tempfile::Builder::new()
        .prefix("workpulse-fan-out-")
        .tempdir_in(&options.scratch)?;
    let storage = Storage::create(options.engine, options.cluster.as_deref(), "fan").await?;
    let plan = ServerPlan::new(
        options.server.clone(),
        dir.path().join("server"),
        storage.url(),
    )?;
    let outcome = fan_out(options, &plan, say).await;
    storage.remove().await?;
    outcome
}

/// Lets this process, and the server that it starts, hold so many files.
fn allow_files(wanted: u64) -> Result<()> {
    let (soft, hard) = getrlimit(Resource::RLIMIT_NOFILE)?;
    ensure!(
        hard >= wanted,
        "so many sockets need {wanted} files in a process, and this machine allows {hard} (ulimit -Hn)"
    );
    setrlimit(Resource::RLIMIT_NOFILE, soft.max(wanted), hard)?;
    Ok(())
}

async fn fan_out(options: &Options, plan: &ServerPlan, say: &dyn Fn(&str)) -> Result<String> {
    let server = plan.start().await?;
    let base = plan.address();
    let mut fleet = fleet::enrol(&base, Some(plan), 1, 1, 1, |_| {}).await?;
    let mut stream = fleet.streams.pop().context("one device")?;
    let device = Api::new(&base).with_bearer(&stream.secret);
    // The session's begin is an event of its own.
    send(&device, &mut stream).await?;
    let second = if options.across {
        Some(plan.beside("second")?.start().await?)
    } else {
        None
    };
    let watching = second.as_ref().unwrap_or(&server);
    let (login, _) = Api::new(&watching.plan().address())
        .log_in(&fleet.tenants[0].email, PASSWORD)
        .await?;
    let token = login.tokens.context("tokens in the body")?.access_token;
    let before = usage(watching.pid())?.rss_bytes;
    let board = Arc::new(Board {
        zero: Instant::now(),
        had: AtomicUsize::new(0),
        last: AtomicU64::new(0),
    });
    let begun = Instant::now();
    let mut sockets: Vec<Socket> = Vec::with_capacity(options.sockets);
    let mut opening = futures::iter(0..options.sockets)
        .map(|_| open(watching.plan().port, &token))
        .buffer_unordered(OPENING);
    while let Some(socket) = opening.try_next().await? {
        sockets.push(socket);
        if sockets.len().is_multiple_of(1_000) {
            say(&format!("{} of {} sockets", sockets.len(), options.sockets));
        }
    }
    drop(opening);
    let opened = begun.elapsed();
    let with_all = usage(watching.pid())?.rss_bytes;
    let mut readers = JoinSet::new();
    for socket in sockets {
        readers.spawn(read(socket, Arc::clone(&board)));
    }
    let (mut from_sending, mut from_answer) = (Vec::new(), Vec::new());
    for _ in 0..options.rounds {
        board.had.store(0, Ordering::Release);
        let sent = board.micros();
        send(&device, &mut stream).await?;
        let answered = board.micros();
        wait_for("every socket has the event", ROUND, || {
            let had = board.had.load(Ordering::Acquire);
            async move { Ok((had == options.sockets).then_some(())) }
        })
        .await?;
        let last = board.last.load(Ordering::Relaxed);
        from_sending.push(u32::try_from(last - sent)?);
        from_answer.push(u32::try_from(last.saturating_sub(answered))?);
    }
    ensure!(
        readers.try_join_next().is_none(),
        "a socket ended by itself"
    );
    readers.shutdown().await;
    if let Some(second) = second {
        second.stop().await?;
    }
    server.stop().await?;
    told(
        options,
        opened,
        with_all.saturating_sub(before),
        from_sending,
        from_answer,
    )
}

#[expect(clippy::cast_precision_loss, reason = "bytes of one machine")]
fn told(
    options: &Options,
    opened: Duration,
    bytes: u64,
    from_sending: Vec<u32>,
    from_answer: Vec<u32>,
) -> Result<String> {
    let (whole, after) = (Latency::of(from_sending), Latency::of(from_answer));
    let mut text = String::new();
    writeln!(
        text,
        "{}: {} sockets{}, opened in {:.1} s, {:.1} KB of the server's memory each (goal at most 10)",
        options.engine.name(),
        options.sockets,
        if options.across {
            " of a second instance"
        } else {
            ""
        },
        opened.as_secs_f64(),
        bytes as f64 / options.sockets as f64 / 1_000.0
    )?;
    for (what, latency) in [
        ("from the answer, which comes after the commit,", after),
        ("from sending the minute, commit included,", whole),
    ] {
        writeln!(
            text,
            "  {what} to the last socket: p50 {:.0} ms, p99 {:.0} ms over {} rounds (goal p99 {})",
            latency.p50_ms,
            latency.p99_ms,
            options.rounds,
            if options.across { 250 } else { 150 }
        )?;
    }
    Ok(text)
}

type Socket = WebSocketStream<TcpStream>;

async fn open(port: u16, token: &str) -> Result<Socket> {
    let mut request = format!("ws://127.0.0.1:{port}/api/v1/ws").into_client_request()?;
    let bearer = format!("Bearer {token}").parse()?;
    request.headers_mut().insert("authorization", bearer);
    let stream = TcpStream::connect(("127.0.0.1", port)).await?;
    let config = WebSocketConfig::default()
        .read_buffer_size(2 * 1_024)
        .write_buffer_size(0);
    let (mut socket, _) = client_async_with_config(request, stream, Some(config)).await?;
    // The first frame says from where on events follow.
    let hello = socket.next().await.context("no frame")??;
    ensure!(hello.is_text(), "another first frame: {hello:?}");
    Ok(socket)
}

async fn read(mut socket: Socket, board: Arc<Board>) {
    while let Some(Ok(message)) = socket.next().await {
        if let Message::Text(text) = message
            && memmem::find(text.as_bytes(), b"SESSION_UPDATE").is_some()
        {
            board.note();
        }
    }
}

/// One minute of the device, acknowledged.
async fn send(device: &Api, stream: &mut Stream) -> Result<()> {
    let mut body = Vec::new();
    let last = stream.write_batch(&mut body, 1, &now().to_string());
    let request = device
        .request(reqwest::Method::POST, "/sync")
        .header("content-type", "application/json")
        .body(body);
    let answer: serde_json::Value = device.send(request).await?.json().await?;
    ensure!(answer["watermark"] == last, "not stored: {answer}");
    Ok(())
}
