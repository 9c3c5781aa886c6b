//! Scheduled jobs: once each, whoever works, whatever the clock does and whoever dies.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use proptest::{prelude::*, test_runner::TestRunner};
use shared_types::{OrganizationId, Timestamp};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use workpulse_server::{
    domain::schedule::{CatchUp, Rhythm},
    jobs::{Context, Definition, Due, JobError, Options, Outcome, Worker},
    store::{
        Store,
        events::{self, Subject},
        job_list::{self as table, JobRow},
    },
};

use crate::harness::{BEGINNING, TestApp};

/// A worker with a database connection of its own, as another process has.
pub(crate) async fn worker(app: &TestApp, definitions: Vec<Definition>) -> Worker {
    let database = &app.state().config.database;
    let store = Store::open(&database.target, 4).await.expect("it opens");
    worker_on(app, store, definitions).await
}

async fn worker_on(app: &TestApp, store: Store, definitions: Vec<Definition>) -> Worker {
    let state = app.state();
    let options = Options {
        lease: Duration::from_secs(30),
        at_once: 4,
        ..Options::default()
    };
    Worker::new(
        store,
        state.live.clone(),
        state.clock.clone(),
        definitions,
        options,
    )
    .await
    .expect("the schedules are written")
}

/// A job whose effect is one event, dated with the occurrence that it is for.
pub(crate) fn noting(
    name: &'static str,
    expression: &'static str,
    catch_up: CatchUp,
) -> Definition {
    let mut definition = Definition::new(name, expression, move |context: Context, due: Due| {
        let kind = name.to_uppercase();
        async move {
            let organization = due.organization.expect("it is an organization's");
            let mut tx = context.effect(organization, "noted").await?;
            events::append(&mut tx, &kind, &Subject::default(), due.at).await?;
            context.commit(tx).await
        }
    })
    .per_organization()
    .catching_up(catch_up);
    // Many attempts die in these tests.
    definition.attempts = 10_000;
    definition
}

/// The occurrences that had their effect, in the order of their effects.
pub(crate) async fn effects(
    app: &TestApp,
    organization: OrganizationId,
    kind: &str,
) -> Vec<Timestamp> {
    let mut reader = app
        .state()
        .store
        .tenant(organization)
        .read()
        .await
        .expect("read");
    events::after(reader.db(), 0, 100_000)
        .await
        .expect("read")
        .into_iter()
        .filter(|event| event.kind == kind)
        .map(|event| event.created_at)
        .collect()
}

pub(crate) async fn history(app: &TestApp, schedule: &str) -> Vec<JobRow> {
    let mut reader = app.state().store.system().read().await.expect("read");
    table::history(reader.db(), Some(schedule), false, 1_000)
        .await
        .expect("read")
}

fn occurrences(expression: &str, zone: &str, from: Timestamp, to: Timestamp) -> Vec<Timestamp> {
    let rhythm: Rhythm = expression.parse().expect("an expression");
    let zone = jiff::tz::TimeZone::get(zone).expect("a zone");
    std::iter::successors(rhythm.next(from, &zone), |last| rhythm.next(*last, &zone))
        .take_while(|next| *next <= to)
        .collect()
}

fn sorted(mut list: Vec<Timestamp>) -> Vec<Timestamp> {
    list.sort_unstable();
    list
}

