//! Wayland: the focused window by `zwlr_foreign_toplevel_manager_v1` (sway, Hyprland, river,
//! labwc, COSMIC, …), the last input by `ext_idle_notify_v1`, or by the older
//! `org_kde_kwin_idle`.
//!
//! Events are read at each look, in one bounded round trip; a compositor that does not answer is
//! let go of and connected to again. There is no process id, and no way to read what the
//! protocols do not offer: GNOME and KDE tell no ordinary program which window has the focus.
//!
//! Idle time is derived ([`Input`]): compositors only say "no input for half a second" and
//! "input again". It is never more than the truth, except for up to a minute right after the
//! connection, and less by at most half a second and the time between two looks. Version 1 of
//! both protocols does not count time as idle while a program (a film, a call) inhibits it.

mod locker;
mod state;

use std::{
    env,
    os::unix::net::UnixStream,
    path::{Path, PathBuf},
    sync::Arc,
};

use rustix::event::{PollFd, PollFlags, poll};
use shared_types::device::Capabilities;
use wayland_client::{Connection, EventQueue, QueueHandle};

use self::state::Desk;
use super::{Look, NoFocus, NoIdle, Probe};
use crate::{
    clock::{Clock, SystemClock},
    presence::Away,
};

/// No input for this long is told to us.
const QUIET_MILLIS: i64 = 500;
/// How long the compositor may take for one answer.
const PATIENCE_MILLIS: i64 = 600;
/// Without a look for this long (a pause, sleep) the compositor may have more to say than its
/// buffer holds, and what it says is not what was: the connection is made anew.
const STALE_MILLIS: i64 = 60_000;
/// Before the connection nothing is known. Until the first input it is taken to be this long
/// ago: no session begins by itself while nobody is there.
const BEFORE_MILLIS: i64 = 60_000;

const NO_FOCUS_HINT: &str = "This Wayland desktop tells no program which window has the focus, so applications and titles are not recorded; working and idle time are. An X11 session, where the desktop offers one at log-in, shows them.";

/// Looks at the Wayland compositor that `WAYLAND_DISPLAY` names.
pub struct WaylandProbe {
    socket: Option<PathBuf>,
    clock: Arc<dyn Clock>,
    open: Option<Open>,
}

struct Open {
    connection: Connection,
    queue: EventQueue<Desk>,
    desk: Desk,
    looked_at: i64,
}

/// Why the compositor cannot be asked.
#[derive(Debug, thiserror::Error)]
pub enum Closed {
    /// No compositor is named, or the one that is does not listen.
    #[error("there is no Wayland compositor to connect to")]
    Absent,
    /// It does not answer, or broke the connection.
    #[error("the Wayland compositor does not answer: {0}")]
    Silent(String),
}

impl WaylandProbe {
    /// Looks at the compositor of the environment; connects at the first look.
    #[must_use]
    pub fn new() -> Self {
        let set = |name: &str| env::var_os(name).filter(|value| !value.is_empty());
        // `join` keeps an absolute name as it is.
        let socket = set("WAYLAND_DISPLAY").map(|name| {
            set("XDG_RUNTIME_DIR")
                .map_or_else(|| PathBuf::from(&name), |dir| Path::new(&dir).join(&name))
        });
        Self {
            socket,
            clock: Arc::new(SystemClock),
            open: None,
        }
    }

    /// Looks at the compositor that listens here.
    #[must_use]
    pub fn on(socket: &Path) -> Self {
        Self {
            socket: Some(socket.to_owned()),
            clock: Arc::new(SystemClock),
            open: None,
        }
    }

    /// Looks once, or tells that there is no compositor.
    pub fn try_look(&mut self) -> Result<Look, Closed> {
        let now = self.clock.mono_millis();
        let mut open = match self.open.take() {
            Some(open) if now - open.looked_at < STALE_MILLIS => open,
            _ => self.connect()?,
        };
        open.round_trip(&*self.clock)?;
        let now = self.clock.mono_millis();
        open.looked_at = now;
        let focus = open
            .desk
            .focus()
            .unwrap_or(Err(NoFocus::Unsupported(NO_FOCUS_HINT)));
        if focus == Err(NoFocus::NothingFocused) && locker::is_running() {
            self.open = Some(open);
            return Ok(Look::away(Away::Locked));
        }
        let look = Look {
            focus,
            idle_millis: open.desk.idle(now).ok_or(NoIdle::Unsupported),
        };
        self.open = Some(open);
        Ok(look)
    }

