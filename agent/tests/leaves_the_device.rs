//! Everything that may leave the device, in one file that a person can read.
//!
//! A new field in a request is a change of what is known about people: it shows as a changed
//! golden file, and docs/AGENT.md changes with it. `UPDATE_GOLDEN=1` writes the file anew.

use std::{collections::BTreeMap, path::Path};

use serde_json::json;
use shared_types::{
    DeviceId, EpochId, ProjectId, SessionId, Timestamp,
    activity::{Activity, ActivityType, UnobservedReason},
    device::{Capabilities, EnrolRequest},
    sync::{Counters, SessionStarted, SessionStopped, SyncItem, SyncItemBody, SyncRequest},
};
use uuid::Uuid;

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
    };
    let unobserved = Activity {
        activity_type: ActivityType::Unobserved,
        reason: Some(UnobservedReason::Paused),
        started_at: at(45),
        duration_seconds: 15,
        application: None,
        title: None,
        url: None,
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
        SyncItemBody::SessionStopped(SessionStopped {
            session_id,
            stopped_at: at(60),
        }),
        SyncItemBody::Counters(Counters {
            produced: 6,
            stored: 4,
            pending: 1,
            dropped: BTreeMap::from([("future".into(), 1)]),
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

#[test]
fn nothing_else_leaves_the_device() {
    let bodies = bodies();
    let mut kinds: Vec<_> = bodies.iter().map(kind).collect();
    kinds.dedup();
    assert_eq!(
        kinds,
        ["session_started", "activity", "session_stopped", "counters"]
    );
    let everything = json!({
        "POST /api/v1/devices/enrol": EnrolRequest {
            token: "the token that an administrator made".into(),
            device_id: DeviceId(id(1)),
            name: "the machine's name".into(),
            os: "Debian GNU/Linux 12 (bookworm)".into(),
            agent_version: "0.1.0".into(),
            capabilities: Capabilities { application: true, title: true, idle: true },
            email: Some("the person's address, where the token is not one person's".into()),
        },
        "POST /api/v1/sync": SyncRequest {
            device_id: DeviceId(id(1)),
            epoch: EpochId(id(2)),
            clock: at(61),
            items: (1..).zip(bodies).map(|(seq, item)| SyncItem { seq, item }).collect(),
        },
        "GET /api/v1/policy": null,
        "GET /api/v1/ws": null,
        "every request": {
            "authorization": "Bearer and the device's secret (not when enrolling)",
            "user-agent": concat!("workpulse-agent/", env!("CARGO_PKG_VERSION")),
        },
    });
    let text = serde_json::to_string_pretty(&everything).unwrap() + "\n";
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/leaves_the_device.json");
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&path, &text).unwrap();
    }
    let golden = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(
        text, golden,
        "what leaves the device has changed; see the header of this test"
    );
}
