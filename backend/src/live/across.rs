//! Across instances: who has committed something tells the others where to look.
//!
//! A notice names organizations and nothing of them. It is a hint: the event log says what has
//! happened, and it is looked at from time to time whoever says what. Notices are gathered, and
//! go out at most once every [`SPACING`] for an instance, on a connection of their own and never
//! in a transaction that writes.
//!
//! An instance hears its own notices, too. When it does not, its listening connection is dead
//! though nobody said so (a cable, a fire wall), and it makes another.

use std::{collections::BTreeSet, time::Duration};

use parking_lot::Mutex;
use shared_types::OrganizationId;
use tokio::{sync::Notify, time::Instant};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::LiveHub;
use crate::store::{Notices, StoreError};

/// The least time between two notices of one instance.
const SPACING: Duration = Duration::from_millis(75);
/// Organizations that one notice names; where there are more, it says that all are meant. A
/// notice holds fewer than 8,000 bytes.
const MOST_NAMED: usize = 200;
/// How often an instance makes sure that it still hears.
const TRIAL: Duration = Duration::from_secs(10);
/// How long to wait before listening is tried again: doubled with each failure.
const FIRST_PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// Whose logs are to be looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Whose {
    /// These organizations'. Nobody's: a notice that only tries whether it is heard.
    These(BTreeSet<OrganizationId>),
    /// Everybody's.
    All,
}

impl Whose {
    const fn nobody() -> Self {
        Self::These(BTreeSet::new())
    }

    fn add(&mut self, more: Self) {
        match (&mut *self, more) {
            (Self::These(these), Self::These(more)) => {
                these.extend(more);
                if these.len() > MOST_NAMED {
                    *self = Self::All;
                }
            }
            _ => *self = Self::All,
        }
    }

    /// A notice's text: who says it, and whose logs are meant.
    fn write(&self, instance: Uuid) -> String {
        let whose = match self {
            Self::All => "all".to_owned(),
            Self::These(these) => {
                let ids: Vec<String> = these.iter().map(|id| id.0.simple().to_string()).collect();
                ids.join(",")
            }
        };
        format!("{}:{whose}", instance.simple())
    }

    /// Reads a notice. What cannot be read was written by a version that knows more: look
    /// everywhere.
    fn read(text: &str) -> (Option<Uuid>, Self) {
        let Some((instance, whose)) = text.split_once(':') else {
            return (None, Self::All);
        };
        let these: Option<BTreeSet<OrganizationId>> = whose
            .split(',')
            .filter(|id| !id.is_empty())
            .map(|id| id.parse().ok().map(OrganizationId))
            .collect();
        (instance.parse().ok(), these.map_or(Self::All, Self::These))
    }
}

/// What other instances are still to be told; never grows beyond what a notice holds.
#[derive(Debug)]
pub(super) struct Untold {
    whose: Mutex<Option<Whose>>,
    added: Notify,
}

impl Default for Untold {
    fn default() -> Self {
        Self {
            whose: Mutex::new(None),
            added: Notify::new(),
        }
    }
}

impl Untold {
    pub(super) fn add(&self, organization: OrganizationId) {
        self.add_all(Whose::These(BTreeSet::from([organization])));
    }

    fn add_all(&self, more: Whose) {
        let mut whose = self.whose.lock();
        match &mut *whose {
            Some(whose) => whose.add(more),
            None => *whose = Some(more),
        }
        drop(whose);
        self.added.notify_one();
    }

    fn take(&self) -> Option<Whose> {
        self.whose.lock().take()
    }
}

