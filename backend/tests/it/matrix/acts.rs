//! Every administrative act is written down: what each route that changes something leaves in
//! the audit, or why it leaves nothing there.

use std::collections::{BTreeMap, BTreeSet};

use uuid::Uuid;

use super::row::Row;
use crate::{harness::TestApp, raw::behind};

/// What a route leaves in the audit when all is well.
#[derive(Debug, Clone, Copy)]
pub(super) enum Leaves {
    /// A row with this action.
    Act(&'static str),
    /// Rows with some of these actions; none when the request changed nothing.
    Changes(&'static [&'static str]),
    /// Nothing, for this reason.
    Nothing(&'static str),
}

use Leaves::{Act, Changes, Nothing};

const UNKNOWN: &str = "in the matrix the token is unknown; the tests of joining have the rest";
const OWN_WORK: &str = "one's own time, which is activity and not an administrative act";
const OWN_FILES: &str = "a wish for files of one's own; each is a look when it is handed out";

/// Of each route that changes something.
pub(super) const ACTS: &[(&str, Leaves)] = &[
    (
        "POST /api/v1/setup",
        Nothing("it has happened before; the first leaves organization.created"),
    ),
    (
        "POST /api/v1/auth/login",
        Nothing("a log-in of one's own is in the list of log-ins"),
    ),
    (
        "POST /api/v1/auth/refresh",
        Nothing("goes on with a log-in of one's own"),
    ),
    (
        "POST /api/v1/auth/logout",
        Nothing("ends a log-in of one's own"),
    ),
    ("POST /api/v1/alerts/resolve", Act("alert.resolved")),
    ("POST /api/v1/alerts/{id}/resolve", Act("alert.resolved")),
    ("POST /api/v1/report-schedules", Nothing(OWN_FILES)),
    ("PUT /api/v1/report-schedules/{id}", Nothing(OWN_FILES)),
    ("DELETE /api/v1/report-schedules/{id}", Nothing(OWN_FILES)),
    ("POST /api/v1/notes", Nothing(OWN_WORK)),
    ("PUT /api/v1/notes/{id}", Nothing(OWN_WORK)),
    ("DELETE /api/v1/notes/{id}", Nothing(OWN_WORK)),
    ("POST /api/v1/notes/{id}/answer", Act("note.answered")),
    ("POST /api/v1/users", Act("user.created")),
    ("POST /api/v1/users/{id}/erase", Act("user.erased")),
    (
        "POST /api/v1/enrolment-tokens",
        Act("enrolment_token.created"),
    ),
    (
        "DELETE /api/v1/enrolment-tokens/{id}",
        Act("enrolment_token.revoked"),
    ),
    ("POST /api/v1/devices", Act("device.enrolled")),
    (
        "POST /api/v1/devices/enrol",
        Nothing("in the matrix the token is unknown; see audit.rs for device.enrolled"),
    ),
    ("DELETE /api/v1/devices/{id}", Act("device.revoked")),
    ("POST /api/v1/devices/{id}/approve", Act("device.approved")),
    ("PUT /api/v1/teams/{id}/policy", Act("team_policy.changed")),
    (
        "DELETE /api/v1/teams/{id}/policy",
        Act("team_policy.removed"),
    ),
    ("PUT /api/v1/policy", Act("policy.changed")),
    ("POST /api/v1/auth/invitation", Nothing(UNKNOWN)),
    ("POST /api/v1/auth/register", Nothing(UNKNOWN)),
    (
        "POST /api/v1/auth/reset-request",
        Nothing("a request by an address that nobody has; the reset itself is written down"),
    ),
    ("POST /api/v1/auth/reset", Nothing(UNKNOWN)),
    ("POST /api/v1/auth/password", Act("user.password_changed")),
    (
        "DELETE /api/v1/auth/logins",
        Changes(&["user.signed_out", "user.login_ended"]),
    ),
    (
        "DELETE /api/v1/auth/logins/{id}",
        Changes(&["user.signed_out", "user.login_ended"]),
    ),
    ("POST /api/v1/invitations", Act("invitation.created")),
    ("DELETE /api/v1/invitations/{id}", Act("invitation.revoked")),
    ("PATCH /api/v1/users/{id}", Act("user.renamed")),
    ("POST /api/v1/users/{id}/sign-out", Act("user.signed_out")),
    (
        "POST /api/v1/users/{id}/reset-link",
        Act("user.reset_link_made"),
    ),
    (
        "PATCH /api/v1/organization",
        Changes(&["organization.changed"]),
    ),
    ("POST /api/v1/webhooks", Act("webhook.created")),
    ("PATCH /api/v1/webhooks/{id}", Act("webhook.changed")),
    ("DELETE /api/v1/webhooks/{id}", Act("webhook.removed")),
    ("POST /api/v1/webhooks/{id}/test", Act("webhook.tested")),
    (
        "POST /api/v1/webhooks/{id}/secret",
        Act("webhook.secret_changed"),
    ),
    (
        "POST /api/v1/webhooks/{id}/deliveries/{delivery_id}/again",
        Act("webhook.sent_again"),
    ),
    ("POST /api/v1/teams", Act("team.created")),
    ("PATCH /api/v1/teams/{id}", Act("team.renamed")),
    ("DELETE /api/v1/teams/{id}", Act("team.deleted")),
    (
        "PUT /api/v1/teams/{id}/members/{user_id}",
        Changes(&["team.member_added", "team.member_changed"]),
    ),
    (
        "DELETE /api/v1/teams/{id}/members/{user_id}",
        Changes(&["team.member_removed"]),
    ),
    ("POST /api/v1/categories", Act("category.created")),
    (
        "PATCH /api/v1/categories/{id}",
        Changes(&["category.changed"]),
    ),
    ("DELETE /api/v1/categories/{id}", Act("category.deleted")),
    (
        "PUT /api/v1/category-rules",
        Changes(&["category_rules.changed"]),
    ),
    ("POST /api/v1/category-rules/preview", Act("look.report")),
    (
        "POST /api/v1/policy/preview",
        Nothing("examples of the caller's own; nothing is changed, nobody is looked at"),
    ),
    ("POST /api/v1/projects", Act("project.created")),
    (
        "PATCH /api/v1/projects/{id}",
        Changes(&["project.changed", "project.archived", "project.restored"]),
    ),
    (
        "PUT /api/v1/projects/{id}/members/{user_id}",
        Changes(&["project.member_added", "project.member_changed"]),
    ),
    (
        "DELETE /api/v1/projects/{id}/members/{user_id}",
        Changes(&["project.member_removed"]),
    ),
    (
        "PUT /api/v1/sessions/{id}/project",
        Changes(&["session.project_changed", "look.session"]),
    ),
    (
        "POST /api/v1/exports",
        Nothing("it shows nothing yet; each time the file is handed out is a look"),
    ),
    (
        "DELETE /api/v1/exports/{id}",
        Nothing("a file of one's own, which goes by itself otherwise"),
    ),
    ("POST /api/v1/sync", Nothing(OWN_WORK)),
    ("POST /api/v1/sessions/start", Nothing(OWN_WORK)),
    ("POST /api/v1/sessions/{id}/activity", Nothing(OWN_WORK)),
    ("POST /api/v1/sessions/{id}/activities", Nothing(OWN_WORK)),
    ("POST /api/v1/sessions/{id}/stop", Nothing(OWN_WORK)),
];

/// What making something for a request leaves.
const MAKING: [&str; 12] = [
    "category.created",
    "user.created",
    "team.created",
    "team_policy.changed",
    "team.member_added",
    "project.created",
    "project.member_added",
    "enrolment_token.created",
    "device.enrolled",
    "invitation.created",
    "webhook.created",
    "webhook.tested",
];

/// All rows of the audit, by organization and number.
pub(super) type Written = BTreeMap<(Uuid, i64), String>;

/// What is written so far.
pub(super) async fn written(app: &TestApp) -> Written {
    let rows: Vec<(Uuid, i64, String)> = behind!(app.target(), |c| sqlx::query_as(
        "SELECT organization_id, seq, action FROM audit"
    )
    .fetch_all(&mut *c)
    .await)
    .expect("reads");
    rows.into_iter()
        .map(|(organization, seq, action)| ((organization, seq), action))
        .collect()
}

/// What is wrong with what a request that went well left in the audit.
pub(super) fn complaint(row: &Row, before: &Written, after: &Written) -> Option<String> {
    let Some((_, leaves)) = ACTS.iter().find(|(route, _)| *route == row.route) else {
        return Some(format!(
            "{}: say in backend/tests/it/matrix/acts.rs what it leaves in the audit, or why nothing",
            row.route
        ));
    };
    let expected: &[&str] = match leaves {
        Leaves::Act(action) => &[*action],
        Leaves::Changes(actions) => actions,
        Leaves::Nothing(_) => &[],
    };
    let new: BTreeSet<&str> = after
        .iter()
        .filter(|(key, _)| !before.contains_key(key))
        .map(|(_, action)| action.as_str())
        // What was made for the request to use up is not of the request.
        .filter(|action| expected.contains(action) || !MAKING.contains(action))
        .collect();
    match leaves {
        Leaves::Act(action) if new.contains(action) => None,
        Leaves::Act(action) => Some(format!(
            "{}: leaves {new:?} in the audit, and not {action}",
            row.route
        )),
        Leaves::Changes(actions) if new.iter().all(|action| actions.contains(action)) => None,
        Leaves::Changes(actions) => Some(format!(
            "{}: leaves {new:?} in the audit, and not only {actions:?}",
            row.route
        )),
        Leaves::Nothing(_) if new.is_empty() => None,
        Leaves::Nothing(reason) => Some(format!(
            "{}: leaves {new:?} in the audit, although it is {reason}",
            row.route
        )),
    }
}

#[test]
fn every_route_that_changes_something_says_what_it_leaves_in_the_audit() {
    let unsafe_routes: BTreeSet<String> = super::mounted::documented()
        .into_iter()
        .filter(|route| !route.starts_with("GET "))
        .collect();
    let named: BTreeSet<String> = ACTS.iter().map(|(route, _)| (*route).to_owned()).collect();
    assert_eq!(
        unsafe_routes, named,
        "left: the routes; right: backend/tests/it/matrix/acts.rs. Add the action that the route \
         writes, or the reason why it writes none"
    );
}
