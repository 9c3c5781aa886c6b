//! From the outbox to the server: batches, answers, and when to try again.
//!
//! One request is in flight at a time. What an answer does to the outbox is decided here and
//! nowhere else: items leave it only when an answer for their epoch names them. It must not
//! know the desktop or the sampler; it tells the engine what happened as [`News`].

mod answer;
mod backoff;
pub mod client;
mod nudge;
mod outgoing;

use std::{sync::Arc, time::Duration};

use jiff::tz::TimeZone;
use parking_lot::Mutex;
use shared_types::{
    DeviceId, EpochId, Timestamp, device::Desktop, policy::CapturePolicy, problem::ProblemCode,
    sync::SyncResponse,
};
use tokio::sync::{Notify, watch};

use self::client::{Client, ServerError};
use crate::{
    clock::Clock,
    day::Day,
    failpoint::failpoint,
    outbox::{Batch, ItemState, Keeper, Lane, OutboxError},
};

pub(crate) use nudge::listen_for_nudges;

/// Items in a batch while nothing speaks against it; the server takes 1,000.
const BATCH_ITEMS: usize = 500;
/// Bytes in a batch before compression; the server takes 8 MiB, and 1 MiB compressed.
const BATCH_BYTES: usize = 900 * 1024;
/// How often an account of everything is sent along.
const COUNTERS_EVERY_MILLIS: i64 = 3_600_000;
/// A device that was cut off asks this often whether it still is.
const ASK_AGAIN: Duration = Duration::from_mins(5);

/// What the sync side tells the engine.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum News {
    /// The server answered a batch.
    Synced { at: Timestamp },
    /// It did not, or could not.
    Failed {
        message: String,
        attention: Attention,
    },
    /// What may be collected has changed.
    Policy(CapturePolicy),
    /// The socket for nudges opened or closed.
    Nudges(bool),
}

/// Whether someone must act on a failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Attention {
    /// It passes by itself.
    None,
    /// The credential or the address is wrong; sampling goes on.
    Credential,
    /// An admin has not approved this device yet: nothing is sent, nothing is lost.
    Pending,
    /// The server cut this device off: sampling stops.
    Halt,
}

/// Why a round did not succeed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SyncError {
    #[error(transparent)]
    Server(#[from] ServerError),
    #[error(transparent)]
    Outbox(#[from] OutboxError),
    #[error("the server's answer does not fit what was sent ({0}); everything is kept")]
    Answer(&'static str),
}

impl SyncError {
    /// Whether waiting alone cannot help.
    pub(crate) fn is_permanent(&self) -> bool {
        match self {
            Self::Server(error) => error.is_permanent(),
            Self::Outbox(error) => error.is_permanent(),
            Self::Answer(_) => false,
        }
    }

    fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Server(error) => error.retry_after(),
            _ => None,
        }
    }

    fn attention(&self) -> Attention {
        let Self::Server(error) = self else {
            return Attention::None;
        };
        match (error.code(), error.status()) {
            (Some(ProblemCode::Suspended | ProblemCode::DeviceRevoked), _) => Attention::Halt,
            (Some(ProblemCode::DevicePending), _) => Attention::Pending,
            (_, Some(401 | 403)) => Attention::Credential,
            _ if matches!(error, ServerError::Redirected(_)) => Attention::Credential,
            _ => Attention::None,
        }
    }
}

/// What a round did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Round {
    /// More is pending, or the batch has to be made smaller: go on at once.
    pub(crate) more: bool,
}

/// What the engine tells the sync side: signals that wake it, and what goes along.
#[derive(Debug, Default)]
pub(crate) struct Wake {
    /// Items were made.
    pub(crate) items: Notify,
    /// The person wants it now.
    pub(crate) now: Notify,
    /// The server said that the policy changed.
    pub(crate) policy: Notify,
    /// What the probe sees of the desktop, as of the last look.
    pub(crate) desktop: Mutex<Option<Desktop>>,
}

/// The sync side of one enrolled device.
pub(crate) struct Syncer {
    pub(crate) client: Client,
    pub(crate) keeper: Arc<Mutex<Keeper>>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) device_id: DeviceId,
    pub(crate) policy_version: i64,
    pub(crate) interval: Duration,
    pub(crate) wake: Arc<Wake>,
    pub(crate) tell: Arc<dyn Fn(News) + Send + Sync>,
    most_items: usize,
    counted_at_millis: i64,
    /// The last gap that rows were sent again for.
    answered_gap: Option<(EpochId, i64)>,
    /// Of which numbering and day, and where today's rows begin in it, as far as older ones
    /// waited before them when the day was first looked at.
    today: Option<((EpochId, Timestamp), Option<Lane>)>,
}

