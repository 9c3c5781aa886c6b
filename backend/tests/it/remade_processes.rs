//! Days made again, asked for on the command line, and by workers that are killed in the middle.

use serde_json::json;
use sqlx::{Connection as _, PgConnection};
use workpulse_server::{clock::SystemClock, jobs};

use crate::{
    company::{Company, admin},
    harness::TestApp,
    jobs_processes::worker,
    remade::{compare, doctor, world},
    start_up::{command, place, run, stderr, until},
    timeline::send,
};

#[tokio::test]
async fn the_zone_is_changed_on_the_command_line_beside_a_running_server() {
    let (_parent, data) = place();
    let _company = Company::start(&data).await;
    let changed = admin(
        &data,
        &["set-time-zone", "--time-zone", "Pacific/Auckland"],
        "",
    );
    assert_eq!(changed["time_zone"], "Pacific/Auckland");
    assert_eq!(
        changed["people_whose_days_are_made_again"], "0",
        "nobody has a day yet"
    );
    let refused = run(
        &data,
        &["admin", "set-time-zone", "--time-zone", "Mars/Olympus"],
    );
    assert_eq!(refused.status.code(), Some(1));
    let said = stderr(&refused);
    assert!(
        said.contains("time_zone") && said.contains("Nothing was changed"),
        "{said}"
    );
    let kept = admin(&data, &["list-organizations"], "");
    assert_eq!(kept[0]["time_zone"], "Pacific/Auckland");
    let asked = admin(&data, &["remake-days", "--from", "2026-11-01"], "");
    assert_eq!(asked, json!({ "people_whose_days_are_made_again": "0" }));
}

async fn one<T>(db: &mut PgConnection, text: &'static str) -> T
where
    T: Send + Unpin + for<'r> sqlx::Decode<'r, sqlx::Postgres> + sqlx::Type<sqlx::Postgres>,
{
    sqlx::query_scalar(text)
        .fetch_one(db)
        .await
        .expect("it answers")
}

/// The middle is a day that the test has locked, behind days that are made already.
#[tokio::test]
async fn days_half_made_again_by_a_killed_worker_are_gone_on_with_by_another() {
    let Some(app) = TestApp::postgres().await else {
        return;
    };
    let (_, eve, machines) = world(&app).await;
    // More days of the month before these than are made at once: a day locks its month.
    for n in 10..=19 {
        let late = format!("2026-10-{n:02}T23:30:00.000Z");
        let minute = [(late.as_str(), 60, "active")];
        send(&app, &machines[0], 40 + n, &late, &minute).await;
    }
    let url = app.database_url().expect("it is PostgreSQL").to_owned();
    let mut direct = app.owner().await;
    let (_parent, data) = place();
    let zone = ["set-time-zone", "--time-zone", "Pacific/Auckland"];
    let told = command(&data, &["admin"])
        .args(zone)
        .env("DATABASE_URL", &url)
        .output()
        .expect("the binary runs");
    assert!(told.status.success(), "{}", stderr(&told));

    let mut hold = direct.begin().await.expect("begun");
    sqlx::query("SELECT 1 FROM daily_summaries WHERE day = '2026-11-19' FOR UPDATE")
        .execute(&mut *hold)
        .await
        .expect("locked");
    let mut watch = app.owner().await;
    let mut first = worker(&data, &url);
    let ask = async || {
        jobs::ask_for(&app.state().store, &SystemClock, "rollups")
            .await
            .expect("queued")
            .expect("there is such a job");
    };
    ask().await;
    until(async || {
        let mut look = app.owner().await;
        let begun: bool = one(&mut look, "SELECT next_day > '2026-10-10' FROM rollup_work").await;
        let waits: bool = one(&mut look, "SELECT EXISTS (SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock')").await;
        begun && waits
    })
    .await;
    // `Child::kill` is SIGKILL.
    first.0.kill().expect("it was running");
    first.0.wait().expect("it is gone");
    let in_old_zone: i64 = one(
        &mut watch,
        "SELECT count(*) FROM daily_summaries WHERE time_zone = 'Europe/Berlin'",
    )
    .await;
    let in_new_zone: i64 = one(
        &mut watch,
        "SELECT count(*) FROM daily_summaries WHERE time_zone = 'Pacific/Auckland'",
    )
    .await;
    assert!(
        in_old_zone > 0 && in_new_zone > 0,
        "{in_old_zone} {in_new_zone}"
    );

    hold.rollback().await.expect("let go");
    let _second = worker(&data, &url);
    until(async || {
        let mut look = app.owner().await;
        let old: i64 = one(
            &mut look,
            "SELECT count(*) FROM daily_summaries WHERE time_zone = 'Europe/Berlin'",
        )
        .await;
        let behind: bool = one(&mut look, "SELECT next_day > '2026-11-22' FROM rollup_work").await;
        old == 0 && behind
    })
    .await;
    let days = compare(&app, &eve).await;
    assert!(
        days.iter()
            .all(|day| day["time_zone"] == "Pacific/Auckland"),
        "{days:?}"
    );
    assert_eq!(doctor(&app).await, []);
    app.close().await;
}
