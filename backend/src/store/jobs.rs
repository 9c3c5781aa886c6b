//! Schedules and jobs: what is due, who works on it, what came of it.
//!
//! A job is claimed with a lease under a fresh owner id. Every later change names that owner
//! and changes nothing when the lease has gone to somebody else: a worker that was stopped
//! for a minute finds its late write refused.

use shared_types::Timestamp;
use uuid::Uuid;

use super::{StoreError, SystemDb, SystemTx, sql};
use crate::domain::schedule::CatchUp;

/// Characters of an error or an outcome that are kept.
const TEXT_KEPT: usize = 500;

/// Makes a schedule known, or brings its row up to this version's definition.
pub async fn declare(
    tx: &mut SystemTx,
    name: &str,
    expression: &str,
    catch_up: CatchUp,
) -> Result<(), StoreError> {
    sql!(tx.db(), |c| {
        sqlx::query(
            "INSERT INTO schedules (name, expression, catch_up, enabled) VALUES ($1, $2, $3, TRUE)
             ON CONFLICT (name) DO UPDATE SET expression = excluded.expression, catch_up = excluded.catch_up",
        )
        .bind(name)
        .bind(expression)
        .bind(catch_up.name())
        .execute(&mut *c)
        .await
        .map(drop)
    })?;
    Ok(())
}

/// Turns a schedule on or off; false when there is no such schedule.
pub async fn enable(tx: &mut SystemTx, name: &str, enabled: bool) -> Result<bool, StoreError> {
    let rows = sql!(tx.db(), |c| sqlx::query(
        "UPDATE schedules SET enabled = $2 WHERE name = $1"
    )
    .bind(name)
    .bind(enabled)
    .execute(&mut *c)
    .await
    .map(|done| done.rows_affected()))?;
    Ok(rows == 1)
}

/// Names of the schedules that are turned on.
pub async fn enabled(db: SystemDb<'_>) -> Result<Vec<String>, StoreError> {
    Ok(sql!(db, |c| sqlx::query_scalar(
        "SELECT name FROM schedules WHERE enabled ORDER BY name"
    )
    .fetch_all(&mut *c)
    .await)?)
}

/// How far each schedule has been decided: schedule, scope, instant.
pub async fn decided(db: SystemDb<'_>) -> Result<Vec<(String, String, Timestamp)>, StoreError> {
    Ok(sql!(db, |c| sqlx::query_as(
        "SELECT schedule, scope, decided_until FROM schedule_scopes"
    )
    .fetch_all(&mut *c)
    .await)?)
}

/// Begins a schedule in a scope: what was due before `now` is nobody's business.
pub async fn begin_scope(
    tx: &mut SystemTx,
    schedule: &str,
    scope: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    sql!(tx.db(), |c| sqlx::query(
        "INSERT INTO schedule_scopes (schedule, scope, decided_until) VALUES ($1, $2, $3)
         ON CONFLICT (schedule, scope) DO NOTHING"
    )
    .bind(schedule)
    .bind(scope)
    .bind(now)
    .execute(&mut *c)
    .await
    .map(drop))?;
    Ok(())
}

/// Moves a schedule on, if it is still where the decision was made; false when another
/// worker has decided meanwhile.
pub async fn move_on(
    tx: &mut SystemTx,
    schedule: &str,
    scope: &str,
    from: Timestamp,
    to: Timestamp,
) -> Result<bool, StoreError> {
    let rows = sql!(tx.db(), |c| sqlx::query(
        "UPDATE schedule_scopes SET decided_until = $4
         WHERE schedule = $1 AND scope = $2 AND decided_until = $3"
    )
    .bind(schedule)
    .bind(scope)
    .bind(from)
    .bind(to)
    .execute(&mut *c)
    .await
    .map(|done| done.rows_affected()))?;
    Ok(rows == 1)
}

/// A job to queue.
#[derive(Debug, Clone, Copy)]
pub struct NewJob<'a> {
    /// Made by the caller.
    pub id: Uuid,
    /// Which schedule.
    pub schedule: &'a str,
    /// An organization's id, or empty.
    pub scope: &'a str,
    /// The occurrence.
    pub due_at: Timestamp,
    /// Asked for by a person, beside the schedule.
    pub by_hand: bool,
}

/// Queues an occurrence; false when it is known already.
pub async fn queue(tx: &mut SystemTx, job: NewJob<'_>) -> Result<bool, StoreError> {
    let rows = sql!(tx.db(), |c| {
        sqlx::query(
        "INSERT INTO jobs (id, schedule, scope, due_at, state, by_hand) VALUES ($1, $2, $3, $4, 'queued', $5)
         ON CONFLICT (schedule, scope, due_at) DO NOTHING"
    )
    .bind(job.id)
    .bind(job.schedule)
    .bind(job.scope)
    .bind(job.due_at)
    .bind(job.by_hand)
    .execute(&mut *c)
    .await
    .map(|done| done.rows_affected())
    })?;
    Ok(rows == 1)
}

