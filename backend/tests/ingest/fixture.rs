//! A migrated database with one organization, on either engine, and devices that send.

use std::sync::Arc;

use shared_types::{
    DeviceId, EpochId, OrganizationId, SessionId, Timestamp, UserId,
    activity::{Activity, ActivityType},
    policy::CapturePolicy,
    sync::{SessionStarted, SessionStopped, SyncItemBody, SyncResponse},
};
use uuid::Uuid;
use workpulse_server::{
    clock::{Clock as _, ManualClock, SystemClock},
    ingest::{Batch, IngestError, IngestHandle, IngestOptions, Item, Source},
    live::LiveHub,
    store::{DatabaseTarget, Store},
};

use crate::{databases, raw::behind};

/// 2026-11-20T12:00:00Z, a Friday.
pub(crate) const NOW: Timestamp = Timestamp::from_millis(1_795_176_000_000);
/// Where the examples' session begins: 10:00 that day.
pub(crate) const START: Timestamp = Timestamp::from_millis(1_795_168_800_000);

/// Which database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Engine {
    Sqlite,
    Postgres,
}

/// Runs a test on both engines.
macro_rules! on_both_engines {
    ($(#[$meta:meta])* async fn $name:ident($world:ident: World) $body:block) => {
        mod $name {
            use super::*;

            async fn check($world: World) {
                $body
            }

            $(#[$meta])*
            #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
            async fn on_sqlite() {
                check(World::new(Engine::Sqlite).await).await;
            }

            $(#[$meta])*
            #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
            async fn on_postgres() {
                check(World::new(Engine::Postgres).await).await;
            }
        }
    };
}
pub(crate) use on_both_engines;

/// A database, its ingest and its hub.
pub(crate) struct World {
    pub(crate) store: Store,
    pub(crate) target: DatabaseTarget,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) ingest: IngestHandle,
    pub(crate) hub: LiveHub,
    pub(crate) organization: OrganizationId,
    _file: Option<tempfile::TempDir>,
}

/// Runs one text on either engine.
macro_rules! run {
    ($world:expr, $text:expr $(, $bind:expr)* $(,)?) => {{
        let target = &$world.target;
        behind!(target, |c| sqlx::query($text)$(.bind($bind))*.execute(&mut *c).await.map(drop))
            .expect($text);
    }};
}

/// Reads one row on either engine.
macro_rules! one {
    ($world:expr, $text:expr $(, $bind:expr)* $(,)?) => {{
        let target = &$world.target;
        crate::raw::behind!(target, |c| sqlx::query_as($text)$(.bind($bind))*.fetch_one(&mut *c).await)
            .expect($text)
    }};
}
pub(crate) use one;

impl World {
    /// A fresh one, at [`NOW`].
    pub(crate) async fn new(engine: Engine) -> Self {
        let (target, file) = match engine {
            Engine::Sqlite => {
                let folder = tempfile::tempdir().expect("a temporary folder");
                let path = folder.path().join("workpulse.db");
                (DatabaseTarget::File(path), Some(folder))
            }
            Engine::Postgres => (DatabaseTarget::Url(new_database().await), None),
        };
        let store = Store::open(&target, 8).await.expect("opens");
        store.migrate().await.expect("migrates");
        let clock = ManualClock::at(NOW);
        let hub = LiveHub::new(
            store.clone(),
            clock.clone(),
            std::time::Duration::from_secs(1),
        );
        let announce = hub.clone();
        let ingest = IngestHandle::start(
            &store,
            clock.clone(),
            IngestOptions::default(),
            move |organizations| {
                for organization in organizations {
                    announce.wake(*organization);
                }
            },
        )
        .await
        .expect("starts");
        let mut world = Self {
            store,
            target,
            clock,
            ingest,
            hub,
            organization: OrganizationId(Uuid::nil()),
            _file: file,
        };
        world.organization = world.new_organization().await;
        world
    }

    /// One more tenant.
    pub(crate) async fn new_organization(&self) -> OrganizationId {
        let id = OrganizationId(SystemClock.new_uuid());
        let policy = sqlx::types::Json(CapturePolicy::careful(1));
        run!(
            self,
            "INSERT INTO organizations (id, name, time_zone, capture_policy, created_at) VALUES ($1, 'Test', 'Europe/Berlin', $2, $3)",
            id,
            &policy,
            NOW
        );
        run!(
            self,
            "INSERT INTO event_counters (organization_id, seq) VALUES ($1, 0)",
            id
        );
        id
    }

    /// A person.
    pub(crate) async fn person(&self, organization: OrganizationId) -> UserId {
        let id = UserId(SystemClock.new_uuid());
        run!(
            self,
            "INSERT INTO users (organization_id, id, email, name, role, status, created_at, authority_changed_at) \
             VALUES ($1, $2, $3, 'Ada', 'employee', 'active', $4, $4)",
            organization,
            id,
            format!("{id}@example.org"),
            NOW
        );
        id
    }

    /// A device of a person.
    pub(crate) async fn device(&self, organization: OrganizationId, user_id: UserId) -> Device {
        let device_id = DeviceId(SystemClock.new_uuid());
        self.device_with_id(organization, user_id, device_id).await
    }

    /// A device of a person, with an id that may be another organization's device's too.
    pub(crate) async fn device_with_id(
        &self,
        organization: OrganizationId,
        user_id: UserId,
        device_id: DeviceId,
    ) -> Device {
        run!(
            self,
            "INSERT INTO devices (organization_id, id, user_id, kind, name, os, agent_version, capabilities, created_at) \
             VALUES ($1, $2, $3, 'agent', 'Laptop', 'Linux', '1', '{}', $4)",
            organization,
            device_id,
            user_id,
            NOW
        );
        Device {
            organization,
            user_id,
            id: device_id,
            epoch: EpochId(SystemClock.new_uuid()),
        }
    }

    /// A device of a new person of the organization.
    pub(crate) async fn new_device(&self) -> Device {
        let user = self.person(self.organization).await;
        self.device(self.organization, user).await
    }

    /// Sends items of a device.
    pub(crate) async fn send(
        &self,
        device: &Device,
        items: &[(i64, SyncItemBody)],
    ) -> Result<SyncResponse, IngestError> {
        self.ingest.submit(device.batch(items)).await
    }

    /// A session's totals: active, idle, unobserved, version.
    pub(crate) async fn totals(&self, session: SessionId) -> (i64, i64, i64, i64) {
        one!(
            self,
            "SELECT total_active_seconds, total_idle_seconds, total_unobserved_seconds, version \
             FROM work_sessions WHERE id = $1",
            session
        )
    }

    /// Invariant A1 over the whole database, and what the days say against it.
    pub(crate) async fn assert_accounts_balance(&self) {
        let (sessions,): (i64,) = one!(
            self,
            "SELECT count(*) FROM work_sessions w LEFT JOIN ( \
                 SELECT session_id, count(*) AS spans, \
                     CAST(sum(CASE WHEN activity_type = 'active' THEN duration_seconds ELSE 0 END) AS BIGINT) AS active, \
                     CAST(sum(CASE WHEN activity_type = 'idle' THEN duration_seconds ELSE 0 END) AS BIGINT) AS idle, \
                     CAST(sum(CASE WHEN activity_type = 'unobserved' THEN duration_seconds ELSE 0 END) AS BIGINT) AS unobserved \
                 FROM activity_logs GROUP BY session_id) a ON a.session_id = w.id \
             WHERE w.total_active_seconds <> COALESCE(a.active, 0) \
                OR w.total_idle_seconds <> COALESCE(a.idle, 0) \
                OR w.total_unobserved_seconds <> COALESCE(a.unobserved, 0) \
                OR w.version <> 1 + COALESCE(a.spans, 0) + (CASE WHEN w.status = 'stopped' THEN 1 ELSE 0 END) + w.project_changes"
        );
        assert_eq!(
            sessions, 0,
            "sessions whose totals or version are not those of their spans"
        );
        let (overlaps,): (i64,) = one!(
            self,
            "SELECT count(*) FROM ( \
                 SELECT a.started_at, lead(a.started_at) OVER (PARTITION BY s.organization_id, s.device_id ORDER BY a.started_at) AS next_start, \
                        a.duration_seconds FROM activity_logs a JOIN sync_streams s ON s.id = a.stream_id) x \
             WHERE next_start = started_at"
        );
        assert_eq!(overlaps, 0, "spans of one device that begin together");
        for (what, text) in ROLLUPS {
            let (unequal,): (i64,) = one!(self, text);
            assert_eq!(unequal, 0, "{what}");
        }
    }
}

/// What does not add up among the sums that reports read.
const ROLLUPS: [(&str, &str); 3] = [
    (
        "days whose hours are not their seconds",
        "SELECT count(*) FROM daily_summaries d LEFT JOIN ( \
             SELECT user_id, day, CAST(sum(active_seconds) AS BIGINT) AS active, \
                 CAST(sum(idle_seconds) AS BIGINT) AS idle, \
                 CAST(sum(unobserved_seconds) AS BIGINT) AS unobserved \
             FROM hour_days GROUP BY user_id, day) h ON h.user_id = d.user_id AND h.day = d.day \
         WHERE d.active_seconds <> COALESCE(h.active, 0) OR d.idle_seconds <> COALESCE(h.idle, 0) \
            OR d.unobserved_seconds <> COALESCE(h.unobserved, 0)",
    ),
    (
        "days whose applications are not their active and idle seconds",
        "SELECT count(*) FROM daily_summaries d LEFT JOIN ( \
             SELECT user_id, day, CAST(sum(active_seconds) AS BIGINT) AS active, \
                 CAST(sum(idle_seconds) AS BIGINT) AS idle \
             FROM application_days GROUP BY user_id, day) a ON a.user_id = d.user_id AND a.day = d.day \
         WHERE d.active_seconds <> COALESCE(a.active, 0) OR d.idle_seconds <> COALESCE(a.idle, 0)",
    ),
    (
        "sessions whose days are not their seconds",
        "SELECT count(*) FROM work_sessions w LEFT JOIN ( \
             SELECT session_id, CAST(sum(active_seconds) AS BIGINT) AS active, \
                 CAST(sum(idle_seconds) AS BIGINT) AS idle, \
                 CAST(sum(unobserved_seconds) AS BIGINT) AS unobserved \
             FROM session_days GROUP BY session_id) s ON s.session_id = w.id \
         WHERE w.total_active_seconds <> COALESCE(s.active, 0) \
            OR w.total_idle_seconds <> COALESCE(s.idle, 0) \
            OR w.total_unobserved_seconds <> COALESCE(s.unobserved, 0)",
    ),
];

async fn new_database() -> String {
    let server = std::env::var("WORKPULSE_TEST_POSTGRES").expect(
        "this test needs a PostgreSQL server: run it through `cargo xtask test`, or set WORKPULSE_TEST_POSTGRES",
    );
    databases::address(&server, &databases::migrated(&server).await)
}

/// A device that sends.
#[derive(Debug, Clone)]
pub(crate) struct Device {
    pub(crate) organization: OrganizationId,
    pub(crate) user_id: UserId,
    pub(crate) id: DeviceId,
    pub(crate) epoch: EpochId,
}

impl Device {
    /// A batch of these items.
    pub(crate) fn batch(&self, items: &[(i64, SyncItemBody)]) -> Batch {
        Batch {
            organization_id: self.organization,
            user_id: self.user_id,
            device_id: self.id,
            epoch: self.epoch,
            items: items
                .iter()
                .map(|(seq, body)| Item {
                    seq: *seq,
                    body: Some(body.clone()),
                })
                .collect(),
            source: Source::Agent,
        }
    }
}

/// A session's id.
pub(crate) fn session_id() -> SessionId {
    SessionId(SystemClock.new_uuid())
}

/// A session that begins at [`START`].
pub(crate) fn started(session_id: SessionId) -> SyncItemBody {
    SyncItemBody::SessionStarted(SessionStarted {
        session_id,
        project_id: None,
        started_at: START,
    })
}

/// A session that ends so many seconds behind [`START`].
pub(crate) fn stopped(session_id: SessionId, after: i64) -> SyncItemBody {
    SyncItemBody::SessionStopped(SessionStopped {
        session_id,
        stopped_at: START.plus_seconds(after),
    })
}

/// The whole minute with this number behind [`START`].
pub(crate) fn minute(session_id: SessionId, number: i64, kind: ActivityType) -> SyncItemBody {
    span(session_id, number * 60, 60, kind, "Editor")
}

/// A span that begins so many seconds behind [`START`].
pub(crate) fn span(
    session_id: SessionId,
    from: i64,
    seconds: u32,
    kind: ActivityType,
    application: &str,
) -> SyncItemBody {
    SyncItemBody::Activity(Activity {
        session_id,
        activity_type: kind,
        reason: (kind == ActivityType::Unobserved)
            .then_some(shared_types::activity::UnobservedReason::Locked),
        started_at: START.plus_seconds(from),
        duration_seconds: seconds,
        application: Some(application.to_owned()),
        title: None,
        url: None,
        category_id: None,
    })
}

/// A start, `minutes` minutes of rotating kinds, and a stop, numbered from 1.
pub(crate) fn whole_session(session_id: SessionId, minutes: i64) -> Vec<(i64, SyncItemBody)> {
    let mut bodies = vec![started(session_id)];
    for number in 0..minutes {
        let kind = ActivityType::ALL[usize::try_from(number % 3).expect("small")];
        bodies.push(minute(session_id, number, kind));
    }
    bodies.push(stopped(session_id, minutes * 60));
    (1..).zip(bodies).collect()
}
