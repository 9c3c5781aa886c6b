//! A network that fails, between an agent and its server.
//!
//! Understands just enough of HTTP/1.1 to know where a request and an answer end (bodies
//! with a length; anything that is upgraded is passed on as it is). It can send each batch
//! twice, cut an answer at a byte after the server has committed it, swallow everything, and
//! it keeps a record of the batches that were answered: when, and what they carried.

use std::{
    io::Read as _,
    net::SocketAddr,
    sync::{Arc, Mutex, MutexGuard},
};

use anyhow::{Context, Result, bail};
use shared_types::{
    Timestamp,
    sync::{SyncItemBody, SyncRequest},
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _, copy_bidirectional},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};

use crate::time::now;

/// The largest head or body that is passed on.
const LIMIT: usize = 16 * 1024 * 1024;

/// A batch that the server has answered with 200, and whose answer the agent was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answered {
    /// When the answer left for the agent.
    pub at: Timestamp,
    /// Items in it.
    pub items: usize,
    /// What had the focus in its last span, if it has one.
    pub application: Option<String>,
    /// End of that span.
    pub until: Option<Timestamp>,
}

/// What goes wrong.
#[derive(Debug, Default)]
struct Faults {
    duplicate: bool,
    black_hole: bool,
    cut_at: Option<usize>,
    doubled: usize,
    answered: Vec<Answered>,
}

/// A proxy in front of one server. Dropping it closes it.
#[derive(Debug)]
pub struct Proxy {
    address: SocketAddr,
    faults: Arc<Mutex<Faults>>,
    task: JoinHandle<()>,
}

impl Proxy {
    /// Listens on a free port and passes on to `server`.
    ///
    /// # Errors
    /// When no port is free.
    pub async fn start(server: SocketAddr) -> Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let address = listener.local_addr()?;
        let faults = Arc::new(Mutex::new(Faults::default()));
        let shared = Arc::clone(&faults);
        let task = tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let faults = Arc::clone(&shared);
                // A connection that breaks is what this is for.
                tokio::spawn(async move {
                    let _ = connection(client, server, &faults).await;
                });
            }
        });
        Ok(Self {
            address,
            faults,
            task,
        })
    }

    /// `http://127.0.0.1:port`
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Sends each batch twice from now on; the agent gets the one or the other answer in turn.
    pub fn duplicate(&self, on: bool) {
        lock(&self.faults).duplicate = on;
    }

    /// Swallows every request from now on: nothing is passed on, nothing is answered.
    pub fn black_hole(&self, on: bool) {
        lock(&self.faults).black_hole = on;
    }

    /// Cuts the next answer that says "stored" behind its byte `k`: the server has
    /// committed, the agent does not know.
    pub fn cut_next_answer_at(&self, k: usize) {
        lock(&self.faults).cut_at = Some(k);
    }

    /// Whether an answer still waits to be cut.
    #[must_use]
    pub fn cut_is_armed(&self) -> bool {
        lock(&self.faults).cut_at.is_some()
    }

    /// How many batches were sent twice.
    #[must_use]
    pub fn doubled(&self) -> usize {
        lock(&self.faults).doubled
    }

    /// The latest answered batch that carried a span.
    #[must_use]
    pub fn latest_span(&self) -> Option<Answered> {
        let faults = lock(&self.faults);
        let with_span = |answered: &&Answered| answered.until.is_some();
        faults.answered.iter().rev().find(with_span).cloned()
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.task.abort();
    }
}

fn lock(faults: &Mutex<Faults>) -> MutexGuard<'_, Faults> {
    faults.lock().expect("nobody panics while holding it")
}

async fn connection(
    mut client: TcpStream,
    server: SocketAddr,
    faults: &Mutex<Faults>,
) -> Result<()> {
    client.set_nodelay(true)?;
    let mut upstream: Option<TcpStream> = None;
    let mut ahead = Vec::new();
    loop {
        let Some(request) = Message::read(&mut client, &mut ahead).await? else {
            return Ok(());
        };
        if lock(faults).black_hole {
            std::future::pending::<()>().await;
        }
        let mut up = match upstream.take() {
            Some(up) => up,
            None => TcpStream::connect(server).await?,
        };
        if request.header("upgrade").is_some() {
            up.write_all(&request.bytes).await?;
            up.write_all(&ahead).await?;
            copy_bidirectional(&mut client, &mut up).await?;
            return Ok(());
        }
        let is_sync = request.bytes.starts_with(b"POST /api/v1/sync ");
        let mut answer = exchange(&mut up, &request.bytes).await?;
        if is_sync && lock(faults).duplicate {
            let second = exchange(&mut up, &request.bytes).await?;
            let mut faults = lock(faults);
            faults.doubled += 1;
            // The agent gets the first answer ("stored") or the second ("duplicate") in turn.
            if faults.doubled.is_multiple_of(2) && faults.cut_at.is_none() {
                answer = second;
            }
        }
        if is_sync {
            let cut = if answer.says_stored() {
                lock(faults).cut_at.take()
            } else {
                None
            };
            if let Some(k) = cut {
                let part = &answer.bytes[..k.min(answer.bytes.len().saturating_sub(1))];
                client.write_all(part).await?;
                client.shutdown().await?;
                return Ok(());
            }
        }
        client.write_all(&answer.bytes).await?;
        if is_sync && answer.status() == Some(200) {
            let record = record(&request)?;
            lock(faults).answered.push(record);
        }
        if request.closes() || answer.closes() {
            client.shutdown().await?;
            return Ok(());
        }
        upstream = Some(up);
    }
}

