//! Notes: what people say of their own time, and what managers answer.
//!
//! No two notes of a person are about the same moment, but for those that were declined: each
//! moment has one account that counts. Whoever writes one takes the person's row first.

use shared_types::{
    NoteId, Timestamp, UserId,
    note::{Note, NoteKind, NoteState},
};

use super::{
    Db, StoreError, TenantDb, TenantTx, sql,
    visibility::{reach, seen},
};
use crate::domain::visibility::Viewer;

/// Behind which note a page begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct After {
    /// Its begin.
    pub from: Timestamp,
    /// The note.
    pub id: NoteId,
}

/// Which notes; all of what is given must hold.
#[derive(Debug, Clone, Copy, Default)]
pub struct Filter {
    /// Answered, and how.
    pub state: Option<NoteState>,
    /// Of this person. The caller has looked whether the viewer sees them.
    pub person: Option<UserId>,
    /// About time from this instant on.
    pub from: Option<Timestamp>,
    /// About time that begins before this instant.
    pub to: Option<Timestamp>,
    /// Behind this one.
    pub after: Option<After>,
}

/// What a person says.
#[derive(Debug, Clone, Copy)]
pub struct Said<'a> {
    /// First instant.
    pub from: Timestamp,
    /// Behind the last instant.
    pub to: Timestamp,
    /// What the time was.
    pub kind: NoteKind,
    /// In their words.
    pub text: Option<&'a str>,
}

#[derive(Debug, sqlx::FromRow)]
struct Row {
    id: NoteId,
    user_id: UserId,
    user_name: String,
    starts_at: Timestamp,
    ends_at: Timestamp,
    kind: String,
    text: Option<String>,
    version: i64,
    created_at: Timestamp,
    changed_at: Timestamp,
    answered_at: Option<Timestamp>,
    answered_by: Option<UserId>,
    answered_by_name: Option<String>,
    accepted: Option<bool>,
    answer: Option<String>,
}

impl TryFrom<Row> for Note {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let kind = NoteKind::parse(&row.kind)
            .ok_or_else(|| StoreError::Corrupt(format!("notes.kind is {:?}", row.kind)))?;
        let state = match row.accepted {
            None => NoteState::Open,
            Some(true) => NoteState::Accepted,
            Some(false) => NoteState::Declined,
        };
        Ok(Self {
            id: row.id,
            user_id: row.user_id,
            user_name: row.user_name,
            from: row.starts_at,
            to: row.ends_at,
            kind,
            text: row.text,
            state,
            version: row.version,
            created_at: row.created_at,
            changed_at: row.changed_at,
            answered_at: row.answered_at,
            answered_by: row.answered_by,
            answered_by_name: row.answered_by_name,
            answer: row.answer,
        })
    }
}

/// A query for notes with these conditions.
macro_rules! notes {
    ($($condition:tt)*) => {
        concat!(
            "SELECT n.id, n.user_id, u.name AS user_name, n.starts_at, n.ends_at, n.kind, n.text, n.version,
                    n.created_at, n.changed_at, n.answered_at, n.answered_by, r.name AS answered_by_name,
                    n.accepted, n.answer
             FROM notes n
             JOIN users u ON u.organization_id = n.organization_id AND u.id = n.user_id
             LEFT JOIN users r ON r.organization_id = n.organization_id AND r.id = n.answered_by AND r.erased_at IS NULL
             WHERE n.organization_id = $1 AND ",
            $($condition)*
        )
    };
}

/// A page of everybody's notes in a state.
macro_rules! of_all {
    ($state:literal) => {
        notes!(
            "n.ends_at > $2 AND n.starts_at < $3 AND (n.starts_at, n.id) < ($4, $5) AND ",
            seen!("n.user_id", "$1", "$6", "$7"),
            $state,
            " ORDER BY n.starts_at DESC, n.id DESC LIMIT $8"
        )
    };
}

