//! Enrolment, devices, and what agents may collect.

use serde_json::json;

use crate::matrix::row::{
    ORGANIZATION, OWN, Row, SEEN,
    Thing::{Device, EnrolmentToken, User},
    Who::{self, Admin, Anyone, Everybody, Person},
    row,
};

const NO_TEAM: &str = "/api/v1/teams/01a2052c-8fe7-777f-b75c-070bb6591ece/policy";

pub(super) fn rows() -> Vec<Row> {
    vec![
        row("POST /api/v1/enrolment-tokens", Admin)
            .named("user_id", User, ORGANIZATION)
            .answers(201)
            .body(|ask| json!({ "user_id": ask.id("user_id") })),
        row("DELETE /api/v1/enrolment-tokens/{id}", Admin)
            .id(EnrolmentToken, ORGANIZATION)
            .answers(204)
            .uses_up(),
        // A good token is used up; enrolment has its own tests. Here: a bad one is bad whoever
        // brings it.
        row("POST /api/v1/devices/enrol", Everybody)
            .answers(401)
            .body(|ask| {
                json!({
                    "token": "wpe_nobody-has-this-one", "device_id": ask.unique_id(),
                    "name": "desk", "os": "Debian 12", "agent_version": "0.1.0",
                })
            }),
        row("POST /api/v1/devices", Person)
            .answers(201)
            .body(|ask| {
                json!({
                    "device_id": ask.unique_id(), "name": "desk", "os": "Debian 12",
                    "agent_version": "0.1.0",
                })
            }),
        row("GET /api/v1/enrolment-tokens", Admin),
        row("GET /api/v1/devices", Person),
        row("GET /api/v1/devices/{id}", Person).id(Device, SEEN),
        row("POST /api/v1/devices/{id}/approve", Admin)
            .id(Device, ORGANIZATION)
            .answers(204),
        row("DELETE /api/v1/devices/{id}", Admin)
            .id(Device, ORGANIZATION)
            .answers(204)
            .uses_up(),
        row("GET /api/v1/policy", Anyone).while_pending(),
        row("PUT /api/v1/policy", Admin)
            .reads("/api/v1/policy")
            .body(|ask| ask.before.clone()),
        row("POST /api/v1/policy/preview", Admin)
            .reads("/api/v1/policy")
            .body(|ask| json!({ "policy": ask.before, "windows": [{ "application": "Editor" }] })),
        row("GET /api/v1/policy/effective", Person)
            .named("user_id", User, SEEN)
            .query(|ask| format!("user_id={}", ask.id("user_id"))),
        // Of a team that nobody has; `policy` has the tests of those that are there.
        row("GET /api/v1/teams/{id}/policy", Admin)
            .at(NO_TEAM)
            .answers(404),
        row("PUT /api/v1/teams/{id}/policy", Admin)
            .at(NO_TEAM)
            .answers(404)
            .reads("/api/v1/policy")
            .body(|ask| {
                let mut policy = ask.before.clone();
                policy["version"] = json!(0);
                policy
            }),
        row("DELETE /api/v1/teams/{id}/policy", Admin)
            .at(NO_TEAM)
            .answers(404),
        row("POST /api/v1/sync", Who::Device)
            .named("device_id", Device, OWN)
            .missing(422)
            .body(|ask| {
                json!({
                    "device_id": ask.id("device_id"), "epoch": ask.unique_id(),
                    "clock": ask.at(0), "items": [],
                })
            }),
    ]
}
