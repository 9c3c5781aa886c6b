//! What one connected client is sent, in order, without gaps, and nothing that it may not see.

use std::{collections::VecDeque, sync::Arc};

use tokio::sync::broadcast;

use super::{
    audience::{Eyes, News, Viewer},
    hub::{LiveHub, Room, concerns, reaches},
};
use crate::store::StoreError;

/// What a feed yields.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FeedItem {
    /// A frame, as text.
    Frame(String),
    /// The log does not reach back far enough, or the viewer now sees other people: a new
    /// snapshot is needed, then events follow from this number.
    Reset(i64),
}

/// What one connected client is sent.
#[derive(Debug)]
pub struct Feed {
    hub: LiveHub,
    room: Arc<Room>,
    viewer: Viewer,
    eyes: Eyes,
    /// Whom the viewer sees must be read anew before anything more is cut.
    stale: bool,
    frames: broadcast::Receiver<Arc<News>>,
    /// Every event up to this one has been yielded (or is not for this viewer).
    last: i64,
    ready: VecDeque<FeedItem>,
    /// The log holds events that the broadcast will not bring.
    behind: bool,
}

impl Feed {
    pub(super) fn new(
        hub: LiveHub,
        room: Arc<Room>,
        (viewer, eyes): (Viewer, Eyes),
        frames: broadcast::Receiver<Arc<News>>,
        last: i64,
    ) -> Self {
        Self {
            hub,
            room,
            viewer,
            eyes,
            stale: false,
            frames,
            last,
            ready: VecDeque::new(),
            behind: false,
        }
    }

    /// The next item; waits until there is one. Safe to cancel.
    ///
    /// # Errors
    /// When the log cannot be read: the client reconnects from its last number.
    pub async fn next(&mut self) -> Result<FeedItem, StoreError> {
        loop {
            // On the heap, both of these: they are rare, and what they need while they ask the
            // database would otherwise be kept for every socket that only waits.
            if self.stale {
                self.eyes = Box::pin(self.hub.eyes(&self.room, self.viewer)).await?;
                self.stale = false;
                self.ready.push_back(FeedItem::Reset(self.last));
            }
            if let Some(item) = self.ready.pop_front() {
                return Ok(item);
            }
            if self.behind {
                Box::pin(self.replay()).await?;
                continue;
            }
            match self.frames.recv().await {
                Ok(news) => self.take(&news),
                Err(broadcast::error::RecvError::Lagged(_)) => self.behind = true,
                // The room keeps its sender while this feed holds the room.
                Err(broadcast::error::RecvError::Closed) => return std::future::pending().await,
            }
        }
    }

    /// Reads the log before it listens.
    pub(super) const fn replay_first(&mut self) {
        self.behind = true;
    }

    async fn replay(&mut self) -> Result<(), StoreError> {
        let organization = self.room.organization;
        let (latest, oldest) = self.hub.bounds(organization).await?;
        if !reaches(self.last, latest, oldest) {
            self.reset(latest);
            return Ok(());
        }
        let part = self.hub.read(organization, self.last).await?;
        self.behind = !part.news.is_empty();
        for news in &part.news {
            self.take(news);
            if self.stale {
                // What follows is cut with other eyes, and read again for it.
                return Ok(());
            }
        }
        self.last = self.last.max(part.last);
        Ok(())
    }

    pub(super) fn reset(&mut self, latest: i64) {
        self.last = latest;
        self.behind = false;
        // A change of sight may lie in what is skipped.
        self.ready.clear();
        self.stale = true;
    }

    fn take(&mut self, news: &News) {
        match news {
            News::Sight(viewers) => {
                let Some(seq) = concerns(self.viewer, &self.eyes, viewers) else {
                    return;
                };
                if seq > self.last {
                    // What waits was cut before; the snapshot that is now taken has it all.
                    self.ready.clear();
                    self.last = seq;
                    self.stale = true;
                }
            }
            News::Event(outgoing) => {
                // What the replay has brought already comes by broadcast, too.
                if outgoing.seq() <= self.last {
                    return;
                }
                self.last = outgoing.seq();
                let text = outgoing.text(&self.eyes);
                self.ready
                    .extend(text.map(|text| FeedItem::Frame(text.as_ref().to_owned())));
            }
        }
    }
}
