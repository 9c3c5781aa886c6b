//! Two servers and two workers, and many jobs: each is begun once and ends once.

use workpulse_server::clock::{Clock as _, SystemClock};

use super::{Fleet, Process};
use crate::start_up::until;

const OCCURRENCES: i64 = 120;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn however_many_work_no_occurrence_runs_twice_and_none_is_left() {
    let Some(fleet) = Fleet::make().await else {
        return;
    };
    let mut owner = fleet.owner().await;
    // Whoever begins one leaves a mark; two marks for one occurrence are two beginnings. It takes a
    // while, so that a worker that has just started finds some left.
    sqlx::raw_sql(
        "CREATE TABLE begun (job uuid NOT NULL);
         CREATE FUNCTION note_begun() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS
           $$ BEGIN INSERT INTO begun VALUES (NEW.id); PERFORM pg_sleep(0.05); RETURN NULL; END $$;
         CREATE TRIGGER note_begun AFTER UPDATE ON jobs FOR EACH ROW
           WHEN (NEW.attempts > OLD.attempts) EXECUTE FUNCTION note_begun();",
    )
    .execute(&mut owner)
    .await
    .expect("made");
    let processes: [Process; 4] = [
        fleet.server("a", 0, &[]).await,
        fleet.server("b", 0, &[]).await,
        fleet.worker("w1").await,
        fleet.worker("w2").await,
    ];
    for n in 0..OCCURRENCES {
        sqlx::query(
            "INSERT INTO jobs (id, schedule, due_at, state, by_hand) VALUES ($1, 'jobs_history', $2, 'queued', TRUE)",
        )
        .bind(SystemClock.new_uuid())
        .bind(SystemClock.now().plus_seconds(n - 600))
        .execute(&mut owner)
        .await
        .expect("queued");
    }
    let owner = tokio::sync::Mutex::new(owner);
    until(async || {
        let open: i64 = sqlx::query_scalar(
            "SELECT count(*) FROM jobs WHERE schedule = 'jobs_history' AND state <> 'done'",
        )
        .fetch_one(&mut *owner.lock().await)
        .await
        .expect("counted");
        open == 0
    })
    .await;
    let (begun, jobs): (i64, i64) = sqlx::query_as(
        "SELECT count(*), count(DISTINCT b.job) FROM begun b JOIN jobs j ON j.id = b.job \
         WHERE j.schedule = 'jobs_history'",
    )
    .fetch_one(&mut *owner.lock().await)
    .await
    .expect("counted");
    assert!(jobs >= OCCURRENCES, "{jobs}");
    assert_eq!(begun, jobs);
    // Those who worked say the same, and the work was shared.
    let mut ran = Vec::new();
    for process in &processes {
        let label = "schedule=\"jobs_history\"";
        ran.push(process.figure("workpulse_job_runs_total", label).await);
    }
    #[expect(clippy::cast_precision_loss, reason = "a small count")]
    let wanted = jobs as f64;
    assert!((ran.iter().sum::<f64>() - wanted).abs() < 0.5, "{ran:?}");
    assert!(ran.iter().filter(|ran| **ran > 0.5).count() >= 2, "{ran:?}");
    fleet.store.close().await;
}
