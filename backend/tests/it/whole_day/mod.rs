//! A whole working day, by a clock that the test owns, through the real ingest and the real
//! jobs: begin, minutes, absences, a lunch, two machines at once, a very long day, midnight,
//! the summary, and a machine that was offline and sends three days later.
//!
//! What ought to come out is counted by `model`, second by second; `stage` plays it to the
//! server. The begin and the length of each day stand here as the world's clocks had them: days that
//! are over, since rules for days to come are changed.

mod model;
mod stage;

use serde_json::{Value, json};
use shared_types::Timestamp;
use workpulse_server::store::checks;

use self::{
    model::{Counted, Expected, Kind},
    stage::{Desk, Stage, instant, seconds},
};
use crate::{harness::TestApp, raw::behind, socket};

/// A day of a zone, as an almanac has it.
struct Day {
    zone: &'static str,
    date: &'static str,
    before: &'static str,
    after: &'static str,
    /// Its first instant.
    start: &'static str,
    /// Its length.
    minutes: i64,
    /// How many minutes are sent at once where nothing special happens; a divisor of 30.
    stride: i64,
}

/// A session runs over the day's beginning, and one over its end.
const FIRST: i64 = -30;
const EVENING: i64 = -20;
/// Minutes after the day's beginning: the first session ends.
const LAST: i64 = 640;
/// Without input at the desk, then back.
const IDLE: std::ops::Range<i64> = 100..108;
/// At work, but nothing arrives.
const OFFLINE: std::ops::Range<i64> = 180..190;
/// The screen is locked, and a third machine is used that is offline.
const LUNCH: std::ops::Range<i64> = 240..270;
const TABLET: std::ops::Range<i64> = 245..265;
/// A second machine is used beside the first.
const BESIDE: std::ops::Range<i64> = 300..420;
/// The first machine has no input meanwhile.
const ELSEWHERE: std::ops::Range<i64> = 330..337;
/// Minute by minute, whatever the stride.
const SLOWLY: [std::ops::Range<i64>; 4] = [95..115, 175..195, 240..275, 325..345];

fn at_the_desk(minute: i64) -> Kind {
    if IDLE.contains(&minute) || ELSEWHERE.contains(&minute) {
        Kind::Idle
    } else if LUNCH.contains(&minute) {
        Kind::Unobserved
    } else {
        Kind::Active
    }
}

/// The second half of each minute on the laptop.
fn at_the_laptop(minute: i64) -> Kind {
    if minute >= 400 {
        Kind::Unobserved
    } else if minute % 5 == 0 {
        Kind::Idle
    } else {
        Kind::Active
    }
}

fn next(minute: i64, stride: i64) -> i64 {
    if SLOWLY.iter().any(|range| range.contains(&minute)) {
        return minute + 1;
    }
    let regular = minute - minute.rem_euclid(stride) + stride;
    let slow = SLOWLY.iter().map(|range| range.start);
    slow.filter(|start| *start > minute)
        .chain([regular])
        .min()
        .expect("at least one")
}

/// The person's day as the API shows it.
async fn timeline(stage: &mut Stage<'_>, date: &str) -> Value {
    let ada = stage.admin().await;
    let path = format!("/api/v1/users/{}/timeline?date={date}", stage.bob.user_id);
    stage.app.get(&path, &ada.token).await.expect(200)
}

fn as_totals(counted: Counted) -> Value {
    json!({
        "active_seconds": counted.active, "idle_seconds": counted.idle,
        "unobserved_seconds": counted.unobserved,
    })
}

/// What is kept of that day: zone and seconds.
async fn kept(stage: &Stage<'_>, date: &str) -> Option<(String, Counted)> {
    let user = stage.bob.user_id;
    let rows: Vec<(String, String, i64, i64, i64)> =
        behind!(stage.app.target(), |c| sqlx::query_as(
            "SELECT CAST(day AS TEXT), time_zone, active_seconds, idle_seconds, unobserved_seconds
             FROM daily_summaries WHERE user_id = $1"
        )
        .bind(user)
        .fetch_all(c)
        .await
        .expect("read"));
    let row = rows.into_iter().find(|row| row.0 == date)?;
    let counted = Counted {
        active: row.2,
        idle: row.3,
        unobserved: row.4,
    };
    Some((row.1, counted))
}

