//! A person with several machines, an admin who looks on, and a worker: all by one clock.

use serde_json::{Value, json};
use shared_types::Timestamp;
use workpulse_server::jobs::{self, Worker};

use super::model::{Alarms, Kind, Running, Told};
use crate::harness::{Enrolled, LoggedIn, PASSWORD, TestApp};

/// Seconds since 1970 of an instant in RFC 3339.
pub(super) fn seconds(text: &str) -> i64 {
    let instant: Timestamp = text.parse().expect("an instant");
    instant.as_millis() / 1_000
}

pub(super) fn instant(seconds: i64) -> Timestamp {
    Timestamp::from_millis(seconds * 1_000)
}

fn id(n: usize) -> String {
    format!("0192f0c1-2345-7000-8000-{n:012x}")
}

/// Begin, seconds, and what was seen.
type Span = (i64, i64, Kind);

/// One machine and what it has not sent yet.
pub(super) struct Desk {
    number: usize,
    device: Enrolled,
    seq: i64,
    sessions: usize,
    running: Option<Running>,
    /// Waits to be sent: the item, and what it tells.
    outbox: Vec<(Value, Option<Span>)>,
    contact: i64,
}

impl Desk {
    fn session(&self) -> String {
        id(1_000 * self.number + self.sessions)
    }

    fn keep(&mut self, item: &Value, told: Option<Span>) {
        self.seq += 1;
        self.outbox
            .push((json!({ "seq": self.seq, "item": item }), told));
    }

    pub(super) fn start(&mut self, at: i64) {
        self.sessions += 1;
        let item = json!({ "session_started": { "session_id": self.session(), "started_at": instant(at) } });
        self.keep(&item, None);
        self.running = Some(Running {
            started: at,
            last_input: None,
        });
    }

    pub(super) fn span(&mut self, at: i64, seconds: i64, kind: Kind) {
        let mut activity = json!({
            "session_id": self.session(), "started_at": instant(at), "duration_seconds": seconds,
            "application": "Editor", "title": "plan.md",
        });
        match kind {
            Kind::Active => activity["activity_type"] = json!("active"),
            Kind::Idle => activity["activity_type"] = json!("idle"),
            Kind::Unobserved => {
                activity["activity_type"] = json!("unobserved");
                activity["reason"] = json!("locked");
            }
        }
        self.keep(&json!({ "activity": activity }), Some((at, seconds, kind)));
    }

    pub(super) fn stop(&mut self, at: i64) {
        let item = json!({ "session_stopped": { "session_id": self.session(), "stopped_at": instant(at) } });
        self.keep(&item, None);
        self.running = None;
    }
}

/// Where the play is given.
pub(super) struct Stage<'a> {
    pub(super) app: &'a TestApp,
    pub(super) bob: LoggedIn,
    pub(super) told: Told,
    pub(super) alarms: Alarms,
    worker: Worker,
    /// The admin, and when they logged in: log-ins are rationed by the real clock.
    ada: LoggedIn,
    since: i64,
}

impl<'a> Stage<'a> {
    /// An organization in `zone`, an admin, and Bob; it is `now`.
    pub(super) async fn set(app: &'a TestApp, zone: &str, now: i64) -> Self {
        app.clock.set(instant(now));
        let request = json!({
            "organization_name": "Acme", "time_zone": zone,
            "name": "Ada", "email": "ada@acme.test", "password": PASSWORD,
        });
        app.post("/api/v1/setup", "", &request).await.expect(201);
        let ada = app.log_in("ada@acme.test").await;
        let bob = app.person(&ada, "Bob", "employee").await;
        let state = app.state();
        let worker = Worker::new(
            state.store.clone(),
            state.live.clone(),
            state.clock.clone(),
            jobs::all(),
            jobs::Options::default(),
        )
        .await
        .expect("made");
        worker.plan().await.expect("begun");
        Self {
            app,
            bob,
            told: Told::default(),
            alarms: Alarms::default(),
            worker,
            ada,
            since: now,
        }
    }

    pub(super) async fn desk(&mut self, number: usize) -> Desk {
        let ada = self.admin().await;
        Desk {
            number,
            device: self.app.device(&ada, self.bob.user_id).await,
            seq: 0,
            sessions: 0,
            running: None,
            outbox: Vec::new(),
            contact: 0,
        }
    }

    pub(super) fn now(&self) -> i64 {
        self.app.clock_now().as_millis() / 1_000
    }

    /// A machine sends all that it has, as one batch.
    pub(super) async fn send(&mut self, desk: &mut Desk) {
        let (items, told): (Vec<Value>, Vec<_>) = desk.outbox.drain(..).unzip();
        let batch = json!({
            "device_id": desk.device.device_id, "epoch": id(desk.number),
            "clock": self.app.clock_now(), "items": items,
        });
        let answer = self
            .app
            .post("/api/v1/sync", &desk.device.secret, &batch)
            .await
            .expect(200);
        let results = answer["results"].as_array().expect("a list");
        assert_eq!(results.len(), items.len());
        assert!(
            results.iter().all(|one| one["outcome"] == "stored"),
            "{answer}"
        );
        desk.contact = self.now();
        for (at, seconds, kind) in told.into_iter().flatten() {
            self.told.span(at, seconds, kind);
            if kind == Kind::Active
                && let Some(running) = &mut desk.running
            {
                running.last_input = running.last_input.max(Some(at + seconds));
            }
        }
    }

    /// The worker does what is due now; `today` is the day's first and last second.
    pub(super) async fn turn(&mut self, desks: &[&Desk], today: (i64, i64)) {
        self.worker.turn().await.expect("worked");
        let now = self.now();
        let running: Vec<Running> = desks.iter().filter_map(|desk| desk.running).collect();
        let contact = desks.iter().map(|desk| desk.contact).max().unwrap_or(0);
        self.alarms.look_for_absence(now, &running, contact);
        if now % 1_800 == 0 {
            let worked = self.told.count(today.0, today.1);
            self.alarms
                .look_for_long_day(now, today.0, worked.active + worked.idle);
        }
    }

    /// The admin, with a token that holds for some minutes more.
    pub(super) async fn admin(&mut self) -> LoggedIn {
        if self.now() > self.since + 10 * 60 {
            self.ada = self.app.log_in("ada@acme.test").await;
            self.since = self.now();
        }
        self.ada.clone()
    }
}
