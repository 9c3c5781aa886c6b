//! Teams and projects: who is in them, who manages them, what is booked on them.

use serde_json::{Value, json};

use crate::matrix::{
    principals::Principal,
    row::{
        IN_TEAM, ORGANIZATION, Reach, Relation, Row, SEEN,
        Thing::{Project, Session, Team, User},
        Who::{Admin, Anyone, Manager, Person},
        row,
    },
};

fn member() -> Value {
    json!({ "is_manager": false })
}

/// Whom one may put into a project that one manages: people whom one sees, but not managers, as
/// oneself is. Admins anybody.
const INTO_PROJECT: Reach = |principal, relation| match relation {
    Relation::Own => principal.is_admin(),
    relation => SEEN(principal, relation),
};

/// An employee who is in a project knows of it, and may not change it or who is in it. Its
/// managers may not change who manages it: here, themselves.
fn not_theirs_to_change(principal: &Principal, slot: &str, relation: Relation) -> Option<u16> {
    let knows_project = slot == "user_id" || relation == Relation::Own;
    let own_position = slot == "user_id" && relation == Relation::Own && !principal.is_admin();
    ((knows_project && !principal.is_manager()) || own_position).then_some(403)
}

/// Petra is in a team with Ben, whom she does not see: the team is hers to know of, and its list
/// of members leaves him out.
fn in_it_without_seeing_all(principal: &Principal, _: &str, relation: Relation) -> Option<u16> {
    (principal.person == "petra" && relation == Relation::Organization).then_some(200)
}

pub(super) fn rows() -> Vec<Row> {
    vec![
        row("GET /api/v1/teams", Person),
        row("POST /api/v1/teams", Admin)
            .answers(201)
            .body(|ask| json!({ "name": ask.unique("Team") })),
        row("GET /api/v1/teams/{id}", Person)
            .id(Team, IN_TEAM)
            .unless(in_it_without_seeing_all),
        row("PATCH /api/v1/teams/{id}", Admin)
            .id(Team, ORGANIZATION)
            .body(|ask| json!({ "name": ask.unique("Renamed") }))
            .uses_up(),
        row("DELETE /api/v1/teams/{id}", Admin)
            .id(Team, ORGANIZATION)
            .answers(204)
            .uses_up(),
        row("GET /api/v1/teams/{id}/members", Person)
            .id(Team, IN_TEAM)
            .unless(in_it_without_seeing_all),
        row("PUT /api/v1/teams/{id}/members/{user_id}", Admin)
            .id(Team, ORGANIZATION)
            .named("user_id", User, ORGANIZATION)
            .answers(204)
            .body(|_| member())
            .uses_up(),
        row("DELETE /api/v1/teams/{id}/members/{user_id}", Admin)
            .id(Team, ORGANIZATION)
            .named("user_id", User, ORGANIZATION)
            .answers(204)
            .uses_up()
            .around("/api/v1/teams/{id}/members/{user_id}", member),
        row("GET /api/v1/projects", Anyone),
        row("POST /api/v1/projects", Manager)
            .answers(201)
            .body(|ask| json!({ "name": ask.unique("Project"), "open_to_all": false })),
        row("GET /api/v1/projects/{id}", Person).id(Project, SEEN),
        row("PATCH /api/v1/projects/{id}", Person)
            .id(Project, SEEN)
            .body(|_| json!({ "archived": false }))
            .unless(not_theirs_to_change),
        row("GET /api/v1/projects/{id}/members", Person).id(Project, SEEN),
        row("PUT /api/v1/projects/{id}/members/{user_id}", Person)
            .id(Project, SEEN)
            .named("user_id", User, INTO_PROJECT)
            .answers(204)
            .body(|_| member())
            .unless(not_theirs_to_change),
        row("DELETE /api/v1/projects/{id}/members/{user_id}", Person)
            .id(Project, SEEN)
            .named("user_id", User, INTO_PROJECT)
            .answers(204)
            .unless(not_theirs_to_change)
            .around("/api/v1/projects/{id}/members/{user_id}", member),
        row("GET /api/v1/projects/{id}/totals", Person)
            .id(Project, SEEN)
            .query(|_| "from=2026-11-01&to=2026-11-30".to_owned()),
        row("PUT /api/v1/sessions/{id}/project", Person)
            .id(Session, SEEN)
            .named("project_id", Project, SEEN)
            .missing(422)
            .body(|ask| json!({ "project_id": ask.id("project_id") })),
    ]
}
