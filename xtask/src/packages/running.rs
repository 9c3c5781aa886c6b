//! A program in a system, with everything that it has started.

use std::time::Duration;

use anyhow::{Result, ensure};

use crate::{
    clock::Stopwatch,
    cmd::{Background, Cmd},
    stop,
};

/// How long a program may take to end in good order.
const GRACE: Duration = Duration::from_secs(30);

/// A command in the background that leads a group of processes: entering namespaces, it waits
/// for the program itself, so that a signal to it alone would not reach the program. Dropping it
/// asks all of them to end, and waits until they have.
pub(super) struct Running(Background);

impl Running {
    /// Takes over what was started as the leader of a group.
    pub(super) const fn new(leader: Background) -> Self {
        Self(leader)
    }

    /// Fails, with the end of its log, if it has ended by itself.
    pub(super) fn check(&mut self) -> Result<()> {
        self.0.check()
    }

    /// Ends all of them at once, as a power cut would.
    pub(super) fn cut_off(mut self) -> Result<()> {
        self.check()?;
        ensure!(
            self.signal("-KILL"),
            "the command had ended before it could be cut off"
        );
        self.wait();
        Ok(())
    }

    /// Whether there was anybody to send it to.
    fn signal(&self, signal: &str) -> bool {
        Cmd::new("kill", &[signal, "--"])
            .arg(format!("-{}", self.0.pid()))
            .succeeds()
    }

    /// Waits until nobody of the group is left; whether that came in time.
    fn wait(&mut self) -> bool {
        let watch = Stopwatch::start();
        loop {
            // The leader's end must be taken note of, or it stays in the group.
            let _ = self.0.check();
            if !self.signal("-0") {
                return true;
            }
            if watch.elapsed() > GRACE || stop::wait(Duration::from_millis(20)) {
                return false;
            }
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if self.signal("-TERM") && !self.wait() {
            self.signal("-KILL");
        }
    }
}
