//! Reports: of people and teams that one knows.

use serde_json::{Value, json};

use crate::matrix::{
    cells::Ask,
    principals::Principal,
    row::{
        IN_TEAM, OWN, Relation, Row, SEEN,
        Thing::{Export, Project, ReportSchedule, Team, User},
        Who::{Anyone, Person},
        row,
    },
};

/// Petra is in a team with Ben, whom she does not see: the team is hers to know of, and its
/// reports leave him out.
fn in_it_without_seeing_all(principal: &Principal, slot: &str, relation: Relation) -> Option<u16> {
    (slot == "team_id" && principal.person == "petra" && relation == Relation::Organization)
        .then_some(200)
}

const RANGE: &str = "from=2026-11-01&to=2026-11-30";

fn of_whom(ask: &Ask<'_>) -> String {
    format!(
        "{RANGE}&user_id={}&team_id={}",
        ask.id("user_id"),
        ask.id("team_id")
    )
}

fn report(ask: &Ask<'_>) -> String {
    format!(
        "{}&group_by=day&project_id={}",
        of_whom(ask),
        ask.id("project_id")
    )
}

fn file_of(ask: &Ask<'_>) -> Value {
    json!({
        "content": "report", "format": "csv", "from": "2026-11-01", "to": "2026-11-30", "group_by": "day",
        "user_id": ask.id("user_id"), "team_id": ask.id("team_id"), "project_id": ask.id("project_id"),
    })
}

fn again_of(ask: &Ask<'_>) -> Value {
    let mut terms = json!({
        "name": "The day", "every": "day", "at": "07:00", "group_by": "day", "format": "csv", "enabled": true,
    });
    for id in ["user_id", "team_id", "project_id"] {
        terms[id] = json!(ask.id(id));
    }
    terms
}

/// As for a report, and then it is made meanwhile.
fn file_without_seeing_all(principal: &Principal, slot: &str, relation: Relation) -> Option<u16> {
    in_it_without_seeing_all(principal, slot, relation).map(|_| 202)
}

/// The same, and it is made.
fn made_without_seeing_all(principal: &Principal, slot: &str, relation: Relation) -> Option<u16> {
    in_it_without_seeing_all(principal, slot, relation).map(|_| 201)
}

pub(super) fn rows() -> Vec<Row> {
    let of_people = |route| {
        row(route, Person)
            .named("user_id", User, SEEN)
            .named("team_id", Team, IN_TEAM)
            .unless(in_it_without_seeing_all)
    };
    vec![
        of_people("GET /api/v1/reports")
            .named("project_id", Project, SEEN)
            .query(report),
        of_people("GET /api/v1/reports/export")
            .named("project_id", Project, SEEN)
            .query(|ask| format!("{}&format=csv", report(ask))),
        of_people("GET /api/v1/reports/heatmap").query(of_whom),
        of_people("GET /api/v1/reports/attendance").query(of_whom),
        of_people("GET /api/v1/reports/completeness").query(of_whom),
        Row {
            who: Anyone,
            ..of_people("GET /api/v1/summaries").query(of_whom)
        },
        row("POST /api/v1/exports", Person)
            .named("user_id", User, SEEN)
            .named("team_id", Team, IN_TEAM)
            .named("project_id", Project, SEEN)
            .answers(202)
            .body(file_of)
            .unless(file_without_seeing_all),
        row("GET /api/v1/report-schedules", Person),
        row("POST /api/v1/report-schedules", Person)
            .named("user_id", User, SEEN)
            .named("team_id", Team, IN_TEAM)
            .named("project_id", Project, SEEN)
            .answers(201)
            .body(again_of)
            .unless(made_without_seeing_all),
        row("PUT /api/v1/report-schedules/{id}", Person)
            .id(ReportSchedule, OWN)
            .named("user_id", User, SEEN)
            .named("team_id", Team, IN_TEAM)
            .named("project_id", Project, SEEN)
            .body(again_of)
            .unless(in_it_without_seeing_all),
        row("DELETE /api/v1/report-schedules/{id}", Person)
            .id(ReportSchedule, OWN)
            .answers(204)
            .uses_up(),
        row("GET /api/v1/exports", Person),
        row("GET /api/v1/exports/{id}", Person).id(Export, OWN),
        row("GET /api/v1/exports/{id}/file", Person).id(Export, OWN),
        row("DELETE /api/v1/exports/{id}", Person)
            .id(Export, OWN)
            .answers(204)
            .uses_up(),
    ]
}
