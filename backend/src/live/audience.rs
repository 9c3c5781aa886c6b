//! Who is told what: an event, cut to what its viewer may see.
//!
//! A frame is serialized once for all who see everyone, and once for each set of people that
//! some viewer sees a part of it by: managers of the same people share a set. An event in
//! which nobody of the set occurs costs one look-up for each of its people, and no text.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    hash::{DefaultHasher, Hash as _, Hasher as _},
    sync::{
        Arc, Weak,
        atomic::{AtomicU64, Ordering},
    },
};

use parking_lot::Mutex;
use shared_types::{
    UserId,
    live::{EventBody, LiveEvent, PeopleChanged, ServerFrame},
};

use crate::domain::visibility::{self, Sight};

/// Whose eyes a feed is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Viewer {
    /// A person: is told of those whom they see.
    Person(visibility::Viewer),
    /// A device: is told of policy only.
    Device,
}

/// What a viewer sees, as far as frames differ by it.
#[derive(Debug, Clone)]
pub(super) enum Eyes {
    /// Everyone in the organization.
    Everyone,
    /// A set of people.
    Some(Arc<Audience>),
    /// Policy only.
    Policy,
}

/// A set of people that some viewers see.
#[derive(Debug)]
pub(super) struct Audience {
    /// Never given twice: a cut that is kept under it is of this set and no other.
    id: u64,
    people: BTreeSet<UserId>,
}

/// The sets of a room, each once.
#[derive(Debug, Default)]
pub(super) struct Audiences {
    next: AtomicU64,
    known: Mutex<HashMap<u64, Vec<Weak<Audience>>>>,
}

impl Audiences {
    /// The eyes of somebody who sees these people.
    pub(super) fn eyes(&self, sight: Sight) -> Eyes {
        let Sight::Only(people) = sight else {
            return Eyes::Everyone;
        };
        let mut hasher = DefaultHasher::new();
        people.hash(&mut hasher);
        let mut known = self.known.lock();
        known.retain(|_, sets| {
            sets.retain(|set| set.strong_count() > 0);
            !sets.is_empty()
        });
        let sets = known.entry(hasher.finish()).or_default();
        let same = sets
            .iter()
            .filter_map(Weak::upgrade)
            .find(|set| set.people == people);
        Eyes::Some(same.unwrap_or_else(|| {
            let set = Arc::new(Audience {
                id: self.next.fetch_add(1, Ordering::Relaxed),
                people,
            });
            sets.push(Arc::downgrade(&set));
            set
        }))
    }
}

/// Something that feeds are handed.
#[derive(Debug)]
pub(super) enum News {
    /// An event.
    Event(Outgoing),
    /// These viewers' sight may have changed, at these numbers of the log.
    Sight(BTreeMap<UserId, i64>),
}

/// An event on its way out.
#[derive(Debug)]
pub(super) struct Outgoing {
    event: LiveEvent,
    /// The frame for those who see everyone.
    text: Arc<str>,
    /// Frames for those who see a part, by the set's id.
    cuts: Mutex<HashMap<u64, Arc<str>>>,
}

impl Outgoing {
    pub(super) fn new(event: LiveEvent) -> Self {
        Self {
            text: frame(event.clone()),
            event,
            cuts: Mutex::default(),
        }
    }

    pub(super) const fn seq(&self) -> i64 {
        self.event.seq
    }

    /// The frame for these eyes; `None` when it shows them nothing.
    pub(super) fn text(&self, eyes: &Eyes) -> Option<Arc<str>> {
        let set = match (eyes, &self.event.event) {
            (Eyes::Everyone, _) | (_, EventBody::PolicyChanged(_)) => {
                return Some(Arc::clone(&self.text));
            }
            (Eyes::Policy, _) => return None,
            (Eyes::Some(set), _) => set,
        };
        let (seen, all) = counted(&self.event.event, &set.people);
        if seen == 0 {
            return None;
        }
        if seen == all {
            return Some(Arc::clone(&self.text));
        }
        // Somebody who sees only themself shares this with nobody.
        if set.people.len() == 1 {
            return cut(&self.event, eyes).map(frame);
        }
        if let Some(known) = self.cuts.lock().get(&set.id) {
            return Some(Arc::clone(known));
        }
        // Not under the lock: two may do the same work, nobody waits for another's.
        let text = cut(&self.event, eyes).map(frame)?;
        self.cuts.lock().insert(set.id, Arc::clone(&text));
        Some(text)
    }

    /// The event as these eyes may see it.
    pub(super) fn cut(&self, eyes: &Eyes) -> Option<LiveEvent> {
        cut(&self.event, eyes)
    }
}

fn frame(event: LiveEvent) -> Arc<str> {
    serde_json::to_string(&ServerFrame::Event { event })
        .expect("plain data is JSON")
        .into()
}

/// Of how many people an event speaks whom the set holds, and of how many at all.
fn counted(event: &EventBody, people: &BTreeSet<UserId>) -> (usize, usize) {
    match event {
        EventBody::UserOnline(changed)
        | EventBody::UserOffline(changed)
        | EventBody::SessionUpdate(changed) => {
            let seen = changed
                .people
                .iter()
                .filter(|p| people.contains(&p.user_id));
            (seen.count(), changed.people.len())
        }
        EventBody::InactiveAlert(alert)
        | EventBody::OvertimeAlert(alert)
        | EventBody::AlertResolved(alert) => (usize::from(people.contains(&alert.user_id)), 1),
        EventBody::PolicyChanged(_) => (1, 1),
    }
}

