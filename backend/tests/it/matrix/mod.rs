//! Who may do what: every route × who asks × whose thing is asked for, on both engines.
//!
//! The one route table (`http::routes`) says which routes there are; [`rows`] says of each who
//! may use it, on whose things. Everything else follows from the two: the requests, the expected
//! statuses, `docs/AUTHORIZATION.md`. Each answer is also judged by rules that hold for all:
//! another organization's id is answered like an id that nobody has, nothing out of sight shows
//! anywhere, what is refused changes nothing, no input makes a 5xx, and each status that occurs
//! is documented.
//!
//! # You have added a route
//!
//! [`every_route_has_its_row_and_every_row_its_route`] names it. Add one row to the list of its
//! area in `rows/`, and look at the comments of [`row::Row`]'s methods for what else there is:
//!
//! ```ignore
//! // An object of the whole organization, for admins; using it up, so each request gets a new one:
//! row("DELETE /api/v1/enrolment-tokens/{id}", Admin).id(EnrolmentToken, ORGANIZATION).answers(204).uses_up(),
//! // Something that shows a person, to whoever may see them:
//! row("GET /api/v1/users/{id}/timeline", Person).id(User, SEEN).query(|_| "date=2026-11-22".into()),
//! // One's own only, with a body:
//! row("POST /api/v1/sessions/{id}/stop", Person).id(Session, OWN).body(|_| json!({})).uses_up(),
//! // Two ids in the path, and who may is not the same for both:
//! row("PUT /api/v1/teams/{id}/members/{user_id}", Admin).id(Team, ORGANIZATION).named("user_id", User, ORGANIZATION)
//!     .body(|_| json!({ "is_manager": false })),
//! // An id in a body; out of reach is not 404 there:
//! row("PUT /api/v1/sessions/{id}/project", Person).id(Session, OWN).named("project_id", Project, ORGANIZATION).missing(422)
//!     .body(|ask| json!({ "project_id": ask.id("project_id") })),
//! ```
//!
//! A route that reads says in [`looks`] which look it is when it shows somebody else's activity, or
//! why it is none; one that changes something says in [`acts`] what it leaves in the audit.
//!
//! A new kind of thing with an id needs a line in [`row::Thing`] and in `world/make.rs`.
//! Afterwards `UPDATE_GOLDEN=1 cargo test -p workpulse-server --test it matrix::document` writes
//! the table for people.

mod acts;
mod batch;
mod cells;
mod cursors;
mod database;
mod document;
mod frames;
mod judge;
mod logs;
mod looks;
mod mounted;
mod origins;
mod positions;
mod principals;
mod row;
mod rows;
mod run;
pub(crate) mod world;

use std::collections::BTreeSet;

use crate::harness::TestApp;

#[test]
fn every_route_has_its_row_and_every_row_its_route() {
    let routes: BTreeSet<String> = mounted::documented();
    let rows = rows::all();
    let mut named = BTreeSet::new();
    for row in &rows {
        assert!(
            named.insert(row.route.to_owned()),
            "two rows for {}",
            row.route
        );
    }
    let missing: Vec<&String> = routes.difference(&named).collect();
    assert!(
        missing.is_empty(),
        "these routes have no row in the authorization matrix: {missing:?}\n\
         Add one for each to a list in backend/tests/it/matrix/rows/, such as\n\
         \x20   row(\"{}\", Admin).id(User, ORGANIZATION).answers(204),\n\
         saying who may (Everybody, Anyone, Person, Device, Manager, Admin) and on whose things (OWN, SEEN, MANAGED, ORGANIZATION).\n\
         The header of backend/tests/it/matrix/mod.rs has examples of everything.",
        missing[0]
    );
    let gone: Vec<&String> = named.difference(&routes).collect();
    assert!(
        gone.is_empty(),
        "these rows of the authorization matrix are about no route: {gone:?}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_matrix_holds_on_sqlite() {
    let app = TestApp::configured(world::behind_a_proxy).await;
    run::everything(&app).await;
    app.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_matrix_holds_on_postgres() {
    if let Some(app) = TestApp::postgres_configured(world::behind_a_proxy).await {
        run::everything(&app).await;
        app.close().await;
    }
}
