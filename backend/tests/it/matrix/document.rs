//! `docs/AUTHORIZATION.md`: the same rows, for people.

use std::{fmt::Write as _, path::PathBuf};

use shared_types::auth::Role;

use super::{
    principals::{Principal, Standing},
    row::{Relation, Row},
    rows,
};

const HEAD: &str = "# Who may do what

Made from the rows of the authorization matrix (`backend/tests/it/matrix/rows/`), which tests every
cell of it on both databases; do not edit it here. `UPDATE_GOLDEN=1 cargo test -p workpulse-server
--test it matrix::document` writes it.

A route that takes no ids says `yes` or nothing. One that takes them says on whose it may be used:
`own`, `managed` (people in the teams and projects that a manager manages, and these themselves; for
an employee: of people in the same team), `organization` (everybody and everything else in it), `all`
of these. Whatever is not named is answered like an id
that nobody has; another organization's always is. Who may not use a route at all gets 403; without a
valid credential it is 401. Suspended people, and revoked devices, get 403 everywhere.

| route | nobody | employee | manager | admin | device |
|---|---|---|---|---|---|
";

fn cell(row: &Row, standing: Standing) -> String {
    let principal = Principal::new("", "", standing, "eve");
    if row.admits(&principal).is_err() {
        return String::new();
    }
    if row.slots.is_empty() {
        return match row.exception(&principal, None) {
            Some(status) if status != row.status => String::new(),
            _ => "yes".to_owned(),
        };
    }
    let mut parts = Vec::new();
    for (index, slot) in row.slots.iter().enumerate() {
        let words: Vec<&str> = [
            (Relation::Own, "own"),
            (Relation::Team, "managed"),
            (Relation::Organization, "organization"),
        ]
        .into_iter()
        .filter(|(relation, _)| row.expected(&principal, Some((index, *relation))) == row.status)
        // A filter answers alike for whoever is out of reach, and with nothing of theirs.
        .filter(|(relation, _)| slot.missing != row.status || (slot.reach)(&principal, *relation))
        .map(|(_, word)| word)
        .collect();
        // For an employee nobody is managed: what they reach of others, they reach of all.
        let words = match words.as_slice() {
            ["own", "managed", "organization"] => "all".to_owned(),
            words => words.join(", "),
        };
        if row.slots.len() == 1 {
            parts.push(words);
        } else if !words.is_empty() {
            parts.push(format!("`{}`: {words}", slot.name));
        }
    }
    parts.join("; ")
}

fn table() -> String {
    let mut text = HEAD.to_owned();
    let mut rows = rows::all();
    rows.sort_by_key(|row| (row.pattern(), row.method()));
    for row in &rows {
        let cells: Vec<String> = [
            Standing::Nobody,
            Standing::Person(Role::Employee),
            Standing::Person(Role::Manager),
            Standing::Person(Role::Admin),
            Standing::Device,
        ]
        .into_iter()
        .map(|standing| cell(row, standing))
        .collect();
        writeln!(text, "| `{}` | {} |", row.route, cells.join(" | "))
            .expect("writing to a String cannot fail");
    }
    text
}

#[test]
fn the_table_for_people_says_what_the_rows_say() {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../docs/AUTHORIZATION.md");
    let made = table();
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&path, &made).expect("the folder can be written");
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        made == kept,
        "docs/AUTHORIZATION.md is not what the rows of the matrix say. \
         UPDATE_GOLDEN=1 cargo test -p workpulse-server --test it matrix::document writes it; look at the difference."
    );
}