/// The person's summary of a day, which every sum by hour, application and session agrees with.
async fn summary(stage: &mut Stage<'_>, date: &str, counted: Counted) -> Value {
    let ada = stage.admin().await;
    let whose = format!("user_id={}&from={date}&to={date}", stage.bob.user_id);
    let path = format!("/api/v1/summaries?{whose}");
    let page = stage.app.get(&path, &ada.token).await.expect(200);
    let found = page["items"][0].clone();
    for (kind, seconds) in [
        ("active_seconds", counted.active),
        ("idle_seconds", counted.idle),
        ("unobserved_seconds", counted.unobserved),
        ("worked_seconds", counted.active + counted.idle),
    ] {
        assert_eq!(found[kind], seconds, "{kind}");
    }
    // In tenths of a percent, to the nearest.
    let worked = counted.active + counted.idle;
    let tenths = (2_000 * counted.active + worked) / (2 * worked);
    let score = found["score"].as_f64().expect("a number");
    assert!((score * 10.0 - f64::from(i32::try_from(tenths).expect("small"))).abs() < 1e-6);
    for group in ["hour", "application"] {
        let path = format!("/api/v1/reports?{whose}&group_by={group}");
        let report = stage.app.get(&path, &ada.token).await.expect(200);
        let total = &report["total"];
        assert_eq!(total["active_seconds"], counted.active, "{group}");
        assert_eq!(total["idle_seconds"], counted.idle, "{group}");
    }
    for outcome in checks::run(&stage.app.state().store)
        .await
        .expect("the checks run")
    {
        assert_eq!(outcome.found, 0, "{}", outcome.counts);
    }
    found
}

/// Every alert that there is, as the database has it.
async fn alerts(app: &TestApp) -> Vec<Expected> {
    type Row = (
        String,
        Timestamp,
        i64,
        Option<bool>,
        Option<Timestamp>,
        Option<String>,
    );
    let rows: Vec<Row> = behind!(app.target(), |c| sqlx::query_as(
        "SELECT kind, opened_at, seconds, agent_online, resolved_at, resolution
         FROM alerts ORDER BY opened_at, kind"
    )
    .fetch_all(c)
    .await
    .expect("read"));
    rows.into_iter()
        .map(|(kind, opened, seconds, online, resolved, why)| Expected {
            kind: if kind == "idle" { "idle" } else { "overtime" },
            opened: opened.as_millis() / 1_000,
            seconds,
            online,
            resolved: resolved.map(|at| at.as_millis() / 1_000),
            why: why.map(|why| match why.as_str() {
                "returned" => "returned",
                "stopped" => "stopped",
                "day_over" => "day_over",
                other => panic!("resolved by {other}"),
            }),
        })
        .collect()
}

/// Everything that was announced about alerts: what, and when.
async fn announced(stage: &mut Stage<'_>) -> Vec<(String, i64)> {
    let ada = stage.admin().await;
    let mut found = Vec::new();
    let mut after = 0;
    loop {
        let path = format!("/api/v1/events?after={after}");
        let page = stage.app.get(&path, &ada.token).await.expect(200);
        assert_eq!(page["reset"], false);
        let items = page["items"].as_array().expect("a list");
        for event in items {
            let kind = event["event"]["type"].as_str().expect("a text");
            if kind.contains("ALERT") {
                let at = event["at"].as_str().expect("a text");
                assert_eq!(
                    event["event"]["data"]["user_id"],
                    json!(stage.bob.user_id),
                    "{event}"
                );
                found.push((kind.to_owned(), seconds(at)));
            }
        }
        match items.last() {
            Some(last) => after = last["seq"].as_i64().expect("a number"),
            None => break,
        }
    }
    found.sort();
    found
}

fn to_be_announced(alerts: &[Expected]) -> Vec<(String, i64)> {
    let mut all: Vec<(String, i64)> = alerts
        .iter()
        .flat_map(|alert| {
            let opened = match alert.kind {
                "idle" => "INACTIVE_ALERT",
                _ => "OVERTIME_ALERT",
            };
            [
                (opened, Some(alert.opened)),
                ("ALERT_RESOLVED", alert.resolved),
            ]
        })
        .filter_map(|(kind, at)| Some((kind.to_owned(), at?)))
        .collect();
    all.sort();
    all
}

/// What a socket is sent about alerts, up to a resolved one.
async fn pushed(socket: &mut socket::Socket) -> Vec<String> {
    let mut kinds = Vec::new();
    while kinds.last().is_none_or(|kind| kind != "ALERT_RESOLVED") {
        let frame = socket.frame().await;
        if let Some(kind) = frame["event"]["event"]["type"].as_str()
            && kind.contains("ALERT")
        {
            kinds.push(kind.to_owned());
        }
    }
    kinds
}

