//! Sending: at a fixed rate (open loop) or as fast as it goes (closed loop).
//!
//! Each connection carries some of the devices, in turn, one request at a time, so that a
//! device's numbers stay in order. In the open loop the arrivals are fixed beforehand, and a
//! request's latency counts from the moment at which it was due: a slow answer delays those
//! behind it on the same connection, and that delay is theirs (no coordinated omission).

use std::{net::SocketAddr, sync::Arc, time::Duration};

use anyhow::{Context, Result, bail, ensure};
use bytes::Bytes;
use http_body_util::{BodyExt as _, Full};
use hyper::{Request, Response, body::Incoming, client::conn::http1, header};
use hyper_util::rt::TokioIo;
use memchr::memmem;
use tokio::{
    net::TcpStream,
    sync::Barrier,
    time::{Instant, sleep_until, timeout},
};

use super::stream::Stream;
use crate::time::now;

/// How long an answer may take.
const ANSWER: Duration = Duration::from_secs(30);
/// How long arrivals that are late at the end are still sent.
const GRACE: Duration = Duration::from_secs(20);
/// How often the first batches are tried, before the run is given up.
const FIRST_TRIES: usize = 20;

/// How fast.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Pace {
    /// So many batches a second, whatever the answers do.
    Rate(f64),
    /// The next batch when the last one is answered.
    Max,
}

/// A phase of sending.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The servers: the connections take them in turn, and each stays with its own.
    pub targets: Vec<SocketAddr>,
    /// How fast.
    pub pace: Pace,
    /// Minutes a batch.
    pub activities: u32,
    /// Sent before it counts.
    pub warm_up: Duration,
    /// Counts.
    pub duration: Duration,
}

/// What was measured.
#[derive(Debug, Default)]
pub struct Tally {
    /// Batches acknowledged inside the window.
    pub batches: u64,
    /// Activities in them.
    pub activities: u64,
    /// Answers that were no acknowledgement, and broken connections, inside the window.
    pub errors: u64,
    /// What the first errors said.
    pub error_samples: Vec<String>,
    /// Arrivals of the window that could not even be sent within the grace behind it.
    pub missed: u64,
    /// Microseconds of each answer in the window.
    pub latencies: Vec<u32>,
    /// How far behind the window's end the last of its answers came: nothing, unless the
    /// server fell behind a fixed rate.
    pub overtime: Duration,
}

impl Tally {
    fn add(&mut self, other: Self) {
        self.batches += other.batches;
        self.activities += other.activities;
        self.errors += other.errors;
        self.missed += other.missed;
        self.overtime = self.overtime.max(other.overtime);
        self.latencies.extend(other.latencies);
        self.error_samples.extend(other.error_samples);
        self.error_samples.truncate(5);
    }

    fn error(&mut self, error: &anyhow::Error) {
        self.errors += 1;
        if self.error_samples.len() < 5 {
            self.error_samples.push(format!("{error:#}"));
        }
    }
}

/// When the window opens and closes.
#[derive(Debug, Clone, Copy)]
pub struct Window {
    /// It opens.
    pub from: Instant,
    /// It closes.
    pub until: Instant,
}

