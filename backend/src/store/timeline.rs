//! A person's day: their spans in order, and the sessions that these belong to.

use futures_util::TryStreamExt as _;
use shared_types::{DeviceId, SessionId, Timestamp, UserId, timeline::TimelineSpan};

use super::{
    StoreError, TenantDb,
    sessions::{SessionRow, activity_type, reason, session_columns},
    sql,
};
use crate::domain::session::Session;

#[derive(sqlx::FromRow)]
struct Row {
    session_id: SessionId,
    device_id: DeviceId,
    activity_type: String,
    reason: Option<String>,
    started_at: Timestamp,
    duration_seconds: i64,
    application: Option<String>,
    title: Option<String>,
    url: Option<String>,
    category: Option<String>,
}

/// Hands a person's spans that begin between two instants to `push`, in the order of their
/// begin; all devices. Goes along the index, and holds a few rows at a time.
pub async fn spans(
    db: TenantDb<'_>,
    person: UserId,
    from: Timestamp,
    to: Timestamp,
    mut push: impl FnMut(TimelineSpan),
) -> Result<(), StoreError> {
    let organization = db.organization();
    sql!(db, |c| {
        let mut rows = sqlx::query_as::<_, Row>(
            "SELECT a.session_id, s.device_id, a.activity_type, a.reason, a.started_at, a.duration_seconds,
                    a.application, a.title, a.url,
                    (SELECT k.name FROM categories k
                     WHERE k.organization_id = a.organization_id AND k.id = a.category_id) AS category
             FROM activity_logs a JOIN sync_streams s ON s.id = a.stream_id
             WHERE a.user_id = $1 AND a.started_at >= $2 AND a.started_at < $3 AND a.organization_id = $4
             ORDER BY a.started_at",
        )
        .bind(person)
        .bind(from)
        .bind(to)
        .bind(organization)
        .fetch(&mut *c);
        while let Some(row) = rows.try_next().await? {
            push(TimelineSpan {
                session_id: row.session_id,
                // A person's keyboard has the person's own id.
                device_id: Some(row.device_id).filter(|device| device.uuid() != person.uuid()),
                activity_type: activity_type(&row.activity_type)?,
                reason: row.reason.as_deref().map(reason).transpose()?,
                from: row.started_at,
                to: row.started_at.plus_seconds(row.duration_seconds),
                application: row.application,
                title: row.title,
                url: row.url,
                category: row.category,
            });
        }
    });
    Ok(())
}

/// A person's sessions that began between two instants, oldest first.
pub async fn sessions_begun(
    db: TenantDb<'_>,
    person: UserId,
    from: Timestamp,
    to: Timestamp,
) -> Result<Vec<Session>, StoreError> {
    const TEXT: &str = concat!(
        "SELECT ",
        session_columns!(),
        " FROM work_sessions WHERE organization_id = $1 AND user_id = $2 \
         AND started_at >= $3 AND started_at < $4 ORDER BY started_at, id LIMIT 1000"
    );
    let organization = db.organization();
    let rows: Vec<SessionRow> = sql!(db, |c| sqlx::query_as(TEXT)
        .bind(organization)
        .bind(person)
        .bind(from)
        .bind(to)
        .fetch_all(&mut *c)
        .await)?;
    rows.into_iter().map(Session::try_from).collect()
}
