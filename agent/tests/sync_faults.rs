//! What the network can do to a batch: nothing is lost, doubled or deleted without an answer.
//!
//! The library runs in this process with a desktop that a test makes up, against a server
//! with faults to order.
#![expect(
    clippy::unwrap_used,
    reason = "what fails here fails the test, and clippy knows only `#[test]` functions as tests"
)]

mod support;

use std::{path::Path, sync::Arc};

use secrecy::SecretString;
use shared_types::{
    SessionId, Timestamp,
    device::Capabilities,
    problem::ProblemCode,
    sync::{SessionStarted, SyncItemBody},
};
use support::{Fault, Server, TOKEN, block_on, until};
use uuid::Uuid;
use workpulse_agent::{
    Agent, AgentHandle, Settings, State, SystemClock,
    capture::{Focus, Look, Probe},
    credentials::SecretChoice,
    enrol::{self, EnrolError},
    outbox::Outbox,
};

/// A desktop where somebody types into one window all the time.
struct Typing;

impl Probe for Typing {
    fn name(&self) -> &'static str {
        "typing"
    }
    fn capabilities(&self) -> Capabilities {
        Capabilities {
            application: true,
            title: true,
            idle: true,
        }
    }
    fn look(&mut self) -> Look {
        Look {
            focus: Ok(Focus {
                application: Some("Editor".into()),
                title: Some("a secret plan".into()),
                url: None,
                category_id: None,
            }),
            idle_millis: Ok(0),
        }
    }
}

fn settings(dir: &Path) -> Settings {
    Settings {
        sample_interval_seconds: 1,
        sync_interval_seconds: 1,
        // What is in the outbox is what the test put there.
        auto_start: false,
        credentials: SecretChoice::File,
        probe: Arc::new(|| Box::new(Typing)),
        ..Settings::for_data_dir(dir)
    }
}

fn enrolled(server: &Server, dir: &Path) -> Settings {
    let settings = settings(dir);
    support::enrol(&settings, server, false);
    settings
}

/// Fills the outbox with this many items before the agent starts.
fn fill(settings: &Settings, count: u128) {
    let items: Vec<_> = (1..=count)
        .map(|n| {
            SyncItemBody::SessionStarted(SessionStarted {
                session_id: SessionId(Uuid::from_u128(n)),
                project_id: None,
                started_at: Timestamp::UNIX_EPOCH,
            })
        })
        .collect();
    let (mut outbox, _) = Outbox::open(&settings.data_dir.join("outbox.db"), &SystemClock).unwrap();
    outbox.insert(&items, &[], Timestamp::UNIX_EPOCH).unwrap();
}

fn start(settings: &Settings) -> AgentHandle {
    Agent::start(settings.clone(), Arc::new(SystemClock)).unwrap()
}

/// Runs the agent on `count` items until all are settled, and checks the account.
fn drain(server: &Server, count: u128) -> AgentHandle {
    let dir = Box::leak(Box::new(tempfile::tempdir().unwrap()));
    let settings = enrolled(server, dir.path());
    fill(&settings, count);
    let agent = start(&settings);
    until("all is settled", || {
        let status = agent.status();
        (status.counters.produced > 0 && status.pending == 0).then_some(())
    });
    agent
}

fn arrived(server: &Server) -> usize {
    server.kept.lock().items.len()
}

#[test]
fn items_go_in_order_compressed_with_the_devices_secret() {
    let server = Server::start();
    let agent = drain(&server, 20);
    assert_eq!(arrived(&server), 20);
    let kept = server.kept.lock();
    let first = &kept.requests[0];
    assert!(first.items.iter().map(|item| item.seq).eq(1..=20));
    assert_eq!(kept.encodings[0].as_deref(), Some("zstd"));
    assert_eq!(
        kept.authorizations[0].as_deref(),
        Some("Bearer the-device-secret")
    );
    drop(kept);
    assert_eq!(agent.status().counters.stored, 20);
}