/// Sends one batch of every stream unmeasured, then by the plan. `on_window` is called as
/// soon as it is known when the window opens and closes.
///
/// # Errors
/// When a stream's first batch is not taken, or there is no server.
pub async fn drive(
    plan: Plan,
    connections: usize,
    streams: Vec<Stream>,
    on_window: impl FnOnce(Window),
) -> Result<(Vec<Stream>, Tally)> {
    ensure!(!plan.targets.is_empty(), "no server to send to");
    let connections = connections.clamp(1, streams.len().max(1));
    let mut shares: Vec<Vec<(usize, Stream)>> = (0..connections).map(|_| Vec::new()).collect();
    for (number, stream) in streams.into_iter().enumerate() {
        shares[number % connections].push((number, stream));
    }
    let ready = Arc::new(Barrier::new(connections + 1));
    let (announce, announced) = tokio::sync::watch::channel(None);
    let tasks: Vec<_> = shares
        .into_iter()
        .enumerate()
        .map(|(number, share)| {
            let target = plan.targets[number % plan.targets.len()];
            let lane = Lane {
                plan: plan.clone(),
                number,
                connections,
                link: Link::new(target),
                body: Vec::new(),
                tally: Tally::default(),
            };
            tokio::spawn(lane.run(share, Arc::clone(&ready), announced.clone()))
        })
        .collect();
    // Whoever fails in the first round never comes to the barrier: look at the tasks, too.
    let mut tasks = futures_util::future::try_join_all(tasks);
    let mut early = None;
    tokio::select! {
        _ = ready.wait() => {}
        ended = &mut tasks => early = Some(ended),
    }
    if let Some(ended) = early {
        for lane in ended? {
            lane?;
        }
        bail!("the connections ended before they began");
    }
    let from = Instant::now() + plan.warm_up;
    let window = Window {
        from,
        until: from + plan.duration,
    };
    on_window(window);
    announce.send(Some(window)).context("nobody is sending")?;
    let mut tally = Tally::default();
    let mut streams = Vec::new();
    for lane in tasks.await? {
        let (share, measured) = lane?;
        streams.extend(share);
        tally.add(measured);
    }
    streams.sort_by_key(|(number, _)| *number);
    Ok((
        streams.into_iter().map(|(_, stream)| stream).collect(),
        tally,
    ))
}

type Share = Vec<(usize, Stream)>;

/// One connection and its devices.
struct Lane {
    plan: Plan,
    number: usize,
    connections: usize,
    link: Link,
    body: Vec<u8>,
    tally: Tally,
}

