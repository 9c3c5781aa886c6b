//! Everything that may leave the device, in one file that a person can read: recorded from what
//! a running agent and a person's window really send to a server.
//!
//! A new route, header or field is a change of what is known about people: it shows as a changed
//! golden file, and docs/AGENT.md changes with it. `UPDATE_GOLDEN=1` writes the file anew.
#![expect(
    clippy::unwrap_used,
    reason = "what fails here fails the test, and clippy knows only `#[test]` functions as tests"
)]

mod support;

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use secrecy::SecretString;
use shared_types::{
    CategoryId, OrganizationId, ProjectId, SessionId, Timestamp,
    activity::{Activity, ActivityType, UnobservedReason},
    device::Capabilities,
    note::{CreateNote, NoteKind},
    sync::{Counters, SessionStarted, SessionStopped, SyncItemBody},
};
use support::{Server, block_on, until};
use uuid::Uuid;
use workpulse_agent::{
    Agent, Settings, SystemClock,
    capture::{Focus, Look, Probe},
    config::updates::{Source, Updates},
    credentials::SecretChoice,
    enrol::{self, Proof},
    outbox::Outbox,
    person::OwnPerson,
    update,
};

fn id(n: u128) -> Uuid {
    Uuid::from_u128(0x0193_5a00_0000_7000_8000_0000_0000_0000 + n)
}

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_millis(1_795_338_000_000 + seconds * 1_000)
}

fn bodies() -> Vec<SyncItemBody> {
    let session_id = SessionId(id(3));
    let active = Activity {
        session_id,
        activity_type: ActivityType::Active,
        reason: None,
        started_at: at(0),
        duration_seconds: 45,
        application: Some("Firefox".into()),
        title: Some("WorkPulse".into()),
        url: Some("https://example.org/".into()),
        category_id: None,
    };
    let unobserved = Activity {
        activity_type: ActivityType::Unobserved,
        reason: Some(UnobservedReason::Paused),
        started_at: at(45),
        duration_seconds: 15,
        application: None,
        title: None,
        url: None,
        category_id: None,
        ..active.clone()
    };
    let reduced = Activity {
        started_at: at(60),
        application: None,
        title: None,
        url: None,
        category_id: Some(CategoryId(id(6))),
        ..active.clone()
    };
    vec![
        SyncItemBody::SessionStarted(SessionStarted {
            session_id,
            project_id: Some(ProjectId(id(4))),
            started_at: at(0),
        }),
        SyncItemBody::Activity(active),
        SyncItemBody::Activity(unobserved),
        SyncItemBody::Activity(reduced),
        SyncItemBody::SessionStopped(SessionStopped {
            session_id,
            stopped_at: at(60),
        }),
        SyncItemBody::Counters(Counters {
            produced: 6,
            stored: 4,
            pending: 1,
            dropped: std::iter::once(("future".into(), 1)).collect(),
        }),
    ]
}

/// Fails to compile when a kind of item is added: it belongs into `bodies` then.
fn kind(item: &SyncItemBody) -> &'static str {
    match item {
        SyncItemBody::SessionStarted(_) => "session_started",
        SyncItemBody::Activity(_) => "activity",
        SyncItemBody::SessionStopped(_) => "session_stopped",
        SyncItemBody::Counters(_) => "counters",
    }
}

/// Sees everything that there is to see.
struct Seeing;

impl Probe for Seeing {
    fn name(&self) -> &'static str {
        "seeing"
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
                application: Some("Firefox".into()),
                title: Some("WorkPulse".into()),
                url: Some("https://example.org/".into()),
                category_id: None,
            }),
            idle_millis: Ok(0),
        }
    }
}

/// Everything that a person's own window asks.
async fn everything_of(person: &OwnPerson) {
    // The server knows none of this: what matters is what it was sent.
    let _ = person.looks(Some("a cursor")).await;
    let _ = person.days("2026-11-01", "2026-11-30").await;
    let _ = person.day("2026-11-22").await;
    let _ = person.projects().await;
    let _ = person.categories().await;
    let note = CreateNote {
        from: at(0),
        to: at(60),
        kind: NoteKind::Meeting,
        text: Some("with the customer".into()),
    };
    let _ = person.correct(&note).await;
}

