//! `GET /audit`.

use axum::extract::State;
use serde::Deserialize;
use shared_types::{Timestamp, UserId, audit::AuditPage};
use utoipa::IntoParams;

use crate::{
    http::{
        answers::{CallerProblems, Invalid},
        caller::Person,
        cursor::{self, Page},
        error::{ApiError, ApiResult},
        json::{ApiJson, ApiQuery},
        state::AppState,
    },
    store::audit::{self, Filter},
};

/// Which rows; all of those that are given must hold.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct Query {
    /// Done by this person.
    actor: Option<UserId>,
    /// Concerning this person, also among others.
    subject: Option<UserId>,
    /// This action, or all that begin with it where it ends with a dot: `look.` for looks.
    action: Option<String>,
    /// Not before this instant.
    from: Option<Timestamp>,
    /// Before this instant.
    to: Option<Timestamp>,
    /// Where to read on: `next_cursor` of the page before.
    cursor: Option<String>,
    /// How many, 1 to 200; 50 unless told.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<i64>,
}

/// Who did, or looked at, what, newest first. For admins.
#[utoipa::path(
    get, path = "/api/v1/audit", tag = "rights",
    params(Query),
    responses((status = 200, body = AuditPage), CallerProblems, Invalid),
    security(("bearer" = []), ("cookie" = [])),
)]
pub(in crate::http) async fn list(
    State(state): State<AppState>,
    person: Person,
    ApiQuery(query): ApiQuery<Query>,
) -> ApiResult<ApiJson<AuditPage>> {
    person.require_admin()?;
    let page = Page {
        cursor: query.cursor,
        limit: query.limit,
    };
    let limit = page.limit()?;
    if let Some(action) = &query.action {
        let known = |byte: u8| byte.is_ascii_lowercase() || matches!(byte, b'.' | b'_');
        if action.is_empty() || action.len() > 64 || !action.bytes().all(known) {
            return Err(ApiError::field(
                "action",
                "is an action such as user.created, or its beginning with a dot",
            ));
        }
    }
    let filter = Filter {
        actor: query.actor,
        subject: query.subject,
        action: query.action,
        from: query.from,
        to: query.to,
        before: page.position()?,
    };
    let mut reader = state.store.tenant(person.organization_id).read().await?;
    let mut items = audit::list(reader.db(), &filter, limit + 1).await?;
    let next_cursor = cursor::cut(&mut items, limit, |last| last.seq)?;
    Ok(ApiJson(AuditPage { items, next_cursor }))
}
