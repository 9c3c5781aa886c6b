//! The agent as the tray app uses it: in this process, with a desktop that the test makes up.

mod support;

use std::{
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use secrecy::SecretString;
use shared_types::device::Capabilities;
use support::{Server, TOKEN, block_on, has_entry, until};
use workpulse_agent::{
    Agent, AgentHandle, Clock as _, CommandError, Settings, StartError, State, SystemClock,
    capture::{Focus, Look, Probe},
    credentials::SecretChoice,
    enrol,
};

/// Somebody types all the time; every look is counted, and may panic.
struct Counting {
    looks: Arc<AtomicUsize>,
    panics: bool,
}

impl Probe for Counting {
    fn name(&self) -> &'static str {
        "counting"
    }
    fn capabilities(&self) -> Capabilities {
        Capabilities {
            application: true,
            title: true,
            idle: true,
        }
    }
    fn look(&mut self) -> Look {
        self.looks.fetch_add(1, Ordering::SeqCst);
        assert!(!self.panics, "on purpose");
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

struct Desk {
    server: Server,
    dir: tempfile::TempDir,
    looks: Arc<AtomicUsize>,
    settings: Settings,
}

impl Desk {
    fn new(panics: bool) -> Self {
        Self::with(Server::start(), panics, |_| {})
    }

    fn with(server: Server, panics: bool, change: impl FnOnce(&mut Settings)) -> Self {
        let dir = tempfile::tempdir().expect("a directory");
        let looks = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&looks);
        let mut settings = Settings {
            sample_interval_seconds: 1,
            sync_interval_seconds: 1,
            credentials: SecretChoice::File,
            probe: Arc::new(move || {
                Box::new(Counting {
                    looks: Arc::clone(&counted),
                    panics,
                })
            }),
            ..Settings::for_data_dir(dir.path())
        };
        change(&mut settings);
        support::enrol(&settings, &server, false);
        Self {
            server,
            dir,
            looks,
            settings,
        }
    }

    fn start(&self) -> AgentHandle {
        Agent::start(self.settings.clone(), Arc::new(SystemClock)).expect("it starts")
    }
}

fn pending(dir: &Path) -> i64 {
    workpulse_agent::outbox::read_only(&dir.join("outbox.db"), 0)
        .expect("an outbox")
        .1
        .pending
}

#[test]
fn input_starts_a_session_and_the_end_of_the_agent_stops_it() {
    let desk = Desk::new(false);
    let agent = desk.start();
    until("it works", || {
        (agent.status().state == State::Working).then_some(())
    });
    block_on(agent.shutdown());
    desk.server.check_accounts();
    let sessions: Vec<_> = desk.server.sessions().into_values().collect();
    assert!(matches!(sessions[..], [(Some(_), Some(_))]), "{sessions:?}");
}

#[test]
fn a_stop_by_hand_holds_and_survives_a_restart() {
    let desk = Desk::new(false);
    let agent = desk.start();
    until("it works", || {
        (agent.status().state == State::Working).then_some(())
    });
    block_on(agent.stop_session()).unwrap();
    desk.check_that_nothing_starts(&agent);
    block_on(agent.shutdown());
    desk.check_that_nothing_starts(&desk.start());
}

#[test]
fn while_paused_nobody_looks_not_even_after_a_restart() {
    let desk = Desk::new(false);
    let agent = desk.start();
    until("it works", || {
        (agent.status().state == State::Working).then_some(())
    });
    block_on(agent.pause(None)).unwrap();
    let looks = desk.looks.load(Ordering::SeqCst);
    until("time passes", || {
        (agent.status().today.unobserved_seconds >= 2).then_some(())
    });
    block_on(agent.shutdown());
    let agent = desk.start();
    assert!(agent.status().paused);
    block_on(agent.start_session(None)).unwrap();
    assert!(!agent.status().paused, "a start by hand ends the pause");
    block_on(agent.pause(Some(SystemClock.wall().plus_seconds(3_600)))).unwrap();
    let after = desk.looks.load(Ordering::SeqCst);
    assert!(
        after <= looks + 4,
        "only the commands themselves looked: {looks} → {after}"
    );
    let past = agent.pause(Some(SystemClock.wall()));
    assert_eq!(block_on(past).unwrap_err(), CommandError::PauseInThePast);
    block_on(agent.resume()).unwrap();
    assert!(!agent.status().paused);
}

#[test]
fn a_probe_that_panics_makes_time_unobserved_and_disturbs_nothing() {
    let desk = Desk::new(true);
    let agent = desk.start();
    block_on(agent.start_session(None)).unwrap();
    until("time passes", || {
        (agent.status().today.unobserved_seconds >= 2).then_some(())
    });
    assert_eq!(agent.status().state, State::NeedsAttention);
    assert_eq!(agent.status().today.active_seconds, 0);
    assert_eq!(
        desk.looks.load(Ordering::SeqCst),
        1,
        "not again within a minute"
    );
    block_on(agent.shutdown());
    desk.server.check_accounts();
}

#[test]
fn one_data_directory_has_one_agent_until_its_last_handle_is_gone() {
    let desk = Desk::new(false);
    let agent = desk.start();
    let second = Agent::start(desk.settings.clone(), Arc::new(SystemClock));
    assert!(matches!(second, Err(StartError::AlreadyRunning(_))));
    drop(agent);
    until("the lock is free", || {
        Agent::start(desk.settings.clone(), Arc::new(SystemClock)).ok()
    });
    desk.server.check_accounts();
}

#[test]
fn a_device_that_waits_for_approval_keeps_its_minutes_and_sends_each_once() {
    let server = Server::start();
    server.kept.lock().pending = true;
    let desk = Desk::with(server, false, |settings| {
        settings.email = Some("ada@example.org".to_owned());
    });
    let enrolled = desk.server.kept.lock().enrolled[0].clone();
    assert_eq!(enrolled.email.as_deref(), Some("ada@example.org"));
    let agent = desk.start();
    assert!(agent.status().device_pending, "known from the enrolment on");
    until("it records and was refused", || {
        let status = agent.status();
        let refused = !desk.server.kept.lock().requests.is_empty();
        (status.today.active_seconds >= 2 && refused).then_some(())
    });
    let status = agent.status();
    assert_eq!(status.state, State::NeedsAttention);
    assert!(status.message.unwrap().contains("approval"));
    block_on(agent.stop_session()).unwrap();
    // A policy that changes meanwhile arrives without an answer that names it.
    desk.server.set_policy(|policy| policy.titles = false);
    until("the policy arrives", || {
        (agent.status().policy_version == 2).then_some(())
    });
    assert!(!agent.status().policy.unwrap().titles);
    let pending = agent.status().pending;
    assert!(pending >= 3, "a start, a span and a stop: {pending}");
    assert!(desk.server.kept.lock().items.is_empty());
    desk.server.kept.lock().pending = false;
    until("the backlog arrives", || {
        block_on(agent.sync_now()).unwrap();
        (agent.status().pending == 0).then_some(())
    });
    assert!(!agent.status().device_pending);
    assert_eq!(agent.status().counters.stored, pending);
    block_on(agent.shutdown());
    desk.server.check_accounts();
}

#[test]
fn rows_of_one_person_are_never_sent_as_anothers() {
    let desk = Desk::new(false);
    desk.server.kept.lock().always = Some(support::Fault::Html);
    let agent = desk.start();
    until("something is pending", || {
        (agent.status().pending > 0).then_some(())
    });
    let other = Server::start();
    let token = SecretString::from(TOKEN);
    let refused = block_on(enrol::enrol(
        &desk.settings,
        &SystemClock,
        &other.url(),
        &token,
        true,
    ));
    assert!(
        matches!(refused, Err(enrol::EnrolError::Running)),
        "{refused:?}"
    );
    block_on(agent.shutdown());
    assert!(pending(desk.dir.path()) > 0);
    // The same person again: nothing changes.
    support::enrol(&desk.settings, &desk.server, true);
    assert!(pending(desk.dir.path()) > 0);
    support::enrol(&desk.settings, &other, true);
    assert!(has_entry(desk.dir.path(), "outbox.db.replaced-"));
    let agent = Agent::start(
        Settings {
            auto_start: false,
            ..desk.settings.clone()
        },
        Arc::new(SystemClock),
    )
    .unwrap();
    until("it is in contact", || agent.status().last_sync_at);
    assert!(other.kept.lock().items.is_empty());
}

impl Desk {
    #[track_caller]
    fn check_that_nothing_starts(&self, agent: &AgentHandle) {
        let looks = self.looks.load(Ordering::SeqCst);
        until("it looks", || {
            (self.looks.load(Ordering::SeqCst) > looks + 2).then_some(())
        });
        assert_eq!(agent.status().state, State::NotWorking);
        assert_eq!(
            block_on(agent.stop_session()).expect_err("nothing runs"),
            CommandError::NoSession
        );
    }
}