/// The first session: from before the day begins until the evening.
async fn work(stage: &mut Stage<'_>, day: &Day, desk: &mut Desk, laptop: &mut Desk) {
    let start = seconds(day.start);
    let (today, yesterday) = ((start, start + day.minutes * 60), (start - 86_400, start));
    let mut sockets = None;
    let mut minute = FIRST;
    desk.start(start + minute * 60);
    while minute < LAST {
        let until = next(minute, day.stride).min(LAST);
        for at in minute..until {
            desk.span(start + at * 60, 60, at_the_desk(at));
            if at == BESIDE.start {
                laptop.start(start + at * 60);
            }
            if BESIDE.contains(&at) {
                laptop.span(start + at * 60 + 30, 30, at_the_laptop(at));
            }
        }
        minute = until;
        stage.app.clock.set(instant(start + minute * 60));
        if minute == BESIDE.end {
            laptop.stop(start + minute * 60);
        }
        if minute == LAST {
            desk.stop(start + minute * 60);
        }
        if minute <= OFFLINE.start || minute >= OFFLINE.end {
            stage.send(desk).await;
        }
        if minute > BESIDE.start && minute <= BESIDE.end {
            stage.send(laptop).await;
        }
        if minute == IDLE.start {
            // Both are told: who looks after Bob, and Bob.
            let (ada, bob) = (stage.admin().await, stage.app.log_in("bob@acme.test").await);
            sockets = Some((
                socket::open(stage.app, &ada.token, None).await,
                socket::open(stage.app, &bob.token, None).await,
            ));
        }
        let current = if minute < 0 { yesterday } else { today };
        stage.turn(&[desk, laptop], current).await;
        if minute == IDLE.end + 2 {
            let (mut ada, mut bob) = sockets.take().expect("opened before");
            for socket in [&mut ada, &mut bob] {
                assert_eq!(pushed(socket).await, ["INACTIVE_ALERT", "ALERT_RESOLVED"]);
            }
        }
    }
}

async fn look(stage: &mut Stage<'_>, day: &Day) -> Counted {
    let start = seconds(day.start);
    let end = start + day.minutes * 60;
    let counted = stage.told.count(start, end);
    let shown = timeline(stage, day.date).await;
    assert_eq!(
        (&shown["from"], &shown["to"]),
        (&json!(instant(start)), &json!(instant(end)))
    );
    assert_eq!(shown["totals"], as_totals(counted));
    assert_eq!(
        kept(stage, day.date).await,
        Some((day.zone.to_owned(), counted))
    );
    for (date, from, to) in [
        (day.before, start - 86_400, start),
        (day.after, end, end + 86_400),
    ] {
        let expected = stage.told.count(from, to);
        assert_eq!(
            timeline(stage, date).await["totals"],
            as_totals(expected),
            "{date}"
        );
    }
    counted
}

/// What came late has opened the day, and it is closed again ten minutes later.
async fn closed_again(stage: &mut Stage<'_>, day: &Day, desks: &[&Desk], counted: Counted) {
    let opened = summary(stage, day.date, counted).await;
    assert_eq!(opened["made_at"], Value::Null, "opened by what came late");
    stage.app.clock.advance_seconds(600);
    let end = seconds(day.start) + day.minutes * 60;
    stage.turn(desks, (end, end + 86_400)).await;
    let closed = summary(stage, day.date, counted).await;
    let now = stage.app.clock_now();
    assert_eq!(closed["made_at"], json!(now), "and closed again");
}

