//! How a day is filled, stretch by stretch, from its first second on: work, glances elsewhere,
//! pauses and meetings.

use super::{
    people::Person,
    rhythm::{Stretch, What},
};

/// A day while it is being made.
pub(super) struct Day<'a> {
    pub(super) person: &'a Person,
    pub(super) random: fastrand::Rng,
    pub(super) done: Vec<Stretch>,
    pub(super) now: i64,
}

impl Day<'_> {
    pub(super) fn push(&mut self, until: i64, what: What) {
        if until > self.now {
            self.done.push(Stretch {
                from: self.now,
                until,
                what,
            });
            self.now = until;
        }
    }

    /// Work with glances elsewhere and pauses, until this second.
    pub(super) fn work(&mut self, until: i64) {
        let rhythm = &self.person.rhythm;
        while self.now < until {
            let app = self.pick(rhythm.apps);
            let longest = i64::from(rhythm.stretch) * 60;
            let end = (self.now + self.random.i64(150..=longest)).min(until);
            while self.now < end {
                let focus = (self.now + self.random.i64(70..=600)).min(end);
                self.push(focus, What::Active(app));
                if !rhythm.glances.is_empty() && self.random.u32(0..100) < 55 {
                    let other = rhythm.glances[self.random.usize(0..rhythm.glances.len())];
                    let glance = (self.now + self.random.i64(8..=75)).min(end);
                    self.push(glance, What::Active(other));
                }
            }
            if self.random.u32(0..100) < rhythm.pauses {
                // An agent calls it idle from two minutes without input on.
                let pause = self.now + self.random.i64(121..=520);
                if pause + 60 < until {
                    self.push(pause, What::Idle(app));
                }
            }
        }
    }

    /// A meeting: mostly listening, which looks like no input at all.
    pub(super) fn meeting(&mut self, app: &'static str, until: i64) {
        while self.now < until {
            let talk = (self.now + self.random.i64(60..=300)).min(until);
            self.push(talk, What::Active(app));
            let listen = self.now + self.random.i64(121..=330);
            if listen + 30 < until && self.random.u32(0..100) < 45 {
                self.push(listen, What::Idle(app));
            }
        }
    }

    fn pick(&mut self, weighted: &[(&'static str, u32)]) -> &'static str {
        let total = weighted.iter().map(|(_, weight)| weight).sum();
        let mut draw = self.random.u32(0..total);
        for (app, weight) in weighted {
            if draw < *weight {
                return app;
            }
            draw -= weight;
        }
        unreachable!("the draw is below the sum of the weights")
    }
}
