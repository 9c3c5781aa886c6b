//! Alerts: who reads them, who resolves them.

use serde_json::json;

use crate::matrix::{
    principals::Principal,
    row::{
        Relation, Row, SEEN,
        Thing::{Alert, User},
        Who::{Manager, Person},
        row,
    },
};

/// A manager's own alert is another's to resolve.
fn own(principal: &Principal, _: &str, relation: Relation) -> Option<u16> {
    let alone = principal.is_manager() && !principal.is_admin();
    (alone && relation == Relation::Own).then_some(403)
}

pub(super) fn rows() -> Vec<Row> {
    vec![
        row("GET /api/v1/alerts", Person)
            .named("user_id", User, SEEN)
            .query(|ask| format!("user_id={}", ask.id("user_id"))),
        row("GET /api/v1/alerts/{id}", Person).id(Alert, SEEN),
        row("POST /api/v1/alerts/{id}/resolve", Manager)
            .id(Alert, SEEN)
            .body(|_| json!({ "note": "seen to" }))
            .uses_up()
            .unless(own),
        row("POST /api/v1/alerts/resolve", Manager)
            .named("alert_id", Alert, SEEN)
            .body(|ask| json!({ "ids": [ask.id("alert_id")], "note": "seen to" }))
            .uses_up()
            .unless(own),
    ]
}
