//! What the compositor has said: its windows, and whether there is input.

use std::collections::HashMap;

use shared_types::device::Capabilities;
use wayland_client::{
    Connection, Dispatch, Proxy as _, QueueHandle,
    backend::ObjectId,
    delegate_noop, event_created_child,
    protocol::{
        wl_callback::{self, WlCallback},
        wl_registry::{self, WlRegistry},
        wl_seat::WlSeat,
    },
};
use wayland_protocols::ext::idle_notify::v1::client::{
    ext_idle_notification_v1::{self, ExtIdleNotificationV1},
    ext_idle_notifier_v1::ExtIdleNotifierV1,
};
use wayland_protocols_plasma::idle::client::{
    org_kde_kwin_idle::OrgKdeKwinIdle,
    org_kde_kwin_idle_timeout::{self, OrgKdeKwinIdleTimeout},
};
use wayland_protocols_wlr::foreign_toplevel::v1::client::{
    zwlr_foreign_toplevel_handle_v1::{self, ZwlrForeignToplevelHandleV1},
    zwlr_foreign_toplevel_manager_v1::{self, ZwlrForeignToplevelManagerV1},
};

use super::BEFORE_MILLIS;
use crate::capture::{Focus, NoFocus};

/// In the array of a window's states, each a native-endian u32.
const ACTIVATED: u32 = 2;

/// When the last input was, from "quiet" and "input again".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Input {
    quiet_millis: i64,
    began: i64,
    last: Last,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Last {
    /// Nothing has been said yet.
    Unsaid,
    /// There has been none at or after this instant.
    At(i64),
    /// It goes on.
    Now,
}

impl Input {
    pub(super) const fn new(began: i64, quiet_millis: i64) -> Self {
        Self {
            quiet_millis,
            began,
            last: Last::Unsaid,
        }
    }

    /// Told, or read, now: there was no input for the quiet time.
    pub(super) fn quiet(&mut self, now: i64) {
        self.last = Last::At(match self.last {
            // Since before we asked.
            Last::Unsaid if self.is_open(now) => self.began - BEFORE_MILLIS,
            _ => now - self.quiet_millis,
        });
    }

    pub(super) const fn again(&mut self) {
        self.last = Last::Now;
    }

    /// Milliseconds without input as of now.
    pub(super) fn idle(&self, now: i64) -> u64 {
        let idle = match self.last {
            Last::At(at) => now - at,
            Last::Unsaid if self.is_open(now) => now - self.began + BEFORE_MILLIS,
            // Silence for longer than the quiet time means that there is input.
            Last::Now | Last::Unsaid => 0,
        };
        u64::try_from(idle).unwrap_or(0)
    }

    /// Nothing has been said, and it is too early for that to mean something.
    pub(super) fn is_open(&self, now: i64) -> bool {
        self.last == Last::Unsaid && now - self.began <= self.quiet_millis + 50
    }
}

#[derive(Debug, Default)]
struct Window {
    application: Option<String>,
    title: Option<String>,
    activated: bool,
}

/// Everything that the compositor has said on one connection.
#[derive(Default)]
pub(super) struct Desk {
    /// The clock at the beginning of the round trip in progress.
    pub(super) now: i64,
    /// The round trip in progress is over.
    pub(super) answered: bool,
    globals: Vec<(u32, String, u32)>,
    tells_windows: bool,
    windows: HashMap<ObjectId, Window>,
    input: Option<Input>,
}

impl Desk {
    /// Takes what the compositor offers.
    pub(super) fn bind(
        &mut self,
        registry: &WlRegistry,
        handle: &QueueHandle<Self>,
        now: i64,
        quiet_millis: i64,
    ) {
        let offered = |interface: &str| {
            let found = self.globals.iter().find(|(_, name, _)| name == interface);
            found.map(|(name, _, version)| (*name, *version))
        };
        let windows = offered(ZwlrForeignToplevelManagerV1::interface().name);
        let seat = offered(WlSeat::interface().name);
        let notifier = offered(ExtIdleNotifierV1::interface().name);
        let kde = offered(OrgKdeKwinIdle::interface().name);
        if let Some((name, version)) = windows {
            let version = version.min(3);
            registry.bind::<ZwlrForeignToplevelManagerV1, _, _>(name, version, handle, ());
            self.tells_windows = true;
        }
        let Some((seat, _)) = seat else {
            return;
        };
        let seat = registry.bind::<WlSeat, _, _>(seat, 1, handle, ());
        let quiet = u32::try_from(quiet_millis).unwrap_or(u32::MAX);
        if let Some((name, version)) = notifier {
            let version = version.min(2);
            let notifier = registry.bind::<ExtIdleNotifierV1, _, _>(name, version, handle, ());
            if version >= 2 {
                // Input alone, whatever inhibits the screen from going dark.
                notifier.get_input_idle_notification(quiet, &seat, handle, ());
            } else {
                notifier.get_idle_notification(quiet, &seat, handle, ());
            }
        } else if let Some((name, _)) = kde {
            let idle = registry.bind::<OrgKdeKwinIdle, _, _>(name, 1, handle, ());
            idle.get_idle_timeout(&seat, quiet, handle, ());
        } else {
            return;
        }
        self.input = Some(Input::new(now, quiet_millis));
    }

    pub(super) fn capabilities(&self) -> Capabilities {
        Capabilities {
            application: self.tells_windows,
            title: self.tells_windows,
            idle: self.input.is_some(),
        }
    }

    /// The focused window; `None` where the compositor does not tell.
    pub(super) fn focus(&self) -> Option<Result<Focus, NoFocus>> {
        let focused = self.windows.values().find(|window| window.activated);
        self.tells_windows.then(|| {
            focused.ok_or(NoFocus::NothingFocused).map(|window| Focus {
                application: window.application.clone(),
                title: window.title.clone(),
                url: None,
                category_id: None,
            })
        })
    }