on_both_engines! {
    async fn two_workers_at_once_give_each_occurrence_its_effect_once(app) {
        let organization = app.set_up().await.organization_id;
        let definitions = || vec![noting("race", "*/10 * * * *", CatchUp::Each)];
        let (one, other) = (worker(app, definitions()).await, worker(app, definitions()).await);
        one.plan().await.expect("begun");
        app.clock.advance_seconds(4 * 3_600);
        let (first, second) = tokio::join!(one.turn(), other.turn());
        let ran = first.expect("worked") + second.expect("worked");
        assert_eq!(ran, 24);
        let due = occurrences("*/10 * * * *", "Europe/Berlin", BEGINNING, app.state().clock.now());
        assert_eq!(sorted(effects(app, organization, "RACE").await), due);
        assert!(history(app, "race").await.iter().all(|job| job.state == "done" && job.attempts == 1));
    }

    async fn a_dead_worker_s_job_is_taken_over_and_its_late_write_is_refused(app) {
        let organization = app.set_up().await.organization_id;
        let definitions = || vec![noting("lease", "0 * * * *", CatchUp::Each)];
        let (dying, other) = (worker(app, definitions()).await, worker(app, definitions()).await);
        dying.plan().await.expect("begun");
        app.clock.advance_seconds(3_600);
        dying.plan().await.expect("planned");
        let claim = dying.claim().await.expect("asked").expect("there is one");
        // Stopped in its tracks for 29 seconds: still its own.
        app.clock.advance_seconds(29);
        assert_eq!(other.turn().await.expect("worked"), 0);
        app.clock.advance_seconds(1);
        assert_eq!(other.turn().await.expect("worked"), 1);
        let once = effects(app, organization, "LEASE").await;
        assert_eq!(once.len(), 1);
        // It goes on as if nothing had happened.
        dying.execute(claim, &CancellationToken::new()).await;
        assert_eq!(effects(app, organization, "LEASE").await, once);
        let job = &history(app, "lease").await[0];
        assert_eq!((job.state.as_str(), job.attempts), ("done", 2));
    }

    async fn a_lease_that_a_wrong_clock_wrote_holds_nobody_up(app) {
        app.set_up().await;
        let definitions = || vec![noting("wrong", "0 * * * *", CatchUp::Each)];
        let (fast, other) = (worker(app, definitions()).await, worker(app, definitions()).await);
        fast.plan().await.expect("begun");
        app.clock.advance_seconds(3_600);
        fast.plan().await.expect("planned");
        app.clock.advance_seconds(600);
        fast.claim().await.expect("asked").expect("there is one");
        app.clock.advance_seconds(-600);
        assert_eq!(other.turn().await.expect("worked"), 1);
    }

    async fn what_was_missed_follows_the_rule_of_its_schedule(app) {
        let organization = app.set_up().await.organization_id;
        let definitions = vec![
            noting("each", "0 * * * *", CatchUp::Each),
            noting("once", "0 * * * *", CatchUp::Once),
            noting("skip", "0 * * * *", CatchUp::Skip),
        ];
        let worker = worker(app, definitions).await;
        worker.plan().await.expect("begun");
        // Three days without anybody: 09:00 to 09:30, three days later.
        app.clock.advance_seconds(3 * 86_400 + 1_800);
        worker.turn().await.expect("worked");
        let latest = app.state().clock.now().plus_seconds(-1_800);
        assert_eq!(effects(app, organization, "EACH").await.len(), 72);
        assert_eq!(effects(app, organization, "ONCE").await, [latest]);
        assert_eq!(effects(app, organization, "SKIP").await, []);
        // On time, all of them.
        app.clock.advance_seconds(1_800);
        worker.turn().await.expect("worked");
        for kind in ["EACH", "ONCE", "SKIP"] {
            assert_eq!(effects(app, organization, kind).await.last(), Some(&app.state().clock.now()), "{kind}");
        }
    }

    async fn a_job_that_waited_too_long_is_passed_over_where_one_late_effect_is_enough(app) {
        let organization = app.set_up().await.organization_id;
        let worker = worker(app, vec![noting("late", "0 * * * *", CatchUp::Once)]).await;
        worker.plan().await.expect("begun");
        app.clock.advance_seconds(3_600);
        worker.plan().await.expect("planned, then everybody died");
        app.clock.advance_seconds(5 * 3_600);
        assert_eq!(worker.turn().await.expect("worked"), 1);
        assert_eq!(effects(app, organization, "LATE").await, [app.state().clock.now()]);
        let passed = &history(app, "late").await[1];
        assert_eq!(passed.state, "done");
        assert!(passed.outcome.as_deref().expect("said").starts_with("passed over"), "{passed:?}");
    }

    async fn a_job_that_panics_or_fails_for_ever_blocks_nobody_and_stays_in_sight(app) {
        let organization = app.set_up().await.organization_id;
        let definitions = vec![
            Definition::new("panicking", "0 * * * *", async |_, _| panic!("a secret")),
            Definition::new("failing", "0 * * * *", async |_, _| {
                Err(JobError::Failed("no such thing".to_owned()))
            }),
            noting("good", "0 * * * *", CatchUp::Each),
        ];
        let worker = worker(app, definitions).await;
        worker.plan().await.expect("begun");
        app.clock.advance_seconds(3_600);
        assert_eq!(worker.turn().await.expect("worked"), 3);
        assert_eq!(effects(app, organization, "GOOD").await.len(), 1);
        for attempt in 2..=5 {
            // Not before its pause is over.
            assert_eq!(worker.turn().await.expect("worked"), 0, "{attempt}");
            app.clock.advance_seconds(10 << (attempt - 2));
            assert_eq!(worker.turn().await.expect("worked"), 2, "{attempt}");
        }
        app.clock.advance_seconds(1_200);
        assert_eq!(worker.turn().await.expect("worked"), 0);
        for (schedule, error) in [("panicking", "the job panicked; the log has the place"), ("failing", "no such thing")] {
            let job = &history(app, schedule).await[0];
            assert_eq!((job.state.as_str(), job.attempts), ("failed", 5));
            assert_eq!(job.last_error.as_deref(), Some(error));
        }
    }

    async fn a_worker_that_dies_in_each_attempt_does_not_take_every_other_with_it(app) {
        let killing = || vec![Definition::new("killing", "0 * * * *", async |_, _| Ok(Outcome::Done(String::new())))];
        let worker = worker(app, killing()).await;
        worker.plan().await.expect("begun");
        app.clock.advance_seconds(3_600);
        worker.plan().await.expect("planned");
        for _ in 0..5 {
            drop(worker.claim().await.expect("asked").expect("there is one"));
            app.clock.advance_seconds(31);
        }
        assert!(worker.claim().await.expect("asked").is_none());
        let job = &history(app, "killing").await[0];
        assert_eq!(job.state, "failed");
        assert_eq!(job.last_error.as_deref(), Some("the worker ended in the middle of it, 5 times"));
    }

    async fn a_long_job_keeps_its_lease_and_is_given_back_when_the_worker_stops(app) {
        let begun = Arc::new(Notify::new());
        let told = Arc::clone(&begun);
        let long = Definition::new("long", "0 * * * *", move |context: Context, _| {
            let told = Arc::clone(&told);
            async move {
                told.notify_one();
                loop {
                    context.step("going on").await?;
                    tokio::time::sleep(Duration::from_millis(5)).await;
                }
            }
        });
        let state = app.state();
        let options = Options { lease: Duration::from_millis(300), at_once: 1, ..Options::default() };
        let worker = Worker::new(state.store.clone(), state.live.clone(), state.clock.clone(), vec![long], options)
            .await
            .expect("made");
        worker.plan().await.expect("begun");
        app.clock.advance_seconds(3_600);
        let stop = CancellationToken::new();
        let working = tokio::spawn({
            let (worker, stop) = (worker.clone(), stop.clone());
            async move { worker.run(stop).await }
        });
        begun.notified().await;
        // A renewal brings the note along.
        until(async || history(app, "long").await[0].outcome.as_deref() == Some("going on")).await;
        assert_eq!(history(app, "long").await[0].state, "running");
        stop.cancel();
        working.await.expect("it ends");
        let job = &history(app, "long").await[0];
        assert_eq!((job.state.as_str(), job.attempts), ("queued", 0));
    }

    async fn old_jobs_leave_and_failed_ones_stay_longer(app) {
        let organization = app.set_up().await.organization_id;
        let fails = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&fails);
        let mut failing = Definition::new("failing", "0 0 1 1 *", move |_, _| {
            counted.fetch_add(1, Ordering::Relaxed);
            async { Err(JobError::Failed("no".to_owned())) }
        });
        failing.attempts = 1;
        let mut definitions = workpulse_server::jobs::all();
        definitions.retain(|job| job.name == "jobs_history");
        definitions.extend([noting("often", "0 */6 * * *", CatchUp::Each), failing]);
        let worker = worker(app, definitions).await;
        worker.plan().await.expect("begun");
        app.clock.advance_seconds(60 * 3_600);
        worker.turn().await.expect("worked");
        assert_eq!(history(app, "often").await.len(), 10);
        app.clock.set("2027-01-01T00:00:30Z".parse().expect("an instant"));
        worker.turn().await.expect("worked");
        assert_eq!(fails.load(Ordering::Relaxed), 1);
        app.clock.advance_seconds(3 * 86_400);
        while worker.turn().await.expect("worked") > 0 {}
        let kept = history(app, "often").await;
        let oldest = kept.iter().filter_map(|job| job.finished_at).min();
        assert!(oldest >= Some(app.state().clock.now().plus_seconds(-2 * 86_400 - 3_600)), "{oldest:?}");
        assert_eq!(history(app, "failing").await.len(), 1);
        assert!(!effects(app, organization, "OFTEN").await.is_empty());
        app.clock.advance_seconds(31 * 86_400);
        while worker.turn().await.expect("worked") > 0 {}
        assert_eq!(history(app, "failing").await.len(), 0);
    }

    async fn old_events_and_expired_credentials_are_removed_and_nothing_else(app) {
        let admin = app.set_up().await;
        let device = app.device(&admin, admin.user_id).await;
        let unused = app.enrolment_token(&admin, admin.user_id, 1).await;
        let mut definitions = workpulse_server::jobs::all();
        definitions.retain(|job| ["events_retention", "token_expiry"].contains(&job.name));
        let worker = worker(app, definitions).await;
        worker.plan().await.expect("begun");
        let store = &app.state().store;
        let mut tx = store.tenant(admin.organization_id).begin().await.expect("begun");
        for _ in 0..3 {
            events::append(&mut tx, "OLD", &Subject::default(), BEGINNING).await.expect("appended");
        }
        tx.commit().await.expect("committed");
        app.clock.advance_seconds(3_600);
        worker.turn().await.expect("worked");
        assert_eq!(effects(app, admin.organization_id, "OLD").await.len(), 3);
        assert_eq!(app.get("/api/v1/me", &admin.token).await.status, 401, "an hour is longer than a token's");
        // Forty days: everything has expired, and been kept a day longer.
        app.clock.advance_seconds(40 * 86_400);
        let fresh = app.log_in("ada@acme.test").await;
        worker.turn().await.expect("worked");
        assert_eq!(effects(app, admin.organization_id, "OLD").await.len(), 0);
        let refresh = serde_json::json!({ "refresh_token": fresh.refresh_token });
        app.post("/api/v1/auth/refresh", "", &refresh).await.expect(200);
        // The device is as it was, and the unused token has gone: revoking it finds nothing.
        let path = format!("/api/v1/enrolment-tokens/{}", unused["id"].as_str().expect("an id"));
        let admin = app.log_in("ada@acme.test").await;
        app.delete(&path, &admin.token).await.expect(404);
        let devices = app.get("/api/v1/devices", &admin.token).await.expect(200);
        assert!(devices.to_string().contains(&device.device_id.to_string()), "{devices}");
    }
}