/// A page of one person's.
macro_rules! of_one {
    ($state:literal) => {
        notes!(
            "n.ends_at > $2 AND n.starts_at < $3 AND (n.starts_at, n.id) < ($4, $5) AND n.user_id = $6",
            $state,
            " ORDER BY n.starts_at DESC, n.id DESC LIMIT $7"
        )
    };
}

/// Notes of the people whom a viewer sees, the latest time first.
pub async fn page(
    db: TenantDb<'_>,
    viewer: Viewer,
    filter: Filter,
    limit: i64,
) -> Result<Vec<Note>, StoreError> {
    // A text for each state: with the condition in it, the index of open notes answers, however
    // many answered ones there are.
    let text = match (filter.person.is_some(), filter.state) {
        (false, None) => of_all!(""),
        (false, Some(NoteState::Open)) => of_all!(" AND n.answered_at IS NULL"),
        (false, Some(NoteState::Accepted)) => of_all!(" AND n.accepted"),
        (false, Some(NoteState::Declined)) => of_all!(" AND NOT n.accepted"),
        (true, None) => of_one!(""),
        (true, Some(NoteState::Open)) => of_one!(" AND n.answered_at IS NULL"),
        (true, Some(NoteState::Accepted)) => of_one!(" AND n.accepted"),
        (true, Some(NoteState::Declined)) => of_one!(" AND NOT n.accepted"),
    };
    let organization = db.organization();
    let after = filter.after.unwrap_or(After {
        from: Timestamp::MAX,
        id: NoteId(uuid::Uuid::max()),
    });
    let rows: Vec<Row> = sql!(db, |c| {
        let query = sqlx::query_as(text)
            .bind(organization)
            .bind(filter.from.unwrap_or(Timestamp::UNIX_EPOCH))
            .bind(filter.to.unwrap_or(Timestamp::MAX))
            .bind(after.from)
            .bind(after.id);
        let query = match filter.person {
            Some(person) => query.bind(person),
            None => query.bind(reach(viewer)).bind(viewer.user_id),
        };
        query.bind(limit).fetch_all(&mut *c).await
    })?;
    rows.into_iter().map(Note::try_from).collect()
}

/// One note; the caller looks whether it may be seen.
pub async fn find(db: TenantDb<'_>, id: NoteId) -> Result<Option<Note>, StoreError> {
    let organization = db.organization();
    let row: Option<Row> = sql!(db, |c| sqlx::query_as(notes!("n.id = $2"))
        .bind(organization)
        .bind(id)
        .fetch_optional(&mut *c)
        .await)?;
    row.map(Note::try_from).transpose()
}

/// What a person says of time between two instants, in the order of its begin. At most 1,440
/// of those that count can be in a day, and as many are returned.
pub async fn of_person(
    db: TenantDb<'_>,
    person: UserId,
    from: Timestamp,
    to: Timestamp,
) -> Result<Vec<Note>, StoreError> {
    let organization = db.organization();
    let rows: Vec<Row> = sql!(db, |c| sqlx::query_as(notes!(
        "n.user_id = $2 AND n.starts_at < $3 AND n.ends_at > $4 \
         ORDER BY n.starts_at, n.id LIMIT 1440"
    ))
    .bind(organization)
    .bind(person)
    .bind(to)
    .bind(from)
    .fetch_all(&mut *c)
    .await)?;
    rows.into_iter().map(Note::try_from).collect()
}

/// Lets a person write one note at a time, so that no two are about the same moment. SQLite needs
/// nothing, it has one writer.
pub async fn lock(tx: &mut TenantTx, person: UserId) -> Result<(), StoreError> {
    let organization = tx.organization();
    if let Db::Postgres(connection) = tx.db().raw() {
        sqlx::query("SELECT 1 FROM users WHERE organization_id = $1 AND id = $2 FOR NO KEY UPDATE")
            .bind(organization)
            .bind(person)
            .execute(connection)
            .await?;
    }
    Ok(())
}

