//! A locked screen and a suspend, as logind and screen lockers tell them over a real bus.
#![cfg(target_os = "linux")]
#![expect(
    clippy::unwrap_used,
    reason = "what fails here fails the test, and clippy knows only `#[test]` functions as tests"
)]

mod support;

use std::{sync::Arc, time::Duration};

use shared_types::{activity::UnobservedReason, device::Capabilities};
use support::{
    Server, block_on,
    bus::{Bus, Logind},
    until,
};
use workpulse_agent::{
    Agent, AgentHandle, Clock as _, Settings, State, SystemClock,
    capture::{Focus, Look, Probe},
    credentials::SecretChoice,
    presence::{Away, Buses, Guarded, Presence},
};
use zbus::interface;

fn watch(system: &str, desktop: &str) -> Presence {
    Buses {
        system: Some(system.to_owned()),
        desktop: Some(desktop.to_owned()),
        retry: Duration::from_millis(50),
    }
    .watch()
}

#[track_caller]
fn becomes(presence: &Presence, away: Option<Away>) {
    until(&format!("{away:?}"), || {
        (presence.now().away == away).then_some(())
    });
}

const NOWHERE: &str = "unix:path=/nonexistent/bus";

#[test]
fn the_lock_the_switch_and_the_sleep_of_our_session_are_seen() {
    let bus = Bus::start(None);
    let logind = Logind::start(&bus, false);
    let presence = watch(&bus.address, NOWHERE);
    presence.settle(Duration::from_mins(1));
    assert_eq!(presence.now().away, None);
    logind.lock(true);
    becomes(&presence, Some(Away::Locked));
    logind.lock(false);
    becomes(&presence, None);
    logind.activate(false);
    becomes(&presence, Some(Away::Locked));
    logind.activate(true);
    becomes(&presence, None);
    logind.sleep(true);
    becomes(&presence, Some(Away::Asleep));
    logind.sleep(false);
    becomes(&presence, None);
    logind.shut_down(true);
    becomes(&presence, Some(Away::ShuttingDown));
    logind.shut_down(false);
    becomes(&presence, None);
}

#[test]
fn another_persons_lock_is_not_ours() {
    let bus = Bus::start(None);
    let logind = Logind::start(&bus, false);
    let presence = watch(&bus.address, NOWHERE);
    presence.settle(Duration::from_mins(1));
    let before = presence.now().changes;
    logind.lock_another();
    // What comes after it has been seen, so it has been seen as well.
    logind.sleep(true);
    becomes(&presence, Some(Away::Asleep));
    assert_eq!(presence.now().changes, before + 1);
}

#[test]
fn an_agent_that_starts_behind_a_lock_knows_it_before_its_first_look() {
    let bus = Bus::start(None);
    let _logind = Logind::start(&bus, true);
    let presence = watch(&bus.address, NOWHERE);
    presence.settle(Duration::from_mins(1));
    assert_eq!(presence.now().away, Some(Away::Locked));
}

#[test]
fn a_logind_that_ends_and_comes_back_is_asked_again() {
    let bus = Bus::start(None);
    let logind = Logind::start(&bus, true);
    let presence = watch(&bus.address, NOWHERE);
    becomes(&presence, Some(Away::Locked));
    drop(logind);
    becomes(&presence, None);
    let _again = Logind::start(&bus, true);
    becomes(&presence, Some(Away::Locked));
}

#[test]
fn a_bus_that_ends_is_not_known_and_one_that_comes_back_is_followed() {
    let bus = Bus::start(None);
    let logind = Logind::start(&bus, true);
    let presence = watch(&bus.address, NOWHERE);
    becomes(&presence, Some(Away::Locked));
    let address = bus.address.clone();
    drop((logind, bus));
    becomes(&presence, None);
    let bus = Bus::start(Some(&address));
    let _logind = Logind::start(&bus, true);
    becomes(&presence, Some(Away::Locked));
}

#[test]
fn a_bus_that_hangs_holds_nobody_up() {
    let bus = Bus::start(None);
    bus.hang();
    let began = SystemClock.mono_millis();
    let presence = watch(&bus.address, &bus.address);
    assert_eq!(presence.now().away, None);
    presence.settle(Duration::from_millis(100));
    assert_eq!(presence.now().away, None);
    assert!(SystemClock.mono_millis() - began < 2_000);
    // It gives up by itself, too.
    presence.settle(Duration::from_mins(1));
    assert!(SystemClock.mono_millis() - began < 30_000);
}