/// How many millis before its instant a job asked for by hand may be due, at most.
const MILLIS_BACK: i64 = 1_000;

/// Queues a job that somebody asks for. False when one of this very instant still waits: it will
/// see all that there is by now. One of this instant that has begun already may not, so another
/// is due a millisecond earlier.
pub async fn ask(tx: &mut SystemTx, job: NewJob<'_>) -> Result<bool, StoreError> {
    for back in 0..MILLIS_BACK {
        let due_at = job.due_at.plus_millis(-back);
        if queue(tx, NewJob { due_at, ..job }).await? {
            return Ok(true);
        }
        let waits: i64 = sql!(tx.db(), |c| sqlx::query_scalar(
            "SELECT COUNT(*) FROM jobs
             WHERE schedule = $1 AND scope = $2 AND due_at = $3 AND state = 'queued'"
        )
        .bind(job.schedule)
        .bind(job.scope)
        .bind(due_at)
        .fetch_one(&mut *c)
        .await)?;
        if waits > 0 {
            return Ok(false);
        }
    }
    Ok(false)
}

/// The instants between which a lease is in force: past `now`, and not so far ahead that only
/// a wrong clock can have written it.
#[derive(Debug, Clone, Copy)]
pub struct LeaseWindow {
    /// The present.
    pub now: Timestamp,
    /// The latest end that a lease may have.
    pub latest: Timestamp,
}

/// Passes over the occurrences before `due` that still wait: a later one takes their place.
/// What is being worked on, and what a person asked for, is left alone.
pub async fn supersede(
    tx: &mut SystemTx,
    schedule: &str,
    scope: &str,
    due: Timestamp,
    window: LeaseWindow,
) -> Result<u64, StoreError> {
    Ok(sql!(tx.db(), |c| {
        sqlx::query(
        "UPDATE jobs SET state = 'done', finished_at = $4, outcome = 'passed over: a later one took its place',
             lease_owner = NULL, lease_until = NULL
         WHERE schedule = $1 AND scope = $2 AND due_at < $3 AND NOT by_hand
           AND (state = 'queued' OR (state = 'running' AND (lease_until <= $4 OR lease_until > $5)))"
    )
    .bind(schedule)
    .bind(scope)
    .bind(due)
    .bind(window.now)
    .bind(window.latest)
    .execute(&mut *c)
    .await
    .map(|done| done.rows_affected())
    })?)
}

/// A job that may be worked on.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Candidate {
    /// The job.
    pub id: Uuid,
    /// Its schedule.
    pub schedule: String,
    /// An organization's id, or empty.
    pub scope: String,
    /// The occurrence.
    pub due_at: Timestamp,
    /// How often it was begun.
    pub attempts: i64,
}

/// What waits to be worked on, oldest first: queued jobs whose pause is over, and jobs whose
/// worker has not been heard of. One job of a schedule and scope at a time.
pub async fn waiting(
    db: SystemDb<'_>,
    window: LeaseWindow,
    limit: i64,
) -> Result<Vec<Candidate>, StoreError> {
    Ok(sql!(db, |c| {
        sqlx::query_as(
            "SELECT j.id, j.schedule, j.scope, j.due_at, j.attempts FROM jobs j
         WHERE ((j.state = 'queued' AND (j.run_after IS NULL OR j.run_after <= $1))
             OR (j.state = 'running' AND (j.lease_until <= $1 OR j.lease_until > $2)))
           AND NOT EXISTS (
             SELECT 1 FROM jobs o WHERE o.schedule = j.schedule AND o.scope = j.scope AND o.id <> j.id
                AND o.state = 'running' AND o.lease_until > $1 AND o.lease_until <= $2)
         ORDER BY j.due_at, j.id LIMIT $3",
        )
        .bind(window.now)
        .bind(window.latest)
        .bind(limit)
        .fetch_all(&mut *c)
        .await
    })?)
}

/// Takes a job until `until`; the number of this attempt, or `None` when another was faster.
pub async fn claim(
    tx: &mut SystemTx,
    id: Uuid,
    owner: Uuid,
    window: LeaseWindow,
    until: Timestamp,
) -> Result<Option<i64>, StoreError> {
    // PostgreSQL looks at the condition again once the other worker's row lock has gone.
    Ok(sql!(tx.db(), |c| {
        sqlx::query_scalar(
        "UPDATE jobs SET state = 'running', lease_owner = $2, lease_until = $5, attempts = attempts + 1,
             started_at = $3, run_after = NULL
         WHERE id = $1
           AND ((state = 'queued' AND (run_after IS NULL OR run_after <= $3))
             OR (state = 'running' AND (lease_until <= $3 OR lease_until > $4)))
         RETURNING attempts"
    )
    .bind(id)
    .bind(owner)
    .bind(window.now)
    .bind(window.latest)
    .bind(until)
    .fetch_optional(&mut *c)
    .await
    })?)
}

