//! Logging in and out, accounts.

use serde_json::json;

use crate::{
    harness::PASSWORD,
    matrix::row::{
        Row,
        Who::{Admin, Everybody, Manager, Person},
        row,
    },
};

pub(super) fn rows() -> Vec<Row> {
    vec![
        // A good password is used by everybody in the matrix. Here: a bad one is bad whoever brings it.
        row("POST /api/v1/auth/login", Everybody)
            .answers(401)
            .body(|ask| json!({ "email": ask.unique_email(), "password": PASSWORD })),
        // A good token is used once; that is tested where log-ins are. Here: a bad one is bad
        // whoever brings it.
        row("POST /api/v1/auth/refresh", Everybody)
            .answers(401)
            .body(|_| json!({ "refresh_token": "wpr_nobody-has-this-one" })),
        row("POST /api/v1/auth/logout", Person)
            .answers(204)
            .by_a_newcomer(),
        row("GET /api/v1/me", Person),
        row("GET /api/v1/users", Manager),
        row("POST /api/v1/users", Admin).answers(201).body(|ask| {
            json!({ "name": ask.unique("Newcomer"), "email": ask.unique_email(), "role": "employee" })
        }),
    ]
}
