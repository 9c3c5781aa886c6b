//! The Wayland probe against a real compositor with real windows.
#![cfg(target_os = "linux")]

mod support;

use std::path::Path;

use shared_types::device::Capabilities;
use support::{bus::Bus, compositor::Compositor, desktop::Desktop, sway::Sway, until};
use workpulse_agent::{
    capture::{
        DesktopProbe, Focus, Look, Mutter, NoFocus, NoIdle, Probe as _, WaylandProbe, X11Probe,
    },
    presence::Away,
};
use zbus::interface;

fn focus(application: &str, title: &str) -> Focus {
    Focus {
        application: Some(application.into()),
        title: Some(title.into()),
        url: None,
        category_id: None,
    }
}

#[track_caller]
fn sees(probe: &mut WaylandProbe, focus: &Result<Focus, NoFocus>) {
    until(&format!("{focus:?}"), || {
        (probe.look().focus == *focus).then_some(())
    });
}

#[test]
fn the_focus_is_followed_from_window_to_window() {
    let mut sway = Sway::start();
    let mut probe = WaylandProbe::on(&sway.socket);
    assert_eq!(probe.look().focus, Err(NoFocus::NothingFocused));
    assert!(probe.capabilities().application && probe.capabilities().idle);
    sway.open("editor", "first file");
    sees(&mut probe, &Ok(focus("editor", "first file")));
    sway.open("browser", "caf\u{e9} \u{1F600}");
    sees(&mut probe, &Ok(focus("browser", "caf\u{e9} \u{1F600}")));
    sway.tell(&["[app_id=editor] focus"]);
    sees(&mut probe, &Ok(focus("editor", "first file")));
    // An empty workspace: nothing has the focus, though windows are there.
    sway.tell(&["workspace 9"]);
    sees(&mut probe, &Err(NoFocus::NothingFocused));
    sway.tell(&["workspace 1"]);
    sees(&mut probe, &Ok(focus("editor", "first file")));
    sway.close_last();
    sway.close_last();
    sees(&mut probe, &Err(NoFocus::NothingFocused));
}

#[test]
fn the_idle_time_grows_and_input_resets_it() {
    let sway = Sway::start();
    let mut probe = WaylandProbe::on(&sway.socket);
    let first = probe.look().idle_millis.unwrap();
    assert!(first >= 60_000, "nobody has been there: {first}");
    let grown = probe.look().idle_millis.unwrap();
    until("it grows", || {
        (probe.look().idle_millis.unwrap() > grown + 300).then_some(())
    });
    sway.tell(&["seat - cursor move 20 20"]);
    until("input is seen", || {
        (probe.look().idle_millis.unwrap() < 500).then_some(())
    });
    until("it grows again, from the input", || {
        let idle = probe.look().idle_millis.unwrap();
        assert!(idle < 30_000, "{idle}");
        (idle >= 1_000).then_some(())
    });
}

#[test]
fn a_compositor_that_goes_away_is_typed() {
    let mut sway = Sway::start();
    let mut probe = WaylandProbe::on(&sway.socket);
    assert!(probe.look().idle_millis.is_ok());
    sway.end();
    until("it is noticed", || {
        (probe.look().focus == Err(NoFocus::NoDisplay)).then_some(())
    });
    assert_eq!(probe.look().idle_millis, Err(NoIdle::NoDisplay));
}

#[test]
fn the_desktop_is_wayland_where_it_answers_and_x11_where_it_is_absent() {
    let mut sway = Sway::start();
    sway.open("editor", "on wayland");
    let mut x11 = Desktop::start();
    x11.open("Old", "on x11");
    let both = || DesktopProbe::of(WaylandProbe::on(&sway.socket), X11Probe::on(&x11.display));
    let mut probe = both();
    until("the window has the focus", || {
        (probe.look().focus == Ok(focus("editor", "on wayland"))).then_some(())
    });
    assert_eq!(probe.name(), "wayland");
    let nowhere = WaylandProbe::on(Path::new("/nonexistent/wayland-1"));
    let mut old = DesktopProbe::of(nowhere, X11Probe::on(&x11.display));
    assert_eq!(old.look().focus, Ok(focus("Old", "on x11")));
    assert_eq!(old.name(), "x11");
    // One that hangs is not passed over: X11 would show what nobody sees.
    sway.hang();
    let mut stuck = both();
    assert!(matches!(stuck.look().focus, Err(NoFocus::Failed(_))));
}

/// What GNOME's compositor says about input.
struct IdleMonitor;

