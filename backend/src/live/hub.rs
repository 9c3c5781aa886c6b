//! Rooms: one pump for each organization that somebody is connected to.
//!
//! A pump reads the event log behind the last number it has sent, expands what it finds
//! and hands it to every [`Feed`] of the organization. Frames are serialized once for all
//! who see everyone.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Arc, Weak},
    time::Duration,
};

use parking_lot::Mutex;
use shared_types::{
    OrganizationId, UserId,
    live::{EventBody, EventPage, LiveEvent, PeopleChanged, ServerFrame},
};
use tokio::sync::{Notify, broadcast};

use super::states::expand;
use crate::{
    clock::SharedClock,
    store::{Store, StoreError, events},
};

/// Events read at once.
const PAGE: i64 = 200;
/// A client that is further behind than this takes a new snapshot: cheaper for both sides.
const REPLAY_MAX: i64 = 1_000;
/// Frames that a slow reader may fall behind before it reads the log itself.
const BACKLOG: usize = 256;
/// How long a lost wake-up, or a commit of another process, stays unseen at most.
const LOOK_ANYWAY: Duration = Duration::from_secs(1);

/// Whose eyes a feed is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Viewer {
    /// Sees everyone in the organization.
    Everyone,
    /// Sees one person.
    Only(UserId),
    /// A device: is told of policy only.
    Device,
}

/// An event on its way out.
#[derive(Debug)]
struct Outgoing {
    event: LiveEvent,
    /// The frame for those who see everyone.
    text: String,
}

/// What a feed yields.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FeedItem {
    /// A frame, as text.
    Frame(String),
    /// The log does not reach back far enough: a new snapshot is needed, then events follow
    /// from this number.
    Reset(i64),
}

/// Where commits are announced and feeds are opened. Cheap to clone.
#[derive(Clone, Debug)]
pub struct LiveHub(Arc<Inner>);

struct Inner {
    store: Store,
    clock: SharedClock,
    rooms: Mutex<HashMap<OrganizationId, Weak<Room>>>,
}

impl std::fmt::Debug for Inner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("LiveHub").finish_non_exhaustive()
    }
}

#[derive(Debug)]
struct Room {
    organization: OrganizationId,
    wake: Notify,
    frames: broadcast::Sender<Arc<Outgoing>>,
}

impl LiveHub {
    /// A hub over a store.
    #[must_use]
    pub fn new(store: Store, clock: SharedClock) -> Self {
        Self(Arc::new(Inner {
            store,
            clock,
            rooms: Mutex::default(),
        }))
    }

    /// Says that an organization has new events. Never blocks.
    pub fn wake(&self, organization: OrganizationId) {
        let room = self
            .0
            .rooms
            .lock()
            .get(&organization)
            .and_then(Weak::upgrade);
        if let Some(room) = room {
            room.wake.notify_one();
        }
    }

    /// Opens a feed of what happens behind event `after`; behind the latest if absent.
    ///
    /// Returns the feed and the organization's latest event number.
    pub async fn subscribe(
        &self,
        organization: OrganizationId,
        viewer: Viewer,
        after: Option<i64>,
    ) -> Result<(Feed, i64), StoreError> {
        // Listen first, then read: nothing falls between.
        let room = self.room(organization).await?;
        let frames = room.frames.subscribe();
        let (latest, oldest) = self.bounds(organization).await?;
        let mut feed = Feed {
            hub: self.clone(),
            room,
            viewer,
            frames,
            last: after.unwrap_or(latest),
            ready: VecDeque::new(),
            behind: after.is_some_and(|after| after < latest),
        };
        if after.is_some_and(|after| !reaches(after, latest, oldest)) {
            feed.reset(latest);
        }
        Ok((feed, latest))
    }

    /// Events behind `after`, for those who ask instead of listening.
    pub async fn page(
        &self,
        organization: OrganizationId,
        viewer: Viewer,
        after: i64,
    ) -> Result<EventPage, StoreError> {
        let (latest_seq, oldest) = self.bounds(organization).await?;
        if !reaches(after, latest_seq, oldest) {
            return Ok(EventPage {
                items: Vec::new(),
                latest_seq,
                reset: true,
            });
        }
        let items = self
            .read(organization, after)
            .await?
            .into_iter()
            .filter_map(|event| visible(&event, viewer))
            .collect();
        Ok(EventPage {
            items,
            latest_seq,
            reset: false,
        })
    }

    async fn bounds(&self, organization: OrganizationId) -> Result<(i64, Option<i64>), StoreError> {
        let mut reader = self.0.store.tenant(organization).read().await?;
        let latest = events::latest_seq(reader.db()).await?;
        let oldest = events::oldest_seq(reader.db()).await?;
        Ok((latest, oldest))
    }

    async fn read(
        &self,
        organization: OrganizationId,
        after: i64,
    ) -> Result<Vec<LiveEvent>, StoreError> {
        let stored = {
            let mut reader = self.0.store.tenant(organization).read().await?;
            events::after(reader.db(), after, PAGE).await?
        };
        if stored.is_empty() {
            return Ok(Vec::new());
        }
        expand(&self.0.store, organization, stored, self.0.clock.now()).await
    }

    /// The organization's room, with its pump running.
    async fn room(&self, organization: OrganizationId) -> Result<Arc<Room>, StoreError> {
        if let Some(room) = self
            .0
            .rooms
            .lock()
            .get(&organization)
            .and_then(Weak::upgrade)
        {
            return Ok(room);
        }
        let (latest, _) = self.bounds(organization).await?;
        let room = Arc::new(Room {
            organization,
            wake: Notify::new(),
            frames: broadcast::channel(BACKLOG).0,
        });
        let mut rooms = self.0.rooms.lock();
        if let Some(other) = rooms.get(&organization).and_then(Weak::upgrade) {
            return Ok(other);
        }
        rooms.retain(|_, room| room.strong_count() > 0);
        rooms.insert(organization, Arc::downgrade(&room));
        tokio::spawn(pump(self.clone(), Arc::downgrade(&room), latest));
        Ok(room)
    }
}

