//! Goes through the whole matrix on one server.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{
    acts, batch, cells, cursors, database, frames,
    judge::{self, Complaints},
    logs, looks, mounted, origins,
    row::{Relation, Row, Who},
    rows,
    world::World,
};
use crate::harness::TestApp;

/// Cells below this number mean that something was left out.
const FEWEST_CELLS: usize = 1_500;

/// Every rule of the matrix.
pub(super) async fn everything(app: &TestApp) {
    logs::keep();
    mounted::is_documented(app);
    mounted::other_methods_are_refused(app).await;
    let world = World::build(app).await;
    let operations = mounted::operations();
    let mut complaints = Complaints::default();
    let mut asked = 0;
    for row in &rows::all() {
        // Rows without a route have their own test.
        if operations.contains_key(row.route) {
            asked += refused(app, &world, &operations, row, &mut complaints).await;
            asked += allowed(app, &world, &operations, row, &mut complaints).await;
        }
    }
    complaints.none();
    assert!(asked >= FEWEST_CELLS, "only {asked} cells were asked");
    origins::of_others_are_refused_everywhere(app, &world).await;
    cursors::lead_nowhere_else(app, &world).await;
    frames::show_only_what_may_be_seen(app, &world).await;
    // Last: some ids of others are Eve's own sessions' afterwards.
    batch::ids_in_items_and_bodies(app, &world).await;
    let log = logs::text();
    assert!(log.contains("answered"), "the log was kept");
    for secret in world.secrets() {
        if let Some(at) = log.find(&secret) {
            let line = log[..at].rfind('\n').map_or(0, |end| end + 1);
            let line = log[line..].lines().next().unwrap_or_default();
            panic!("{secret:?} is in the log: {line}");
        }
    }
}

/// What must be refused: it is, and nothing has changed by it.
async fn refused(
    app: &TestApp,
    world: &World,
    operations: &BTreeMap<String, Value>,
    row: &Row,
    complaints: &mut Complaints,
) -> usize {
    let before = world.database.digest(None).await;
    let mut count = 0;
    for principal in &world.principals {
        // What is said of an id that nobody has, by the place of the id.
        let mut random: BTreeMap<usize, String> = BTreeMap::new();
        let mut others = Vec::new();
        for cell in cells::cells(row, principal) {
            if cell.is_allowed() {
                continue;
            }
            count += 1;
            let asked = cell.ask(app, world).await;
            judge::judge(world, operations, &cell, &asked, complaints);
            let said = judge::comparable(&asked.answer);
            match cell.swapped {
                Some((slot, Relation::Random)) => {
                    random.insert(slot, said);
                }
                Some((slot, _)) => others.push((cell, slot, said)),
                None => {}
            }
        }
        for (cell, slot, said) in others {
            let nobodys = random.get(&slot);
            // Things of the same organization may be refused for another reason than not being
            // there to be seen; other organizations' never.
            let alike =
                cell.expected() == cell.row.expected(principal, Some((slot, Relation::Random)));
            let elsewhere = matches!(cell.swapped, Some((_, Relation::Elsewhere)));
            if (alike || elsewhere) && nobodys != Some(&said) {
                let nobodys = nobodys.map_or("(that one is allowed)", String::as_str);
                complaints.add(format!(
                    "{cell}: answered otherwise than an id that nobody has:\n    {said:.300}\n    {nobodys:.300}"
                ));
            }
        }
    }
    let after = world.database.digest(None).await;
    let changed = database::changed(&before, &after);
    if !changed.is_empty() {
        complaints.add(format!(
            "{}: refused, and yet {changed:?} changed",
            row.route
        ));
    }
    count
}

/// What must be done: it is, and the other organization's data stay as they are.
async fn allowed(
    app: &TestApp,
    world: &World,
    operations: &BTreeMap<String, Value>,
    row: &Row,
    complaints: &mut Complaints,
) -> usize {
    let mut count = 0;
    let mut met = looks::Met::default();
    // Filters are answered alike for every id: what they say of another organization's is what
    // they say of none.
    let mut unknown: BTreeMap<(&str, usize, Relation), String> = BTreeMap::new();
    for principal in &world.principals {
        let elsewhere = world.elsewhere(principal.person);
        for cell in cells::cells(row, principal) {
            if !cell.is_allowed() {
                continue;
            }
            count += 1;
            let watched = !row.is_safe() && row.who != Who::Everybody;
            let before = if watched {
                world.database.digest(Some(elsewhere)).await
            } else {
                BTreeMap::new()
            };
            let written = if row.is_safe() {
                acts::Written::new()
            } else {
                acts::written(app).await
            };
            let heads = if row.is_safe() {
                looks::heads(app).await
            } else {
                looks::Heads::new()
            };
            let asked = cell.ask(app, world).await;
            judge::judge(world, operations, &cell, &asked, complaints);
            if let Some((slot, relation @ (Relation::Elsewhere | Relation::Random))) = cell.swapped
            {
                let said = judge::comparable(&asked.answer);
                unknown.insert((principal.name.as_str(), slot, relation), said);
            }
            if row.is_safe()
                && let Some(wrong) = looks::complaint(app, world, &cell, &heads, &mut met).await
            {
                complaints.add(format!("{cell}: {wrong}"));
            }
            if !row.is_safe()
                && let Some(wrong) = acts::complaint(row, &written, &acts::written(app).await)
            {
                complaints.add(format!("{cell}: {wrong}"));
            }
            if watched {
                let after = world.database.digest(Some(elsewhere)).await;
                let changed = database::changed(&before, &after);
                if !changed.is_empty() {
                    complaints.add(format!(
                        "{cell}: {changed:?} of the other organization changed"
                    ));
                }
            }
        }
    }
    for ((name, slot, relation), said) in &unknown {
        let nobodys = unknown.get(&(*name, *slot, Relation::Random));
        if nobodys != Some(said) {
            complaints.add(format!(
                "{} as {name}, {}: {relation:?} is answered otherwise than an id that nobody has:\n    {said:.300}\n    {nobodys:.300?}",
                row.route, row.slots[*slot].name
            ));
        }
    }
    complaints.0.extend(looks::both_were_met(row.route, &met));
    count
}
