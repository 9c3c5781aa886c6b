//! Joining and getting back in; accounts and the organization's settings.

use serde_json::json;

use crate::{
    harness::PASSWORD,
    matrix::row::{
        ORGANIZATION, OWN, Row, SEEN,
        Thing::{Invitation, Login, User},
        Who::{Admin, Everybody, Person},
        row,
    },
};

const ANOTHER_PASSWORD: &str = "seventeen quiet harbour lanterns";

pub(super) fn rows() -> Vec<Row> {
    vec![
        // Good tokens are used up; joining has its own tests. Here: a bad one is bad whoever
        // brings it.
        row("POST /api/v1/auth/invitation", Everybody)
            .answers(404)
            .body(|_| json!({ "token": "wpi_nobody-has-this-one" })),
        row("POST /api/v1/auth/register", Everybody)
            .answers(404)
            .body(|ask| {
                json!({ "invitation": "wpi_nobody-has-this-one", "name": ask.unique("Mallory"), "password": PASSWORD })
            }),
        row("POST /api/v1/auth/reset-request", Everybody)
            .answers(202)
            .body(|ask| json!({ "email": ask.unique_email() })),
        row("POST /api/v1/auth/reset", Everybody)
            .answers(404)
            .body(|_| json!({ "token": "wpp_nobody-has-this-one", "new_password": ANOTHER_PASSWORD })),
        row("POST /api/v1/auth/password", Person)
            .answers(204)
            .body(|_| json!({ "current_password": PASSWORD, "new_password": ANOTHER_PASSWORD }))
            .by_a_newcomer(),
        row("GET /api/v1/auth/logins", Person),
        row("DELETE /api/v1/auth/logins", Person)
            .answers(204)
            .by_a_newcomer(),
        row("DELETE /api/v1/auth/logins/{id}", Person)
            .id(Login, OWN)
            .answers(204)
            .uses_up(),
        row("GET /api/v1/invitations", Admin),
        row("POST /api/v1/invitations", Admin)
            .answers(201)
            .body(|ask| json!({ "email": ask.unique_email() })),
        row("DELETE /api/v1/invitations/{id}", Admin)
            .id(Invitation, ORGANIZATION)
            .answers(204)
            .uses_up(),
        row("GET /api/v1/users/{id}", Person).id(User, SEEN),
        row("PATCH /api/v1/users/{id}", Admin)
            .id(User, ORGANIZATION)
            .body(|ask| json!({ "name": ask.unique("Renamed"), "status": "suspended" }))
            .uses_up(),
        row("POST /api/v1/users/{id}/sign-out", Admin)
            .id(User, ORGANIZATION)
            .answers(204)
            .uses_up(),
        row("POST /api/v1/users/{id}/reset-link", Admin)
            .id(User, ORGANIZATION)
            .answers(201)
            .uses_up(),
        row("GET /api/v1/organization", Person),
        row("PATCH /api/v1/organization", Admin).body(|_| json!({ "retention_days": 400 })),
    ]
}
