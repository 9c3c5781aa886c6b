//! Ctrl-C and SIGTERM: a flag that every wait in this program looks at.
//!
//! Nothing here ends a process by itself: whoever started a child ends it, by its id, on
//! the way out. That is why a stop unwinds through ordinary errors.

use std::{
    sync::{Condvar, Mutex, PoisonError},
    time::Duration,
};

use anyhow::{Context, Result, bail};

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Running,
    /// This program has come to its own end; its threads are to end, too.
    Ending,
    /// Somebody asked.
    Interrupted,
}

static STATE: Mutex<State> = Mutex::new(State::Running);
static CHANGED: Condvar = Condvar::new();

/// Makes Ctrl-C and SIGTERM set the flag instead of ending this process at once.
pub(crate) fn install() -> Result<()> {
    ctrlc::set_handler(|| set(State::Interrupted)).context("cannot listen for Ctrl-C")
}

/// Asks the threads of this program to end, because its work is done or has failed.
pub(crate) fn request() {
    if !requested() {
        set(State::Ending);
    }
}

fn set(state: State) {
    *STATE.lock().unwrap_or_else(PoisonError::into_inner) = state;
    CHANGED.notify_all();
}

fn state() -> State {
    *STATE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Whether everything is to end.
pub(crate) fn requested() -> bool {
    state() != State::Running
}

/// Whether it is to end because somebody asked.
pub(crate) fn interrupted() -> bool {
    state() == State::Interrupted
}

/// Waits for this long, or until everything is to end; says whether it is.
pub(crate) fn wait(duration: Duration) -> bool {
    let guard = STATE.lock().unwrap_or_else(PoisonError::into_inner);
    let (guard, _) = CHANGED
        .wait_timeout_while(guard, duration, |state| *state == State::Running)
        .unwrap_or_else(PoisonError::into_inner);
    *guard != State::Running
}

/// Fails if everything is to end.
pub(crate) fn check() -> Result<()> {
    if requested() {
        bail!("interrupted");
    }
    Ok(())
}