#[test]
fn an_agent_with_nothing_to_send_gives_signs_of_life() {
    let server = Server::start();
    let agent = drain(&server, 1);
    let before = server.kept.lock().requests.len();
    until("heartbeats", || {
        let kept = server.kept.lock();
        let new = &kept.requests[before.min(kept.requests.len())..];
        (new.iter()
            .filter(|request| request.items.is_empty())
            .count()
            >= 2)
            .then_some(())
    });
    assert!(
        server.kept.lock().encodings.last().unwrap().is_none(),
        "too small to compress"
    );
    assert!(agent.status().last_sync_at.is_some());
}

#[test]
fn an_answer_that_is_lost_after_the_commit_makes_nothing_double() {
    let server = Server::start();
    server.fault(Fault::LoseAnswer);
    server.fault(Fault::LoseAnswer);
    let agent = drain(&server, 5);
    assert_eq!(arrived(&server), 5);
    assert!(server.kept.lock().requests.len() >= 3);
    assert_eq!(agent.status().counters.stored, 5);
}

/// What each status does, with and without a document: nothing is deleted.
#[test]
fn no_status_deletes_anything() {
    let bare = [
        400, 404, 405, 406, 408, 409, 410, 415, 418, 422, 425, 431, 451, 500, 502, 503, 504, 511,
    ];
    let documents = [
        ProblemCode::NotFound,
        ProblemCode::Conflict,
        ProblemCode::UnsupportedMedia,
        ProblemCode::RequestTimeout,
        ProblemCode::Internal,
        ProblemCode::Forbidden,
    ];
    let faults = [Fault::Html, Fault::WrongEpoch]
        .into_iter()
        .chain(bare.map(|status| Fault::Bare(status, Vec::new())))
        .chain(documents.map(|code| Fault::Problem(code, Vec::new())));
    let server = Server::start();
    let dir = tempfile::tempdir().unwrap();
    let settings = enrolled(&server, dir.path());
    // More than 1,024 bytes: compressed, and as it is.
    fill(&settings, 20);
    for fault in faults {
        let before = server.kept.lock().requests.len();
        server.kept.lock().always = Some(fault.clone());
        let agent = start(&settings);
        until("it was answered", || {
            (server.kept.lock().requests.len() > before).then_some(())
        });
        until("the status says so", || agent.status().last_error.map(drop));
        let status = agent.status();
        assert_eq!(
            (status.pending, status.counters.stored),
            (20, 0),
            "{fault:?}"
        );
        block_on(agent.shutdown());
    }
    server.kept.lock().always = None;
    let agent = start(&settings);
    until("it recovers by itself", || {
        (agent.status().counters.stored == 20).then_some(())
    });
    assert_eq!(arrived(&server), 20);
    assert!(agent.status().counters.dropped.is_empty());
}

#[test]
fn behind_a_proxy_that_takes_the_encoding_away_all_arrives_uncompressed() {
    let server = Server::start();
    server.kept.lock().always = Some(Fault::StripEncoding);
    let agent = drain(&server, 1_750);
    assert_eq!(arrived(&server), 1_750);
    let counters = agent.status().counters;
    assert_eq!((counters.stored, counters.dropped.len()), (1_750, 0));
    let kept = server.kept.lock();
    let packed = kept.encodings.iter().filter(|it| it.is_some()).count();
    assert_eq!(packed, 1, "it is remembered: {:?}", kept.encodings);
    let sizes: Vec<usize> = kept.requests.iter().map(|it| it.items.len()).collect();
    assert_eq!(sizes[..4], [500, 500, 500, 250], "no batch was halved");
}

#[test]
fn what_an_answer_does_not_name_stays_pending_and_is_sent_again() {
    let server = Server::start();
    server.fault(Fault::NameOnlyFirst);
    let agent = drain(&server, 4);
    let kept = server.kept.lock();
    let second: Vec<i64> = kept.requests[1].items.iter().map(|item| item.seq).collect();
    assert_eq!(second, [2, 3, 4]);
    drop(kept);
    assert_eq!(agent.status().counters.stored, 4);
}

