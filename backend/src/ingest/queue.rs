//! Batches that wait for a committer: bounded, and fair between organizations.
//!
//! A group is made in turns, one batch of each organization after the other, so that one which
//! floods fills what the others leave and is in nobody's way. What it may hold of the queue is
//! bounded as well, and so is what one device may: there is always room for somebody else's.
//! A device's batches keep their order.

use std::collections::{HashMap, VecDeque, hash_map::Entry};

use parking_lot::Mutex;
use shared_types::{DeviceId, OrganizationId};
use tokio::sync::Notify;

/// Batches that one device may have waiting. An agent sends one after the other, on two lanes.
const OF_A_DEVICE: usize = 64;

/// Why something is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refused {
    /// There is no room for anybody.
    Full,
    /// The organization, or the device, has its share.
    Share,
    /// Nothing is taken any more.
    Closed,
}

/// What waits, in the order of turns. Pure.
#[derive(Debug)]
struct Turns<T> {
    by_organization: HashMap<OrganizationId, VecDeque<(DeviceId, T)>>,
    /// Whose turn is next; each that has something, once.
    order: VecDeque<OrganizationId>,
    by_device: HashMap<DeviceId, usize>,
    waiting: usize,
    room: usize,
}

impl<T> Turns<T> {
    fn new(room: usize) -> Self {
        Self {
            by_organization: HashMap::new(),
            order: VecDeque::new(),
            by_device: HashMap::new(),
            waiting: 0,
            room: room.max(2),
        }
    }

    fn put(
        &mut self,
        organization: OrganizationId,
        device: DeviceId,
        what: T,
    ) -> Result<(), Refused> {
        let own = self.by_organization.get(&organization);
        let by_device = self.by_device.get(&device).copied().unwrap_or(0);
        if own.is_some_and(|own| own.len() >= self.room / 2) || by_device >= OF_A_DEVICE {
            return Err(Refused::Share);
        }
        if self.waiting >= self.room {
            return Err(Refused::Full);
        }
        match self.by_organization.entry(organization) {
            Entry::Occupied(mut own) => own.get_mut().push_back((device, what)),
            Entry::Vacant(none) => {
                none.insert(VecDeque::from([(device, what)]));
                self.order.push_back(organization);
            }
        }
        *self.by_device.entry(device).or_default() += 1;
        self.waiting += 1;
        Ok(())
    }

    /// The next one in turn.
    fn take(&mut self) -> Option<T> {
        let organization = self.order.pop_front()?;
        let Entry::Occupied(mut own) = self.by_organization.entry(organization) else {
            return None;
        };
        let taken = own.get_mut().pop_front();
        if own.get().is_empty() {
            own.remove();
        } else {
            self.order.push_back(organization);
        }
        let (device, what) = taken?;
        if let Entry::Occupied(mut waiting) = self.by_device.entry(device) {
            *waiting.get_mut() -= 1;
            if *waiting.get() == 0 {
                waiting.remove();
            }
        }
        self.waiting -= 1;
        Some(what)
    }
}

/// One committer's queue.
#[derive(Debug)]
pub(super) struct Queue<T> {
    /// What waits, and whether more is taken.
    turns: Mutex<(Turns<T>, bool)>,
    changed: Notify,
}

impl<T> Queue<T> {
    /// An empty one with room for so many.
    pub(super) fn new(room: usize) -> Self {
        Self {
            turns: Mutex::new((Turns::new(room), true)),
            changed: Notify::new(),
        }
    }

    /// Takes something in.
    pub(super) fn put(
        &self,
        organization: OrganizationId,
        device: DeviceId,
        what: T,
    ) -> Result<(), Refused> {
        {
            let mut guard = self.turns.lock();
            let (turns, open) = &mut *guard;
            if !*open {
                return Err(Refused::Closed);
            }
            turns.put(organization, device, what)?;
        }
        self.changed.notify_one();
        Ok(())
    }

    /// How many wait.
    pub(super) fn waiting(&self) -> usize {
        self.turns.lock().0.waiting
    }

    /// Takes nothing more; what waits is still handed out.
    pub(super) fn close(&self) {
        self.turns.lock().1 = false;
        self.changed.notify_one();
    }

