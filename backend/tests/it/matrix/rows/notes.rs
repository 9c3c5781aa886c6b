//! Notes: what people say of their own time, and who answers.

use serde_json::{Value, json};

use crate::matrix::{
    cells::Ask,
    principals::Principal,
    row::{
        OWN, Relation, Row, SEEN,
        Thing::{Note, User},
        Who::{Anyone, Manager, Person},
        row,
    },
};

/// Two minutes that no other note is about.
fn said(ask: &Ask<'_>) -> Value {
    let from = -90_000 - 120 * i64::from(ask.serial);
    json!({ "from": ask.at(from), "to": ask.at(from + 120), "kind": "meeting", "text": "with the client" })
}

/// A manager's own note is another's to answer.
fn own(principal: &Principal, _: &str, relation: Relation) -> Option<u16> {
    let alone = principal.is_manager() && !principal.is_admin();
    (alone && relation == Relation::Own).then_some(403)
}

pub(super) fn rows() -> Vec<Row> {
    vec![
        row("GET /api/v1/notes", Anyone)
            .named("user_id", User, SEEN)
            .query(|ask| format!("user_id={}", ask.id("user_id"))),
        row("POST /api/v1/notes", Anyone).answers(201).body(said),
        row("PUT /api/v1/notes/{id}", Person)
            .id(Note, OWN)
            .body(|ask| {
                let mut body = said(ask);
                body["version"] = json!(1);
                body
            })
            .uses_up(),
        row("DELETE /api/v1/notes/{id}", Person)
            .id(Note, OWN)
            .answers(204)
            .uses_up(),
        row("POST /api/v1/notes/{id}/answer", Manager)
            .id(Note, SEEN)
            .body(|_| json!({ "version": 1, "accepted": true, "answer": "agreed" }))
            .uses_up()
            .unless(own),
    ]
}