fn cut(event: &LiveEvent, eyes: &Eyes) -> Option<LiveEvent> {
    let people = match (eyes, &event.event) {
        (Eyes::Everyone, _) | (_, EventBody::PolicyChanged(_)) => return Some(event.clone()),
        (Eyes::Policy, _) => return None,
        (Eyes::Some(set), _) => &set.people,
    };
    let part = |changed: &PeopleChanged| PeopleChanged {
        people: changed
            .people
            .iter()
            .filter(|person| people.contains(&person.user_id))
            .cloned()
            .collect(),
    };
    let body = match &event.event {
        EventBody::UserOnline(changed) => EventBody::UserOnline(part(changed)),
        EventBody::UserOffline(changed) => EventBody::UserOffline(part(changed)),
        EventBody::SessionUpdate(changed) => EventBody::SessionUpdate(part(changed)),
        whole => whole.clone(),
    };
    (counted(&event.event, people).0 > 0).then_some(LiveEvent {
        seq: event.seq,
        at: event.at,
        event: body,
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use shared_types::{
        AlertId, Timestamp,
        live::{AlertEvent, DayHours, DayTotals, PersonState, PersonStatus, PolicyChanged},
    };
    use uuid::Uuid;

    use super::*;

    fn user(n: u8) -> UserId {
        UserId(Uuid::from_u128(
            0x0192_0000_0000_7000_8000_0000_0000_0000 + u128::from(n),
        ))
    }

    fn changed(people: &[u8]) -> PeopleChanged {
        let state = |n: &u8| PersonState {
            user_id: user(*n),
            name: format!("Person {n}"),
            status: PersonStatus::Active,
            reason: None,
            online: true,
            application: Some(format!("app-{n}")),
            since: None,
            session: None,
            today: DayTotals::default(),
            hours: DayHours::default(),
            last_contact_at: None,
        };
        PeopleChanged {
            people: people.iter().map(state).collect(),
        }
    }

    fn outgoing(kind: u8, people: &[u8]) -> Outgoing {
        let alert = AlertEvent {
            alert_id: AlertId(Uuid::nil()),
            user_id: user(people.first().copied().unwrap_or(0)),
        };
        let event = match kind {
            0 => EventBody::UserOnline(changed(people)),
            1 => EventBody::UserOffline(changed(people)),
            2 => EventBody::SessionUpdate(changed(people)),
            3 => EventBody::InactiveAlert(alert),
            4 => EventBody::OvertimeAlert(alert),
            5 => EventBody::AlertResolved(alert),
            _ => EventBody::PolicyChanged(PolicyChanged { version: 2 }),
        };
        Outgoing::new(LiveEvent {
            seq: 7,
            at: Timestamp::UNIX_EPOCH,
            event,
        })
    }

    proptest! {
        #[test]
        fn a_frame_speaks_of_nobody_who_is_not_seen_and_of_all_who_are(
            kind in 0_u8..7,
            people in prop::collection::btree_set(0_u8..12, 1..8),
            seen in prop::collection::btree_set(0_u8..12, 1..8),
        ) {
            let people: Vec<u8> = people.into_iter().collect();
            let outgoing = outgoing(kind, &people);
            let sets = Audiences::default();
            let eyes = sets.eyes(Sight::Only(seen.iter().map(|n| user(*n)).collect()));
            let spoken: Vec<u8> = match kind {
                0..=2 => people.clone(),
                3..=5 => vec![people[0]],
                _ => Vec::new(),
            };
            // Asked twice: the second time it may be remembered.
            for _ in 0..2 {
                let text = outgoing.text(&eyes);
                let wanted = kind == 6 || spoken.iter().any(|n| seen.contains(n));
                prop_assert_eq!(text.is_some(), wanted);
                for n in &spoken {
                    let id = user(*n).to_string();
                    let shown = text.as_deref().is_some_and(|text| text.contains(&id));
                    prop_assert_eq!(shown, seen.contains(n), "{} in {:?}", n, text);
                }
                let event = outgoing.cut(&eyes).map(frame);
                prop_assert_eq!(text, event, "the page and the socket say the same");
            }
            prop_assert_eq!(outgoing.text(&Eyes::Policy).is_some(), kind == 6);
        }
    }

    #[test]
    fn those_who_see_the_same_people_share_a_frame() {
        let sets = Audiences::default();
        let of = |people: &[u8]| sets.eyes(Sight::Only(people.iter().map(|n| user(*n)).collect()));
        let (one, other, more) = (of(&[1, 2]), of(&[2, 1]), of(&[1, 2, 3]));
        let outgoing = outgoing(2, &[1, 3, 4]);
        let text = |eyes: &Eyes| outgoing.text(eyes).expect("1 is seen");
        assert!(Arc::ptr_eq(&text(&one), &text(&other)));
        assert_ne!(text(&one), text(&more));
        drop((one, other));
        let again = of(&[1, 2]);
        assert!(text(&again).contains("app-1") && !text(&again).contains("app-3"));
        assert_eq!(
            sets.known.lock().len(),
            2,
            "those that are gone are forgotten"
        );
    }
}