impl LiveHub {
    /// Tells other instances of commits until cancelled, and then of the last ones. Returns at
    /// once where there can be no others.
    pub async fn tell(&self, instance: Uuid, stop: CancellationToken) {
        if !self.store().has_notices() {
            return;
        }
        loop {
            tokio::select! {
                () = stop.cancelled() => {
                    // Others look by themselves, a little later, if this is lost.
                    let _ = self.tell_once(instance).await;
                    return;
                }
                () = self.untold().added.notified() => {}
            }
            let began = Instant::now();
            if let Err(error) = self.tell_once(instance).await {
                tracing::debug!(cause = %error, "could not tell other instances of new events; trying again in a second");
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
            // The first of a burst goes at once; what follows is gathered.
            tokio::time::sleep_until(began + SPACING).await;
        }
    }

    async fn tell_once(&self, instance: Uuid) -> Result<(), StoreError> {
        let Some(whose) = self.untold().take() else {
            return Ok(());
        };
        let told = self.store().tell(&whose.write(instance)).await;
        match &told {
            Ok(()) => metrics::counter!("workpulse_notices_sent_total").increment(1),
            Err(_) => self.untold().add_all(whose),
        }
        told
    }

    /// Hears what other instances tell until cancelled; needs [`LiveHub::tell`] beside it.
    /// Returns at once where there can be no others.
    pub async fn hear(&self, instance: Uuid, stop: CancellationToken) {
        let mut pause = FIRST_PAUSE;
        while !stop.is_cancelled() {
            match self.store().notices().await {
                Ok(None) => return,
                Ok(Some(mut notices)) => {
                    // Only now, behind LISTEN: what was committed before is seen by looking.
                    self.set_hears(true);
                    let began = Instant::now();
                    self.listen(&mut notices, instance, &stop).await;
                    self.set_hears(false);
                    if began.elapsed() > TRIAL {
                        pause = FIRST_PAUSE;
                    }
                    if !stop.is_cancelled() {
                        tracing::warn!(
                            "other instances are not heard for a moment: the connection has gone; their events are looked for each second"
                        );
                    }
                }
                Err(error) => {
                    tracing::warn!(cause = %error, "other instances cannot be heard; their events are looked for each second");
                }
            }
            tokio::select! {
                () = stop.cancelled() => {}
                () = tokio::time::sleep(pause) => {}
            }
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }

    /// Listens on one connection until it has gone, or has fallen silent.
    async fn listen(&self, notices: &mut Notices, instance: Uuid, stop: &CancellationToken) {
        let own = Mutex::new(false);
        let heard = async {
            while let Some(text) = notices.next().await {
                metrics::counter!("workpulse_notices_received_total").increment(1);
                let (whence, whose) = Whose::read(&text);
                if whence == Some(instance) {
                    *own.lock() = true;
                    continue;
                }
                match whose {
                    Whose::All => self.wake_all_here(),
                    Whose::These(these) => {
                        for organization in these {
                            self.wake_here(organization);
                        }
                    }
                }
            }
        };
        let trial = async {
            loop {
                self.untold().add_all(Whose::nobody());
                tokio::time::sleep(TRIAL).await;
                if !std::mem::take(&mut *own.lock()) {
                    return;
                }
            }
        };
        tokio::select! {
            () = stop.cancelled() => {}
            () = heard => {}
            () = trial => tracing::warn!("this instance does not hear itself: listening anew"),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn organization(n: u128) -> OrganizationId {
        OrganizationId(Uuid::from_u128(n))
    }

    proptest! {
        #[test]
        fn what_is_told_is_what_is_heard_or_everybody_and_never_too_long(
            ids in prop::collection::vec(any::<u128>(), 0..400),
        ) {
            let untold = Untold::default();
            for id in &ids {
                untold.add(organization(*id));
            }
            let whose = untold.take().unwrap_or(Whose::nobody());
            let instance = Uuid::from_u128(7);
            let text = whose.write(instance);
            prop_assert!(text.len() < 8_000, "{}", text.len());
            prop_assert_eq!(Whose::read(&text), (Some(instance), whose.clone()));
            let wanted: BTreeSet<OrganizationId> = ids.iter().map(|id| organization(*id)).collect();
            if wanted.len() > MOST_NAMED {
                prop_assert_eq!(whose, Whose::All);
            } else {
                prop_assert_eq!(whose, Whose::These(wanted));
            }
            prop_assert_eq!(untold.take(), None);
        }
    }

    #[test]
    fn a_notice_that_cannot_be_read_means_everybody() {
        for text in ["", "nonsense", "7:x", ":x,y", "all"] {
            assert_eq!(Whose::read(text).1, Whose::All, "{text:?}");
        }
    }
}
