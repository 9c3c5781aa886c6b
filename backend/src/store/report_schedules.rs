//! Reports that are made again and again: what was asked for, and until when it is done.

use shared_types::{
    ExportId, OrganizationId, ReportScheduleId, Timestamp, UserId, export::ExportState,
    report_schedule::ReportScheduleTerms,
};
use sqlx::types::Json;

use super::{StoreError, SystemDb, TenantDb, TenantTx, sql};

/// A schedule as it is kept.
#[derive(Debug, Clone)]
pub struct Stored {
    /// Its id.
    pub id: ReportScheduleId,
    /// Who asked.
    pub user_id: UserId,
    /// For what.
    pub terms: ReportScheduleTerms,
    /// Nothing that was due until then is made any more.
    pub done_until: Timestamp,
    /// For when the latest file was begun.
    pub last_at: Option<Timestamp>,
    /// How far that file is.
    pub last_state: Option<ExportState>,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: ReportScheduleId,
    user_id: UserId,
    terms: Json<ReportScheduleTerms>,
    done_until: Timestamp,
    last_at: Option<Timestamp>,
    last_state: Option<String>,
}

impl TryFrom<Row> for Stored {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let read = |name: String| {
            ExportState::parse(&name)
                .ok_or_else(|| StoreError::Corrupt(format!("state {name:?} of an export")))
        };
        Ok(Self {
            id: row.id,
            user_id: row.user_id,
            terms: row.terms.0,
            done_until: row.done_until,
            last_at: row.last_at,
            last_state: row.last_state.map(read).transpose()?,
        })
    }
}

macro_rules! schedules {
    ($condition:literal) => {
        concat!(
            "SELECT s.id, s.user_id, s.terms, s.done_until, s.last_at, e.state AS last_state \
             FROM report_schedules s \
             LEFT JOIN exports e ON e.organization_id = s.organization_id AND e.id = s.last_export_id \
             WHERE s.organization_id = $1 AND s.user_id = $2 ",
            $condition
        )
    };
}

/// A person's schedules, in the order of their making.
pub async fn of_person(db: TenantDb<'_>, person: UserId) -> Result<Vec<Stored>, StoreError> {
    let organization = db.organization();
    let rows: Vec<Row> = sql!(db, |c| sqlx::query_as(schedules!(
        "ORDER BY s.created_at, s.id"
    ))
    .bind(organization)
    .bind(person)
    .fetch_all(&mut *c)
    .await)?;
    rows.into_iter().map(Stored::try_from).collect()
}

/// One of them; `None`: there is none, or it is somebody else's.
pub async fn find(
    db: TenantDb<'_>,
    person: UserId,
    id: ReportScheduleId,
) -> Result<Option<Stored>, StoreError> {
    let organization = db.organization();
    let row: Option<Row> = sql!(db, |c| sqlx::query_as(schedules!("AND s.id = $3"))
        .bind(organization)
        .bind(person)
        .bind(id)
        .fetch_optional(&mut *c)
        .await)?;
    row.map(Stored::try_from).transpose()
}

/// Adds one; false when the person has `most` already. What was due before is not made.
pub async fn insert(
    tx: &mut TenantTx,
    id: ReportScheduleId,
    person: UserId,
    terms: &ReportScheduleTerms,
    most: i64,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let organization = tx.organization();
    let rows = sql!(tx.db(), |c| {
        sqlx::query(
            "INSERT INTO report_schedules (organization_id, id, user_id, terms, enabled, created_at, done_until)
             SELECT $1, $2, $3, $4, $5, $6, $6
             WHERE (SELECT count(*) FROM report_schedules WHERE organization_id = $1 AND user_id = $3) < $7",
        )
        .bind(organization)
        .bind(id)
        .bind(person)
        .bind(Json(terms))
        .bind(terms.enabled)
        .bind(now)
        .bind(most)
        .execute(&mut *c)
        .await
        .map(|done| done.rows_affected())
    })?;
    Ok(rows == 1)
}

