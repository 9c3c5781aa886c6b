//! The desktop as it is right now: which window has the focus, how long ago the last input was.
//!
//! Owns the [`Probe`] trait, its implementations, and the watchdog that keeps a probe which
//! hangs or panics from touching the rest. It must not know time beyond its own time-outs,
//! policy, sessions or the disk: what may be kept of a look is decided behind it.

#[cfg(target_os = "linux")]
mod desktop;
#[cfg(target_os = "linux")]
mod kwin;
#[cfg(target_os = "linux")]
mod mutter;
mod none;
mod watchdog;
#[cfg(target_os = "linux")]
mod wayland;
#[cfg(target_os = "linux")]
mod x11;

#[cfg(any(windows, target_os = "macos", feature = "native-probe"))]
mod native;
#[cfg(any(windows, target_os = "macos", feature = "native-probe", test))]
mod permissions;

use std::sync::Arc;

use shared_types::device::Capabilities;

/// The focused window, as [`shared_types::privacy`] takes it.
pub use shared_types::privacy::Focus;

use crate::presence::Away;
#[cfg(target_os = "linux")]
use crate::presence::Buses;
#[cfg(any(windows, target_os = "macos", target_os = "linux"))]
use crate::presence::{Guarded, Presence};

pub use none::NoProbe;
pub use watchdog::Watched;
#[cfg(target_os = "linux")]
pub use {
    desktop::DesktopProbe,
    kwin::Kwin,
    mutter::Mutter,
    wayland::{Closed, WaylandProbe},
    x11::X11Probe,
};

#[cfg(any(windows, target_os = "macos", feature = "native-probe"))]
pub use native::NativeProbe;

/// One way of looking at a desktop.
pub trait Probe: Send {
    /// For logs and `status`.
    fn name(&self) -> &'static str;

    /// What this probe can see, as far as it knows without looking.
    fn capabilities(&self) -> Capabilities;

    /// Looks once. May block: it runs under [`Watched`].
    fn look(&mut self) -> Look;
}

/// Makes a probe, on the thread that will use it.
pub type ProbeFactory = Arc<dyn Fn() -> Box<dyn Probe> + Send + Sync>;

/// What one look saw.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Look {
    /// The focused window, or why there is none.
    pub focus: Result<Focus, NoFocus>,
    /// Milliseconds since the last input, or why that is not known.
    pub idle_millis: Result<u64, NoIdle>,
}

impl Look {
    /// A look that was not made, because nobody is there.
    #[must_use]
    pub const fn away(away: Away) -> Self {
        Self {
            focus: Err(NoFocus::Away(away)),
            idle_millis: Err(NoIdle::Away(away)),
        }
    }

    /// A look that saw nothing, for one reason.
    #[must_use]
    pub fn failed(reason: &str) -> Self {
        Self {
            focus: Err(NoFocus::Failed(reason.to_owned())),
            idle_millis: Err(NoIdle::Failed(reason.to_owned())),
        }
    }
}

/// Why no focused window is known.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoFocus {
    /// The desktop is there, and no window has the focus.
    #[error("no window has the focus")]
    NothingFocused,
    /// There is no desktop to look at.
    #[error("there is no display")]
    NoDisplay,
    /// Nobody is in front of it.
    #[error("{0}")]
    Away(Away),
    /// The desktop does not tell, and never will: what a person can do about it.
    #[error("{0}")]
    Unsupported(&'static str),
    /// The probe failed.
    #[error("{0}")]
    Failed(String),
}

/// Why the time since the last input is not known.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoIdle {
    /// There is no desktop to look at.
    #[error("there is no display")]
    NoDisplay,
    /// The desktop does not tell.
    #[error("the desktop does not tell the time since the last input")]
    Unsupported,
    /// Nobody is in front of it.
    #[error("{0}")]
    Away(Away),
    /// The probe failed.
    #[error("{0}")]
    Failed(String),
}

/// The probe for this system, which does not look while the screen is locked.
#[must_use]
pub fn system_probe() -> ProbeFactory {
    // One watcher, whatever number of probes the watchdog makes.
    #[cfg(any(windows, target_os = "macos", target_os = "linux"))]
    let presence = std::sync::OnceLock::new();
    Arc::new(move || {
        #[cfg(target_os = "linux")]
        {
            let presence = presence.get_or_init(|| Buses::default().watch());
            let probe = Box::new(DesktopProbe::new());
            Box::new(Guarded::new(probe, Presence::clone(presence))) as Box<dyn Probe>
        }
        #[cfg(any(windows, target_os = "macos"))]
        {
            let presence = presence.get_or_init(crate::presence::hear);
            let probe = Box::new(NativeProbe::new());
            let guarded = Guarded::asking(probe, Presence::clone(presence), crate::presence::ask);
            Box::new(guarded) as Box<dyn Probe>
        }
        #[cfg(not(any(windows, target_os = "macos", target_os = "linux")))]
        return Box::new(NoProbe);
    })
}