impl Lane {
    async fn run(
        mut self,
        mut share: Share,
        ready: Arc<Barrier>,
        mut announced: tokio::sync::watch::Receiver<Option<Window>>,
    ) -> Result<(Share, Tally)> {
        for (_, stream) in &mut share {
            let mut tries = 0;
            while let Err(error) = self.send(stream).await {
                tries += 1;
                if tries == FIRST_TRIES {
                    return Err(error.context("a device's first batch was not taken"));
                }
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        }
        ready.wait().await;
        let window = announced
            .wait_for(Option::is_some)
            .await?
            .expect("waited for it");
        match self.plan.pace {
            Pace::Max => self.closed_loop(&mut share, window).await,
            Pace::Rate(rate) => self.open_loop(&mut share, window, rate).await,
        }
        Ok((share, self.tally))
    }

    async fn closed_loop(&mut self, share: &mut Share, window: Window) {
        let devices = share.len();
        let mut turn = 0;
        loop {
            let begun = Instant::now();
            if begun >= window.until {
                return;
            }
            let sent = self.send(&mut share[turn % devices].1).await;
            turn += 1;
            let ended = Instant::now();
            let failed = sent.is_err();
            if ended >= window.from && ended < window.until {
                self.record(sent, ended - begun);
            }
            if failed {
                // Not a storm against a server that is in trouble.
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        }
    }

    async fn open_loop(&mut self, share: &mut Share, window: Window, rate: f64) {
        let devices = share.len();
        let begin = window.from - self.plan.warm_up;
        #[expect(clippy::cast_precision_loss, reason = "a few million arrivals at most")]
        let due_at = |turn: usize, lane: &Self| {
            let arrival = (turn * lane.connections + lane.number) as f64;
            begin + Duration::from_secs_f64(arrival / rate)
        };
        let mut turn = 0;
        loop {
            let due = due_at(turn, self);
            if due >= window.until {
                return;
            }
            if Instant::now() > window.until + GRACE {
                self.tally.missed += 1;
                turn += 1;
                continue;
            }
            sleep_until(due).await;
            let sent = self.send(&mut share[turn % devices].1).await;
            turn += 1;
            if due >= window.from {
                let ended = Instant::now();
                self.tally.overtime = ended.saturating_duration_since(window.until);
                self.record(sent, ended - due);
            }
        }
    }

    fn record(&mut self, sent: Result<()>, latency: Duration) {
        match sent {
            Ok(()) => {
                self.tally.batches += 1;
                self.tally.activities += u64::from(self.plan.activities);
                let micros = u32::try_from(latency.as_micros()).unwrap_or(u32::MAX);
                self.tally.latencies.push(micros);
            }
            Err(error) => self.tally.error(&error),
        }
    }

    /// Sends a stream's next batch. When it is not acknowledged, the stream stays where it
    /// was: the same batch is sent again in its next turn.
    async fn send(&mut self, stream: &mut Stream) -> Result<()> {
        let before = stream.position;
        let clock = now().to_string();
        let last = stream.write_batch(&mut self.body, self.plan.activities, &clock);
        let body = Bytes::copy_from_slice(&self.body);
        let sent = self.link.post(&stream.secret, body).await;
        let outcome = sent.and_then(|answer| acknowledged(&answer, last));
        if outcome.is_err() {
            stream.position = before;
        }
        outcome
    }
}

/// Whether the answer takes everything up to `last`, and refuses nothing.
fn acknowledged(answer: &[u8], last: i64) -> Result<()> {
    let says = |text: &str| memmem::find(answer, text.as_bytes()).is_some();
    if says(&format!("\"watermark\":{last},")) && !says("\"rejected\"") {
        return Ok(());
    }
    let text: String = String::from_utf8_lossy(answer).chars().take(300).collect();
    bail!("not everything up to {last} was stored: {text}")
}

/// One keep-alive connection, made again when it breaks.
struct Link {
    target: SocketAddr,
    host: String,
    sender: Option<http1::SendRequest<Full<Bytes>>>,
}

impl Link {
    fn new(target: SocketAddr) -> Self {
        Self {
            target,
            host: target.to_string(),
            sender: None,
        }
    }

    async fn post(&mut self, secret: &str, body: Bytes) -> Result<Bytes> {
        let outcome = timeout(ANSWER, self.exchange(secret, body)).await;
        let outcome = outcome
            .context("no answer in time")
            .and_then(|outcome| outcome);
        if outcome.is_err() {
            self.sender = None;
        }
        let (status, body) = outcome?;
        if status == 200 {
            return Ok(body);
        }
        let text: String = String::from_utf8_lossy(&body).chars().take(300).collect();
        bail!("answered {status}: {text}")
    }

    async fn exchange(&mut self, secret: &str, body: Bytes) -> Result<(u16, Bytes)> {
        let request = Request::post("/api/v1/sync")
            .header(header::HOST, &self.host)
            .header(header::AUTHORIZATION, format!("Bearer {secret}"))
            .header(header::CONTENT_TYPE, "application/json")
            .body(Full::new(body))?;
        let sender = match self.sender.as_mut() {
            Some(sender) if !sender.is_closed() => sender,
            _ => self.sender.insert(connect(self.target).await?),
        };
        sender.ready().await?;
        let answer: Response<Incoming> = sender.send_request(request).await?;
        let status = answer.status().as_u16();
        Ok((status, answer.into_body().collect().await?.to_bytes()))
    }
}

async fn connect(target: SocketAddr) -> Result<http1::SendRequest<Full<Bytes>>> {
    let stream = TcpStream::connect(target).await?;
    stream.set_nodelay(true)?;
    let (sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
    // Ends with the connection; an error of it shows at the request that it broke.
    tokio::spawn(async move {
        let _ = connection.await;
    });
    Ok(sender)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_exact_watermark_without_a_refusal_is_an_acknowledgement() {
        let ok = br#"{"results":[{"seq":7,"outcome":"stored"}],"watermark":7,"x":1}"#;
        assert!(acknowledged(ok, 7).is_ok());
        assert!(acknowledged(ok, 77).is_err());
        let longer = br#"{"results":[],"watermark":71,"x":1}"#;
        assert!(acknowledged(longer, 7).is_err());
        let refused = br#"{"results":[{"seq":7,"outcome":"rejected"}],"watermark":7,"x":1}"#;
        assert!(acknowledged(refused, 7).is_err());
    }
}