async fn whole_day(app: &TestApp, day: Day) {
    let start = seconds(day.start);
    let end = start + day.minutes * 60;
    let mut stage = Stage::set(app, day.zone, start + FIRST * 60).await;
    let (mut desk, mut laptop) = (stage.desk(1).await, stage.desk(2).await);
    let mut tablet = stage.desk(3).await;
    work(&mut stage, &day, &mut desk, &mut laptop).await;
    // By hand: 640 minutes, of which 30 locked, 8 idle, and 7 idle but for five half minutes.
    let worked = stage.told.count(start, end);
    assert_eq!(
        (worked.active, worked.idle, worked.unobserved),
        (595 * 60 + 150, 15 * 60 - 150, 30 * 60)
    );
    // The evening is free, but for its last minutes.
    let mut minute = LAST;
    let evening = day.minutes + EVENING;
    while minute < evening {
        minute = (minute - minute % 30 + 30).min(evening);
        app.clock.set(instant(start + minute * 60));
        stage.turn(&[&desk, &laptop], (start, end)).await;
    }
    desk.start(start + minute * 60);
    while minute < day.minutes + 15 {
        for _ in 0..day.stride.min(5) {
            desk.span(start + minute * 60, 60, Kind::Active);
            minute += 1;
        }
        app.clock.set(instant(start + minute * 60));
        if minute == day.minutes + 15 {
            desk.stop(start + minute * 60);
        }
        stage.send(&mut desk).await;
        let today = if minute < day.minutes {
            (start, end)
        } else {
            (end, end + 86_400)
        };
        stage.turn(&[&desk, &laptop], today).await;
    }
    app.clock.set(instant(end + 1_800));
    stage.turn(&[&desk, &laptop], (end, end + 86_400)).await;
    let counted = look(&mut stage, &day).await;
    assert_eq!(counted.active, worked.active + 20 * 60);
    let closed = summary(&mut stage, day.date, counted).await;
    assert_eq!(closed["made_at"], json!(instant(end)), "at midnight");
    assert_eq!(closed["time_zone"], day.zone);
    stage
        .alarms
        .alerts
        .sort_by_key(|alert| (alert.opened, alert.kind));
    assert_eq!(alerts(app).await, stage.alarms.alerts);
    assert_eq!(
        announced(&mut stage).await,
        to_be_announced(&stage.alarms.alerts)
    );
    // Three absences and one long day, and nothing is left open.
    let minutes = |alert: &Expected| (alert.kind, (alert.opened - start) / 60);
    assert_eq!(
        stage.alarms.alerts.iter().map(minutes).collect::<Vec<_>>(),
        [
            ("idle", 106),
            ("idle", 186),
            ("idle", 246),
            ("overtime", 600)
        ]
    );
    let online: Vec<_> = stage.alarms.alerts.iter().map(|one| one.online).collect();
    assert_eq!(online, [Some(true), Some(false), Some(true), None]);
    assert!(stage.alarms.alerts.iter().all(|one| one.resolved.is_some()));

    // Three days later the tablet finds a network.
    for six_hours in 1..=12 {
        app.clock.set(instant(end + six_hours * 6 * 3_600));
        stage.turn(&[&desk, &laptop], (end, end + 86_400)).await;
    }
    tablet.start(start + TABLET.start * 60);
    for at in TABLET {
        tablet.span(start + at * 60, 60, Kind::Active);
    }
    tablet.stop(start + TABLET.end * 60);
    stage.send(&mut tablet).await;
    let again = look(&mut stage, &day).await;
    assert_eq!(
        (again.active, again.idle, again.unobserved),
        (worked.active + 40 * 60, worked.idle, 10 * 60)
    );
    closed_again(&mut stage, &day, &[&desk, &laptop], again).await;
    let input = stage.told.input(start, end).expect("worked");
    assert_eq!(input, (start, end));
    assert_eq!(
        alerts(app).await.len(),
        4,
        "nobody is told of an old absence"
    );
}

on_both_engines! {
    async fn a_day_of_24_hours_minute_by_minute(app) {
        whole_day(app, Day {
            zone: "Europe/Berlin", date: "2026-11-23", before: "2026-11-22", after: "2026-11-24",
            start: "2026-11-22T23:00:00Z", minutes: 1_440, stride: 1,
        }).await;
    }

    async fn a_day_of_23_hours_whose_clocks_go_forward_in_the_night(app) {
        whole_day(app, Day {
            zone: "Europe/Berlin", date: "2026-03-29", before: "2026-03-28", after: "2026-03-30",
            start: "2026-03-28T23:00:00Z", minutes: 1_380, stride: 30,
        }).await;
    }

    async fn a_day_of_25_hours_whose_clocks_go_back_in_the_night(app) {
        whole_day(app, Day {
            zone: "Europe/Berlin", date: "2026-10-25", before: "2026-10-24", after: "2026-10-26",
            start: "2026-10-24T22:00:00Z", minutes: 1_500, stride: 30,
        }).await;
    }

    async fn a_day_in_sao_paulo_that_began_at_one(app) {
        whole_day(app, Day {
            zone: "America/Sao_Paulo", date: "2018-11-04", before: "2018-11-03", after: "2018-11-05",
            start: "2018-11-04T03:00:00Z", minutes: 1_380, stride: 30,
        }).await;
    }

    async fn a_day_in_beirut_that_begins_at_one(app) {
        whole_day(app, Day {
            zone: "Asia/Beirut", date: "2026-03-29", before: "2026-03-28", after: "2026-03-30",
            start: "2026-03-28T22:00:00Z", minutes: 1_380, stride: 30,
        }).await;
    }

    async fn a_day_in_cairo_whose_last_hour_comes_twice(app) {
        whole_day(app, Day {
            zone: "Africa/Cairo", date: "2026-10-29", before: "2026-10-28", after: "2026-10-30",
            start: "2026-10-28T21:00:00Z", minutes: 1_500, stride: 30,
        }).await;
    }

    async fn a_day_in_havana_that_has_two_midnights(app) {
        whole_day(app, Day {
            zone: "America/Havana", date: "2024-11-03", before: "2024-11-02", after: "2024-11-04",
            start: "2024-11-03T04:00:00Z", minutes: 1_500, stride: 30,
        }).await;
    }
}
