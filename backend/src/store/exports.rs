//! Files that people ask for: what was asked, how far each is, and their pieces.
//!
//! Whoever makes a file does it under an attempt's id, made for it alone. Each later write names
//! it and changes nothing when another attempt has begun, or the file was taken back: a worker
//! that only slept does not mix its pieces into somebody else's.

use shared_types::{
    ExportId, OrganizationId, Timestamp, UserId,
    export::{CreateExport, ExportState},
};
use sqlx::types::Json;
use uuid::Uuid;

use super::{StoreError, SystemDb, TenantDb, TenantTx, sql};

/// A file as it is kept, without its pieces.
#[derive(Debug, Clone)]
pub struct Stored {
    /// Its id.
    pub id: ExportId,
    /// Who asked.
    pub user_id: UserId,
    /// For what.
    pub request: CreateExport,
    /// How far it is.
    pub state: ExportState,
    /// How often it was begun.
    pub attempts: i64,
    /// Rows that are written.
    pub rows_done: i64,
    /// Rows that there will be.
    pub rows_total: Option<i64>,
    /// Bytes that are written.
    pub bytes: i64,
    /// Whom it tells of; absent before that is known.
    pub people: Option<Vec<UserId>>,
    /// Why it failed.
    pub error: Option<String>,
    /// When it was asked for.
    pub created_at: Timestamp,
    /// When it ended.
    pub finished_at: Option<Timestamp>,
    /// When it goes.
    pub expires_at: Option<Timestamp>,
    /// Whether who asked is told by mail when it has ended.
    pub by_mail: bool,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: ExportId,
    user_id: UserId,
    request: Json<CreateExport>,
    state: String,
    attempts: i64,
    rows_done: i64,
    rows_total: Option<i64>,
    bytes: i64,
    people: Option<Json<Vec<UserId>>>,
    error: Option<String>,
    created_at: Timestamp,
    finished_at: Option<Timestamp>,
    expires_at: Option<Timestamp>,
    by_mail: bool,
}

impl TryFrom<Row> for Stored {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let state = ExportState::parse(&row.state)
            .ok_or_else(|| StoreError::Corrupt(format!("state {:?} of an export", row.state)))?;
        Ok(Self {
            id: row.id,
            user_id: row.user_id,
            request: row.request.0,
            state,
            attempts: row.attempts,
            rows_done: row.rows_done,
            rows_total: row.rows_total,
            bytes: row.bytes,
            people: row.people.map(|Json(people)| people),
            error: row.error,
            created_at: row.created_at,
            finished_at: row.finished_at,
            expires_at: row.expires_at,
            by_mail: row.by_mail,
        })
    }
}

macro_rules! columns {
    () => {
        "id, user_id, request, state, attempts, rows_done, rows_total, bytes, people, error, \
         created_at, finished_at, expires_at, by_mail"
    };
}

/// Adds a file to make, and whether mail tells of its end; false when the person has `most`
/// already.
pub async fn insert(
    tx: &mut TenantTx,
    id: ExportId,
    person: UserId,
    (request, by_mail): (&CreateExport, bool),
    most: i64,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let organization = tx.organization();
    let rows = sql!(tx.db(), |c| {
        sqlx::query(
            "INSERT INTO exports (organization_id, id, user_id, request, by_mail, state, created_at)
             SELECT $1, $2, $3, $4, $5, 'waiting', $6
             WHERE (SELECT count(*) FROM exports WHERE organization_id = $1 AND user_id = $3) < $7",
        )
        .bind(organization)
        .bind(id)
        .bind(person)
        .bind(Json(request))
        .bind(by_mail)
        .bind(now)
        .bind(most)
        .execute(&mut *c)
        .await
        .map(|done| done.rows_affected())
    })?;
    Ok(rows == 1)
}