/// Replaces what one of the person's says; false: there is none. What was due before, under the
/// terms of then or of now, is not made.
pub async fn change(
    tx: &mut TenantTx,
    person: UserId,
    id: ReportScheduleId,
    terms: &ReportScheduleTerms,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let organization = tx.organization();
    let rows = sql!(tx.db(), |c| sqlx::query(
        "UPDATE report_schedules SET terms = $1, enabled = $2, done_until = $3
         WHERE organization_id = $4 AND user_id = $5 AND id = $6"
    )
    .bind(Json(terms))
    .bind(terms.enabled)
    .bind(now)
    .bind(organization)
    .bind(person)
    .bind(id)
    .execute(&mut *c)
    .await
    .map(|done| done.rows_affected()))?;
    Ok(rows == 1)
}

/// Removes one of the person's; false: there is none. Files that it has made stay.
pub async fn remove(
    tx: &mut TenantTx,
    person: UserId,
    id: ReportScheduleId,
) -> Result<bool, StoreError> {
    let organization = tx.organization();
    let rows = sql!(tx.db(), |c| sqlx::query(
        "DELETE FROM report_schedules WHERE organization_id = $1 AND user_id = $2 AND id = $3"
    )
    .bind(organization)
    .bind(person)
    .bind(id)
    .execute(&mut *c)
    .await
    .map(|done| done.rows_affected()))?;
    Ok(rows == 1)
}

/// A schedule that is looked at by whoever makes what is due.
#[derive(Debug, Clone)]
pub struct Enabled {
    /// Whose organization.
    pub organization: OrganizationId,
    /// Its zone's name.
    pub time_zone: String,
    /// Its id.
    pub id: ReportScheduleId,
    /// Who asked.
    pub user_id: UserId,
    /// For what.
    pub terms: ReportScheduleTerms,
    /// Nothing that was due until then is made any more.
    pub done_until: Timestamp,
}

/// Everything that is enabled, of people who may log in, behind a place.
pub async fn enabled(
    db: SystemDb<'_>,
    after: (OrganizationId, ReportScheduleId),
    limit: i64,
) -> Result<Vec<Enabled>, StoreError> {
    type Row = (
        OrganizationId,
        String,
        ReportScheduleId,
        UserId,
        Json<ReportScheduleTerms>,
        Timestamp,
    );
    let rows: Vec<Row> = sql!(db, |c| sqlx::query_as(
        "SELECT s.organization_id, o.time_zone, s.id, s.user_id, s.terms, s.done_until
         FROM report_schedules s
         JOIN organizations o ON o.id = s.organization_id
         JOIN users u ON u.organization_id = s.organization_id AND u.id = s.user_id
         WHERE s.enabled AND u.status = 'active' AND (s.organization_id, s.id) > ($1, $2)
         ORDER BY s.organization_id, s.id LIMIT $3"
    )
    .bind(after.0)
    .bind(after.1)
    .bind(limit)
    .fetch_all(&mut *c)
    .await)?;
    Ok(rows
        .into_iter()
        .map(
            |(organization, time_zone, id, user_id, Json(terms), done_until)| Enabled {
                organization,
                time_zone,
                id,
                user_id,
                terms,
                done_until,
            },
        )
        .collect())
}

/// Takes an occurrence, for which this file is made; false: another worker was faster, or it is
/// not wanted any more.
pub async fn take(
    tx: &mut TenantTx,
    id: ReportScheduleId,
    due: Timestamp,
    export: ExportId,
) -> Result<bool, StoreError> {
    let organization = tx.organization();
    let rows = sql!(tx.db(), |c| sqlx::query(
        "UPDATE report_schedules SET done_until = $1, last_at = $1, last_export_id = $2
         WHERE organization_id = $3 AND id = $4 AND enabled AND done_until < $1"
    )
    .bind(due)
    .bind(export)
    .bind(organization)
    .bind(id)
    .execute(&mut *c)
    .await
    .map(|done| done.rows_affected()))?;
    Ok(rows == 1)
}