    /// Takes nothing more, and lets go of what waits: nobody is there to hand it out to.
    pub(super) fn abandon(&self) {
        let mut guard = self.turns.lock();
        let room = guard.0.room;
        *guard = (Turns::new(room), false);
    }

    /// Everything that waits, in turns, until `enough` says so; waits for the first. `None` when
    /// the queue is closed and empty. For one caller.
    pub(super) async fn group(&self, mut enough: impl FnMut(&T) -> bool) -> Option<Vec<T>> {
        loop {
            {
                let mut guard = self.turns.lock();
                let (turns, open) = &mut *guard;
                let mut group = Vec::new();
                while let Some(next) = turns.take() {
                    let last = enough(&next);
                    group.push(next);
                    if last {
                        break;
                    }
                }
                if !group.is_empty() {
                    return Some(group);
                }
                if !*open {
                    return None;
                }
            }
            self.changed.notified().await;
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;

    fn organization(n: u128) -> OrganizationId {
        OrganizationId(Uuid::from_u128(n))
    }

    fn device(n: u128) -> DeviceId {
        DeviceId(Uuid::from_u128(n))
    }

    #[test]
    fn who_floods_gets_half_of_the_room_and_the_others_come_in_their_turn() {
        let mut turns = Turns::new(8);
        for n in 0..4 {
            assert_eq!(turns.put(organization(1), device(n), n), Ok(()));
        }
        assert_eq!(
            turns.put(organization(1), device(9), 9),
            Err(Refused::Share)
        );
        assert_eq!(turns.put(organization(2), device(20), 20), Ok(()));
        assert_eq!(turns.put(organization(3), device(30), 30), Ok(()));
        let order: Vec<u128> = std::iter::from_fn(|| turns.take()).collect();
        assert_eq!(order, [0, 20, 30, 1, 2, 3]);
        assert_eq!(turns.put(organization(1), device(9), 9), Ok(()));
    }

    #[test]
    fn one_device_does_not_take_its_organization_s_share() {
        let mut turns = Turns::new(1_000);
        for n in 0..OF_A_DEVICE {
            assert_eq!(turns.put(organization(1), device(1), n), Ok(()));
        }
        assert_eq!(
            turns.put(organization(1), device(1), 0),
            Err(Refused::Share)
        );
        assert_eq!(turns.put(organization(1), device(2), 0), Ok(()));
    }

    #[tokio::test]
    async fn a_closed_queue_hands_out_what_it_has_and_ends() {
        let queue = Queue::new(8);
        queue.put(organization(1), device(1), 1).expect("room");
        queue.close();
        assert_eq!(
            queue.put(organization(1), device(1), 2),
            Err(Refused::Closed)
        );
        assert_eq!(queue.group(|_| false).await, Some(vec![1]));
        assert_eq!(queue.group(|_| false).await, None);
    }

    #[test]
    fn an_abandoned_queue_lets_go_of_what_it_has() {
        let queue = Queue::new(8);
        let waits = std::sync::Arc::new(());
        let put = std::sync::Arc::clone(&waits);
        queue.put(organization(1), device(1), put).expect("room");
        queue.abandon();
        assert_eq!(std::sync::Arc::strong_count(&waits), 1);
    }

    proptest! {
        #[test]
        fn nothing_is_lost_and_a_device_s_order_is_kept(
            steps in prop::collection::vec((0_u128..4, 0_u128..3, any::<bool>()), 0..200),
        ) {
            let mut turns = Turns::new(20);
            let (mut put, mut taken) = (Vec::new(), Vec::new());
            for (at, (of, by, take)) in steps.into_iter().enumerate() {
                let by = of * 10 + by;
                if take {
                    taken.extend(turns.take());
                } else if turns.put(organization(of), device(by), (by, at)).is_ok() {
                    put.push((by, at));
                }
                prop_assert_eq!(turns.waiting, put.len() - taken.len());
                prop_assert!(turns.waiting <= 20);
            }
            taken.extend(std::iter::from_fn(|| turns.take()));
            prop_assert!(turns.by_device.is_empty() && turns.by_organization.is_empty());
            for by in 0..40 {
                let of = |all: &[(u128, usize)]| -> Vec<usize> {
                    all.iter().filter(|one| one.0 == by).map(|one| one.1).collect()
                };
                prop_assert_eq!(of(&taken), of(&put));
            }
        }
    }
}