#[test]
fn one_bad_item_is_kept_aside_and_counted_and_those_behind_it_pass() {
    let server = Server::start();
    server.fault(Fault::Reject(2));
    let agent = drain(&server, 4);
    let counters = agent.status().counters;
    assert_eq!(
        (counters.produced, counters.stored, counters.pending),
        (4, 3, 0)
    );
    assert_eq!(counters.dropped["future"], 1);
}

#[test]
fn too_large_halves_the_batch_until_it_fits() {
    let server = Server::start();
    server.kept.lock().most_items = Some(3);
    let agent = drain(&server, 20);
    assert_eq!(arrived(&server), 20);
    assert_eq!(agent.status().counters.stored, 20);
    let sizes: Vec<usize> = server
        .kept
        .lock()
        .requests
        .iter()
        .map(|it| it.items.len())
        .collect();
    assert_eq!(sizes[..4], [20, 10, 5, 2], "{sizes:?}");
}

#[test]
fn an_item_that_alone_is_refused_is_kept_aside() {
    let server = Server::start();
    server.kept.lock().most_items = Some(0);
    let agent = drain(&server, 2);
    let counters = agent.status().counters;
    assert_eq!((counters.stored, counters.dropped["too_large"]), (0, 2));
}

#[test]
fn retry_after_is_obeyed() {
    for code in [ProblemCode::TooManyRequests, ProblemCode::Unavailable] {
        let server = Server::start();
        server.fault(Fault::Problem(code, vec![("retry-after", "3".into())]));
        let dir = tempfile::tempdir().unwrap();
        let settings = enrolled(&server, dir.path());
        fill(&settings, 1);
        let agent = start(&settings);
        let mut waited = Vec::new();
        until("it arrived", || {
            let requests = server.kept.lock().requests.clone();
            waited = requests.iter().map(|request| request.clock).collect();
            (agent.status().counters.stored == 1).then_some(())
        });
        let pause = waited[1].millis_since(waited[0]);
        assert!(pause >= 2_900, "{code:?}: again after {pause} ms");
    }
}

#[test]
fn a_wrong_credential_is_shown_and_recording_goes_on() {
    let server = Server::start();
    let dir = tempfile::tempdir().unwrap();
    let settings = enrolled(&server, dir.path());
    std::fs::write(dir.path().join("device-secret"), "another").unwrap();
    let agent = start(&settings);
    until("it says so", || {
        (agent.status().state == State::NeedsAttention).then_some(())
    });
    assert!(agent.status().message.unwrap().contains("enrol it again"));
    block_on(agent.start_session(None)).unwrap();
    until("it records", || {
        (agent.status().today.active_seconds >= 1).then_some(())
    });
    assert_eq!(arrived(&server), 0);
    assert!(agent.status().pending >= 1);
}

#[test]
fn a_device_that_was_cut_off_stops_recording_and_goes_on_when_it_is_let_back() {
    for code in [ProblemCode::Suspended, ProblemCode::DeviceRevoked] {
        let server = Server::start();
        let dir = tempfile::tempdir().unwrap();
        let settings = enrolled(&server, dir.path());
        let agent = start(&settings);
        block_on(agent.start_session(None)).unwrap();
        until("it is known", || {
            (agent.status().counters.stored == 1).then_some(())
        });
        server.kept.lock().always = Some(Fault::Problem(code, Vec::new()));
        until("it stops", || {
            agent.status().session.is_none().then_some(())
        });
        let status = agent.status();
        assert_eq!(status.state, State::NeedsAttention);
        assert!(
            status
                .message
                .as_ref()
                .unwrap()
                .contains("Nothing is recorded any more"),
            "{status:?}"
        );
        assert!(block_on(agent.start_session(None)).is_err(), "{code:?}");
        let made = agent.status().counters.produced;
        server.kept.lock().always = None;
        until("it is let back", || {
            block_on(agent.sync_now()).ok()?;
            (agent.status().state == State::NotWorking).then_some(())
        });
        assert_eq!(
            agent.status().counters.produced,
            made,
            "nothing was made meanwhile"
        );
        block_on(agent.start_session(None)).unwrap();
    }
}