/// A person's file; `None`: there is none, or it is somebody else's.
pub async fn find(
    db: TenantDb<'_>,
    id: ExportId,
    person: UserId,
) -> Result<Option<Stored>, StoreError> {
    const TEXT: &str = concat!(
        "SELECT ",
        columns!(),
        " FROM exports WHERE organization_id = $1 AND id = $2 AND user_id = $3"
    );
    let organization = db.organization();
    let row: Option<Row> = sql!(db, |c| sqlx::query_as(TEXT)
        .bind(organization)
        .bind(id)
        .bind(person)
        .fetch_optional(&mut *c)
        .await)?;
    row.map(Stored::try_from).transpose()
}

/// A person's files, newest first, behind a place.
pub async fn page(
    db: TenantDb<'_>,
    person: UserId,
    before: (Timestamp, ExportId),
    limit: i64,
) -> Result<Vec<Stored>, StoreError> {
    const TEXT: &str = concat!(
        "SELECT ",
        columns!(),
        " FROM exports WHERE organization_id = $1 AND user_id = $2 AND (created_at, id) < ($3, $4) \
         ORDER BY created_at DESC, id DESC LIMIT $5"
    );
    let organization = db.organization();
    let rows: Vec<Row> = sql!(db, |c| sqlx::query_as(TEXT)
        .bind(organization)
        .bind(person)
        .bind(before.0)
        .bind(before.1)
        .bind(limit)
        .fetch_all(&mut *c)
        .await)?;
    rows.into_iter().map(Stored::try_from).collect()
}

/// Takes a file back, whatever its state; false: there is none, or it is somebody else's.
pub async fn remove(tx: &mut TenantTx, id: ExportId, person: UserId) -> Result<bool, StoreError> {
    let organization = tx.organization();
    let rows = sql!(tx.db(), |c| sqlx::query(
        "DELETE FROM exports WHERE organization_id = $1 AND id = $2 AND user_id = $3"
    )
    .bind(organization)
    .bind(id)
    .bind(person)
    .execute(&mut *c)
    .await
    .map(|done| done.rows_affected()))?;
    Ok(rows == 1)
}

/// Removes whatever tells of a person, whoever asked for it.
pub async fn remove_those_of(tx: &mut TenantTx, person: UserId) -> Result<u64, StoreError> {
    let organization = tx.organization();
    Ok(sql!(tx.db(), |c| sqlx::query(
        "DELETE FROM exports WHERE organization_id = $1 AND CAST(people AS TEXT) LIKE $2"
    )
    .bind(organization)
    .bind(format!("%{person}%"))
    .execute(&mut *c)
    .await
    .map(|done| done.rows_affected()))?)
}

/// Files that are to be made, oldest first.
pub async fn unfinished(
    db: SystemDb<'_>,
    limit: i64,
) -> Result<Vec<(OrganizationId, ExportId)>, StoreError> {
    Ok(sql!(db, |c| sqlx::query_as(
        "SELECT organization_id, id FROM exports WHERE state IN ('waiting', 'running')
         ORDER BY created_at, id LIMIT $1"
    )
    .bind(limit)
    .fetch_all(&mut *c)
    .await)?)
}

/// An attempt at a file.
#[derive(Debug, Clone, Copy)]
pub struct Attempt {
    /// The file.
    pub id: ExportId,
    /// Made for this attempt.
    pub attempt: Uuid,
}

/// Begins a file anew: what an earlier attempt has left goes. `None`: it has ended, or is gone.
pub async fn begin(tx: &mut TenantTx, attempt: Attempt) -> Result<Option<Stored>, StoreError> {
    const TEXT: &str = concat!(
        "UPDATE exports SET state = 'running', attempt = $3, attempts = attempts + 1, rows_done = 0, \
             rows_total = NULL, bytes = 0, people = NULL \
         WHERE organization_id = $1 AND id = $2 AND state IN ('waiting', 'running') RETURNING ",
        columns!()
    );
    let organization = tx.organization();
    let row: Option<Row> = sql!(tx.db(), |c| sqlx::query_as(TEXT)
        .bind(organization)
        .bind(attempt.id)
        .bind(attempt.attempt)
        .fetch_optional(&mut *c)
        .await)?;
    sql!(tx.db(), |c| {
        sqlx::query(
        "DELETE FROM export_chunks WHERE organization_id = $1 AND export_id = $2 AND EXISTS
             (SELECT 1 FROM exports e WHERE e.organization_id = $1 AND e.id = $2 AND e.state = 'running')"
    )
    .bind(organization)
    .bind(attempt.id)
    .execute(&mut *c)
    .await
    .map(drop)
    })?;
    row.map(Stored::try_from).transpose()
}