/// Everything that is asked without an enrolment: for one's own, and for a newer version.
async fn everything_before_enrolling(server: &Server) {
    let dir = tempfile::tempdir().unwrap();
    let url = format!("{}/", server.url()).parse().unwrap();
    let key = minisign::KeyPair::generate_unencrypted_keypair().unwrap();
    let settings = Settings {
        credentials: SecretChoice::File,
        updates: Updates::From(Source {
            url,
            key: key.pk.to_base64(),
        }),
        ..Settings::for_data_dir(dir.path())
    };
    let proof = Proof::LogIn {
        email: "ada@example.org",
        password: &SecretString::from("her password"),
        organization: Some(OrganizationId(id(5))),
    };
    let _ = enrol::enrol_by(&settings, &SystemClock, &server.url(), proof, false).await;
    let _ = update::check(&settings).await;
}

#[test]
fn nothing_else_leaves_the_device() {
    let bodies = bodies();
    let mut kinds: Vec<_> = bodies.iter().map(kind).collect();
    kinds.dedup();
    assert_eq!(
        kinds,
        ["session_started", "activity", "session_stopped", "counters"]
    );
    let server = Server::start();
    let dir = tempfile::tempdir().unwrap();
    let settings = Settings {
        sample_interval_seconds: 1,
        sync_interval_seconds: 1,
        credentials: SecretChoice::File,
        email: Some("the person's address, where the token is not one person's".into()),
        probe: Arc::new(|| Box::new(Seeing)),
        ..Settings::for_data_dir(dir.path())
    };
    support::enrol(&settings, &server, false);
    let (mut outbox, _) = Outbox::open(&dir.path().join("outbox.db"), &SystemClock).unwrap();
    outbox.insert(&bodies, &[], at(61)).unwrap();
    drop(outbox);

    let agent = Agent::start(settings.clone(), Arc::new(SystemClock)).unwrap();
    until("the socket is open", || {
        (server.kept.lock().sockets == 1).then_some(())
    });
    server.set_policy(|policy| policy.urls = true);
    until("the policy was fetched and what is seen was told", || {
        let status = agent.status();
        let told = server
            .kept
            .lock()
            .desktops
            .contains("seeing application title idle");
        (told && status.policy_version == 2 && status.pending == 0).then_some(())
    });
    block_on(everything_before_enrolling(&server));
    block_on(everything_of(&OwnPerson::open(&settings).unwrap()));
    block_on(agent.shutdown());

    let kept = server.kept.lock();
    let text = serde_json::to_string_pretty(&kept.record).unwrap() + "\n";
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/leaves_the_device.json");
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&path, &text).unwrap();
    }
    let golden = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(
        text, golden,
        "what leaves the device has changed; see the header of this test"
    );
    for route in routes_in_the_source() {
        assert!(
            kept.record
                .keys()
                .any(|sent| sent.ends_with(&format!("/api/v1/{route}"))),
            "the agent can ask for {route}, and this test does not: add it to `everything_of`"
        );
    }
}

/// The routes that the agent's source names where it makes requests.
fn routes_in_the_source() -> Vec<String> {
    let mut found = Vec::new();
    let mut folders = vec![PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("src")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap().flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let text = std::fs::read_to_string(&path).unwrap();
                for call in [
                    "client.get(\"",
                    "client.send(\"",
                    "self.send(\"",
                    ".body(\"",
                    "self.post(\"",
                    "self.url(\"",
                ] {
                    found.extend(
                        text.split(call)
                            .skip(1)
                            .filter_map(|rest| Some(rest.split_once('"')?.0.to_owned())),
                    );
                }
            }
        }
    }
    assert!(found.len() >= 9, "they are written another way: {found:?}");
    found
}