    /// Milliseconds without input; `None` where the compositor does not tell.
    pub(super) fn idle(&self, now: i64) -> Option<u64> {
        self.input.map(|input| input.idle(now))
    }

    pub(super) fn waits_for_input(&self, now: i64) -> bool {
        self.input.is_some_and(|input| input.is_open(now))
    }

    fn quiet(&mut self) {
        if let Some(input) = &mut self.input {
            input.quiet(self.now);
        }
    }

    fn again(&mut self) {
        if let Some(input) = &mut self.input {
            input.again();
        }
    }
}

impl Dispatch<WlRegistry, ()> for Desk {
    fn event(
        desk: &mut Self,
        _: &WlRegistry,
        event: wl_registry::Event,
        (): &(),
        _: &Connection,
        _: &QueueHandle<Self>,
    ) {
        if let wl_registry::Event::Global {
            name,
            interface,
            version,
        } = event
        {
            desk.globals.push((name, interface, version));
        }
    }
}

impl Dispatch<WlCallback, ()> for Desk {
    fn event(
        desk: &mut Self,
        _: &WlCallback,
        event: wl_callback::Event,
        (): &(),
        _: &Connection,
        _: &QueueHandle<Self>,
    ) {
        if let wl_callback::Event::Done { .. } = event {
            desk.answered = true;
        }
    }
}

impl Dispatch<ZwlrForeignToplevelManagerV1, ()> for Desk {
    fn event(
        desk: &mut Self,
        _: &ZwlrForeignToplevelManagerV1,
        event: zwlr_foreign_toplevel_manager_v1::Event,
        (): &(),
        _: &Connection,
        _: &QueueHandle<Self>,
    ) {
        match event {
            zwlr_foreign_toplevel_manager_v1::Event::Toplevel { toplevel } => {
                desk.windows.insert(toplevel.id(), Window::default());
            }
            zwlr_foreign_toplevel_manager_v1::Event::Finished => {
                desk.tells_windows = false;
                desk.windows.clear();
            }
            _ => {}
        }
    }

    event_created_child!(Self, ZwlrForeignToplevelManagerV1, [
        zwlr_foreign_toplevel_manager_v1::EVT_TOPLEVEL_OPCODE => (ZwlrForeignToplevelHandleV1, ()),
    ]);
}

impl Dispatch<ZwlrForeignToplevelHandleV1, ()> for Desk {
    fn event(
        desk: &mut Self,
        handle: &ZwlrForeignToplevelHandleV1,
        event: zwlr_foreign_toplevel_handle_v1::Event,
        (): &(),
        _: &Connection,
        _: &QueueHandle<Self>,
    ) {
        use zwlr_foreign_toplevel_handle_v1::Event;
        let filled = |text: String| (!text.is_empty()).then_some(text);
        if let Event::Closed = event {
            desk.windows.remove(&handle.id());
            handle.destroy();
            return;
        }
        let Some(window) = desk.windows.get_mut(&handle.id()) else {
            return;
        };
        match event {
            Event::Title { title } => window.title = filled(title),
            Event::AppId { app_id } => window.application = filled(app_id),
            Event::State { state } => {
                window.activated = state
                    .as_chunks::<4>()
                    .0
                    .iter()
                    .any(|state| u32::from_ne_bytes(*state) == ACTIVATED);
            }
            _ => {}
        }
    }
}

impl Dispatch<ExtIdleNotificationV1, ()> for Desk {
    fn event(
        desk: &mut Self,
        _: &ExtIdleNotificationV1,
        event: ext_idle_notification_v1::Event,
        (): &(),
        _: &Connection,
        _: &QueueHandle<Self>,
    ) {
        match event {
            ext_idle_notification_v1::Event::Idled => desk.quiet(),
            ext_idle_notification_v1::Event::Resumed => desk.again(),
            _ => {}
        }
    }
}

impl Dispatch<OrgKdeKwinIdleTimeout, ()> for Desk {
    fn event(
        desk: &mut Self,
        _: &OrgKdeKwinIdleTimeout,
        event: org_kde_kwin_idle_timeout::Event,
        (): &(),
        _: &Connection,
        _: &QueueHandle<Self>,
    ) {
        match event {
            org_kde_kwin_idle_timeout::Event::Idle => desk.quiet(),
            org_kde_kwin_idle_timeout::Event::Resumed => desk.again(),
            _ => {}
        }
    }
}

delegate_noop!(Desk: ignore WlSeat);
delegate_noop!(Desk: ExtIdleNotifierV1);
delegate_noop!(Desk: OrgKdeKwinIdle);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn idle_time_begins_a_quiet_moment_before_it_is_told_and_ends_with_input() {
        let mut input = Input::new(0, 500);
        input.again();
        assert_eq!(input.idle(10_000), 0);
        input.quiet(20_000);
        assert_eq!(input.idle(20_000), 500);
        assert_eq!(input.idle(320_000), 300_500);
        input.again();
        assert_eq!(input.idle(320_001), 0);
    }

    #[test]
    fn nobody_is_taken_to_be_there_before_the_first_word() {
        let mut input = Input::new(1_000, 500);
        assert!(input.is_open(1_200));
        assert_eq!(input.idle(1_200), 60_200);
        input.quiet(1_500);
        assert_eq!(input.idle(1_500), 60_500);
    }

    #[test]
    fn silence_after_the_quiet_time_means_input() {
        let input = Input::new(1_000, 500);
        assert!(!input.is_open(1_600));
        assert_eq!(input.idle(1_600), 0);
        let mut later = input;
        later.quiet(6_000);
        assert_eq!(later.idle(6_000), 500, "there was input in between");
    }
}
