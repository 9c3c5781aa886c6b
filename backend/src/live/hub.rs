//! Rooms: one pump for each organization that somebody is connected to.
//!
//! A pump reads the event log behind the last number it has sent, expands what it finds
//! and hands it to every [`Feed`] of the organization, which cuts it to what its viewer sees.
//!
//! Whom a viewer sees is read when the feed opens, and again when the log says that it may
//! have changed: before any later event is cut, on every instance, because the log is the
//! database's. The client then is told to take a new snapshot.

use std::{
    collections::HashMap,
    sync::{
        Arc, Weak,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use parking_lot::Mutex;
use shared_types::{OrganizationId, live::EventPage};
use tokio::sync::{Notify, broadcast};

use super::{
    across::Untold,
    audience::{Audiences, Eyes, News, Outgoing, Viewer},
    feed::Feed,
    states::{Expanded, expand},
};
use crate::{
    clock::SharedClock,
    store::{Store, StoreError, events, visibility},
};

/// Events read at once.
const PAGE: i64 = 200;
/// A client that is further behind than this takes a new snapshot: cheaper for both sides.
const REPLAY_MAX: i64 = 1_000;
/// Frames that a slow reader may fall behind before it reads the log itself.
const BACKLOG: usize = 256;
/// How often the log is looked at where nobody tells of other processes' commits, and how long
/// a pump waits for a database that is away.
const LOOK_ALONE: Duration = Duration::from_secs(1);

/// A part of the log, ready to go out.
#[derive(Debug)]
pub(super) struct Part {
    /// Changes of sight first, then events.
    pub(super) news: Vec<News>,
    /// The last number that was read.
    pub(super) last: i64,
    /// Whether there may be more behind it.
    full: bool,
}

/// Where commits are announced and feeds are opened. Cheap to clone.
#[derive(Clone, Debug)]
pub struct LiveHub(Arc<Inner>);

struct Inner {
    store: Store,
    clock: SharedClock,
    rooms: Mutex<HashMap<OrganizationId, Weak<Room>>>,
    /// What other instances are still to be told.
    untold: Untold,
    /// How often the log is looked at all the same, while other instances are heard.
    look: Duration,
    /// Whether they are.
    hears: AtomicBool,
}

impl std::fmt::Debug for Inner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("LiveHub").finish_non_exhaustive()
    }
}

#[derive(Debug)]
pub(super) struct Room {
    pub(super) organization: OrganizationId,
    wake: Notify,
    frames: broadcast::Sender<Arc<News>>,
    audiences: Audiences,
}

impl LiveHub {
    /// A hub over a store. It looks at the log each second, or as often as `look` says once
    /// it hears other instances ([`LiveHub::hear`]).
    #[must_use]
    pub fn new(store: Store, clock: SharedClock, look: Duration) -> Self {
        Self(Arc::new(Inner {
            store,
            clock,
            rooms: Mutex::default(),
            untold: Untold::default(),
            look,
            hears: AtomicBool::new(false),
        }))
    }

    /// Says that an organization has new events, here and to other instances. Never blocks.
    /// Call it after the commit.
    pub fn wake(&self, organization: OrganizationId) {
        self.wake_here(organization);
        if self.0.store.has_notices() {
            self.0.untold.add(organization);
        }
    }

    pub(super) fn store(&self) -> &Store {
        &self.0.store
    }

    pub(super) fn untold(&self) -> &Untold {
        &self.0.untold
    }

    /// Whether other instances are heard; when that changes, every log is looked at: something
    /// may have been missed.
    pub(super) fn set_hears(&self, hears: bool) {
        self.0.hears.store(hears, Ordering::Relaxed);
        metrics::gauge!("workpulse_notices_listening").set(f64::from(u8::from(hears)));
        self.wake_all_here();
    }

    /// Wakes every room of this instance.
    pub(super) fn wake_all_here(&self) {
        let rooms: Vec<Arc<Room>> = self
            .0
            .rooms
            .lock()
            .values()
            .filter_map(Weak::upgrade)
            .collect();
        for room in rooms {
            room.wake.notify_one();
        }
    }

    /// Wakes one room of this instance, if it has it.
    pub(super) fn wake_here(&self, organization: OrganizationId) {
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
        // Behind the number: a change of sight up to it is seen here, a later one is told.
        let eyes = self.eyes(&room, viewer).await?;
        let mut feed = Feed::new(
            self.clone(),
            room,
            (viewer, eyes),
            frames,
            after.unwrap_or(latest),
        );
        if let Some(after) = after {
            if !reaches(after, latest, oldest) {
                feed.reset(latest);
            } else if after < latest {
                feed.replay_first();
            }
        }
        Ok((feed, latest))
    }