/// Whether the log can continue from `after`.
fn reaches(after: i64, latest: i64, oldest: Option<i64>) -> bool {
    after <= latest
        && latest - after <= REPLAY_MAX
        && (after == latest || oldest.is_some_and(|oldest| oldest <= after + 1))
}

/// Sends what is new, until the last feed has gone.
async fn pump(hub: LiveHub, room: Weak<Room>, mut last: i64) {
    loop {
        let Some(room) = room.upgrade() else { return };
        match hub.read(room.organization, last).await {
            Ok(events) if events.is_empty() => {
                // The room is held while waiting, which is why the wait is short: an
                // abandoned one goes at the end of it.
                tokio::select! {
                    () = room.wake.notified() => {}
                    () = tokio::time::sleep(LOOK_ANYWAY) => {}
                }
            }
            Ok(events) => {
                for event in events {
                    last = event.seq;
                    let text = frame(&ServerFrame::Event {
                        event: event.clone(),
                    });
                    // Nobody listens: nobody misses it, the log has it.
                    let _ = room.frames.send(Arc::new(Outgoing { event, text }));
                }
            }
            Err(error) => {
                tracing::warn!(%error, organization_id = %room.organization, "live events wait for the database");
                drop(room);
                tokio::time::sleep(LOOK_ANYWAY).await;
            }
        }
    }
}

fn frame(frame: &ServerFrame) -> String {
    serde_json::to_string(frame).expect("plain data is JSON")
}

/// The event as this viewer may see it.
fn visible(event: &LiveEvent, viewer: Viewer) -> Option<LiveEvent> {
    let body = match (&event.event, viewer) {
        (body, Viewer::Everyone) => body.clone(),
        (EventBody::PolicyChanged(policy), _) => EventBody::PolicyChanged(policy.clone()),
        (_, Viewer::Device) => return None,
        (EventBody::UserOnline(changed), Viewer::Only(user)) => {
            EventBody::UserOnline(only(changed, user)?)
        }
        (EventBody::UserOffline(changed), Viewer::Only(user)) => {
            EventBody::UserOffline(only(changed, user)?)
        }
        (EventBody::SessionUpdate(changed), Viewer::Only(user)) => {
            EventBody::SessionUpdate(only(changed, user)?)
        }
        (
            EventBody::InactiveAlert(alert)
            | EventBody::OvertimeAlert(alert)
            | EventBody::AlertResolved(alert),
            Viewer::Only(user),
        ) => {
            if alert.user_id != user {
                return None;
            }
            event.event.clone()
        }
    };
    Some(LiveEvent {
        seq: event.seq,
        at: event.at,
        event: body,
    })
}

fn only(changed: &PeopleChanged, user: UserId) -> Option<PeopleChanged> {
    let person = changed.people.iter().find(|p| p.user_id == user)?;
    Some(PeopleChanged {
        people: vec![person.clone()],
    })
}

/// What one connected client is sent, in order, without gaps.
#[derive(Debug)]
pub struct Feed {
    hub: LiveHub,
    room: Arc<Room>,
    viewer: Viewer,
    frames: broadcast::Receiver<Arc<Outgoing>>,
    /// Every event up to this one has been yielded (or is not for this viewer).
    last: i64,
    ready: VecDeque<FeedItem>,
    /// The log holds events that the broadcast will not bring.
    behind: bool,
}

impl Feed {
    /// The next item; waits until there is one. Safe to cancel.
    ///
    /// # Errors
    /// When the log cannot be read: the client reconnects from its last number.
    pub async fn next(&mut self) -> Result<FeedItem, StoreError> {
        loop {
            if let Some(item) = self.ready.pop_front() {
                return Ok(item);
            }
            if self.behind {
                self.replay().await?;
                continue;
            }
            match self.frames.recv().await {
                Ok(outgoing) => self.take(&outgoing.event, Some(&outgoing.text)),
                Err(broadcast::error::RecvError::Lagged(_)) => self.behind = true,
                // The room keeps its sender while this feed holds the room.
                Err(broadcast::error::RecvError::Closed) => return std::future::pending().await,
            }
        }
    }

    async fn replay(&mut self) -> Result<(), StoreError> {
        let organization = self.room.organization;
        let (latest, oldest) = self.hub.bounds(organization).await?;
        if !reaches(self.last, latest, oldest) {
            self.reset(latest);
            return Ok(());
        }
        let events = self.hub.read(organization, self.last).await?;
        self.behind = !events.is_empty();
        for event in &events {
            self.take(event, None);
        }
        Ok(())
    }

    fn reset(&mut self, latest: i64) {
        self.last = latest;
        self.behind = false;
        self.ready.push_back(FeedItem::Reset(latest));
    }

    fn take(&mut self, event: &LiveEvent, for_everyone: Option<&str>) {
        // What the replay has brought already comes by broadcast, too.
        if event.seq <= self.last {
            return;
        }
        self.last = event.seq;
        let text = match (self.viewer, for_everyone) {
            (Viewer::Everyone, Some(text)) => Some(text.to_owned()),
            (viewer, _) => visible(event, viewer).map(|event| frame(&ServerFrame::Event { event })),
        };
        self.ready.extend(text.map(FeedItem::Frame));
    }
}
