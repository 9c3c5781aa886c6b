//! Schedules and jobs as people look at them.

use serde::Serialize;
use shared_types::Timestamp;
use uuid::Uuid;

use super::{StoreError, SystemDb, sql};

/// A schedule, and how its jobs went.
#[derive(Debug, Clone, Serialize, sqlx::FromRow)]
pub struct ScheduleRow {
    /// Its name.
    pub name: String,
    /// Cron or `@midnight`.
    pub expression: String,
    /// `once`, `each` or `skip`.
    pub catch_up: String,
    /// Whether it is turned on.
    pub enabled: bool,
    /// Jobs that wait or run.
    pub open: i64,
    /// Jobs that were given up and are still kept.
    pub failed: i64,
}

/// All schedules, by name.
pub async fn schedules(db: SystemDb<'_>) -> Result<Vec<ScheduleRow>, StoreError> {
    Ok(sql!(db, |c| {
        sqlx::query_as(
            "SELECT s.name, s.expression, s.catch_up, s.enabled,
             (SELECT count(*) FROM jobs j WHERE j.schedule = s.name AND j.state IN ('queued', 'running')) AS open,
             (SELECT count(*) FROM jobs j WHERE j.schedule = s.name AND j.state = 'failed') AS failed
         FROM schedules s ORDER BY s.name",
        )
        .fetch_all(&mut *c)
        .await
    })?)
}

/// A job as people look at it.
#[derive(Debug, Clone, Serialize, sqlx::FromRow)]
pub struct JobRow {
    /// The job.
    pub id: Uuid,
    /// Its schedule.
    pub schedule: String,
    /// An organization's id, or empty.
    pub scope: String,
    /// The occurrence.
    pub due_at: Timestamp,
    /// `queued`, `running`, `done` or `failed`.
    pub state: String,
    /// How often it was begun.
    pub attempts: i64,
    /// When the latest attempt began.
    pub started_at: Option<Timestamp>,
    /// When it ended.
    pub finished_at: Option<Timestamp>,
    /// What it did.
    pub outcome: Option<String>,
    /// What went wrong in the latest attempt.
    pub last_error: Option<String>,
    /// Asked for by a person.
    pub by_hand: bool,
}

macro_rules! job_columns {
    () => {
        "SELECT id, schedule, scope, due_at, state, attempts, started_at, finished_at, outcome, last_error, by_hand FROM jobs"
    };
}

/// Jobs, those due last first; of one schedule, or of all.
pub async fn history(
    db: SystemDb<'_>,
    schedule: Option<&str>,
    failed_only: bool,
    limit: i64,
) -> Result<Vec<JobRow>, StoreError> {
    const TEXT: &str = concat!(
        job_columns!(),
        " WHERE (schedule = $1 OR $1 IS NULL) AND (state = 'failed' OR NOT $2) ORDER BY due_at DESC, id DESC LIMIT $3"
    );
    Ok(sql!(db, |c| sqlx::query_as(TEXT)
        .bind(schedule)
        .bind(failed_only)
        .bind(limit)
        .fetch_all(&mut *c)
        .await)?)
}

/// One job.
pub async fn find(db: SystemDb<'_>, id: Uuid) -> Result<Option<JobRow>, StoreError> {
    const TEXT: &str = concat!(job_columns!(), " WHERE id = $1");
    Ok(sql!(db, |c| sqlx::query_as(TEXT)
        .bind(id)
        .fetch_optional(&mut *c)
        .await)?)
}

/// The job of a schedule that was worked on and ended last.
pub async fn last_run(db: SystemDb<'_>, schedule: &str) -> Result<Option<JobRow>, StoreError> {
    const TEXT: &str = concat!(
        job_columns!(),
        " WHERE schedule = $1 AND state IN ('done', 'failed') AND started_at IS NOT NULL
          ORDER BY finished_at DESC, id DESC LIMIT 1"
    );
    Ok(sql!(db, |c| sqlx::query_as(TEXT)
        .bind(schedule)
        .fetch_optional(&mut *c)
        .await)?)
}

/// The job of a schedule in one scope that was worked on and ended last.
pub async fn last_run_in(
    db: SystemDb<'_>,
    schedule: &str,
    scope: &str,
) -> Result<Option<JobRow>, StoreError> {
    const TEXT: &str = concat!(
        job_columns!(),
        " WHERE schedule = $1 AND scope = $2 AND state IN ('done', 'failed') AND started_at IS NOT NULL
          ORDER BY finished_at DESC, id DESC LIMIT 1"
    );
    Ok(sql!(db, |c| sqlx::query_as(TEXT)
        .bind(schedule)
        .bind(scope)
        .fetch_optional(&mut *c)
        .await)?)
}

/// A schedule in one scope.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct StandingRow {
    /// Whether it is turned on; absent: no worker has made it known yet.
    pub enabled: Option<bool>,
    /// Up to when its occurrences are decided.
    pub decided_until: Option<Timestamp>,
    /// When the oldest job that waits or runs was due.
    pub waiting_since: Option<Timestamp>,
    /// Jobs that were given up and are still kept.
    pub failed: i64,
}

/// How a schedule stands in one scope.
pub async fn standing(
    db: SystemDb<'_>,
    schedule: &str,
    scope: &str,
) -> Result<StandingRow, StoreError> {
    Ok(sql!(db, |c| {
        sqlx::query_as(
        "SELECT (SELECT enabled FROM schedules WHERE name = $1) AS enabled,
                (SELECT decided_until FROM schedule_scopes WHERE schedule = $1 AND scope = $2) AS decided_until,
                (SELECT min(due_at) FROM jobs
                  WHERE schedule = $1 AND scope = $2 AND state IN ('queued', 'running')) AS waiting_since,
                (SELECT count(*) FROM jobs
                  WHERE schedule = $1 AND scope = $2 AND state = 'failed') AS failed"
    )
    .bind(schedule)
    .bind(scope)
    .fetch_one(&mut *c)
    .await
    })?)
}

/// When the oldest job that waits was due, for each schedule that has one.
pub async fn oldest_waiting(db: SystemDb<'_>) -> Result<Vec<(String, Timestamp)>, StoreError> {
    Ok(sql!(db, |c| {
        sqlx::query_as(
        "SELECT schedule, min(due_at) FROM jobs WHERE state IN ('queued', 'running') GROUP BY schedule"
    )
    .fetch_all(&mut *c)
    .await
    })?)
}