#[test]
fn a_redirect_does_not_get_the_secret() {
    let (server, thief) = (Server::start(), Server::start());
    let target = format!("{}/api/v1/sync", thief.url());
    server.kept.lock().always = Some(Fault::Bare(307, vec![("location", target)]));
    let dir = tempfile::tempdir().unwrap();
    let settings = enrolled(&server, dir.path());
    fill(&settings, 1);
    let agent = start(&settings);
    until("it is shown", || {
        agent
            .status()
            .last_error
            .filter(|error| error.contains("redirects"))
    });
    assert_eq!(agent.status().pending, 1);
    assert!(thief.kept.lock().requests.is_empty());
}

#[test]
fn a_server_that_was_restored_gets_acknowledged_items_again() {
    let server = Server::start();
    server.fault(Fault::ResendFrom(2));
    let agent = drain(&server, 3);
    let kept = server.kept.lock();
    let second: Vec<i64> = kept.requests[1].items.iter().map(|item| item.seq).collect();
    assert_eq!(second, [2, 3]);
    drop(kept);
    assert_eq!(agent.status().counters.stored, 3);
}

#[test]
fn a_gap_where_an_item_was_set_aside_is_answered_once_and_not_for_ever() {
    let server = Server::start();
    // The three together, then the first alone: it is set aside.
    server.fault(Fault::Problem(ProblemCode::Malformed, Vec::new()));
    server.fault(Fault::Problem(ProblemCode::Malformed, Vec::new()));
    server.kept.lock().always = Some(Fault::ResendFrom(1));
    let agent = drain(&server, 3);
    let counters = agent.status().counters;
    assert_eq!((counters.stored, counters.pending), (2, 0));
    let kept = server.kept.lock();
    let sent: Vec<i64> = kept.requests[2..]
        .iter()
        .flat_map(|request| request.items.iter().map(|item| item.seq))
        .collect();
    assert_eq!(sent, [2, 2, 3], "the second was sent again, once");
}

#[test]
fn a_profile_that_was_copied_begins_a_new_numbering() {
    let server = Server::start();
    server.fault(Fault::NewEpoch);
    let agent = drain(&server, 2);
    block_on(agent.start_session(None)).unwrap();
    until("the next item arrived", || {
        (arrived(&server) == 3).then_some(())
    });
    let kept = server.kept.lock();
    let epochs: std::collections::BTreeSet<_> =
        kept.items.keys().map(|(epoch, _)| *epoch).collect();
    assert_eq!(epochs.len(), 2);
    assert_eq!(kept.items.keys().map(|(_, seq)| *seq).max(), Some(2));
    assert!(
        kept.items
            .keys()
            .any(|(epoch, seq)| *seq == 1 && Some(epoch) == epochs.iter().max())
    );
}

#[test]
fn a_backlog_goes_out_in_bounded_batches_without_waiting() {
    let server = Server::start();
    let agent = drain(&server, 1_750);
    assert_eq!(agent.status().counters.stored, 1_750);
    let sizes: Vec<usize> = server
        .kept
        .lock()
        .requests
        .iter()
        .map(|it| it.items.len())
        .collect();
    assert_eq!(sizes[..4], [500, 500, 500, 250]);
}

