//! Workers whose clocks are wrong, or jump; and many workers at one midnight.

use std::{sync::Arc, time::Duration};

use shared_types::{OrganizationId, Timestamp};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;
use workpulse_server::{
    clock::{Clock, SharedClock, SystemClock},
    domain::schedule::CatchUp,
    jobs::{self, Context, Definition, Due, Options, Outcome, Reckoning, Worker},
    store::{
        Store,
        jobs::{self as table, NewJob},
    },
};

use crate::{
    harness::TestApp,
    jobs::{effects, history, noting, worker},
    start_up::until,
};

/// A machine's clock that is wrong by so many seconds.
#[derive(Debug, Clone, Copy)]
struct Wrong(i64);

impl Clock for Wrong {
    fn now(&self) -> Timestamp {
        SystemClock.now().plus_seconds(self.0)
    }

    fn new_uuid(&self) -> Uuid {
        SystemClock.new_uuid()
    }
}

/// A worker on a machine of its own, whose clock is wrong by so much.
async fn elsewhere(app: &TestApp, definitions: Vec<Definition>, wrong_by: i64) -> Worker {
    let state = app.state();
    let store = Store::open(&state.config.database.target, 4)
        .await
        .expect("it opens");
    let options = Options {
        reckoning: Reckoning::Database,
        ..Options::default()
    };
    let clock: SharedClock = Arc::new(Wrong(wrong_by));
    Worker::new(store, state.live.clone(), clock, definitions, options)
        .await
        .expect("the schedules are written")
}

/// A job that says that it has begun, and ends when it is told to.
fn waiting(begun: &Arc<Notify>, end: &CancellationToken) -> Vec<Definition> {
    let (begun, end) = (Arc::clone(begun), end.clone());
    let job = Definition::new("waiting", "0 0 1 1 *", move |_: Context, _: Due| {
        let (begun, end) = (Arc::clone(&begun), end.clone());
        async move {
            begun.notify_one();
            end.cancelled().await;
            Ok(Outcome::Done("waited".to_owned()))
        }
    });
    vec![job]
}

async fn queue(app: &TestApp, schedule: &str, due_at: Timestamp) {
    let mut tx = app.state().store.system().begin().await.expect("begun");
    let job = NewJob {
        id: SystemClock.new_uuid(),
        schedule,
        scope: "",
        due_at,
        by_hand: true,
    };
    assert!(table::queue(&mut tx, job).await.expect("queued"));
    tx.commit().await.expect("committed");
}

/// J2 across machines: whose lease it is does not depend on whose clock is wrong.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_worker_whose_clock_is_off_by_ten_minutes_takes_no_live_lease_and_loses_none() {
    let Some(app) = TestApp::postgres().await else {
        return;
    };
    let definitions = || waiting(&Arc::default(), &CancellationToken::new());
    for wrong_by in [-600, 600] {
        let right = elsewhere(&app, definitions(), 0).await;
        let wrong = elsewhere(&app, definitions(), wrong_by).await;
        for (owner, other) in [(&right, &wrong), (&wrong, &right)] {
            queue(&app, "waiting", SystemClock.now().plus_seconds(-60)).await;
            drop(owner.claim().await.expect("asked").expect("it waits"));
            assert!(
                other.claim().await.expect("asked").is_none(),
                "off by {wrong_by} s"
            );
            // The next round has its own.
            sqlx::query("DELETE FROM jobs")
                .execute(&mut app.owner().await)
                .await
                .expect("removed");
        }
    }
    app.close().await;
}