/// Notes whom a file tells of and how many rows it will have, before the first of them is
/// written; false: the attempt is over.
pub async fn note(
    tx: &mut TenantTx,
    attempt: Attempt,
    people: &[UserId],
    rows_total: i64,
) -> Result<bool, StoreError> {
    let organization = tx.organization();
    let rows = sql!(tx.db(), |c| sqlx::query(
        "UPDATE exports SET people = $4, rows_total = $5
         WHERE organization_id = $1 AND id = $2 AND attempt = $3 AND state = 'running'"
    )
    .bind(organization)
    .bind(attempt.id)
    .bind(attempt.attempt)
    .bind(Json(people))
    .bind(rows_total)
    .execute(&mut *c)
    .await
    .map(|done| done.rows_affected()))?;
    Ok(rows == 1)
}

/// The next piece of a file.
#[derive(Debug, Clone, Copy)]
pub struct Piece<'a> {
    /// 0, 1, 2 …
    pub position: i64,
    /// What is in it.
    pub bytes: &'a [u8],
    /// Rows that are written with it.
    pub rows_done: i64,
    /// Bytes that are written with it.
    pub bytes_done: i64,
}

/// Adds a piece; false: the attempt is over, and nothing was written.
pub async fn append(
    tx: &mut TenantTx,
    attempt: Attempt,
    piece: Piece<'_>,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let organization = tx.organization();
    let rows = sql!(tx.db(), |c| sqlx::query(
        "UPDATE exports SET rows_done = $4, bytes = $5
         WHERE organization_id = $1 AND id = $2 AND attempt = $3 AND state = 'running'"
    )
    .bind(organization)
    .bind(attempt.id)
    .bind(attempt.attempt)
    .bind(piece.rows_done)
    .bind(piece.bytes_done)
    .execute(&mut *c)
    .await
    .map(|done| done.rows_affected()))?;
    if rows == 0 {
        return Ok(false);
    }
    sql!(tx.db(), |c| sqlx::query(
        "INSERT INTO export_chunks (organization_id, export_id, position, bytes, created_at)
         VALUES ($1, $2, $3, $4, $5)"
    )
    .bind(organization)
    .bind(attempt.id)
    .bind(piece.position)
    .bind(piece.bytes)
    .bind(now)
    .execute(&mut *c)
    .await
    .map(drop))?;
    Ok(true)
}

/// How a file ended.
#[derive(Debug, Clone, Copy)]
pub struct End<'a> {
    /// Why there is none; absent: it is done.
    pub error: Option<&'a str>,
    /// When.
    pub at: Timestamp,
    /// When it goes.
    pub expires_at: Timestamp,
}

/// Ends an attempt; false: it was over.
pub async fn finish(tx: &mut TenantTx, attempt: Attempt, end: End<'_>) -> Result<bool, StoreError> {
    let organization = tx.organization();
    let state = if end.error.is_some() {
        "failed"
    } else {
        "done"
    };
    let rows = sql!(tx.db(), |c| sqlx::query(
        "UPDATE exports SET state = $4, error = $5, finished_at = $6, expires_at = $7
         WHERE organization_id = $1 AND id = $2 AND attempt = $3 AND state = 'running'"
    )
    .bind(organization)
    .bind(attempt.id)
    .bind(attempt.attempt)
    .bind(state)
    .bind(end.error)
    .bind(end.at)
    .bind(end.expires_at)
    .execute(&mut *c)
    .await
    .map(|done| done.rows_affected()))?;
    if rows == 1 && end.error.is_some() {
        sql!(tx.db(), |c| sqlx::query(
            "DELETE FROM export_chunks WHERE organization_id = $1 AND export_id = $2"
        )
        .bind(organization)
        .bind(attempt.id)
        .execute(&mut *c)
        .await
        .map(drop))?;
    }
    Ok(rows == 1)
}

