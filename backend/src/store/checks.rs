//! What must hold in the data: the contract's A1, A4 and D4 and what follows from them.
//!
//! What SQL can say is SQL (here); what it cannot is made again in memory and compared (`days`,
//! `accounts`). Read in one snapshot (each organization's days and audit in one of its own), so
//! that a running server does not disturb them.

mod accounts;
mod days;

use super::{
    Db, Store, StoreError, SystemDb,
    audit::{self, Broken},
    organizations, sql,
};

/// One thing that must hold.
#[derive(Debug, Clone, Copy)]
struct Check {
    name: &'static str,
    /// What is counted: none is good.
    counts: &'static str,
    sqlite: &'static str,
    postgres: &'static str,
}

/// How a check came out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// Which check.
    pub name: &'static str,
    /// What was counted.
    pub counts: &'static str,
    /// How many; none is good.
    pub found: i64,
    /// Where, as far as it can be said in a line each.
    pub places: Vec<String>,
}

/// Places that are named of what was found; the number says how many there are.
const PLACES: usize = 5;

impl Outcome {
    /// What was found at these places.
    fn of(name: &'static str, counts: &'static str, mut places: Vec<String>) -> Self {
        let found = i64::try_from(places.len()).unwrap_or(i64::MAX);
        places.truncate(PLACES);
        Self {
            name,
            counts,
            found,
            places,
        }
    }
}

const fn alike(name: &'static str, counts: &'static str, text: &'static str) -> Check {
    Check {
        name,
        counts,
        sqlite: text,
        postgres: text,
    }
}

/// Nobody's days are being made again: until they are, they need not add up.
macro_rules! settled {
    ($row:literal) => {
        concat!(
            " NOT EXISTS (SELECT 1 FROM rollup_work r WHERE r.finished_at IS NULL
                 AND r.organization_id = ",
            $row,
            ".organization_id AND r.user_id = ",
            $row,
            ".user_id)"
        )
    };
}

/// Spans of one device, each beside the next one.
macro_rules! overlaps {
    ($end:literal) => {
        concat!(
            "SELECT count(*) FROM (
                 SELECT a.started_at, a.duration_seconds,
                        lead(a.started_at) OVER (PARTITION BY s.organization_id, s.device_id ORDER BY a.started_at) AS next_start
                 FROM activity_logs a JOIN sync_streams s ON s.id = a.stream_id) x
             WHERE next_start < ",
            $end
        )
    };
}

