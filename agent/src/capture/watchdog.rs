//! Keeps a probe that hangs or panics from touching the rest of the agent.
//!
//! The probe lives on a thread of its own. A look that is not answered within [`PATIENCE`]
//! counts as failed; its thread is left behind (a thread cannot be stopped from outside) and
//! replaced at most once a minute, and never while [`MOST_LEFT_BEHIND`] are still stuck, so
//! that a display server that hangs for a week costs four threads and no more.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
        mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel},
    },
    thread,
    time::Duration,
};

use shared_types::device::{Capabilities, Desktop};

use super::{Look, ProbeFactory};

/// How long a probe may take for one look.
const PATIENCE: Duration = Duration::from_secs(2);
/// Least time between two replacements of a stuck thread.
const REPLACE_AFTER_MILLIS: i64 = 60_000;
/// Most threads that may be stuck at the same time.
const MOST_LEFT_BEHIND: usize = 4;

/// A probe under a watchdog.
pub struct Watched {
    factory: ProbeFactory,
    patience: Duration,
    worker: Option<Worker>,
    stuck: Arc<AtomicUsize>,
    replaced_at_millis: Option<i64>,
    seen: Option<Seen>,
}

/// The probe's name, and what it can.
type Seen = (&'static str, Capabilities);

struct Worker {
    ask: SyncSender<()>,
    answers: Receiver<(Look, Seen)>,
}

impl Watched {
    /// Watches over the probes that `factory` makes.
    #[must_use]
    pub fn new(factory: ProbeFactory) -> Self {
        Self::with_patience(factory, PATIENCE)
    }

    fn with_patience(factory: ProbeFactory, patience: Duration) -> Self {
        Self {
            factory,
            patience,
            worker: None,
            stuck: Arc::default(),
            replaced_at_millis: None,
            seen: None,
        }
    }

    /// What the probe could see at its last answer.
    #[must_use]
    pub fn capabilities(&self) -> Capabilities {
        self.seen.map(|(_, can)| can).unwrap_or_default()
    }

    /// Which probe looks, and what it can see; `None` while none has found a desktop.
    #[must_use]
    pub fn desktop(&self) -> Option<Desktop> {
        self.seen
            .filter(|(name, _)| *name != "none")
            .map(|(name, capabilities)| Desktop {
                probe: name.to_owned(),
                capabilities,
            })
    }

    /// Looks once; returns within the patience whatever the probe does.
    /// `now_millis` is the monotonic clock, for spacing replacements.
    pub fn look(&mut self, now_millis: i64) -> Look {
        let worker = match self.worker.take() {
            Some(worker) => worker,
            None => match self.hire(now_millis) {
                Ok(worker) => worker,
                Err(why) => return Look::failed(why),
            },
        };
        if worker.ask.try_send(()).is_err() {
            return Look::failed("the probe's thread ended");
        }
        match worker.answers.recv_timeout(self.patience) {
            Ok((look, seen)) => {
                self.seen = Some(seen);
                self.worker = Some(worker);
                look
            }
            Err(RecvTimeoutError::Timeout) => {
                tracing::warn!(
                    "the desktop probe did not answer in time, its thread is left behind"
                );
                self.stuck.fetch_add(1, Ordering::Relaxed);
                Look::failed("the probe did not answer in time")
            }
            Err(RecvTimeoutError::Disconnected) => Look::failed("the probe panicked"),
        }
    }

    fn hire(&mut self, now_millis: i64) -> Result<Worker, &'static str> {
        let too_soon = self
            .replaced_at_millis
            .is_some_and(|then| now_millis - then < REPLACE_AFTER_MILLIS);
        if too_soon {
            return Err("the probe failed, and is started again within a minute");
        }
        if self.stuck.load(Ordering::Relaxed) >= MOST_LEFT_BEHIND {
            return Err("the probe hangs");
        }
        let (ask, asked) = sync_channel::<()>(1);
        let (answer, answers) = sync_channel(1);
        let factory = Arc::clone(&self.factory);
        let stuck = Arc::clone(&self.stuck);
        thread::Builder::new()
            .name("workpulse-probe".into())
            .stack_size(512 * 1024)
            .spawn(move || serve(&factory, &asked, &answer, &stuck))
            .map_err(|_| "the probe's thread could not be started")?;
        self.replaced_at_millis = Some(now_millis);
        Ok(Worker { ask, answers })
    }
}