#[test]
fn a_stricter_policy_arrives_by_nudge_and_holds_for_what_is_not_sent_yet() {
    let server = Server::start();
    let dir = tempfile::tempdir().unwrap();
    let settings = Settings {
        sync_interval_seconds: 3_600,
        ..enrolled(&server, dir.path())
    };
    let agent = start(&settings);
    block_on(agent.start_session(None)).unwrap();
    until("the socket is open", || {
        (agent.status().nudges_connected && server.kept.lock().sockets == 1).then_some(())
    });
    until("something was seen", || {
        (agent.status().today.active_seconds >= 1).then_some(())
    });
    server.set_policy(|policy| {
        policy.titles = false;
        policy.excluded_applications = vec!["editor".into()];
    });
    until("it is in force", || {
        (agent.status().policy_version == 2).then_some(())
    });
    block_on(agent.stop_session()).unwrap();
    block_on(agent.sync_now()).unwrap();
    until("all arrived", || {
        (agent.status().pending == 0 && !server.spans().is_empty()).then_some(())
    });
    for span in server.spans() {
        assert_eq!((span.application, span.title), (None, None));
    }
    let disk = std::fs::read(dir.path().join("outbox.db-wal")).unwrap();
    let held = disk.windows(13).any(|bytes| bytes == b"a secret plan");
    assert!(!held, "what the policy forbids is not on the disk");
    let again = enrol::load(dir.path()).unwrap().unwrap();
    assert_eq!(again.policy.version, 2, "it holds after a restart too");
}

#[test]
fn an_unreachable_server_does_not_disturb_recording() {
    let server = Server::start();
    let dir = tempfile::tempdir().unwrap();
    let settings = enrolled(&server, dir.path());
    let mut enrolment = enrol::load(dir.path()).unwrap().unwrap();
    enrolment.server = "http://127.0.0.1:1/".parse().unwrap();
    enrol::save(dir.path(), &enrolment).unwrap();
    let agent = start(&settings);
    block_on(agent.start_session(None)).unwrap();
    until("it is noticed", || agent.status().last_error.map(drop));
    until("it records", || {
        (agent.status().today.active_seconds >= 1).then_some(())
    });
    assert_eq!(
        agent.status().state,
        State::Working,
        "not offline yet: 150 seconds have to pass"
    );
}

#[test]
fn enrolling_again_after_a_lost_answer_is_enrolling_once() {
    let server = Server::start();
    server.kept.lock().lose_enrolment_answers = 1;
    let dir = tempfile::tempdir().unwrap();
    let settings = settings(dir.path());
    let token = SecretString::from(TOKEN);
    let enrol = || {
        block_on(enrol::enrol(
            &settings,
            &SystemClock,
            &server.url(),
            &token,
            false,
        ))
    };
    let lost = enrol().unwrap_err();
    assert!(!lost.is_permanent(), "{lost}");
    enrol().unwrap();
    let kept = server.kept.lock();
    assert_eq!(kept.enrolled.len(), 2);
    assert_eq!(kept.enrolled[0].device_id, kept.enrolled[1].device_id);
}

#[test]
fn a_spent_token_and_another_server_are_refused_for_good() {
    let (server, other) = (Server::start(), Server::start());
    let dir = tempfile::tempdir().unwrap();
    let settings = settings(dir.path());
    let enrol = |server: &Server, token: &str, again| {
        block_on(enrol::enrol(
            &settings,
            &SystemClock,
            &server.url(),
            &SecretString::from(token),
            again,
        ))
    };
    assert!(enrol(&server, "spent", false).unwrap_err().is_permanent());
    enrol(&server, TOKEN, false).unwrap();
    assert!(matches!(
        enrol(&other, TOKEN, false),
        Err(EnrolError::Already(_))
    ));
    enrol(&other, TOKEN, true).unwrap();
    assert_eq!(
        enrol::load(dir.path()).unwrap().unwrap().server.as_str(),
        format!("{}/", other.url())
    );
}

#[test]
fn an_agent_that_is_not_enrolled_waits_and_begins_when_it_is() {
    let server = Server::start();
    let dir = tempfile::tempdir().unwrap();
    let agent = start(&settings(dir.path()));
    assert!(!agent.status().enrolled);
    assert!(block_on(agent.start_session(None)).is_err());
    enrolled(&server, dir.path());
    until("it began", || agent.status().enrolled.then_some(()));
    block_on(agent.start_session(None)).unwrap();
    block_on(agent.shutdown());
    server.check_accounts();
    assert_eq!(server.sessions().len(), 1);
}