async fn exchange(up: &mut TcpStream, request: &[u8]) -> Result<Message> {
    up.write_all(request).await?;
    let mut ahead = Vec::new();
    let answer = Message::read(up, &mut ahead).await?;
    answer.context("the server closed without an answer")
}

fn record(request: &Message) -> Result<Answered> {
    let body = request.body();
    let plain = match request.header("content-encoding").as_deref() {
        None | Some("identity") => body.to_vec(),
        Some("zstd") => {
            let mut plain = Vec::new();
            zstd::Decoder::new(body)?.read_to_end(&mut plain)?;
            plain
        }
        Some(other) => bail!("an agent that sends {other}"),
    };
    let batch: SyncRequest = serde_json::from_slice(&plain)?;
    let last = batch.items.iter().rev().find_map(|item| match &item.item {
        SyncItemBody::Activity(span) => Some(span),
        _ => None,
    });
    Ok(Answered {
        at: now(),
        items: batch.items.len(),
        application: last.and_then(|span| span.application.clone()),
        until: last.map(shared_types::activity::Activity::ended_at),
    })
}

/// A request or an answer, as it travels.
#[derive(Debug)]
struct Message {
    bytes: Vec<u8>,
    head: usize,
}

impl Message {
    /// Reads one; `None` when the other side closed before its first byte.
    async fn read(from: &mut TcpStream, ahead: &mut Vec<u8>) -> Result<Option<Self>> {
        let mut bytes = std::mem::take(ahead);
        let head = loop {
            if let Some(at) = memchr::memmem::find(&bytes, b"\r\n\r\n") {
                break at + 4;
            }
            if from.read_buf(&mut bytes).await? == 0 {
                anyhow::ensure!(bytes.is_empty(), "closed inside a head");
                return Ok(None);
            }
            if bytes.len() > LIMIT {
                bail!("too large a head");
            }
        };
        let mut message = Self { bytes, head };
        let length = match message.header("content-length") {
            Some(text) => text.parse().context("a length")?,
            None if message.header("transfer-encoding").is_some() => {
                message.read_chunks(from).await?;
                return Ok(Some(message));
            }
            None => 0_usize,
        };
        if length > LIMIT {
            bail!("too large a body");
        }
        while message.bytes.len() < head + length {
            if from.read_buf(&mut message.bytes).await? == 0 {
                bail!("closed inside a body");
            }
        }
        *ahead = message.bytes.split_off(head + length);
        Ok(Some(message))
    }

    /// Chunks are passed on as they are; all that matters is where they end.
    async fn read_chunks(&mut self, from: &mut TcpStream) -> Result<()> {
        while !self.bytes.ends_with(b"\r\n0\r\n\r\n") && !self.body().starts_with(b"0\r\n\r\n") {
            if from.read_buf(&mut self.bytes).await? == 0 {
                bail!("closed inside a body");
            }
        }
        Ok(())
    }

    fn body(&self) -> &[u8] {
        &self.bytes[self.head..]
    }

    fn header(&self, name: &str) -> Option<String> {
        let head = String::from_utf8_lossy(&self.bytes[..self.head]);
        head.lines().skip(1).find_map(|line| {
            let (key, value) = line.split_once(':')?;
            key.trim()
                .eq_ignore_ascii_case(name)
                .then(|| value.trim().to_ascii_lowercase())
        })
    }

    fn status(&self) -> Option<u16> {
        let head = self.bytes.get(9..12)?;
        std::str::from_utf8(head).ok()?.parse().ok()
    }

    fn says_stored(&self) -> bool {
        self.status() == Some(200) && memchr::memmem::find(self.body(), b"\"stored\"").is_some()
    }

    fn closes(&self) -> bool {
        self.header("connection")
            .is_some_and(|value| value == "close")
    }
}
