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

use super::{caller::Caller, looks::Watch};
use crate::{
    domain::authority::AuthorityChange,
    live::{Feed, FeedItem},
};

/// How often we ask whether the other side is there.
const PING_EVERY: Duration = Duration::from_secs(20);
/// How long it may be silent: two unanswered pings, and a little.
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
pub(super) async fn serve<S, E>(
    socket: S,
    mut feed: Feed,
    hello: &ServerFrame,
    mut ends: Ends,
    mut watch: Option<Watch>,
) where
    S: Stream<Item = Result<Message, E>> + Sink<Message> + Unpin,
{
    let (mut out, mut incoming) = socket.split();
    let reason = run(
        &mut out,
        &mut incoming,
        &mut feed,
        hello,
        &mut ends,
        &mut watch,
    )
    .await;
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
    watch: &mut Option<Watch>,
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
                Ok(FeedItem::Frame(frame)) => {
                    // Whom it shows is written down first, or it is not shown.
                    if let Some(watch) = watch
                        && !watch.before(&frame).await
                    {
                        return Reason::Trouble;
                    }
                    Message::Text(frame.into())
                }
                Ok(FeedItem::Reset(seq)) => text(&ServerFrame::Reset { seq }),
                Err(error) => {
                    tracing::warn!(%error, "a socket is closed because the event log cannot be read; its client comes back");
                    return Reason::Trouble;
                }
            },
            () = tokio::time::sleep_until(heard + DEAD_AFTER) => return Reason::Gone,
            _ = ping.tick() => {
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

#[cfg(test)]
mod tests {
    use std::{
        convert::Infallible,
        pin::Pin,
        task::{Context, Poll},
    };

    use shared_types::{DeviceId, OrganizationId, Timestamp, UserId};
    use tokio::sync::mpsc;
    use uuid::Uuid;

    use super::*;
    use crate::{
        clock::ManualClock,
        http::caller::DeviceCaller,
        live::{LiveHub, Viewer},
        store::{DatabaseTarget, Store},
    };

    /// A socket without a network: what the other side says, and what it was sent.
    struct Fake {
        says: mpsc::UnboundedReceiver<Message>,
        hears: mpsc::UnboundedSender<Message>,
    }

    impl Stream for Fake {
        type Item = Result<Message, Infallible>;

        fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
            self.says.poll_recv(cx).map(|said| said.map(Ok))
        }
    }

    impl Sink<Message> for Fake {
        type Error = Infallible;

        fn poll_ready(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
            Poll::Ready(Ok(()))
        }

        fn start_send(self: Pin<&mut Self>, message: Message) -> Result<(), Infallible> {
            // The test may have stopped listening.
            let _ = self.hears.send(message);
            Ok(())
        }

        fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
            Poll::Ready(Ok(()))
        }

        fn poll_close(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
            Poll::Ready(Ok(()))
        }
    }

    /// An open socket of a device.
    struct Open<Session = tokio::task::JoinHandle<()>> {
        says: mpsc::UnboundedSender<Message>,
        heard: mpsc::UnboundedReceiver<Message>,
        shutdown: CancellationToken,
        session: Session,
        authority: broadcast::Sender<AuthorityChange>,
        folder: tempfile::TempDir,
    }

    /// A session that has not begun, on a clock that runs only when nothing else does.
    struct Ready {
        session: Pin<Box<dyn Future<Output = ()> + Send>>,
        /// Of the session itself.
        bytes: usize,
        open: Open<()>,
    }

    async fn ready() -> Ready {
        let folder = tempfile::tempdir().expect("a folder");
        let target = DatabaseTarget::File(folder.path().join("workpulse.db"));
        let store = Store::open(&target, 2).await.expect("opens");
        store.migrate().await.expect("migrates");
        let hub = LiveHub::new(
            store,
            ManualClock::at(Timestamp::UNIX_EPOCH),
            Duration::from_secs(1),
        );
        let organization_id = OrganizationId(Uuid::from_u128(1));
        let (feed, seq) = hub
            .subscribe(organization_id, Viewer::Device, None)
            .await
            .expect("subscribes");
        tokio::time::pause();
        let (says, from_them) = mpsc::unbounded_channel();
        let (to_them, heard) = mpsc::unbounded_channel();
        let (sender, authority) = broadcast::channel(4);
        let shutdown = CancellationToken::new();
        let ends = Ends {
            authority,
            caller: Caller::Device(DeviceCaller {
                organization_id,
                user_id: UserId(Uuid::from_u128(2)),
                device_id: DeviceId(Uuid::from_u128(3)),
                pending: false,
                policy_changes: 0,
            }),
            shutdown: shutdown.clone(),
        };
        let socket = Fake {
            says: from_them,
            hears: to_them,
        };
        let hello = ServerFrame::Hello {
            seq,
            server_time: Timestamp::UNIX_EPOCH,
        };
        let session = async move { serve(socket, feed, &hello, ends, None).await };
        Ready {
            bytes: std::mem::size_of_val(&session),
            session: Box::pin(session),
            open: Open {
                says,
                heard,
                shutdown,
                session: (),
                authority: sender,
                folder,
            },
        }
    }

    async fn open() -> Open {
        let Ready { session, open, .. } = ready().await;
        Open {
            says: open.says,
            heard: open.heard,
            shutdown: open.shutdown,
            session: tokio::spawn(session),
            authority: open.authority,
            folder: open.folder,
        }
    }

    /// Ten thousand of them wait at once: what is asked of the database now and then must not lie
    /// in each.
    #[tokio::test]
    async fn what_a_waiting_socket_keeps_is_small() {
        let bytes = ready().await.bytes;
        assert!(bytes <= 4_096, "{bytes} bytes");
    }

    #[tokio::test]
    async fn a_peer_that_answers_no_ping_is_given_up_after_45_seconds() {
        let mut open = open().await;
        let began = Instant::now();
        open.session.await.expect("ends");
        assert_eq!(began.elapsed().as_secs(), 45);
        let mut kinds = Vec::new();
        while let Some(message) = open.heard.recv().await {
            kinds.push(matches!(message, Message::Ping(_)));
        }
        assert_eq!(kinds, [false, true, true], "hello, and two pings");
    }

    #[tokio::test]
    async fn a_peer_that_answers_stays_as_long_as_it_likes() {
        let mut open = open().await;
        for _ in 0..20 {
            while !matches!(open.heard.recv().await, Some(Message::Ping(_))) {}
            open.says
                .send(Message::Pong(bytes::Bytes::new()))
                .expect("the session runs");
        }
        assert!(!open.session.is_finished());
        open.shutdown.cancel();
        open.session.await.expect("ends");
        let mut last = None;
        while let Some(message) = open.heard.recv().await {
            last = Some(message);
        }
        let Some(Message::Close(Some(close))) = last else {
            panic!("no farewell: {last:?}");
        };
        assert_eq!(close.code, close_code::RESTART);
    }

    #[tokio::test]
    async fn a_peer_that_leaves_ends_it() {
        let open = open().await;
        drop(open.says);
        open.session.await.expect("ends");
    }
}
