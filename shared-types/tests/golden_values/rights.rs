//! What a person may know and ask for about themselves.

use shared_types::{
    SessionId,
    activity::{ActivityType, UnobservedReason},
    audit::{AuditEntry, AuditPage, ErasePerson, Erasure, Look, LookAt, LookPage},
    live::DayTotals,
    timeline::{Gap, GapReason, Timeline, TimelineSpan},
};

use super::{Golden, at, id};

pub(super) fn check(golden: &mut Golden) {
    let session: SessionId = id(3);
    golden.check(
        "timeline",
        &Timeline {
            user_id: id(2),
            date: "2026-11-22".to_owned(),
            time_zone: "Europe/Berlin".to_owned(),
            from: at(-36_000),
            to: at(50_400),
            sessions: Vec::new(),
            spans: vec![
                TimelineSpan {
                    session_id: session,
                    device_id: Some(id(4)),
                    activity_type: ActivityType::Active,
                    reason: None,
                    from: at(0),
                    to: at(300),
                    application: Some("Editor".to_owned()),
                    title: Some("plan.md".to_owned()),
                    url: Some("https://example.org/".to_owned()),
                    category: None,
                },
                TimelineSpan {
                    session_id: session,
                    device_id: None,
                    activity_type: ActivityType::Unobserved,
                    reason: Some(UnobservedReason::Locked),
                    from: at(600),
                    to: at(660),
                    application: None,
                    title: None,
                    url: None,
                    category: None,
                },
                TimelineSpan {
                    session_id: session,
                    device_id: Some(id(4)),
                    activity_type: ActivityType::Active,
                    reason: None,
                    from: at(660),
                    to: at(720),
                    application: None,
                    title: None,
                    url: None,
                    category: Some("Personal".to_owned()),
                },
            ],
            spans_left_out: 0,
            gaps: vec![
                Gap {
                    from: at(300),
                    to: at(600),
                    reason: GapReason::NotReported,
                },
                Gap {
                    from: at(660),
                    to: at(900),
                    reason: GapReason::NoSession,
                },
            ],
            alerts: vec![super::alert::idle()],
            notes: vec![super::note::meeting()],
            totals: DayTotals {
                active_seconds: 300,
                idle_seconds: 0,
                unobserved_seconds: 60,
            },
        },
    );
    looks(golden);
}

fn looks(golden: &mut Golden) {
    golden.check("enum_look_at", &LookAt::ALL.to_vec());
    golden.check(
        "look_page",
        &LookPage {
            items: vec![
                Look {
                    at: at(0),
                    looked_at: LookAt::Timeline,
                    viewer_id: Some(id(5)),
                    viewer_name: Some("Ada".to_owned()),
                    viewer_role: Some("manager".to_owned()),
                    people: 1,
                    date: Some("2026-11-22".to_owned()),
                },
                Look {
                    at: at(-60),
                    looked_at: LookAt::Export,
                    viewer_id: None,
                    viewer_name: None,
                    viewer_role: None,
                    people: 1,
                    date: None,
                },
            ],
            next_cursor: Some("Nw".to_owned()),
        },
    );
    golden.check(
        "audit_page",
        &AuditPage {
            items: vec![AuditEntry {
                seq: 7,
                at: at(0),
                actor_id: Some(id(5)),
                actor_name: Some("Ada".to_owned()),
                action: "user.created".to_owned(),
                subject_id: Some(id(2)),
                subject_name: Some("Grace".to_owned()),
                people: 1,
                detail: serde_json::json!({ "role": "employee" }),
            }],
            next_cursor: None,
        },
    );
    golden.check(
        "erase_person",
        &ErasePerson {
            email: "grace@acme.test".to_owned(),
        },
    );
    golden.check(
        "erasure",
        &Erasure {
            user_id: id(2),
            requested_at: at(0),
            finished_at: Some(at(30)),
        },
    );
}
