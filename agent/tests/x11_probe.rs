//! The X11 probe against a real server with a window manager and real windows.
#![cfg(target_os = "linux")]

mod support;

use support::{desktop::Desktop, until};
use workpulse_agent::{
    capture::{Focus, Look, NoFocus, NoIdle, Probe as _, X11Probe},
    presence::Away,
};
use x11rb::connection::Connection as _;

fn focus(application: &str, title: &str) -> Focus {
    Focus {
        application: Some(application.into()),
        title: Some(title.into()),
        url: None,
        category_id: None,
    }
}

fn look(desktop: &Desktop) -> Look {
    X11Probe::on(&desktop.display).look()
}

#[test]
fn the_focus_is_followed_from_window_to_window() {
    let mut desktop = Desktop::start();
    let mut probe = X11Probe::on(&desktop.display);
    assert_eq!(
        probe.look().focus,
        Err(NoFocus::NothingFocused),
        "an empty desktop"
    );
    desktop.open("Editor", "first file");
    assert_eq!(probe.look().focus, Ok(focus("Editor", "first file")));
    desktop.open("Browser", "second page");
    assert_eq!(probe.look().focus, Ok(focus("Browser", "second page")));
    desktop.focus("first file");
    assert_eq!(probe.look().focus, Ok(focus("Editor", "first file")));
    assert!(probe.capabilities().application && probe.capabilities().idle);
}

#[test]
fn the_idle_time_grows_and_a_key_resets_it() {
    let mut desktop = Desktop::start();
    desktop.open("Editor", "a file");
    let mut probe = X11Probe::on(&desktop.display);
    desktop.key();
    let after_key = probe.look().idle_millis.unwrap();
    let grown = until("it grows", || {
        probe
            .look()
            .idle_millis
            .ok()
            .filter(|idle| *idle >= after_key + 1_000)
    });
    desktop.key();
    assert!(probe.look().idle_millis.unwrap() < grown);
}

#[test]
fn titles_are_carried_whatever_they_are_made_of() {
    let mut desktop = Desktop::start();
    desktop.open("Editor", "plain");
    let id = desktop.active_window();
    // An old program sets WM_NAME only; by the standard that is Latin-1.
    desktop.set_title(&id, None, Some((b"caf\xe9", "STRING")));
    assert_eq!(
        look(&desktop).focus.unwrap().title.as_deref(),
        Some("caf\u{e9}")
    );
    // Broken UTF-8.
    desktop.set_title(&id, Some(b"a\xff\xfeb"), None);
    assert_eq!(
        look(&desktop).focus.unwrap().title.as_deref(),
        Some("a\u{FFFD}\u{FFFD}b")
    );
    // A megabyte cannot be typed into a property by xprop; more than our bound can.
    let long = "\u{20AC}".repeat(9_000);
    desktop.set_title(&id, Some(long.as_bytes()), None);
    let title = look(&desktop).focus.unwrap().title.unwrap();
    assert!(
        title.len() <= 4_096 && title.chars().all(|c| c == '\u{20AC}'),
        "{}",
        title.len()
    );
}

#[test]
fn a_window_that_vanishes_is_no_error() {
    let mut desktop = Desktop::start();
    desktop.open("Editor", "a file");
    let mut probe = X11Probe::on(&desktop.display);
    assert!(probe.look().focus.is_ok());
    desktop.close_last();
    until("nothing has the focus", || {
        let look = probe.look();
        assert!(look.idle_millis.is_ok());
        assert!(!matches!(look.focus, Err(NoFocus::Failed(_))), "{look:?}");
        (look.focus == Err(NoFocus::NothingFocused)).then_some(())
    });
}

#[test]
fn a_server_that_goes_away_is_typed_and_one_that_comes_back_is_seen() {
    let mut desktop = Desktop::start();
    desktop.open("Editor", "a file");
    let mut probe = X11Probe::on(&desktop.display);
    assert!(probe.look().focus.is_ok());
    desktop.end_server();
    until("it is noticed", || {
        (probe.look().focus == Err(NoFocus::NoDisplay)).then_some(())
    });
    assert_eq!(probe.look().idle_millis, Err(NoIdle::NoDisplay));
    let again = Desktop::start_on(&desktop.display);
    until("it is seen again", || probe.look().idle_millis.ok());
    drop(again);
}