    fn connect(&self) -> Result<Open, Closed> {
        let path = self.socket.as_ref().ok_or(Closed::Absent)?;
        let stream = UnixStream::connect(path).map_err(|_| Closed::Absent)?;
        let connection = Connection::from_socket(stream).map_err(silent)?;
        let queue = connection.new_event_queue();
        let mut open = Open {
            connection,
            queue,
            desk: Desk::default(),
            looked_at: 0,
        };
        let handle: QueueHandle<Desk> = open.queue.handle();
        let registry = open.connection.display().get_registry(&handle, ());
        open.round_trip(&*self.clock)?;
        open.desk
            .bind(&registry, &handle, self.clock.mono_millis(), QUIET_MILLIS);
        open.round_trip(&*self.clock)?;
        // Whether somebody is there is known when the first quiet moment had time to be told.
        let until = self.clock.mono_millis() + QUIET_MILLIS + 100;
        while open.desk.waits_for_input(self.clock.mono_millis()) {
            let left = until - self.clock.mono_millis();
            if left <= 0 || !open.wait(left)? {
                break;
            }
        }
        Ok(open)
    }
}

impl Default for WaylandProbe {
    fn default() -> Self {
        Self::new()
    }
}

impl Open {
    /// Everything that the compositor had to say before this has been taken in after it.
    fn round_trip(&mut self, clock: &dyn Clock) -> Result<(), Closed> {
        let began = clock.mono_millis();
        self.desk.now = began;
        self.desk.answered = false;
        self.connection.display().sync(&self.queue.handle(), ());
        while !self.desk.answered {
            let left = PATIENCE_MILLIS - (clock.mono_millis() - began);
            if left <= 0 {
                return Err(Closed::Silent("no answer in time".into()));
            }
            self.wait(left)?;
        }
        Ok(())
    }

    /// Takes in what comes within this time; false: nothing came.
    fn wait(&mut self, millis: i64) -> Result<bool, Closed> {
        if self
            .queue
            .dispatch_pending(&mut self.desk)
            .map_err(silent)?
            > 0
        {
            return Ok(true);
        }
        self.connection.flush().map_err(silent)?;
        let Some(read) = self.connection.prepare_read() else {
            return Ok(true);
        };
        let time = rustix::time::Timespec {
            tv_sec: millis / 1_000,
            tv_nsec: millis % 1_000 * 1_000_000,
        };
        let fd = read.connection_fd();
        let ready = poll(&mut [PollFd::new(&fd, PollFlags::IN)], Some(&time)).map_err(silent)?;
        if ready == 0 {
            return Ok(false);
        }
        read.read().map_err(silent)?;
        self.queue
            .dispatch_pending(&mut self.desk)
            .map_err(silent)?;
        Ok(true)
    }
}

fn silent(error: impl std::fmt::Display) -> Closed {
    Closed::Silent(error.to_string())
}

impl Probe for WaylandProbe {
    fn name(&self) -> &'static str {
        "wayland"
    }

    fn capabilities(&self) -> Capabilities {
        self.open
            .as_ref()
            .map_or_else(Capabilities::default, |open| open.desk.capabilities())
    }

    fn look(&mut self) -> Look {
        match self.try_look() {
            Ok(look) => look,
            Err(Closed::Absent) => Look {
                focus: Err(NoFocus::NoDisplay),
                idle_millis: Err(NoIdle::NoDisplay),
            },
            Err(error) => Look::failed(&error.to_string()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_a_compositor_the_answer_is_typed() {
        let look = WaylandProbe::on(Path::new("/nonexistent/wayland-0")).look();
        assert_eq!(look.focus, Err(NoFocus::NoDisplay));
        assert_eq!(look.idle_millis, Err(NoIdle::NoDisplay));
    }

    #[test]
    fn a_compositor_that_never_answers_is_given_up_in_time() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("wayland-0");
        let _mute = std::os::unix::net::UnixListener::bind(&path).unwrap();
        let began = SystemClock.mono_millis();
        let look = WaylandProbe::on(&path).look();
        assert!(matches!(look.focus, Err(NoFocus::Failed(_))), "{look:?}");
        assert!(SystemClock.mono_millis() - began < 1_900);
    }
}
