//! The step `api-contract`: the server against its own OpenAPI document.
//!
//! Schemathesis makes requests out of the document, valid ones and broken ones, and judges
//! every answer: no 5xx, no status and no content type that is not documented, no body that
//! the schema does not allow. It does so as each kind of caller, with a fixed seed. A caller
//! who was locked out in the middle would make the rest pass for nothing: so it is looked at
//! whether the caller still gets in at the end, and how many operations answered with success.
//!
//! Owns the tool, the passes and their judgement; must not know what is inside the server.

mod har;
mod pass;
mod things;
mod tool;
mod world;

use std::fs;

use anyhow::{Context, Result};

use self::{pass::Pass, world::World};
use crate::{
    clock::{Stopwatch, spoken},
    demo::server,
    logs, repo,
};

/// Not tested here, and why.
const LEFT_OUT: &[(&str, &str)] = &[(
    "get_ws",
    "an upgrade to a socket, not a request with an answer; the server's own tests open it",
)];

/// What would end or change the caller: each is done by an admin of its own, at the end.
const APART: &[(&str, &str)] = &[
    ("delete_auth_logins", "ends the caller's log-ins"),
    ("delete_auth_logins_id", "may end the caller's log-in"),
    ("post_auth_logout", "ends the caller's log-in"),
    ("patch_users_id", "may suspend the caller"),
    ("post_users_id_sign_out", "may end the caller's log-ins"),
    ("post_users_id_erase", "erases a person"),
];

/// Runs every pass on `SQLite`, and those with a log-in once more on PostgreSQL; what each found, for
/// the table at the end.
pub(crate) fn run(postgres: &str) -> (Vec<String>, Result<()>) {
    let mut summary = Vec::new();
    let outcome = all(postgres, &mut summary);
    (summary, outcome)
}

fn all(postgres: &str, summary: &mut Vec<String>) -> Result<()> {
    let program = tool::ensure()?;
    for (operation, reason) in LEFT_OUT {
        println!("    left out: {operation}: {reason}");
    }
    for (operation, reason) in APART {
        println!("    by an admin of its own: {operation}: {reason}");
    }
    for database in [None, Some(postgres)] {
        let dir = repo::scratch_dir("contract")?;
        let mut server = server::start_on(&dir, repo::free_port()?, database)?;
        let world = World::make(&server.api, APART.len(), &dir.join("server"), database)?;
        let document = pass::Document::read(&server.api, APART, LEFT_OUT)?;
        for pass in passes(&document, &world, database.is_some()) {
            let watch = Stopwatch::start();
            let line = pass
                .run(&program, &server.base, &dir, &world)
                .with_context(|| {
                    format!("as {} (the reports are in {})", pass.name, dir.display())
                })?;
            let engine = database.map_or("SQLite", |_| "PostgreSQL");
            let line = format!("{engine}, {line} in {}", spoken(watch.elapsed()));
            println!("    {line}");
            summary.push(line);
        }
        server.process.check()?;
        drop(server);
        logs::tell_nothing(&[&dir.join("server.log")])?;
        fs::remove_dir_all(&dir).with_context(|| format!("cannot remove {}", dir.display()))?;
    }
    Ok(())
}

/// Which callers, and how thoroughly. On the second engine what differs is below HTTP: valid
/// requests in some number do.
fn passes(document: &pass::Document, world: &World, again: bool) -> Vec<Pass> {
    let token = |name: &str| Some(world.token(name));
    let (public, device) = (document.public(), document.of_device());
    let person = document.of_person();
    if again {
        return vec![
            Pass::new("device", token("device"), device, 10, 50),
            Pass::new("employee", token("employee"), person.clone(), 3, 15).only_fuzzing(),
            Pass::new("manager", token("manager"), person.clone(), 3, 15).only_fuzzing(),
            Pass::new("admin", token("admin"), person, 8, 50).only_fuzzing(),
        ];
    }
    let mut passes = vec![
        Pass::new("nobody", None, public, 6, 40),
        Pass::new("device", token("device"), device, 20, 50),
        Pass::new("employee", token("employee"), person.clone(), 4, 25),
        Pass::new("manager", token("manager"), person.clone(), 4, 25),
        Pass::new("admin", token("admin"), person, 8, 50),
    ];
    for (number, (operation, _)) in APART.iter().enumerate() {
        let name = format!("throw-away-{number}");
        let only = vec![(*operation).to_owned()];
        passes.push(Pass::new(&name, Some(world.token(&name)), only, 6, 0).that_ends());
    }
    passes
}
