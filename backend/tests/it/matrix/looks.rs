//! Every look is written down: which look each route that reads leaves in the audit when it shows
//! somebody else, or why it leaves none.

use std::collections::{BTreeMap, BTreeSet};

use shared_types::audit::LookAt;
use uuid::Uuid;

use super::{
    cells::Cell,
    row::{Relation, Thing},
    world::World,
};
use crate::{harness::TestApp, raw::behind};

/// What a route that reads leaves in the audit.
#[derive(Debug, Clone, Copy)]
pub(super) enum Leaves {
    /// A look at the person whom the only id leads to, when that is somebody else.
    Of(LookAt),
    /// A look at everybody in sight, when that is more than oneself.
    All(LookAt),
    /// Whom it shows follows from several ids together: a look, or nothing where nobody else is
    /// shown. The matrix must meet both.
    Several(LookAt),
    /// As the last, and nobody else is shown by it in the matrix: where that is tested.
    Elsewhere(LookAt, &'static str),
    /// Nothing, for this reason.
    Nothing(&'static str),
}

use Leaves::{All, Elsewhere, Nothing, Of, Several};

const OWN: &str = "one's own";
const SETTINGS: &str = "settings and lists of the organization, no activity";
const ACCOUNTS: &str = "accounts and who is with whom, no activity";
const DEVICES: &str = "which devices there are and when they were in contact, no activity";
const PUBLIC: &str = "says nothing of anybody";

/// Of each route that reads.
pub(super) const LOOKS: &[(&str, Leaves)] = &[
    ("GET /health", Nothing(PUBLIC)),
    ("GET /health/live", Nothing(PUBLIC)),
    ("GET /health/ready", Nothing(PUBLIC)),
    ("GET /api/docs", Nothing(PUBLIC)),
    ("GET /api/docs/{file}", Nothing(PUBLIC)),
    ("GET /api/v1/openapi.json", Nothing(PUBLIC)),
    ("GET /api/v1/setup", Nothing(PUBLIC)),
    ("GET /api/v1/jobs", Nothing(SETTINGS)),
    ("GET /api/v1/organization", Nothing(SETTINGS)),
    ("GET /api/v1/categories", Nothing(SETTINGS)),
    ("GET /api/v1/category-rules", Nothing(SETTINGS)),
    ("GET /api/v1/category-rules/progress", Nothing(SETTINGS)),
    ("GET /api/v1/webhooks", Nothing(SETTINGS)),
    ("GET /api/v1/webhooks/{id}", Nothing(SETTINGS)),
    (
        "GET /api/v1/webhooks/{id}/deliveries",
        Nothing("which messages went out and how they were answered, without what was in them"),
    ),
    ("GET /api/v1/policy", Nothing(SETTINGS)),
    ("GET /api/v1/policy/effective", Nothing(SETTINGS)),
    ("GET /api/v1/teams/{id}/policy", Nothing(SETTINGS)),
    ("GET /api/v1/me", Nothing(OWN)),
    ("GET /api/v1/me/export", Nothing(OWN)),
    ("GET /api/v1/me/looks", Nothing(OWN)),
    ("GET /api/v1/auth/logins", Nothing(OWN)),
    ("GET /api/v1/report-schedules", Nothing(OWN)),
    ("GET /api/v1/exports", Nothing(OWN)),
    ("GET /api/v1/exports/{id}", Nothing(OWN)),
    ("GET /api/v1/users", Nothing(ACCOUNTS)),
    ("GET /api/v1/users/{id}", Nothing(ACCOUNTS)),
    ("GET /api/v1/invitations", Nothing(ACCOUNTS)),
    ("GET /api/v1/teams", Nothing(ACCOUNTS)),
    ("GET /api/v1/teams/{id}", Nothing(ACCOUNTS)),
    ("GET /api/v1/teams/{id}/members", Nothing(ACCOUNTS)),
    ("GET /api/v1/projects", Nothing(ACCOUNTS)),
    ("GET /api/v1/projects/{id}", Nothing(ACCOUNTS)),
    ("GET /api/v1/projects/{id}/members", Nothing(ACCOUNTS)),
    ("GET /api/v1/devices", Nothing(DEVICES)),
    ("GET /api/v1/devices/{id}", Nothing(DEVICES)),
    ("GET /api/v1/enrolment-tokens", Nothing(DEVICES)),
    (
        "GET /api/v1/audit",
        Nothing("who did what: acts and looks, no activity"),
    ),
    (
        "GET /api/v1/users/{id}/looks",
        Nothing("who looked at somebody, no activity"),
    ),
    ("GET /api/v1/presence", All(LookAt::Presence)),
    // Whose sight has changed behind the number is told to begin anew, and shown nobody.
    ("GET /api/v1/events", Several(LookAt::Events)),
    ("GET /api/v1/ws", All(LookAt::Live)),
    ("GET /api/v1/sessions", Of(LookAt::Sessions)),
    ("GET /api/v1/sessions/{id}", Of(LookAt::Session)),
    ("GET /api/v1/alerts", Of(LookAt::Alerts)),
    ("GET /api/v1/alerts/{id}", Of(LookAt::Alerts)),
    ("GET /api/v1/notes", Of(LookAt::Notes)),
    ("GET /api/v1/users/{id}/timeline", Of(LookAt::Timeline)),
    ("GET /api/v1/users/{id}/export", Of(LookAt::Export)),
    ("GET /api/v1/summaries", Several(LookAt::Summaries)),
    ("GET /api/v1/reports", Several(LookAt::Report)),
    ("GET /api/v1/reports/export", Several(LookAt::ExportedFile)),
    ("GET /api/v1/reports/heatmap", Several(LookAt::Report)),
    (
        "GET /api/v1/reports/attendance",
        Several(LookAt::Attendance),
    ),
    (
        "GET /api/v1/reports/completeness",
        Several(LookAt::Completeness),
    ),
    (
        "GET /api/v1/projects/{id}/totals",
        Elsewhere(LookAt::ProjectTotals, "looks_of_answers.rs"),
    ),
    (
        "GET /api/v1/exports/{id}/file",
        Elsewhere(LookAt::ExportedFile, "exports.rs"),
    ),
];

/// How far each organization's audit goes.
pub(super) type Heads = BTreeMap<Uuid, i64>;

/// How far they go now.
pub(super) async fn heads(app: &TestApp) -> Heads {
    const TEXT: &str = "SELECT organization_id, seq FROM audit_heads";
    let rows: Vec<(Uuid, i64)> = behind!(app.target(), |c| sqlx::query_as(TEXT)
        .fetch_all(&mut *c)
        .await)
    .expect("reads");
    rows.into_iter().collect()
}

/// A row that was written: what, and of whom.
type Written = (String, BTreeSet<Uuid>);

async fn written_since(app: &TestApp, before: &Heads) -> Vec<Written> {
    const ROWS: &str = "SELECT action, subject_id, people FROM audit
        WHERE organization_id = $1 AND seq > $2 ORDER BY seq";
    const SET: &str = "SELECT user_id FROM audit_people WHERE organization_id = $1 AND people = $2";
    let mut written = Vec::new();
    for (organization, head) in heads(app).await {
        let known = before.get(&organization).copied().unwrap_or(0);
        if head == known {
            continue;
        }
        let rows: Vec<(String, Option<Uuid>, Option<Vec<u8>>)> =
            behind!(app.target(), |c| sqlx::query_as(ROWS)
                .bind(organization)
                .bind(known)
                .fetch_all(&mut *c)
                .await)
            .expect("reads");
        for (action, subject, set) in rows {
            let mut people: BTreeSet<Uuid> = subject.into_iter().collect();
            if let Some(set) = set {
                let members: Vec<Uuid> = behind!(app.target(), |c| sqlx::query_scalar(SET)
                    .bind(organization)
                    .bind(&set)
                    .fetch_all(&mut *c)
                    .await)
                .expect("reads");
                people.extend(members);
            }
            written.push((action, people));
        }
    }
    written
}

/// Counts, of a route that may leave a look or none, which of the two was met.
#[derive(Debug, Default)]
pub(super) struct Met {
    looks: usize,
    nothing: usize,
}

/// What is wrong with what a cell that went well left in the audit.
pub(super) async fn complaint(
    app: &TestApp,
    world: &World,
    cell: &Cell<'_>,
    before: &Heads,
    met: &mut Met,
) -> Option<String> {
    let Some((_, leaves)) = LOOKS.iter().find(|(route, _)| *route == cell.row.route) else {
        return Some(
            "say in backend/tests/it/matrix/looks.rs which look it is, or why none".into(),
        );
    };
    let written = written_since(app, before).await;
    // Whom the only id leads to, when that is somebody else.
    let somebody = cell.swapped.and_then(|(slot, relation)| {
        let owner = cell.principal.related(relation)?;
        let whose = matches!(
            cell.row.slots[slot].thing,
            Thing::User | Thing::Session | Thing::Alert | Thing::Note
        );
        (whose && relation != Relation::Own).then(|| world.person(owner).things[&Thing::User])
    });
    let exactly = |at: LookAt, person: Option<Uuid>| {
        let expected: Vec<Written> = person
            .map(|person| (at.action().to_owned(), BTreeSet::from([person])))
            .into_iter()
            .collect();
        (written != expected)
            .then(|| format!("leaves {written:?} in the audit, and not {expected:?}"))
    };
    match leaves {
        Of(at) => exactly(*at, somebody),
        All(at) => {
            let sees_others = cell.principal.is_manager();
            let oneself = world.person(cell.principal.person).things[&Thing::User];
            let right = match written.as_slice() {
                [] => !sees_others,
                [(action, people)] => {
                    sees_others
                        && action == at.action()
                        && !people.is_empty()
                        && !people.contains(&oneself)
                }
                _ => false,
            };
            (!right).then(|| {
                format!("leaves {written:?} in the audit; {at:?} at others: {sees_others}")
            })
        }
        Several(at) | Elsewhere(at, _) => {
            let tested = match leaves {
                Elsewhere(_, place) => place,
                _ => "here",
            };
            if written.is_empty() {
                met.nothing += 1;
            } else {
                met.looks += 1;
            }
            let oneself = world.person(cell.principal.person).things[&Thing::User];
            let right = match written.as_slice() {
                [] => true,
                [(action, people)] => action == at.action() && !people.contains(&oneself),
                _ => false,
            };
            (!right)
                .then(|| format!("leaves {written:?} in the audit, and no single {at:?} at others (tested in {tested})"))
        }
        Nothing(reason) => (!written.is_empty())
            .then(|| format!("leaves {written:?} in the audit, although it is {reason}")),
    }
}

/// What is wrong with all of a route's cells together.
pub(super) fn both_were_met(route: &str, met: &Met) -> Option<String> {
    let (_, leaves) = LOOKS.iter().find(|(named, _)| *named == route)?;
    (matches!(leaves, Several(_)) && (met.looks == 0 || met.nothing == 0))
        .then(|| format!("{route}: a look and none must both be met: {met:?}"))
}

#[test]
fn every_route_that_reads_says_which_look_it_is() {
    let routes: BTreeSet<String> = super::mounted::documented()
        .into_iter()
        .filter(|route| route.starts_with("GET "))
        .collect();
    let named: BTreeSet<String> = LOOKS.iter().map(|(route, _)| (*route).to_owned()).collect();
    assert_eq!(named.len(), LOOKS.len(), "a route is named twice");
    assert_eq!(
        routes, named,
        "left: the routes; right: backend/tests/it/matrix/looks.rs. Add the look that the route \
         writes when it shows somebody else's activity, or the reason why it writes none"
    );
    let written: BTreeSet<&str> = LOOKS
        .iter()
        .filter_map(|(_, leaves)| match leaves {
            Of(at) | All(at) | Several(at) | Elsewhere(at, _) => Some(at.action()),
            Nothing(_) => None,
        })
        .collect();
    let kinds: BTreeSet<&str> = LookAt::ALL.iter().map(|at| at.action()).collect();
    assert_eq!(written, kinds, "each kind of look has its route");
}
