//! The socket by which the server says "something changed": today, the capture policy.
//!
//! A nudge is a hint; the next sync would find out too. So nothing here may disturb the sync:
//! a socket that cannot be had, or that breaks, is tried again with jitter, and that is all.

use std::{sync::Arc, time::Duration};

use futures_util::{Stream, StreamExt as _};
use reqwest::header;
use shared_types::live::{EventBody, ServerFrame};
use tokio::sync::watch;
use tokio_tungstenite::{
    WebSocketStream,
    tungstenite::{
        self, Message,
        handshake::{client::generate_key, derive_accept_key},
        protocol::{Role, WebSocketConfig},
    },
};

use super::{News, Wake, backoff, client::Client};
use crate::clock::Clock;

/// The server pings every 20 seconds; silence for this long means that it is gone.
const SILENCE: Duration = Duration::from_secs(45);
/// A connection that lived this long in milliseconds was a good one.
const GOOD_MILLIS: i64 = 60_000;

/// So many doublings make a minute: after a server's restart all sockets are back in two.
const MOST_FAILURES: u32 = 6;

/// Keeps a socket open until `stop` says so.
pub(crate) async fn listen_for_nudges(
    client: Client,
    clock: Arc<dyn Clock>,
    wake: Arc<Wake>,
    tell: Arc<dyn Fn(News) + Send + Sync>,
    mut stop: watch::Receiver<bool>,
) {
    let mut failures = 0;
    loop {
        let began = clock.mono_millis();
        let once = async {
            match connect(&client).await {
                Ok(socket) => {
                    tell(News::Nudges(true));
                    let why = listen(socket, &wake).await;
                    tell(News::Nudges(false));
                    tracing::debug!(reason = %why, "the socket for nudges closed");
                }
                Err(error) => tracing::debug!(error = %error, "no socket for nudges"),
            }
        };
        tokio::select! {
            () = once => {}
            _ = stop.wait_for(|stop| *stop) => return,
        }
        failures = if clock.mono_millis() - began >= GOOD_MILLIS {
            1
        } else {
            (failures + 1).min(MOST_FAILURES)
        };
        tokio::select! {
            () = tokio::time::sleep(backoff::wait(failures, clock.random())) => {}
            _ = stop.wait_for(|stop| *stop) => return,
        }
    }
}

#[derive(Debug, thiserror::Error)]
enum NudgeError {
    #[error(transparent)]
    Server(#[from] super::ServerError),
    #[error("the answer's key is wrong: not a WebSocket server")]
    Key,
    #[error("the switch of protocols failed: {0}")]
    Upgrade(#[from] reqwest::Error),
}

async fn connect(client: &Client) -> Result<WebSocketStream<reqwest::Upgraded>, NudgeError> {
    let key = generate_key();
    let response = client.open_socket(&key).await?;
    let accepted = response
        .headers()
        .get(header::SEC_WEBSOCKET_ACCEPT)
        .is_some_and(|value| value.as_bytes() == derive_accept_key(key.as_bytes()).as_bytes());
    if !accepted {
        return Err(NudgeError::Key);
    }
    let config = WebSocketConfig::default()
        .read_buffer_size(8 * 1024)
        .write_buffer_size(0)
        .max_message_size(Some(256 * 1024))
        .max_frame_size(Some(256 * 1024));
    let upgraded = response.upgrade().await?;
    Ok(WebSocketStream::from_raw_socket(upgraded, Role::Client, Some(config)).await)
}

/// Reads frames until the connection ends or falls silent; says why. Pings are answered by
/// the library while reading.
async fn listen<S>(mut frames: S, wake: &Wake) -> String
where
    S: Stream<Item = Result<Message, tungstenite::Error>> + Unpin,
{
    loop {
        match tokio::time::timeout(SILENCE, frames.next()).await {
            Err(_) => return "silence".to_owned(),
            Ok(None | Some(Ok(Message::Close(_)))) => return "closed".to_owned(),
            Ok(Some(Err(error))) => return error.to_string(),
            Ok(Some(Ok(Message::Text(text)))) => {
                let frame = serde_json::from_str::<ServerFrame>(&text);
                if let Ok(ServerFrame::Event { event }) = frame
                    && matches!(event.event, EventBody::PolicyChanged(_))
                {
                    wake.policy.notify_one();
                }
            }
            Ok(Some(Ok(_))) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use futures_util::stream;
    use shared_types::{
        Timestamp,
        live::{LiveEvent, PolicyChanged},
    };

    use super::*;

    fn policy_changed() -> Message {
        let frame = ServerFrame::Event {
            event: LiveEvent {
                seq: 3,
                at: Timestamp::UNIX_EPOCH,
                event: EventBody::PolicyChanged(PolicyChanged { version: 2 }),
            },
        };
        Message::text(serde_json::to_string(&frame).unwrap())
    }

    #[tokio::test]
    async fn a_changed_policy_wakes_the_sync_and_unknown_frames_do_not_disturb() {
        let wake = Wake::default();
        let frames = stream::iter([
            Ok(Message::text("{\"frame\":\"from the future\"}")),
            Ok(Message::binary(vec![0, 1])),
            Ok(policy_changed()),
            Ok(Message::Close(None)),
        ]);
        assert_eq!(listen(frames, &wake).await, "closed");
        wake.policy.notified().await;
    }

    #[tokio::test(start_paused = true)]
    async fn a_half_open_connection_is_given_up_within_45_seconds() {
        let frames = stream::pending();
        assert_eq!(listen(frames, &Wake::default()).await, "silence");
    }
}
