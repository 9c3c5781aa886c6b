//! The audit as admins read it: filtered, newest first.

use serde_json::Value;
use shared_types::{Timestamp, UserId, audit::AuditEntry};
use sqlx::types::Json;

use crate::store::{StoreError, TenantDb, sql};

/// Which rows; all of those that are given must hold.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Done by this person.
    pub actor: Option<UserId>,
    /// Concerning this person, also among others.
    pub subject: Option<UserId>,
    /// This action, or all that begin with it where it ends with a dot.
    pub action: Option<String>,
    /// Not before this instant.
    pub from: Option<Timestamp>,
    /// Before this instant.
    pub to: Option<Timestamp>,
    /// Before the row with this number.
    pub before: Option<i64>,
}

#[derive(Debug, sqlx::FromRow)]
struct Row {
    seq: i64,
    at: Timestamp,
    actor_id: Option<UserId>,
    actor_name: Option<String>,
    action: String,
    subject_id: Option<UserId>,
    subject_name: Option<String>,
    detail: Json<Value>,
}

/// Rows of the audit, newest first.
pub async fn list(
    db: TenantDb<'_>,
    filter: &Filter,
    limit: i64,
) -> Result<Vec<AuditEntry>, StoreError> {
    let organization = db.organization();
    let rows: Vec<Row> = sql!(db, |c| {
        let mut query = sqlx::QueryBuilder::new(
            "SELECT a.seq, a.at, a.actor_id, w.name AS actor_name, a.action, a.subject_id,
                    s.name AS subject_name, a.detail
             FROM audit a
             LEFT JOIN users w ON w.organization_id = a.organization_id AND w.id = a.actor_id AND w.erased_at IS NULL
             LEFT JOIN users s ON s.organization_id = a.organization_id AND s.id = a.subject_id AND s.erased_at IS NULL
             WHERE a.organization_id = ",
        );
        query.push_bind(organization);
        if let Some(before) = filter.before {
            query.push(" AND a.seq < ").push_bind(before);
        }
        if let Some(actor) = filter.actor {
            query.push(" AND a.actor_id = ").push_bind(actor);
        }
        if let Some(action) = &filter.action {
            if action.ends_with('.') {
                // Callers let only letters, dots and underscores through; the latter is a
                // wildcard of LIKE, and widens nothing that matters here.
                query
                    .push(" AND a.action LIKE ")
                    .push_bind(format!("{action}%"));
            } else {
                query.push(" AND a.action = ").push_bind(action.clone());
            }
        }
        if let Some(subject) = filter.subject {
            query.push(" AND (a.subject_id = ").push_bind(subject);
            query.push(
                " OR a.people IN (SELECT p.people FROM audit_people p WHERE p.organization_id = ",
            );
            query.push_bind(organization);
            query
                .push(" AND p.user_id = ")
                .push_bind(subject)
                .push("))");
        }
        if let Some(from) = filter.from {
            query.push(" AND a.at >= ").push_bind(from);
        }
        if let Some(to) = filter.to {
            query.push(" AND a.at < ").push_bind(to);
        }
        query.push(" ORDER BY a.seq DESC LIMIT ").push_bind(limit);
        query.build_query_as().fetch_all(&mut *c).await
    })?;
    Ok(rows
        .into_iter()
        .map(|row| AuditEntry {
            seq: row.seq,
            at: row.at,
            actor_id: row.actor_id,
            actor_name: row.actor_name,
            action: row.action,
            people: row
                .detail
                .0
                .get("people")
                .and_then(Value::as_i64)
                .unwrap_or_else(|| i64::from(row.subject_id.is_some())),
            subject_id: row.subject_id,
            subject_name: row.subject_name,
            detail: row.detail.0,
        })
        .collect())
}
