//! Cursors that were given to somebody else, or for another list.

use super::{
    cells::address,
    judge, mounted,
    row::{Row, Who},
    rows,
    world::World,
};
use crate::harness::TestApp;

/// Every list is asked with every other list's cursor, and with the other organization's: it may
/// refuse it or read on from there in its own list, and shows nothing else.
pub(super) async fn lead_nowhere_else(app: &TestApp, world: &World) {
    let operations = mounted::operations();
    let rows = rows::all();
    let lists: Vec<&Row> = rows
        .iter()
        .filter(|row| {
            let parameters = operations
                .get(row.route)
                .map(|operation| &operation["parameters"]);
            let mut names = parameters
                .and_then(|list| list.as_array())
                .into_iter()
                .flatten();
            row.who != Who::Everybody && names.any(|parameter| parameter["name"] == "cursor")
        })
        .collect();
    assert!(lists.len() >= 3, "users, devices and sessions are lists");
    let mut cursors = vec![
        "e30".to_owned(),
        "bnVsbA".to_owned(),
        "%00".to_owned(),
        "WzEsMl0".to_owned(),
    ];
    for (admin, owner) in [("ada", "eve"), ("grace", "hal")] {
        for list in &lists {
            let path = format!("{}limit=1", address(world, list, owner));
            let page = app.get(&path, &world.person(admin).token).await.expect(200);
            if let Some(cursor) = page["next_cursor"].as_str() {
                cursors.push(cursor.to_owned());
            }
        }
    }
    assert!(
        cursors.len() >= 8,
        "the lists have more than a page: {cursors:?}"
    );
    for (name, owner) in [
        ("ada", "eve"),
        ("grace", "hal"),
        ("mona", "eve"),
        ("eve", "eve"),
    ] {
        let principal = world.principal(name);
        let forbidden = world.forbidden(principal);
        for list in &lists {
            for cursor in &cursors {
                let path = format!("{}cursor={cursor}", address(world, list, owner));
                let answer = app.get(&path, &principal.bearer).await;
                let status = answer.status.as_u16();
                let plain = matches!(status, 200 | 403 | 404 | 422);
                assert!(plain, "{path} as {name}: {status}");
                assert_eq!(
                    judge::shown(&answer, &forbidden),
                    Vec::<&str>::new(),
                    "{path} as {name}"
                );
            }
        }
    }
}
