//! Enrolment, devices, and what agents may collect.

use serde_json::{Value, json};
use shared_types::policy::CapturePolicy;

use crate::matrix::{
    cells::Ask,
    row::{
        ORGANIZATION, OWN, Row, SEEN,
        Thing::{Device, EnrolmentToken, PendingDevice, Team, User},
        Who::{self, Admin, Anyone, Everybody, Person},
        row,
    },
};

/// The team's policy with a change, as it was read; where there was none to be read, a valid one.
fn changed_of_team(ask: &Ask<'_>) -> Value {
    let read = &ask.before["policy"];
    let mut policy = if read.is_null() {
        json!(CapturePolicy::careful(0))
    } else {
        read.clone()
    };
    policy["excluded_applications"] = json!([ask.unique("editor")]);
    policy
}

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
        // A filter: whoever is out of sight has no devices there.
        row("GET /api/v1/devices", Person)
            .named("user_id", User, SEEN)
            .missing(200)
            .query(|ask| format!("user_id={}", ask.id("user_id"))),
        row("GET /api/v1/devices/{id}", Person).id(Device, SEEN),
        row("POST /api/v1/devices/{id}/approve", Admin)
            .id(PendingDevice, ORGANIZATION)
            .answers(204)
            .uses_up(),
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
        row("GET /api/v1/teams/{id}/policy", Admin).id(Team, ORGANIZATION),
        row("PUT /api/v1/teams/{id}/policy", Admin)
            .id(Team, ORGANIZATION)
            .reads("/api/v1/teams/{id}/policy")
            .body(changed_of_team),
        row("DELETE /api/v1/teams/{id}/policy", Admin)
            .id(Team, ORGANIZATION)
            .answers(204)
            .uses_up(),
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