impl Syncer {
    pub(crate) fn new(
        client: Client,
        keeper: Arc<Mutex<Keeper>>,
        clock: Arc<dyn Clock>,
        device: (DeviceId, i64),
        interval: Duration,
        wake: Arc<Wake>,
        tell: Arc<dyn Fn(News) + Send + Sync>,
    ) -> Self {
        let counted_at_millis = clock.mono_millis();
        Self {
            client,
            keeper,
            clock,
            device_id: device.0,
            policy_version: device.1,
            interval,
            wake,
            tell,
            most_items: BATCH_ITEMS,
            counted_at_millis,
            answered_gap: None,
            today: None,
        }
    }

    /// Syncs until `stop` says so, then tries once more for a moment to leave nothing behind.
    pub(crate) async fn run(mut self, mut stop: watch::Receiver<bool>) {
        let mut failures = 0;
        loop {
            let (wait, patient) = match self.round().await {
                Ok(Round { more: true }) => continue,
                Ok(Round { more: false }) => {
                    failures = 0;
                    (self.interval, false)
                }
                Err(error) => {
                    failures += 1;
                    self.report(&error);
                    if error.attention() == Attention::Pending {
                        // No answer names the policy's version before the device is approved.
                        self.fetch_policy().await;
                    }
                    (self.wait_after(&error, failures), true)
                }
            };
            let wake = Arc::clone(&self.wake);
            tokio::select! {
                () = tokio::time::sleep(wait) => {}
                () = wake.items.notified(), if !patient => {}
                () = wake.now.notified() => {}
                () = wake.policy.notified() => self.fetch_policy().await,
                _ = stop.wait_for(|stop| *stop) => break,
            }
        }
        // The session's end is in the outbox and safe; sending it is a courtesy.
        let _ = tokio::time::timeout(Duration::from_secs(5), async {
            while let Ok(Round { more: true }) = self.round().await {}
        })
        .await;
    }

    fn report(&self, error: &SyncError) {
        let attention = error.attention();
        if attention == Attention::Pending {
            tracing::debug!("the server wants this device to be approved first");
        } else {
            tracing::warn!(error = %error, permanent = error.is_permanent(), "sync failed");
        }
        (self.tell)(News::Failed {
            message: error.to_string(),
            attention,
        });
    }

    fn wait_after(&self, error: &SyncError, failures: u32) -> Duration {
        if let Some(asked) = error.retry_after() {
            // Jitter on top: everyone was told the same number.
            return asked + backoff::wait(1, self.clock.random());
        }
        if error.attention() == Attention::None {
            backoff::wait(failures, self.clock.random())
        } else {
            backoff::wait(failures, self.clock.random()).max(ASK_AGAIN.min(self.interval * 5))
        }
    }

    /// Sends one batch (or, with nothing pending, a sign of life) and takes the answer in.
    pub(crate) async fn round(&mut self) -> Result<Round, SyncError> {
        self.housekeeping()?;
        let batch = self.next_batch()?;
        failpoint("batch_chosen");
        let body = request_body(self.device_id, &batch, self.clock.wall());
        let desktop = self.wake.desktop.lock().clone();
        let answer = match self.client.sync(body, desktop.as_ref()).await {
            Ok(answer) => answer,
            Err(error) => return self.refused(&batch, error),
        };
        let more = self.take_in(&batch, &answer)?;
        self.most_items = (self.most_items * 2).min(BATCH_ITEMS);
        (self.tell)(News::Synced {
            at: self.clock.wall(),
        });
        if answer.policy_version != self.policy_version {
            self.fetch_policy().await;
        }
        Ok(Round { more })
    }

    /// The oldest rows; today's before them where more waits than one batch takes.
    fn next_batch(&mut self) -> Result<Batch, OutboxError> {
        let mut keeper = self.keeper.lock();
        let outbox = keeper.outbox();
        let oldest = outbox.batch(self.most_items, BATCH_BYTES)?;
        let Some((last, _)) = oldest.items.last() else {
            return Ok(oldest);
        };
        let day = Day::of(self.clock.wall(), &TimeZone::system());
        let key = (outbox.epoch(), day.from);
        let lane = match self.today {
            Some((of, lane)) if of == key => lane,
            _ => {
                let lane = outbox.lane(day.from)?;
                self.today = Some((key, lane));
                lane
            }
        };
        if let Some(lane) = lane.filter(|lane| *last < lane.from()) {
            let newest = outbox.lane_batch(&lane, self.most_items, BATCH_BYTES)?;
            if !newest.items.is_empty() {
                return Ok(newest);
            }
        }
        Ok(oldest)
    }

