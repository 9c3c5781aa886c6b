//! Routes that say nothing about anybody: health, documentation, set-up.

use serde_json::json;

use crate::matrix::row::{
    Row,
    Who::{Admin, Everybody},
    row,
};

pub(super) fn rows() -> Vec<Row> {
    vec![
        row("GET /health", Everybody),
        row("GET /health/live", Everybody),
        row("GET /health/ready", Everybody),
        row("GET /api/v1/jobs", Admin),
        row("GET /api/docs", Everybody),
        row("GET /api/docs/{file}", Everybody).at("/api/docs/docs.js"),
        row("GET /api/v1/openapi.json", Everybody),
        row("GET /api/v1/setup", Everybody),
        // Once only: whoever comes later is told so, and is not told anything else.
        row("POST /api/v1/setup", Everybody)
            .answers(409)
            .body(|ask| {
                json!({
                    "organization_name": "Mine", "time_zone": "UTC", "name": "Mallory",
                    "email": ask.unique_email(), "password": crate::harness::PASSWORD,
                })
            }),
    ]
}