/// Waits for a condition; a test that waits for half a minute has failed.
async fn until(holds: impl AsyncFn() -> bool) {
    let waiting = async {
        while !holds().await {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), waiting)
        .await
        .expect("it happens within half a minute");
}

#[derive(Debug, Clone)]
enum Happening {
    /// Time goes on, or back, by seconds.
    Clock(i64),
    /// A worker decides and does all that waits.
    Turn(usize),
    /// A worker decides, and dies.
    Plan(usize),
    /// A worker takes a job, and dies or stalls.
    Take(usize),
    /// A worker that stalled goes on with what it took, however long ago.
    GoOn,
}

fn happening() -> impl Strategy<Value = Happening> {
    prop_oneof![
        3 => (0_i64..4_000).prop_map(Happening::Clock),
        1 => (-9_000_i64..0).prop_map(Happening::Clock),
        1 => (4_000_i64..30_000).prop_map(Happening::Clock),
        4 => (0_usize..2).prop_map(Happening::Turn),
        2 => (0_usize..2).prop_map(Happening::Plan),
        3 => (0_usize..2).prop_map(Happening::Take),
        2 => Just(Happening::GoOn),
    ]
}

/// Whatever happens over the night of a time change: under `each` every occurrence has its
/// effect once, under `once` none has it twice and the latest has it.
#[test]
fn whatever_happens_no_occurrence_has_its_effect_twice_and_none_is_lost() {
    whatever_happens(12, async || Some(TestApp::sqlite().await));
}