    fn take_in(&mut self, batch: &Batch, answer: &SyncResponse) -> Result<bool, SyncError> {
        if answer.epoch != batch.epoch {
            return Err(SyncError::Answer("it is for another epoch"));
        }
        let mut keeper = self.keeper.lock();
        let outbox = keeper.outbox();
        let settled = outbox.settle(batch, &answer.results, self.clock.wall())?;
        let named = settled.stored + settled.rejected;
        if settled.rejected > 0 {
            tracing::error!(
                rejected_items = settled.rejected,
                "the server refused items for good; they are kept aside"
            );
        }
        if named == 0 && !batch.items.is_empty() && !answer.new_epoch {
            return Err(SyncError::Answer("it names none of the items"));
        }
        // What waits behind today's rows is a gap of our own making, and will be filled. Nothing
        // fills one where an item was set aside: the server asks with every answer; one resend
        // brings whatever it lost behind the gap, and a second one nothing.
        if let Some(seq) = answer.resend_from
            && let state = outbox.state_of(seq)?
            && state != Some(ItemState::Pending)
            && (self.answered_gap.replace((batch.epoch, seq)) != Some((batch.epoch, seq))
                || state == Some(ItemState::Acknowledged))
        {
            let again = outbox.send_again_from(seq)?;
            tracing::warn!(
                again_items = again,
                "the server asks for acknowledged items again"
            );
        }
        if answer.new_epoch {
            outbox.begin_new_epoch(&*self.clock)?;
            tracing::warn!("another copy of this profile is in use, a new numbering begins");
        }
        Ok(!outbox.batch(1, 1)?.items.is_empty())
    }

    /// A batch that is refused as a whole is halved until the item that is the reason stands
    /// alone; that one is kept aside, and those behind it pass.
    fn refused(&mut self, batch: &Batch, error: ServerError) -> Result<Round, SyncError> {
        let reason = match (error.status(), error.code()) {
            (Some(413), _) => "too_large",
            (_, Some(ProblemCode::Malformed | ProblemCode::Validation)) => "refused",
            _ => return Err(error.into()),
        };
        match batch.items.as_slice() {
            [] => Err(error.into()),
            [(seq, _)] => {
                tracing::error!(seq, reason, "the server refuses an item; it is kept aside");
                let mut keeper = self.keeper.lock();
                keeper.outbox().set_aside(*seq, reason, self.clock.wall())?;
                Ok(Round { more: true })
            }
            items => {
                self.most_items = (items.len() / 2).max(1);
                Ok(Round { more: true })
            }
        }
    }

    async fn fetch_policy(&mut self) {
        match self.client.policy().await {
            Ok(policy) => {
                if let Some((field, rule)) = policy.unusable() {
                    tracing::error!(
                        field,
                        rule,
                        "the server's capture policy makes no sense, the old one stays"
                    );
                    return;
                }
                if policy.version != self.policy_version {
                    self.policy_version = policy.version;
                    (self.tell)(News::Policy(policy));
                }
            }
            // The next answer names the version again.
            Err(error) => tracing::warn!(error = %error, "the capture policy could not be fetched"),
        }
    }

    fn housekeeping(&mut self) -> Result<(), OutboxError> {
        let now = self.clock.mono_millis();
        if now - self.counted_at_millis >= COUNTERS_EVERY_MILLIS {
            self.counted_at_millis = now;
            let wall = self.clock.wall();
            let mut keeper = self.keeper.lock();
            keeper.outbox().prune(wall)?;
            keeper.outbox().insert_counters(wall)?;
        }
        Ok(())
    }
}

/// A `SyncRequest` around bodies that are JSON already.
fn request_body(device: DeviceId, batch: &Batch, clock: Timestamp) -> String {
    use std::fmt::Write as _;
    let size: usize = batch.items.iter().map(|(_, body)| body.len() + 32).sum();
    let mut text = String::with_capacity(size + 160);
    write!(
        text,
        r#"{{"device_id":"{device}","epoch":"{}","clock":"{clock}","items":["#,
        batch.epoch
    )
    .expect("writing to a string");
    for (n, (seq, body)) in batch.items.iter().enumerate() {
        let comma = if n == 0 { "" } else { "," };
        write!(text, r#"{comma}{{"seq":{seq},"item":{body}}}"#).expect("writing to a string");
    }
    text.push_str("]}");
    text
}

#[cfg(test)]
mod tests {
    use shared_types::sync::{SessionStopped, SyncItem, SyncItemBody, SyncRequest};
    use uuid::Uuid;

    use super::*;

    #[test]
    fn a_request_written_by_hand_is_a_request() {
        let body = |n| {
            SyncItemBody::SessionStopped(SessionStopped {
                session_id: Uuid::from_u128(n).into(),
                stopped_at: Timestamp::UNIX_EPOCH,
            })
        };
        let (device_id, epoch) = (DeviceId(Uuid::from_u128(1)), EpochId(Uuid::from_u128(2)));
        for count in 0..3 {
            let request = SyncRequest {
                device_id,
                epoch,
                clock: Timestamp::from_millis(1_795_338_000_123),
                items: (0..count)
                    .map(|n| SyncItem {
                        seq: n,
                        item: body(n.unsigned_abs().into()),
                    })
                    .collect(),
            };
            let items = request
                .items
                .iter()
                .map(|it| (it.seq, serde_json::to_string(&it.item).unwrap()));
            let batch = Batch {
                epoch,
                items: items.collect(),
            };
            let written = request_body(device_id, &batch, request.clock);
            assert_eq!(
                serde_json::from_str::<SyncRequest>(&written).unwrap(),
                request
            );
        }
    }
}