const ALL: [Check; 10] = [
    alike(
        "session totals",
        "sessions whose totals are not the sums of their spans",
        "SELECT count(*) FROM work_sessions w LEFT JOIN (
             SELECT organization_id, session_id,
                 CAST(sum(CASE WHEN activity_type = 'active' THEN duration_seconds ELSE 0 END) AS BIGINT) AS active,
                 CAST(sum(CASE WHEN activity_type = 'idle' THEN duration_seconds ELSE 0 END) AS BIGINT) AS idle,
                 CAST(sum(CASE WHEN activity_type = 'unobserved' THEN duration_seconds ELSE 0 END) AS BIGINT) AS unobserved
             FROM activity_logs GROUP BY organization_id, session_id) a
             ON a.organization_id = w.organization_id AND a.session_id = w.id
         JOIN organizations o ON o.id = w.organization_id
         WHERE (o.removed_before IS NULL OR w.started_at >= o.removed_before)
           AND (w.total_active_seconds <> COALESCE(a.active, 0)
             OR w.total_idle_seconds <> COALESCE(a.idle, 0)
             OR w.total_unobserved_seconds <> COALESCE(a.unobserved, 0))",
    ),
    alike(
        "session versions",
        "sessions whose version is not one more than the changes applied",
        "SELECT count(*) FROM work_sessions w LEFT JOIN (
             SELECT organization_id, session_id, count(*) AS spans
             FROM activity_logs GROUP BY organization_id, session_id) a
             ON a.organization_id = w.organization_id AND a.session_id = w.id
         JOIN organizations o ON o.id = w.organization_id
         WHERE (o.removed_before IS NULL OR w.started_at >= o.removed_before)
           AND w.version <> 1 + COALESCE(a.spans, 0) + (CASE WHEN w.status = 'stopped' THEN 1 ELSE 0 END) + w.project_changes",
    ),
    Check {
        name: "spans of a device",
        counts: "spans that overlap the next one of the same device",
        sqlite: overlaps!("started_at + duration_seconds * 1000"),
        postgres: overlaps!("started_at + duration_seconds * interval '1 second'"),
    },
    alike(
        "hours of a day",
        "days that are not the sums of their hours",
        concat!("SELECT count(*) FROM daily_summaries d JOIN organizations o ON o.id = d.organization_id
         LEFT JOIN (
             SELECT organization_id, user_id, day, CAST(sum(active_seconds) AS BIGINT) AS active,
                 CAST(sum(idle_seconds) AS BIGINT) AS idle, CAST(sum(unobserved_seconds) AS BIGINT) AS unobserved
             FROM hour_days GROUP BY organization_id, user_id, day) h
             ON h.organization_id = d.organization_id AND h.user_id = d.user_id AND h.day = d.day
         WHERE (h.day IS NOT NULL OR o.removed_before_day IS NULL OR d.day >= o.removed_before_day)
           AND (d.active_seconds <> COALESCE(h.active, 0) OR d.idle_seconds <> COALESCE(h.idle, 0)
             OR d.unobserved_seconds <> COALESCE(h.unobserved, 0)) AND", settled!("d")),
    ),
    alike(
        "applications of a day",
        "days whose active and idle seconds are not the sums of their applications",
        concat!("SELECT count(*) FROM daily_summaries d JOIN organizations o ON o.id = d.organization_id
         LEFT JOIN (
             SELECT organization_id, user_id, day, CAST(sum(active_seconds) AS BIGINT) AS active,
                 CAST(sum(idle_seconds) AS BIGINT) AS idle
             FROM application_days GROUP BY organization_id, user_id, day) a
             ON a.organization_id = d.organization_id AND a.user_id = d.user_id AND a.day = d.day
         WHERE (a.day IS NOT NULL OR o.removed_before_day IS NULL OR d.day >= o.removed_before_day)
           AND (d.active_seconds <> COALESCE(a.active, 0) OR d.idle_seconds <> COALESCE(a.idle, 0)) AND", settled!("d")),
    ),
    alike(
        "sessions of a day",
        "days that are more than their sessions, or of one device and not their sum",
        concat!("SELECT count(*) FROM daily_summaries d JOIN organizations o ON o.id = d.organization_id
         LEFT JOIN (
             SELECT organization_id, user_id, day,
                 CAST(sum(active_seconds + idle_seconds + unobserved_seconds) AS BIGINT) AS seconds
             FROM session_days GROUP BY organization_id, user_id, day) s
             ON s.organization_id = d.organization_id AND s.user_id = d.user_id AND s.day = d.day
         WHERE (s.day IS NOT NULL OR o.removed_before_day IS NULL OR d.day >= o.removed_before_day)
           AND (d.active_seconds + d.idle_seconds + d.unobserved_seconds > COALESCE(s.seconds, 0)
             OR (d.device_id IS NOT NULL
                 AND d.active_seconds + d.idle_seconds + d.unobserved_seconds <> COALESCE(s.seconds, 0))) AND", settled!("d")),
    ),
    alike(
        "months of a person",
        "counted months that are not the sums of their days",
        "SELECT count(*) FROM person_months m
         LEFT JOIN (
             SELECT k.organization_id, k.user_id, k.month, min(CASE WHEN d.month_at IS NULL THEN 0 ELSE 1 END) AS counted,
                 CAST(sum(d.active_seconds) AS BIGINT) AS active, CAST(sum(d.idle_seconds) AS BIGINT) AS idle,
                 CAST(sum(d.unobserved_seconds) AS BIGINT) AS unobserved
             FROM person_months k JOIN daily_summaries d ON d.organization_id = k.organization_id
                 AND d.user_id = k.user_id AND d.day BETWEEN k.month AND k.last_day
             GROUP BY k.organization_id, k.user_id, k.month) d
             ON d.organization_id = m.organization_id AND d.user_id = m.user_id AND d.month = m.month
         LEFT JOIN (
             SELECT k.organization_id, k.user_id, k.month, CAST(sum(a.active_seconds) AS BIGINT) AS active,
                 CAST(sum(a.idle_seconds) AS BIGINT) AS idle
             FROM person_months k JOIN application_days a ON a.organization_id = k.organization_id
                 AND a.user_id = k.user_id AND a.day BETWEEN k.month AND k.last_day
             GROUP BY k.organization_id, k.user_id, k.month) a
             ON a.organization_id = m.organization_id AND a.user_id = m.user_id AND a.month = m.month
         LEFT JOIN (
             SELECT organization_id, user_id, month, CAST(sum(active_seconds) AS BIGINT) AS active,
                 CAST(sum(idle_seconds) AS BIGINT) AS idle
             FROM application_months GROUP BY organization_id, user_id, month) b
             ON b.organization_id = m.organization_id AND b.user_id = m.user_id AND b.month = m.month
         LEFT JOIN (
             SELECT k.organization_id, k.user_id, k.month, CAST(sum(h.active_seconds) AS BIGINT) AS active,
                 CAST(sum(h.idle_seconds) AS BIGINT) AS idle, CAST(sum(h.unobserved_seconds) AS BIGINT) AS unobserved
             FROM person_months k JOIN hour_days h ON h.organization_id = k.organization_id
                 AND h.user_id = k.user_id AND h.day BETWEEN k.month AND k.last_day
             GROUP BY k.organization_id, k.user_id, k.month) h
             ON h.organization_id = m.organization_id AND h.user_id = m.user_id AND h.month = m.month
         LEFT JOIN (
             SELECT organization_id, user_id, month, CAST(sum(active_seconds) AS BIGINT) AS active,
                 CAST(sum(idle_seconds) AS BIGINT) AS idle, CAST(sum(unobserved_seconds) AS BIGINT) AS unobserved
             FROM hour_months GROUP BY organization_id, user_id, month) i
             ON i.organization_id = m.organization_id AND i.user_id = m.user_id AND i.month = m.month
         WHERE COALESCE(d.counted, 1) = 1 AND (d.month IS NULL
            OR m.active_seconds <> d.active OR m.idle_seconds <> d.idle OR m.unobserved_seconds <> d.unobserved
            OR COALESCE(a.active, 0) <> COALESCE(b.active, 0) OR COALESCE(a.idle, 0) <> COALESCE(b.idle, 0)
            OR COALESCE(h.active, 0) <> COALESCE(i.active, 0) OR COALESCE(h.idle, 0) <> COALESCE(i.idle, 0)
            OR COALESCE(h.unobserved, 0) <> COALESCE(i.unobserved, 0))",
    ),
    alike(
        "days in their months",
        "days that are said to be counted and are in no month",
        "SELECT count(*) FROM daily_summaries d
         LEFT JOIN person_months m ON m.organization_id = d.organization_id AND m.user_id = d.user_id
             AND d.day BETWEEN m.month AND m.last_day
         WHERE d.month_at IS NOT NULL AND m.month IS NULL",
    ),
    alike(
        "titles' share",
        "applications of a day of which titles decided more than there is",
        "SELECT count(*) FROM application_days
         WHERE titled_active_seconds > active_seconds OR titled_idle_seconds > idle_seconds
            OR titled_active_seconds < 0 OR titled_idle_seconds < 0",
    ),
    alike(
        "event numbers",
        "organizations whose counter is behind their events",
        "SELECT count(*) FROM organizations o
         LEFT JOIN event_counters c ON c.organization_id = o.id
         LEFT JOIN (SELECT organization_id, max(seq) AS newest FROM events GROUP BY organization_id) e
             ON e.organization_id = o.id
         WHERE c.seq IS NULL OR c.seq < COALESCE(e.newest, 0)",
    ),
];

/// Runs all checks over one moment of the data.
pub async fn run(store: &Store) -> Result<Vec<Outcome>, StoreError> {
    let mut snapshot = store.system().snapshot().await?;
    let mut outcomes = Vec::new();
    for check in ALL {
        let text = match snapshot.db().raw() {
            Db::Sqlite(_) => check.sqlite,
            Db::Postgres(_) => check.postgres,
        };
        let found: i64 = sql!(snapshot.db(), |c| sqlx::query_scalar(text)
            .fetch_one(&mut *c)
            .await)?;
        outcomes.push(Outcome {
            name: check.name,
            counts: check.counts,
            found,
            places: Vec::new(),
        });
    }
    let all = organizations::list(snapshot.db()).await?;
    outcomes.extend(accounts::look(snapshot.db()).await?);
    drop(snapshot);
    let (mut broken, mut places) = (0, Vec::new());
    let mut found = days::Found::default();
    for organization in all {
        let mut snapshot = store.tenant(organization.id).snapshot().await?;
        days::look(&mut snapshot, &mut found).await?;
        let verified = audit::verify(snapshot.db()).await?;
        let id = organization.id;
        match verified.broken {
            Some(Broken { seq, what }) => {
                broken += 1;
                places.push(format!("organization {id}, row {seq}: {what}"));
            }
            None => places.push(format!(
                "organization {id} ends with row {}, {}",
                verified.rows,
                hex::encode(verified.hash)
            )),
        }
    }
    outcomes.extend(found.outcomes());
    outcomes.push(Outcome {
        name: "audit",
        counts: "organizations whose audit was changed afterwards",
        found: broken,
        places,
    });
    Ok(outcomes)
}

/// The database server's clock; `None` where the database is a file of this machine.
pub async fn database_clock(
    db: SystemDb<'_>,
) -> Result<Option<shared_types::Timestamp>, StoreError> {
    let super::Db::Postgres(connection) = db.raw() else {
        return Ok(None);
    };
    Ok(Some(
        sqlx::query_scalar("SELECT clock_timestamp()")
            .fetch_one(connection)
            .await?,
    ))
}

/// The newest instant that was written by the machine's clock, if any.
pub async fn newest_write(db: SystemDb<'_>) -> Result<Option<shared_types::Timestamp>, StoreError> {
    Ok(sql!(db, |c| sqlx::query_scalar(
        "SELECT max(at) FROM (
             SELECT max(last_sync_at) AS at FROM sync_streams
             UNION ALL SELECT max(created_at) FROM events
             UNION ALL SELECT max(at) FROM audit) x"
    )
    .fetch_one(&mut *c)
    .await)?)
}
