//! `cargo xtask test`: everything, as CI runs it.
//!
//! Steps from quick to slow; the first failure stops. Nothing is left out silently: what a
//! machine cannot do is a step that is named as not done. Everything that a person must have
//! to trust a change is a step that cannot be left out.

use anyhow::Result;

use crate::{
    check::{clippy, has_nextest},
    cmd::Cmd,
    codegen, contract, dashboard,
    postgres::Cluster,
    repo, setup,
    steps::Steps,
    window,
};

/// Run every check and test, on SQLite and on a PostgreSQL started for it
///
/// Installs what is missing (see `setup`), builds the dashboard, runs the lints, the Rust
/// tests on both databases, the running server against its OpenAPI document as each kind of
/// caller (`api-contract`, with Schemathesis), the TypeScript checks and tests, and the
/// browser and desktop tests under a virtual display.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Only these steps (names as in the table at the end)
    #[arg(long, value_name = "STEP")]
    only: Vec<String>,
}

pub(crate) fn run(args: &Args) -> Result<()> {
    let mut steps = Steps::new("test", &args.only);
    steps.run("setup", || setup::ensure(setup::Purpose::Test))?;
    steps.command("format", &repo::cargo(&["fmt", "--all", "--check"]))?;
    steps.run("npm-install", window::install)?;
    steps.command("typescript", &repo::npm(&["run", "--silent", "check"]))?;
    steps.command("vitest", &repo::npm(&["test", "--silent"]))?;
    steps.run("dashboard", || dashboard::build(false))?;
    steps.command("browser", &repo::npm(&["run", "--silent", "test:browser"]))?;
    // The page of the window, which the tray app embeds.
    steps.command("window-check", &window::npm(&["run", "--silent", "check"]))?;
    steps.command("window-vitest", &window::npm(&["test", "--silent"]))?;
    steps.run("window", window::build)?;
    let pages = window::npm(&["run", "--silent", "test:browser"]);
    steps.command("window-browser", &pages)?;
    steps.command("clippy", &clippy(true))?;
    // The probe of Windows and macOS; the same packages again, so that little is compiled.
    let native = ["clippy", "--workspace", "--all-targets", "--features"];
    let native = repo::cargo(&native).arg("workpulse-agent/native-probe");
    steps.command("native-probe", &native.arg("--").arg("-D").arg("warnings"))?;
    // The server without what release builds turn on.
    let lean = ["clippy", "--workspace", "--bins", "--no-default-features"];
    let lean = repo::cargo(&lean).arg("--").arg("-D").arg("warnings");
    steps.command("without-pdf", &lean)?;
    licences(&mut steps)?;
    rust(&mut steps)?;
    steps.finish()
}

fn licences(steps: &mut Steps) -> Result<()> {
    if repo::cargo(&["deny", "--version"]).succeeds() {
        steps.command(
            "licences",
            &repo::cargo(&["deny", "--offline", "check", "licenses", "bans", "sources"]),
        )
    } else {
        steps.not_done(
            "licences",
            "cargo-deny is not installed (cargo install cargo-deny)",
        );
        Ok(())
    }
}

/// The Rust tests, those that need a database and those that need a desktop.
fn rust(steps: &mut Steps) -> Result<()> {
    let wanted = [
        "build",
        "codegen",
        "postgres",
        "rust-tests",
        "doc-tests",
        "api-contract",
        "end-to-end",
        "demo-smoke",
        "real-browser",
    ];
    if !wanted.iter().any(|name| steps.wants(name)) {
        return Ok(());
    }
    // One selection of packages for all of them: cargo then resolves features once and
    // compiles each dependency once.
    steps.command("build", &repo::cargo(&["build", "--workspace", "--bins"]))?;
    steps.run("codegen", codegen::check)?;
    let mut cluster = None;
    steps.run("postgres", || {
        cluster = Some(Cluster::start()?);
        Ok(())
    })?;
    if cluster.is_none() {
        cluster = Some(Cluster::start()?);
    }
    let cluster = cluster.expect("started just above");
    let with_database = |cmd: Cmd| cmd.env("WORKPULSE_TEST_POSTGRES", cluster.url());
    let nextest = has_nextest();

    steps.command("rust-tests", &with_database(rust_tests(nextest)))?;
    steps.command("doc-tests", &repo::cargo(&["test", "--workspace", "--doc"]))?;
    steps.run_keeping("api-contract", || contract::run(cluster.url()))?;
    let bins = repo::target_dir()?.join("debug");
    let end_to_end = with_database(end_to_end(nextest))
        .env("WORKPULSE_BIN_DIR", bins.as_os_str())
        .env("RUST_BACKTRACE", "1");
    steps.command("end-to-end", &end_to_end)?;
    // The first command of the README, looked at through the API.
    let demo = Cmd::new(
        repo::binary("debug", "xtask")?,
        &["demo", "--smoke", "--no-build"],
    )
    .dir(repo::root());
    steps.command("demo-smoke", &demo)?;
    // The dashboard that the server carries, driven in Chromium against that server.
    let real = repo::npm(&["run", "--silent", "test:real"]);
    let server = bins.join("workpulse-server");
    steps.command(
        "real-browser",
        &real.env("WORKPULSE_SERVER_BIN", server.as_os_str()),
    )
}

/// All but the end-to-end scenarios, which run in real time and need the machine to themselves.
fn rust_tests(nextest: bool) -> Cmd {
    if nextest {
        // Some wait for a clock or a server: one more than there are cores keeps them busy.
        let threads = std::thread::available_parallelism().map_or(2, |cores| cores.get() + 1);
        repo::cargo(&["nextest", "run", "--workspace", "--no-fail-fast"])
            .arg("--test-threads")
            .arg(threads.to_string())
            .arg("-E")
            .arg("not binary(/^e2e_/)")
    } else {
        repo::cargo(&[
            "test",
            "--workspace",
            "--exclude",
            "workpulse-tests",
            "--lib",
            "--bins",
            "--tests",
        ])
    }
}

fn end_to_end(nextest: bool) -> Cmd {
    if nextest {
        // The whole workspace, narrowed by the filter: what `rust-tests` compiled fits.
        repo::cargo(&[
            "nextest",
            "run",
            "--workspace",
            // Each has a display, servers and ports of its own, and mostly waits: the longest
            // one goes on beside all others.
            "--test-threads",
            "2",
            "-E",
            "binary(/^e2e_/)",
        ])
    } else {
        repo::cargo(&[
            "test",
            "--package",
            "workpulse-tests",
            "--",
            "--test-threads",
            "1",
        ])
    }
}