#[interface(name = "org.gnome.Mutter.IdleMonitor")]
#[expect(clippy::unused_self, reason = "the interface's shape")]
impl IdleMonitor {
    fn get_idletime(&self) -> u64 {
        4_321
    }
}

#[test]
fn gnome_tells_the_idle_time_over_the_bus_and_one_that_is_gone_tells_nothing() {
    let bus = Bus::start(None);
    let mut mutter = Mutter::on(&bus.address);
    assert_eq!(mutter.idle_millis(), None, "no such service yet");
    let gnome = bus.connect();
    let path = "/org/gnome/Mutter/IdleMonitor/Core";
    gnome.object_server().at(path, IdleMonitor).unwrap();
    gnome.request_name("org.gnome.Mutter.IdleMonitor").unwrap();
    assert_eq!(mutter.idle_millis(), Some(4_321));
    assert_eq!(mutter.idle_millis(), Some(4_321));
    bus.hang();
    assert_eq!(mutter.idle_millis(), None);
}

#[test]
fn typing_into_a_locker_that_tells_nobody_is_not_work() {
    let sway = Sway::start();
    let mut probe = WaylandProbe::on(&sway.socket);
    assert_eq!(probe.look().focus, Err(NoFocus::NothingFocused));
    // A process by the name of one: what it does to the screen is not what is asked for.
    let dir = tempfile::tempdir().unwrap();
    let locker = dir.path().join("swaylock");
    std::fs::copy("/bin/sleep", &locker).unwrap();
    let mut locker = std::process::Command::new(locker)
        .arg("1000")
        .spawn()
        .unwrap();
    sway.tell(&["seat - cursor move 20 20"]);
    until("it is locked", || {
        (probe.look() == Look::away(Away::Locked)).then_some(())
    });
    locker.kill().unwrap();
    locker.wait().unwrap();
    until("it is open again", || {
        (probe.look().focus == Err(NoFocus::NothingFocused)).then_some(())
    });
}

#[test]
fn a_compositor_that_tells_no_window_still_tells_of_input_and_a_hint_says_what_is_missing() {
    // The protocol, its version, and the request by which input is asked for.
    let input: [(&'static [(&str, u32)], u16); 3] = [
        (&[("wl_seat", 7), ("ext_idle_notifier_v1", 2)], 2),
        (&[("wl_seat", 7), ("ext_idle_notifier_v1", 1)], 1),
        (&[("org_kde_kwin_idle", 1), ("wl_seat", 7)], 0),
    ];
    for (offered, request) in input {
        let compositor = Compositor::start(offered);
        let mut probe = WaylandProbe::on(&compositor.socket);
        let Err(NoFocus::Unsupported(hint)) = probe.look().focus else {
            panic!("{offered:?}: a window was told");
        };
        assert!(hint.contains("working and idle time are"), "{hint}");
        assert_eq!(compositor.asked_by(), Some(request), "{offered:?}");
        let idle_only = Capabilities {
            idle: true,
            ..Capabilities::default()
        };
        assert_eq!(probe.capabilities(), idle_only);
        compositor.input();
        until("input is seen", || {
            (probe.look().idle_millis == Ok(0)).then_some(())
        });
        compositor.quiet();
        until("the quiet is seen", || {
            (probe.look().idle_millis.unwrap() >= 500).then_some(())
        });
    }
}

#[test]
fn where_a_compositor_tells_nothing_gnome_is_asked_and_without_it_a_hint_says_so() {
    let compositor = Compositor::start(&[("wl_seat", 7)]);
    let bus = Bus::start(None);
    let gnome = bus.connect();
    let path = "/org/gnome/Mutter/IdleMonitor/Core";
    gnome.object_server().at(path, IdleMonitor).unwrap();
    gnome.request_name("org.gnome.Mutter.IdleMonitor").unwrap();
    let nowhere = X11Probe::on(":9999");
    let mut probe = DesktopProbe::of(WaylandProbe::on(&compositor.socket), nowhere)
        .asking(Mutter::on(&bus.address));
    let look = probe.look();
    assert!(matches!(look.focus, Err(NoFocus::Unsupported(_))));
    assert_eq!(look.idle_millis, Ok(4_321));
    assert!(probe.capabilities().idle && !probe.capabilities().application);
    gnome.release_name("org.gnome.Mutter.IdleMonitor").unwrap();
    let Err(NoIdle::Failed(hint)) = probe.look().idle_millis else {
        panic!("nobody told it");
    };
    assert!(hint.contains("tells no program when the last input was"));
    assert!(!probe.capabilities().idle, "it is said that it is missing");
}
