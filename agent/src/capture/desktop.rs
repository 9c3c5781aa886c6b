//! The probe of a Linux desktop: chosen at each look by who answers.
//!
//! The Wayland compositor that the environment names comes first: where one runs, X11 shows
//! only the windows of old programs. One that is not there means X11; one that hangs does not,
//! since X11 would then show what nobody sees.

use shared_types::device::Capabilities;

use super::{
    Look, NoFocus, NoIdle, Probe, X11Probe,
    kwin::Kwin,
    mutter::Mutter,
    wayland::{Closed, WaylandProbe},
};

const NO_IDLE_HINT: &str = "this Wayland compositor tells no program when the last input was (it offers neither ext_idle_notify_v1 nor org_kde_kwin_idle); log in to an X11 session, or ask for a compositor that does";

/// Looks at whatever desktop there is.
#[derive(Default)]
pub struct DesktopProbe {
    wayland: WaylandProbe,
    x11: X11Probe,
    mutter: Mutter,
    kwin: Kwin,
    seen: Option<(&'static str, Capabilities)>,
}

impl DesktopProbe {
    /// Looks at the desktop of the environment.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Chooses between these.
    #[must_use]
    pub fn of(wayland: WaylandProbe, x11: X11Probe) -> Self {
        Self {
            wayland,
            x11,
            ..Self::default()
        }
    }

    /// Asks this one where the compositor tells no idle time.
    #[must_use]
    pub fn asking(self, mutter: Mutter) -> Self {
        Self { mutter, ..self }
    }

    /// Asks this one where the compositor tells no window.
    #[must_use]
    pub fn scripting(self, kwin: Kwin) -> Self {
        Self { kwin, ..self }
    }
}

impl Probe for DesktopProbe {
    fn name(&self) -> &'static str {
        self.seen.map_or("none", |(name, _)| name)
    }

    fn capabilities(&self) -> Capabilities {
        self.seen.map_or_else(Capabilities::default, |(_, can)| can)
    }

    fn look(&mut self) -> Look {
        let mut look = match self.wayland.try_look() {
            Ok(look) => look,
            Err(Closed::Absent) => {
                let look = self.x11.look();
                self.seen = Some((self.x11.name(), self.x11.capabilities()));
                return look;
            }
            Err(error) => return Look::failed(&error.to_string()),
        };
        let (mut name, mut can) = (self.wayland.name(), self.wayland.capabilities());
        if matches!(look.focus, Err(NoFocus::Unsupported(_)))
            && let Some(focus) = self.kwin.focus()
        {
            look.focus = focus;
            name = "kwin";
            (can.application, can.title) = (true, true);
        }
        if look.idle_millis == Err(NoIdle::Unsupported) {
            look.idle_millis = self
                .mutter
                .idle_millis()
                .ok_or_else(|| NoIdle::Failed(NO_IDLE_HINT.to_owned()));
            can.idle = look.idle_millis.is_ok();
        }
        self.seen = Some((name, can));
        look
    }
}