/// The same on PostgreSQL, where each sequence needs a database of its own.
#[test]
fn whatever_happens_on_postgres_no_occurrence_has_its_effect_twice_and_none_is_lost() {
    whatever_happens(5, TestApp::postgres);
}

fn whatever_happens(cases: u32, start: impl AsyncFn() -> Option<TestApp>) {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("a runtime");
    let config = ProptestConfig {
        cases,
        failure_persistence: None,
        max_shrink_iters: 60,
        ..ProptestConfig::default()
    };
    let evening = prop::sample::select(vec!["2026-03-28T20:00:00Z", "2026-10-24T20:00:00Z"]);
    let sequences = (evening, prop::collection::vec(happening(), 5..50));
    TestRunner::new(config)
        .run(&sequences, |(evening, sequence)| {
            runtime.block_on(async {
                match start().await {
                    Some(app) => check(app, evening.parse().expect("an instant"), sequence).await,
                    None => Ok(()),
                }
            })
        })
        .expect("it holds");
}

async fn check(
    app: TestApp,
    start: Timestamp,
    sequence: Vec<Happening>,
) -> Result<(), TestCaseError> {
    const EACH: &str = "*/20 * * * *";
    const ONCE: &str = "30 2,5,9 * * *";
    let organization = app.set_up().await.organization_id;
    app.clock.set(start);
    let definitions = || {
        vec![
            noting("each", EACH, CatchUp::Each),
            noting("once", ONCE, CatchUp::Once),
        ]
    };
    let workers = [
        worker(&app, definitions()).await,
        worker(&app, definitions()).await,
    ];
    workers[0].plan().await.expect("begun");
    let (mut latest, mut stalled, never) = (start, Vec::new(), CancellationToken::new());
    for step in sequence {
        match step {
            Happening::Clock(seconds) => app.clock.advance_seconds(seconds),
            Happening::Turn(who) => drop(workers[who].turn().await.expect("worked")),
            Happening::Plan(who) => drop(workers[who].plan().await.expect("planned")),
            Happening::Take(who) => stalled.extend(workers[who].claim().await.expect("asked")),
            Happening::GoOn if stalled.is_empty() => {}
            Happening::GoOn => workers[0].execute(stalled.remove(0), &never).await,
        }
        if matches!(step, Happening::Turn(_) | Happening::Plan(_)) {
            latest = latest.max(app.state().clock.now());
        }
    }
    // In the end the clock is right, and somebody works.
    app.clock.set(latest.plus_seconds(120));
    latest = app.state().clock.now();
    for worker in [&workers[0], &workers[1]] {
        worker.turn().await.expect("worked");
    }
    for claim in stalled {
        workers[1].execute(claim, &never).await;
    }
    // A clock that is set back behind the beginning finds occurrences there, too.
    let since = |list: Vec<Timestamp>| {
        let twice = list.windows(2).any(|pair| pair[0] == pair[1]);
        let list: Vec<Timestamp> = list.into_iter().filter(|at| *at > start).collect();
        (twice, list)
    };
    let (twice, each) = since(sorted(effects(&app, organization, "EACH").await));
    prop_assert!(!twice);
    prop_assert_eq!(each, occurrences(EACH, "Europe/Berlin", start, latest));
    let (twice, once) = since(sorted(effects(&app, organization, "ONCE").await));
    let all = occurrences(ONCE, "Europe/Berlin", start, latest);
    prop_assert!(!twice, "{:?}", once);
    prop_assert!(once.iter().all(|at| all.contains(at)), "{:?}", once);
    prop_assert_eq!(once.last(), all.last());
    app.close().await;
    Ok(())
}