#[test]
fn behind_a_locker_that_tells_no_bus_nothing_is_seen() {
    let mut desktop = Desktop::start();
    desktop.open("Editor", "a secret");
    let mut probe = X11Probe::on(&desktop.display);
    assert!(probe.look().focus.is_ok());
    let lock = desktop.lock();
    until("the lock is seen", || {
        (probe.look() == Look::away(Away::Locked)).then_some(())
    });
    drop(lock);
    until("the window is seen again", || probe.look().focus.ok());
}

#[test]
fn a_program_on_the_whole_screen_is_no_lock() {
    let mut desktop = Desktop::start();
    desktop.open_fullscreen("Player", "a film");
    let mut probe = X11Probe::on(&desktop.display);
    until("it covers the screen", || {
        let whole = desktop.geometry().contains("Geometry: 800x600");
        whole.then_some(())
    });
    assert_eq!(probe.look().focus, Ok(focus("Player", "a film")));
}

#[test]
fn a_frame_that_no_window_manager_manages_is_no_lock_while_a_program_is_in_it() {
    use x11rb::{
        protocol::xproto::{AtomEnum, ConnectionExt as _, CreateWindowAux, PropMode, WindowClass},
        wrapper::ConnectionExt as _,
    };
    let mut desktop = Desktop::start();
    desktop.open("Editor", "a file");
    let mut probe = X11Probe::on(&desktop.display);
    let (connection, screen) = x11rb::connect(Some(&desktop.display)).unwrap();
    let root = connection.setup().roots[screen].root;
    let window = |parent, aux: &CreateWindowAux| {
        let id = connection.generate_id().unwrap();
        let kind = WindowClass::INPUT_OUTPUT;
        connection
            .create_window(0, id, parent, 0, 0, 800, 600, 0, kind, 0, aux)
            .unwrap()
            .check()
            .unwrap();
        connection.map_window(id).unwrap().check().unwrap();
        id
    };
    let frame = window(root, &CreateWindowAux::new().override_redirect(1));
    assert_eq!(probe.look(), Look::away(Away::Locked), "an empty one is");
    let client = window(frame, &CreateWindowAux::new());
    let state = connection
        .intern_atom(false, b"WM_STATE")
        .unwrap()
        .reply()
        .unwrap()
        .atom;
    connection
        .change_property32(
            PropMode::REPLACE,
            client,
            state,
            AtomEnum::CARDINAL,
            &[1, 0],
        )
        .unwrap()
        .check()
        .unwrap();
    assert_eq!(probe.look().focus, Ok(focus("Editor", "a file")));
}

#[test]
fn a_screen_saver_program_counts_as_a_lock_and_the_servers_own_blanking_does_not() {
    use x11rb::protocol::{
        screensaver::{ConnectionExt as _, SetAttributesAux},
        xproto::{ConnectionExt as _, ScreenSaver, WindowClass},
    };
    let mut desktop = Desktop::start();
    desktop.open("Editor", "a file");
    let mut probe = X11Probe::on(&desktop.display);
    let (connection, screen) = x11rb::connect(Some(&desktop.display)).unwrap();
    let root = connection.setup().roots[screen].root;
    let force = |mode| {
        connection
            .force_screen_saver(mode)
            .unwrap()
            .check()
            .unwrap();
    };
    force(ScreenSaver::ACTIVE);
    assert!(probe.look().focus.is_ok(), "blanked");
    force(ScreenSaver::RESET);
    connection
        .screensaver_set_attributes(
            root,
            0,
            0,
            8,
            8,
            0,
            WindowClass::INPUT_OUTPUT,
            0,
            0,
            &SetAttributesAux::default(),
        )
        .unwrap()
        .check()
        .unwrap();
    assert!(probe.look().focus.is_ok(), "waiting for its turn");
    force(ScreenSaver::ACTIVE);
    assert_eq!(probe.look(), Look::away(Away::Locked));
    force(ScreenSaver::RESET);
    assert!(probe.look().focus.is_ok());
}
