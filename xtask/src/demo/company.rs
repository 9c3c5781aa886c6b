//! The demo's company for whoever looks at it from outside: screenshots, the contract run.

use std::thread;

use anyhow::Result;

use super::{
    STOP_LIMIT, build, groups, happenings, history, live, manager, office,
    people::{ADMIN, EMPLOYEE, MANAGER},
    seed, server,
    state::{self, Memory},
};
use crate::{clock, dashboard, repo, setup, stop};

/// The demo's company on a running server: its address, and a log-in of each role as
/// `e-mail password`.
pub(crate) struct Company {
    /// `http://127.0.0.1:<port>`.
    pub(crate) base: String,
    /// The admin.
    pub(crate) admin: String,
    /// A manager.
    pub(crate) manager: String,
    /// An employee.
    pub(crate) employee: String,
}

/// Runs `work` beside the company with its history, in a temporary directory that goes with it.
/// Those who work at this hour do so meanwhile; this machine is not sampled.
pub(crate) fn with_company(
    no_build: bool,
    work: impl FnOnce(&Company) -> Result<()>,
) -> Result<()> {
    let dir = repo::scratch_dir("company")?;
    let memory = Memory::open(&dir, clock::now())?;
    setup::ensure(setup::Purpose::Demo)?;
    if !no_build {
        dashboard::install()?;
        dashboard::build(false)?;
        build(true)?;
    }
    let mut server = server::start(&dir, server::claim_port(0)?)?;
    let admin = seed::set_up(&server.api, &memory)?;
    let owner = seed::people(&server.api, &memory, &admin)?;
    groups::make(&server.api, &memory, &admin, owner)?;
    // Before the hours arrive: they come into their categories at once.
    office::furnish(&server.api, &admin, &manager(&server, &memory)?)?;
    history(&server, &memory)?;
    happenings(&server, &memory, &admin)?;
    let passwords = memory.state().passwords.clone();
    let company = Company {
        base: server.base.clone(),
        admin: format!("{} {}", ADMIN.1, passwords.admin),
        manager: format!("{MANAGER}@northwind.example {}", passwords.manager),
        employee: format!("{EMPLOYEE}@northwind.example {}", passwords.employee),
    };
    let outcome = thread::scope(|scope| {
        scope.spawn(|| live::run(&server.api, &memory));
        let outcome = work(&company);
        // The thread above ends at a stop.
        stop::request();
        outcome
    });
    outcome.and(server.process.stop(STOP_LIMIT))?;
    state::delete(&dir)
}
