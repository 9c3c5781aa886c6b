//! What happens on an open socket: generic over its two halves, so that tests need none.

use std::time::Duration;

use axum::extract::ws::{CloseFrame, Message, close_code};
use futures_util::{Sink, SinkExt, Stream, StreamExt};
use shared_types::live::ServerFrame;
use tokio::{
    sync::broadcast,
    time::{Instant, MissedTickBehavior},
};
use tokio_util::sync::CancellationToken;

use super::caller::Caller;
use crate::{
    domain::authority::AuthorityChange,
    live::{Feed, FeedItem},
};

/// How often we ask whether the other side is there.
const PING_EVERY: Duration = Duration::from_secs(20);
/// How long it may be silent: two pings, and a little.
const DEAD_AFTER: Duration = Duration::from_secs(45);
/// How long one frame may take to be taken off our hands.
const SEND_WITHIN: Duration = Duration::from_secs(10);
/// Frames that a client may send in one ping interval; pongs are some of them.
const MAX_FRAMES_PER_INTERVAL: u32 = 60;

/// What ends a socket from our side.
#[derive(Debug)]
pub(super) struct Ends {
    /// Changes of anybody's authority.
    pub(super) authority: broadcast::Receiver<AuthorityChange>,
    /// Whose socket it is.
    pub(super) caller: Caller,
    /// The server stops.
    pub(super) shutdown: CancellationToken,
}

/// Why we close.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reason {
    /// The other side went, or closed.
    Gone,
    /// Authority was lost, or the client misbehaves.
    Policy(&'static str),
    /// The server stops: come back after a pause.
    Restart,
    /// The log cannot be read: come back from the last number.
    Trouble,
}

/// Serves a socket until one side ends it.
pub(super) async fn serve<S, E>(socket: S, mut feed: Feed, hello: &ServerFrame, mut ends: Ends)
where
    S: Stream<Item = Result<Message, E>> + Sink<Message> + Unpin,
{
    let (mut out, mut incoming) = socket.split();
    let reason = run(&mut out, &mut incoming, &mut feed, hello, &mut ends).await;
    let (code, words) = match reason {
        Reason::Gone => return,
        Reason::Policy(words) => (close_code::POLICY, words),
        Reason::Restart => (close_code::RESTART, "the server restarts"),
        Reason::Trouble => (close_code::AGAIN, "try again"),
    };
    let close = Message::Close(Some(CloseFrame {
        code,
        reason: words.into(),
    }));
    // The other side may have gone; then nobody is waiting for this.
    let _ = send(&mut out, close).await;
}

async fn run<O, I, E>(
    out: &mut O,
    incoming: &mut I,
    feed: &mut Feed,
    hello: &ServerFrame,
    ends: &mut Ends,
) -> Reason
where
    O: Sink<Message> + Unpin,
    I: Stream<Item = Result<Message, E>> + Unpin,
{
    if send(out, text(hello)).await.is_err() {
        return Reason::Gone;
    }
    let mut ping = tokio::time::interval(PING_EVERY);
    ping.set_missed_tick_behavior(MissedTickBehavior::Skip);
    ping.reset();
    let mut heard = Instant::now();
    let mut received = 0;
    loop {
        let message = tokio::select! {
            () = ends.shutdown.cancelled() => return Reason::Restart,
            change = ends.authority.recv() => match change {
                Ok(change) if ends.caller.ended_by(&change) => {
                    return Reason::Policy("authority was lost");
                }
                Ok(_) => continue,
                // Something was missed: better a reconnect too many than one too few.
                Err(broadcast::error::RecvError::Lagged(_)) => return Reason::Trouble,
                Err(broadcast::error::RecvError::Closed) => return Reason::Restart,
            },
            item = feed.next() => match item {
                Ok(FeedItem::Frame(frame)) => Message::Text(frame.into()),
                Ok(FeedItem::Reset(seq)) => text(&ServerFrame::Reset { seq }),
                Err(error) => {
                    tracing::warn!(%error, "a socket is closed because the event log cannot be read; its client comes back");
                    return Reason::Trouble;
                }
            },
            _ = ping.tick() => {
                if heard.elapsed() > DEAD_AFTER {
                    return Reason::Gone;
                }
                received = 0;
                Message::Ping(bytes::Bytes::new())
            }
            frame = incoming.next() => {
                match frame {
                    None | Some(Err(_) | Ok(Message::Close(_))) => return Reason::Gone,
                    Some(Ok(_)) => {}
                }
                heard = Instant::now();
                received += 1;
                if received > MAX_FRAMES_PER_INTERVAL {
                    return Reason::Policy("too many frames");
                }
                continue;
            }
        };
        if send(out, message).await.is_err() {
            return Reason::Gone;
        }
    }
}

async fn send<O: Sink<Message> + Unpin>(out: &mut O, message: Message) -> Result<(), ()> {
    match tokio::time::timeout(SEND_WITHIN, out.send(message)).await {
        Ok(Ok(())) => Ok(()),
        _ => Err(()),
    }
}

fn text(frame: &ServerFrame) -> Message {
    Message::Text(
        serde_json::to_string(frame)
            .expect("plain data is JSON")
            .into(),
    )
}