/// A piece of a file.
pub async fn piece(
    db: TenantDb<'_>,
    id: ExportId,
    position: i64,
) -> Result<Option<Vec<u8>>, StoreError> {
    let organization = db.organization();
    Ok(sql!(db, |c| {
        sqlx::query_scalar(
        "SELECT bytes FROM export_chunks WHERE organization_id = $1 AND export_id = $2 AND position = $3"
    )
    .bind(organization)
    .bind(id)
    .bind(position)
    .fetch_optional(&mut *c)
    .await
    })?)
}

/// A span as a file shows it.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Span {
    stream_id: i64,
    seq: i64,
    /// Its session.
    pub session_id: Uuid,
    /// The device that saw it.
    pub device_id: Uuid,
    /// `active`, `idle` or `unobserved`.
    pub activity_type: String,
    /// Why it was not observed.
    pub reason: Option<String>,
    /// Its begin.
    pub started_at: Timestamp,
    /// How long it lasted.
    pub duration_seconds: i64,
    /// The application in use.
    pub application: Option<String>,
    /// Its window's title.
    pub title: Option<String>,
    /// The page's address.
    pub url: Option<String>,
    /// The category's name, where nothing else of the window was kept.
    pub category: Option<String>,
}

/// Where a span stands among a person's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SpanPlace(Timestamp, i64, i64);

impl SpanPlace {
    /// Before every span that begins at this instant or later.
    #[must_use]
    pub const fn before(from: Timestamp) -> Self {
        Self(from, i64::MIN, i64::MIN)
    }
}

impl Span {
    /// Its place.
    #[must_use]
    pub const fn place(&self) -> SpanPlace {
        SpanPlace(self.started_at, self.stream_id, self.seq)
    }
}

/// A person's spans that begin before an instant, behind a place, in order.
pub async fn spans(
    db: TenantDb<'_>,
    person: UserId,
    after: SpanPlace,
    to: Timestamp,
    limit: i64,
) -> Result<Vec<Span>, StoreError> {
    let organization = db.organization();
    Ok(sql!(db, |c| {
        sqlx::query_as(
            // The first condition is the second's, said so that both engines go along the index.
            "SELECT a.stream_id, a.seq, a.session_id, s.device_id, a.activity_type, a.reason, a.started_at,
                    a.duration_seconds, a.application, a.title, a.url,
                    (SELECT k.name FROM categories k
                     WHERE k.organization_id = a.organization_id AND k.id = a.category_id) AS category
             FROM activity_logs a JOIN sync_streams s ON s.id = a.stream_id
             WHERE a.user_id = $1 AND a.started_at >= $2
               AND (a.started_at, a.stream_id, a.seq) > ($2, $3, $4)
               AND a.started_at < $5 AND a.organization_id = $6
             ORDER BY a.started_at, a.stream_id, a.seq LIMIT $7",
        )
        .bind(person)
        .bind(after.0)
        .bind(after.1)
        .bind(after.2)
        .bind(to)
        .bind(organization)
        .bind(limit)
        .fetch_all(&mut *c)
        .await
    })?)
}

/// How many spans of a person begin between two instants.
pub async fn count_spans(
    db: TenantDb<'_>,
    person: UserId,
    from: Timestamp,
    to: Timestamp,
) -> Result<i64, StoreError> {
    let organization = db.organization();
    Ok(sql!(db, |c| sqlx::query_scalar(
        "SELECT count(*) FROM activity_logs
         WHERE user_id = $1 AND started_at >= $2 AND started_at < $3 AND organization_id = $4"
    )
    .bind(person)
    .bind(from)
    .bind(to)
    .bind(organization)
    .fetch_one(&mut *c)
    .await)?)
}

/// For how many days the organization keeps activity.
pub async fn retention_days(db: TenantDb<'_>) -> Result<i64, StoreError> {
    let organization = db.organization();
    Ok(sql!(db, |c| sqlx::query_scalar(
        "SELECT retention_days FROM organizations WHERE id = $1"
    )
    .bind(organization)
    .fetch_one(&mut *c)
    .await)?)
}
