//! Sessions, and who is working now.

use serde_json::{Value, json};

use crate::matrix::{
    cells::Ask,
    row::{
        OWN, Row, SEEN,
        Thing::{Project, Session, User},
        Who::{Anyone, Person},
        row,
    },
};

/// A minute that nobody's keyboard has used yet.
fn span(ask: &Ask<'_>) -> Value {
    json!({
        "seq": 1, "activity_type": "active", "duration_seconds": 60,
        "started_at": ask.at(-60 * i64::from(ask.serial) - 60),
    })
}

pub(super) fn rows() -> Vec<Row> {
    vec![
        row("POST /api/v1/sessions/start", Person)
            .named("project_id", Project, SEEN)
            .missing(422)
            .answers(201)
            .body(
                |ask| json!({ "session_id": ask.unique_id(), "project_id": ask.id("project_id") }),
            ),
        row("GET /api/v1/sessions", Person)
            .named("user_id", User, SEEN)
            .query(|ask| format!("user_id={}", ask.id("user_id"))),
        row("GET /api/v1/sessions/{id}", Person).id(Session, SEEN),
        row("POST /api/v1/sessions/{id}/activity", Person)
            .id(Session, OWN)
            .answers(201)
            .body(span)
            .uses_up(),
        row("POST /api/v1/sessions/{id}/activities", Person)
            .id(Session, OWN)
            .body(|ask| json!({ "activities": [span(ask)] }))
            .uses_up(),
        row("POST /api/v1/sessions/{id}/stop", Person)
            .id(Session, OWN)
            .body(|_| json!({}))
            .uses_up(),
        row("GET /api/v1/presence", Person),
        row("GET /api/v1/events", Person).query(|_| "after=0".to_owned()),
        row("GET /api/v1/ws", Anyone).opens_socket(),
    ]
}