/// A desktop's screen locker.
struct Locker {
    shown: bool,
}

#[interface(name = "org.gnome.ScreenSaver")]
impl Locker {
    fn get_active(&self) -> bool {
        self.shown
    }
}

#[test]
fn without_logind_the_desktops_own_locker_tells() {
    let bus = Bus::start(None);
    let locker = bus.connect();
    let path = "/org/gnome/ScreenSaver";
    locker
        .object_server()
        .at(path, Locker { shown: true })
        .unwrap();
    locker.request_name("org.gnome.ScreenSaver").unwrap();
    let presence = watch(NOWHERE, &bus.address);
    presence.settle(Duration::from_mins(1));
    assert_eq!(presence.now().away, Some(Away::Locked));
    let say = |shown: bool| {
        locker
            .emit_signal(
                None::<&str>,
                path,
                "org.gnome.ScreenSaver",
                "ActiveChanged",
                &shown,
            )
            .unwrap();
    };
    say(false);
    becomes(&presence, None);
    say(true);
    becomes(&presence, Some(Away::Locked));
    locker.release_name("org.gnome.ScreenSaver").unwrap();
    becomes(&presence, None);
}

/// Somebody types all the time, behind a lock as well.
struct Typing;

impl Probe for Typing {
    fn name(&self) -> &'static str {
        "typing"
    }
    fn capabilities(&self) -> Capabilities {
        Capabilities::default()
    }
    fn look(&mut self) -> Look {
        let focus = Focus {
            application: Some("Editor".into()),
            ..Focus::default()
        };
        Look {
            focus: Ok(focus),
            idle_millis: Ok(0),
        }
    }
}

/// An agent that works, on a desktop of which this presence tells.
fn working(server: &Server, dir: &std::path::Path, presence: Presence) -> AgentHandle {
    let settings = Settings {
        sample_interval_seconds: 1,
        sync_interval_seconds: 1,
        credentials: SecretChoice::File,
        probe: Arc::new(move || Box::new(Guarded::new(Box::new(Typing), presence.clone()))),
        ..Settings::for_data_dir(dir)
    };
    support::enrol(&settings, server, false);
    let agent = Agent::start(settings, Arc::new(SystemClock)).unwrap();
    until("it works", || {
        (agent.status().state == State::Working).then_some(())
    });
    agent
}

#[test]
fn a_shutdown_ends_the_session_and_one_that_is_called_off_lets_another_begin() {
    let bus = Bus::start(None);
    let logind = Logind::start(&bus, false);
    let presence = watch(&bus.address, NOWHERE);
    let (server, dir) = (Server::start(), tempfile::tempdir().unwrap());
    let agent = working(&server, dir.path(), presence);
    let first = agent.status().session.unwrap().id;
    logind.shut_down(true);
    until("its end is at the server", || {
        let stopped = server.sessions().get(&first)?.1?;
        (agent.status().session.is_none()).then_some(stopped)
    });
    logind.shut_down(false);
    until("another began", || {
        agent.status().session.filter(|session| session.id != first)
    });
    block_on(agent.shutdown());
    server.check_accounts();
}

#[test]
fn locked_time_reaches_the_server_as_locked_and_names_no_window() {
    let bus = Bus::start(None);
    let logind = Logind::start(&bus, false);
    let presence = watch(&bus.address, NOWHERE);
    let (server, dir) = (Server::start(), tempfile::tempdir().unwrap());
    let agent = working(&server, dir.path(), presence);
    logind.lock(true);
    until("locked time is counted", || {
        (agent.status().today.unobserved_seconds >= 2).then_some(())
    });
    let active = agent.status().today.active_seconds;
    until("more locked time is counted", || {
        (agent.status().today.unobserved_seconds >= 4).then_some(())
    });
    assert_eq!(agent.status().today.active_seconds, active);
    logind.lock(false);
    until("it works again", || {
        (agent.status().today.active_seconds > active).then_some(())
    });
    block_on(agent.shutdown());
    server.check_accounts();
    let spans = server.spans();
    let locked: Vec<_> = spans
        .iter()
        .filter(|span| span.reason == Some(UnobservedReason::Locked))
        .collect();
    let seconds: u32 = locked.iter().map(|span| span.duration_seconds).sum();
    assert!(seconds >= 4, "{spans:#?}");
    assert!(locked.iter().all(|span| span.application.is_none()));
}