/// A claim: the job, and under which id it was taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lease {
    /// The job.
    pub job: Uuid,
    /// Made for this claim alone.
    pub owner: Uuid,
}

/// Keeps a lease until `until`, and notes how far the job is; false when the lease has gone.
pub async fn renew(
    tx: &mut SystemTx,
    lease: Lease,
    until: Timestamp,
    progress: Option<&str>,
) -> Result<bool, StoreError> {
    let rows = sql!(tx.db(), |c| sqlx::query(
        "UPDATE jobs SET lease_until = $3, outcome = COALESCE($4, outcome)
         WHERE id = $1 AND lease_owner = $2 AND state = 'running'"
    )
    .bind(lease.job)
    .bind(lease.owner)
    .bind(until)
    .bind(progress.map(cut))
    .execute(&mut *c)
    .await
    .map(|done| done.rows_affected()))?;
    Ok(rows == 1)
}

/// Marks a job as done, in whatever transaction its effect is in; false when the lease has
/// gone: then that transaction must not be committed.
pub async fn finish(
    db: SystemDb<'_>,
    lease: Lease,
    now: Timestamp,
    outcome: &str,
) -> Result<bool, StoreError> {
    let rows = sql!(db, |c| sqlx::query(
        "UPDATE jobs SET state = 'done', finished_at = $3, outcome = $4, last_error = NULL,
             lease_owner = NULL, lease_until = NULL
         WHERE id = $1 AND lease_owner = $2 AND state = 'running'"
    )
    .bind(lease.job)
    .bind(lease.owner)
    .bind(now)
    .bind(cut(outcome))
    .execute(&mut *c)
    .await
    .map(|done| done.rows_affected()))?;
    Ok(rows == 1)
}

/// What becomes of a job whose attempt did not end well.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// Another attempt, not before this.
    Again(Timestamp),
    /// None: it is kept as failed, for a person to see.
    GivenUp,
}

/// Notes that an attempt failed; false when the lease has gone.
pub async fn fail(
    tx: &mut SystemTx,
    lease: Lease,
    now: Timestamp,
    error: &str,
    next: Next,
) -> Result<bool, StoreError> {
    let (state, run_after, finished) = match next {
        Next::Again(at) => ("queued", Some(at), None),
        Next::GivenUp => ("failed", None, Some(now)),
    };
    let rows = sql!(tx.db(), |c| sqlx::query(
        "UPDATE jobs SET state = $3, run_after = $4, finished_at = $5, last_error = $6,
             lease_owner = NULL, lease_until = NULL
         WHERE id = $1 AND lease_owner = $2 AND state = 'running'"
    )
    .bind(lease.job)
    .bind(lease.owner)
    .bind(state)
    .bind(run_after)
    .bind(finished)
    .bind(cut(error))
    .execute(&mut *c)
    .await
    .map(|done| done.rows_affected()))?;
    Ok(rows == 1)
}

/// Gives a job back untouched: the worker is stopping, and this attempt does not count.
pub async fn release(tx: &mut SystemTx, lease: Lease) -> Result<bool, StoreError> {
    let rows = sql!(tx.db(), |c| {
        sqlx::query(
        "UPDATE jobs SET state = 'queued', attempts = attempts - 1, lease_owner = NULL, lease_until = NULL
         WHERE id = $1 AND lease_owner = $2 AND state = 'running'"
    )
    .bind(lease.job)
    .bind(lease.owner)
    .execute(&mut *c)
    .await
    .map(|done| done.rows_affected())
    })?;
    Ok(rows == 1)
}

/// Removes jobs that ended before these instants, at most `limit` of each; returns how many.
pub async fn prune(
    tx: &mut SystemTx,
    done_before: Timestamp,
    failed_before: Timestamp,
    limit: i64,
) -> Result<u64, StoreError> {
    let mut removed = 0;
    for (state, before) in [("done", done_before), ("failed", failed_before)] {
        removed += sql!(tx.db(), |c| {
            sqlx::query(
                // An occurrence of the future (a clock was wrong) is kept: its row is what
                // prevents it from happening again.
                "DELETE FROM jobs WHERE id IN (
                 SELECT id FROM jobs WHERE state = $1 AND state IN ('done', 'failed')
                    AND finished_at < $2 AND due_at < $2 ORDER BY finished_at LIMIT $3)",
            )
            .bind(state)
            .bind(before)
            .bind(limit)
            .execute(&mut *c)
            .await
            .map(|done| done.rows_affected())
        })?;
    }
    Ok(removed)
}

fn cut(text: &str) -> String {
    text.chars().take(TEXT_KEPT).collect()
}
