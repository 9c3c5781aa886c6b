//! Looking at people, who has looked, and what people may have of what is kept about them.

use serde_json::json;

use crate::matrix::row::{
    ORGANIZATION, Row, SEEN,
    Thing::User,
    Who::{Admin, Anyone, Person},
    row,
};

pub(super) fn rows() -> Vec<Row> {
    vec![
        row("GET /api/v1/users/{id}/timeline", Anyone)
            .id(User, SEEN)
            .query(|_| "date=2026-11-22".to_owned()),
        row("GET /api/v1/me/looks", Anyone),
        row("GET /api/v1/users/{id}/looks", Person).id(User, SEEN),
        // Filters: of whoever is not in the organization there are no rows.
        row("GET /api/v1/audit", Admin)
            .named("actor", User, ORGANIZATION)
            .missing(200)
            .named("subject", User, ORGANIZATION)
            .missing(200)
            .query(|ask| format!("actor={}&subject={}", ask.id("actor"), ask.id("subject"))),
        row("GET /api/v1/me/export", Person),
        row("GET /api/v1/users/{id}/export", Admin).id(User, ORGANIZATION),
        row("POST /api/v1/users/{id}/erase", Admin)
            .id(User, ORGANIZATION)
            .answers(202)
            .body(|ask| json!({ "email": ask.email_of("id") }))
            .uses_up(),
    ]
}