fn serve(
    factory: &ProbeFactory,
    asked: &Receiver<()>,
    answer: &SyncSender<(Look, Seen)>,
    stuck: &AtomicUsize,
) {
    let Ok(mut probe) = catch_unwind(AssertUnwindSafe(|| factory())) else {
        return;
    };
    while asked.recv().is_ok() {
        // A panicking probe may hold half a state: it is dropped with its thread.
        let Ok(seen) = catch_unwind(AssertUnwindSafe(|| {
            let look = probe.look();
            (look, (probe.name(), probe.capabilities()))
        })) else {
            return;
        };
        if answer.send(seen).is_err() {
            // Left behind earlier, and back now.
            stuck.fetch_sub(1, Ordering::Relaxed);
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Condvar, Mutex};

    use super::*;
    use crate::capture::{Focus, Probe};

    struct Scripted(Box<dyn FnMut() -> Look + Send>);

    impl Probe for Scripted {
        fn name(&self) -> &'static str {
            "scripted"
        }
        fn capabilities(&self) -> Capabilities {
            Capabilities {
                idle: true,
                ..Capabilities::default()
            }
        }
        fn look(&mut self) -> Look {
            (self.0)()
        }
    }

    fn seen() -> Look {
        Look {
            focus: Ok(Focus::default()),
            idle_millis: Ok(1),
        }
    }

    #[test]
    fn an_answer_passes_through_with_its_capabilities() {
        let mut probe = Watched::new(Arc::new(|| Box::new(Scripted(Box::new(seen)))));
        assert_eq!(probe.look(0), seen());
        assert!(probe.capabilities().idle);
        assert_eq!(probe.look(1), seen());
    }

    #[test]
    fn a_probe_that_panics_is_a_failed_look_and_comes_back_after_a_minute() {
        let made = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&made);
        let mut probe = Watched::new(Arc::new(move || {
            let first = count.fetch_add(1, Ordering::SeqCst) == 0;
            Box::new(Scripted(Box::new(move || {
                assert!(!first, "on purpose");
                seen()
            })))
        }));
        assert!(probe.look(0).idle_millis.is_err());
        assert!(probe.look(5_000).idle_millis.is_err(), "not at once");
        assert_eq!(made.load(Ordering::SeqCst), 1);
        assert_eq!(probe.look(60_000), seen());
    }

    #[test]
    fn probes_that_hang_are_left_behind_up_to_a_bound() {
        let gate = Arc::new((Mutex::new(false), Condvar::new()));
        let made = Arc::new(AtomicUsize::new(0));
        let (count, held) = (Arc::clone(&made), Arc::clone(&gate));
        let mut probe = Watched::with_patience(
            Arc::new(move || {
                count.fetch_add(1, Ordering::SeqCst);
                let held = Arc::clone(&held);
                Box::new(Scripted(Box::new(move || {
                    let mut open = held.0.lock().unwrap();
                    while !*open {
                        open = held.1.wait(open).unwrap();
                    }
                    seen()
                })))
            }),
            Duration::from_millis(5),
        );
        for minute in 0..10 {
            assert!(probe.look(minute * 60_000).idle_millis.is_err());
        }
        // Each counts on a thread of its own, which a busy machine may not have come to yet.
        for _ in 0..10_000 {
            if made.load(Ordering::SeqCst) >= MOST_LEFT_BEHIND {
                break;
            }
            thread::park_timeout(Duration::from_millis(1));
        }
        assert_eq!(made.load(Ordering::SeqCst), MOST_LEFT_BEHIND);
        *gate.0.lock().unwrap() = true;
        gate.1.notify_all();
    }
}