/// What is due is due by the database's clock, too: a day is not closed ten minutes early.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_worker_whose_clock_is_fast_begins_nothing_early() {
    let Some(app) = TestApp::postgres().await else {
        return;
    };
    let soon = SystemClock.now().plus_seconds(3_600);
    let job = Definition::new("soon", "0 * * * *", async |context: Context, _: Due| {
        let apart = context.clock.now().millis_since(SystemClock.now()).abs();
        Ok(Outcome::Done(format!("{}", apart < 60_000)))
    });
    let fast = elsewhere(&app, vec![job], 7_200).await;
    let next = fast.plan().await.expect("begun").expect("there is a next");
    assert!(next <= soon, "{next}");
    assert_eq!(fast.turn().await.expect("worked"), 0);
    // Its jobs are told the right time as well.
    queue(&app, "soon", SystemClock.now().plus_seconds(-1)).await;
    assert_eq!(fast.turn().await.expect("worked"), 1);
    assert_eq!(
        history(&app, "soon").await[0].outcome.as_deref(),
        Some("true")
    );
    app.close().await;
}

on_both_engines! {
    async fn a_step_of_the_clock_takes_no_job_from_the_worker_that_is_at_it(app) {
        let (begun, end) = (Arc::new(Notify::new()), CancellationToken::new());
        let worker = worker(app, waiting(&begun, &end)).await;
        queue(app, "waiting", app.clock_now()).await;
        let claim = worker.claim().await.expect("asked").expect("it waits");
        let working = tokio::spawn({
            let worker = worker.clone();
            async move { worker.execute(claim, &CancellationToken::new()).await }
        });
        begun.notified().await;
        for step in [600, -1_200] {
            app.clock.advance_seconds(step);
            assert!(worker.claim().await.expect("asked").is_none(), "{step}");
        }
        end.cancel();
        working.await.expect("it ends");
        let job = &history(app, "waiting").await[0];
        assert_eq!((job.state.as_str(), job.attempts), ("done", 1));
    }

    async fn eight_workers_at_midnight_close_each_organization_s_day_once(app) {
        let ada = app.set_up().await;
        let grace = app.another_organization("grace@other.test").await;
        let organizations = [ada.organization_id, grace.organization_id];
        let definitions = || {
            let mut all = jobs::all();
            all.retain(|job| job.name == "daily_summary");
            all.push(noting("midnight", "@midnight", CatchUp::Each));
            all
        };
        let mut workers = Vec::new();
        for _ in 0..8 {
            workers.push(worker(app, definitions()).await);
        }
        workers[0].plan().await.expect("begun");
        // Past midnight in Berlin and in UTC.
        app.clock.set("2026-11-23T00:00:05Z".parse().expect("an instant"));
        let turns = workers.iter().map(Worker::turn);
        let ran: usize = futures_util::future::join_all(turns)
            .await
            .into_iter()
            .map(|ran| ran.expect("worked"))
            .sum();
        assert_eq!(ran, 4);
        for organization in organizations {
            assert_eq!(noted(app, organization).await, 1);
        }
        for schedule in ["daily_summary", "midnight"] {
            let jobs = history(app, schedule).await;
            assert_eq!(jobs.len(), 2, "{schedule}: {jobs:?}");
            assert!(jobs.iter().all(|job| job.state == "done" && job.attempts == 1), "{jobs:?}");
        }
    }
}

async fn noted(app: &TestApp, organization: OrganizationId) -> usize {
    effects(app, organization, "MIDNIGHT").await.len()
}

/// A dead worker's lease ends by the database's clock, also for a worker whose own is slow.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_slow_clock_does_not_hold_up_a_take_over() {
    let Some(app) = TestApp::postgres().await else {
        return;
    };
    let definitions = || waiting(&Arc::default(), &CancellationToken::new());
    let state = app.state();
    let options = Options {
        lease: Duration::from_millis(500),
        reckoning: Reckoning::Database,
        ..Options::default()
    };
    let (store, live) = (state.store.clone(), state.live.clone());
    let dying = Worker::new(store, live, Arc::new(SystemClock), definitions(), options)
        .await
        .expect("made");
    let slow = elsewhere(&app, definitions(), -600).await;
    queue(&app, "waiting", SystemClock.now().plus_seconds(-700)).await;
    drop(dying.claim().await.expect("asked").expect("it waits"));
    until(async || slow.claim().await.expect("asked").is_some()).await;
    app.close().await;
}