/// Whether another note that counts is about some of this time.
pub async fn taken(
    db: TenantDb<'_>,
    person: UserId,
    (from, to): (Timestamp, Timestamp),
    but: NoteId,
) -> Result<bool, StoreError> {
    let organization = db.organization();
    let count: i64 = sql!(db, |c| {
        sqlx::query_scalar(
            "SELECT count(*) FROM notes
             WHERE organization_id = $1 AND user_id = $2 AND starts_at < $3 AND ends_at > $4
               AND id <> $5 AND (accepted IS NULL OR accepted)",
        )
        .bind(organization)
        .bind(person)
        .bind(to)
        .bind(from)
        .bind(but)
        .fetch_one(&mut *c)
        .await
    })?;
    Ok(count > 0)
}

/// Writes a note.
pub async fn insert(
    tx: &mut TenantTx,
    id: NoteId,
    person: UserId,
    said: Said<'_>,
    now: Timestamp,
) -> Result<(), StoreError> {
    let organization = tx.organization();
    sql!(tx.db(), |c| {
        sqlx::query(
            "INSERT INTO notes (organization_id, id, user_id, starts_at, ends_at, kind, text, created_at, changed_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8)",
        )
        .bind(organization)
        .bind(id)
        .bind(person)
        .bind(said.from)
        .bind(said.to)
        .bind(said.kind.name())
        .bind(said.text)
        .bind(now)
        .execute(&mut *c)
        .await
        .map(drop)
    })?;
    Ok(())
}

/// Says something else in its place; false when it was changed or answered meanwhile.
pub async fn change(
    tx: &mut TenantTx,
    id: NoteId,
    version: i64,
    said: Said<'_>,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let organization = tx.organization();
    let rows = sql!(tx.db(), |c| {
        sqlx::query(
            "UPDATE notes SET starts_at = $1, ends_at = $2, kind = $3, text = $4, changed_at = $5, version = version + 1
             WHERE organization_id = $6 AND id = $7 AND version = $8 AND answered_at IS NULL",
        )
        .bind(said.from)
        .bind(said.to)
        .bind(said.kind.name())
        .bind(said.text)
        .bind(now)
        .bind(organization)
        .bind(id)
        .bind(version)
        .execute(&mut *c)
        .await
        .map(|done| done.rows_affected())
    })?;
    Ok(rows == 1)
}

/// Takes a note back; false when it was answered meanwhile.
pub async fn remove(tx: &mut TenantTx, id: NoteId) -> Result<bool, StoreError> {
    let organization = tx.organization();
    let rows = sql!(tx.db(), |c| sqlx::query(
        "DELETE FROM notes WHERE organization_id = $1 AND id = $2 AND answered_at IS NULL"
    )
    .bind(organization)
    .bind(id)
    .execute(&mut *c)
    .await
    .map(|done| done.rows_affected()))?;
    Ok(rows == 1)
}

/// What a manager answers.
#[derive(Debug, Clone, Copy)]
pub struct Answer<'a> {
    /// Who.
    pub by: UserId,
    /// Whether they agree.
    pub accepted: bool,
    /// Why.
    pub answer: Option<&'a str>,
}

/// Answers a note, also one that was answered before; false when the person changed it meanwhile.
pub async fn answer(
    tx: &mut TenantTx,
    id: NoteId,
    version: i64,
    answer: Answer<'_>,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let organization = tx.organization();
    let rows = sql!(tx.db(), |c| {
        sqlx::query(
            "UPDATE notes SET answered_at = $1, answered_by = $2, accepted = $3, answer = $4
             WHERE organization_id = $5 AND id = $6 AND version = $7",
        )
        .bind(now)
        .bind(answer.by)
        .bind(answer.accepted)
        .bind(answer.answer)
        .bind(organization)
        .bind(id)
        .bind(version)
        .execute(&mut *c)
        .await
        .map(|done| done.rows_affected())
    })?;
    Ok(rows == 1)
}