    /// Events behind `after`, for those who ask instead of listening.
    pub async fn page(
        &self,
        organization: OrganizationId,
        viewer: Viewer,
        mut after: i64,
    ) -> Result<EventPage, StoreError> {
        let (latest_seq, oldest) = self.bounds(organization).await?;
        let reset = EventPage {
            items: Vec::new(),
            latest_seq,
            reset: true,
        };
        if !reaches(after, latest_seq, oldest) {
            return Ok(reset);
        }
        let audiences = Audiences::default();
        loop {
            let part = self.read(organization, after).await?;
            // Read after the states were: nobody is shown who has fallen out of sight since.
            let eyes = self.look(organization, &audiences, viewer).await?;
            let mut items = Vec::new();
            for news in &part.news {
                match news {
                    News::Sight(viewers) if concerns(viewer, &eyes, viewers).is_some() => {
                        return Ok(reset);
                    }
                    News::Sight(_) => {}
                    News::Event(outgoing) => items.extend(outgoing.cut(&eyes)),
                }
            }
            // A part of which nothing is for this viewer is no end: there may be more behind.
            if !items.is_empty() || !part.full {
                return Ok(EventPage {
                    items,
                    latest_seq,
                    reset: false,
                });
            }
            after = part.last;
        }
    }

    /// Whom a viewer sees now.
    pub(super) async fn eyes(&self, room: &Room, viewer: Viewer) -> Result<Eyes, StoreError> {
        self.look(room.organization, &room.audiences, viewer).await
    }

    async fn look(
        &self,
        organization: OrganizationId,
        audiences: &Audiences,
        viewer: Viewer,
    ) -> Result<Eyes, StoreError> {
        let Viewer::Person(person) = viewer else {
            return Ok(Eyes::Policy);
        };
        let mut reader = self.0.store.tenant(organization).read().await?;
        let sight = visibility::visible_people(reader.db(), person).await?;
        Ok(audiences.eyes(sight))
    }

    pub(super) async fn bounds(
        &self,
        organization: OrganizationId,
    ) -> Result<(i64, Option<i64>), StoreError> {
        let mut reader = self.0.store.tenant(organization).read().await?;
        let latest = events::latest_seq(reader.db()).await?;
        let oldest = events::oldest_seq(reader.db()).await?;
        Ok((latest, oldest))
    }

    /// What the log says behind `after`, with states of one moment. A change of sight that
    /// was committed before that moment stands before the states that it may hide.
    pub(super) async fn read(
        &self,
        organization: OrganizationId,
        after: i64,
    ) -> Result<Part, StoreError> {
        let nothing = Part {
            news: Vec::new(),
            last: after,
            full: false,
        };
        let tenant = self.0.store.tenant(organization);
        {
            // Usually there is nothing, and then no transaction is needed to see it.
            let mut reader = tenant.read().await?;
            if events::latest_seq(reader.db()).await? <= after {
                return Ok(nothing);
            }
        }
        let mut view = tenant.snapshot().await?;
        let stored = events::after(view.db(), after, PAGE).await?;
        let Some(last) = stored.last().map(|event| event.seq) else {
            return Ok(nothing);
        };
        let full = i64::try_from(stored.len()).unwrap_or(i64::MAX) >= PAGE;
        let Expanded { events, sight } = expand(&mut view, stored, self.0.clock.now()).await?;
        let mut news = Vec::with_capacity(events.len() + 1);
        if !sight.is_empty() {
            news.push(News::Sight(sight));
        }
        news.extend(
            events
                .into_iter()
                .map(|event| News::Event(Outgoing::new(event))),
        );
        Ok(Part { news, last, full })
    }

    /// For how long a pump waits to be told.
    fn patience(&self) -> Duration {
        if self.0.hears.load(Ordering::Relaxed) {
            self.0.look
        } else {
            LOOK_ALONE
        }
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
            audiences: Audiences::default(),
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
pub(super) fn reaches(after: i64, latest: i64, oldest: Option<i64>) -> bool {
    after <= latest
        && latest - after <= REPLAY_MAX
        && (after == latest || oldest.is_some_and(|oldest| oldest <= after + 1))
}

/// Sends what is new, until the last feed has gone.
async fn pump(hub: LiveHub, room: Weak<Room>, mut last: i64) {
    loop {
        let Some(room) = room.upgrade() else { return };
        match hub.read(room.organization, last).await {
            Ok(part) if part.last == last => {
                // The room is held while waiting, which is why each wait is short: an
                // abandoned one goes at the end of it.
                let since = tokio::time::Instant::now();
                while Arc::strong_count(&room) > 1 && since.elapsed() < hub.patience() {
                    tokio::select! {
                        () = room.wake.notified() => break,
                        () = tokio::time::sleep(LOOK_ALONE) => {}
                    }
                }
            }
            Ok(part) => {
                last = part.last;
                for news in part.news {
                    // Nobody listens: nobody misses it, the log has it.
                    let _ = room.frames.send(Arc::new(news));
                }
            }
            Err(error) => {
                tracing::warn!(%error, organization_id = %room.organization, "live events wait for the database");
                drop(room);
                tokio::time::sleep(LOOK_ALONE).await;
            }
        }
    }
}

/// The number at which a viewer's sight may have changed, where they see a part only.
pub(super) fn concerns(
    viewer: Viewer,
    eyes: &Eyes,
    viewers: &std::collections::BTreeMap<shared_types::UserId, i64>,
) -> Option<i64> {
    match (viewer, eyes) {
        (Viewer::Person(person), Eyes::Some(_)) => viewers.get(&person.user_id).copied(),
        _ => None,
    }
}
