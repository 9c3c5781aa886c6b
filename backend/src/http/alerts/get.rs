//! `GET /alerts/{id}`.

use axum::extract::State;
use serde_json::json;
use shared_types::{AlertId, alert::Alert, audit::LookAt};

use crate::{
    http::{
        answers::{CallerProblems, Missing},
        caller::Person,
        error::{ApiError, ApiResult},
        json::{ApiJson, ApiPath},
        looks,
        state::AppState,
    },
    store::alerts,
};

/// One alert: one's own, or that of a person whom the caller sees.
#[utoipa::path(
    get, path = "/api/v1/alerts/{id}", tag = "alerts",
    params(("id" = AlertId, Path, description = "The alert")),
    responses((status = 200, body = Alert), CallerProblems, Missing),
    security(("bearer" = []), ("cookie" = [])),
)]
pub(in crate::http) async fn get(
    State(state): State<AppState>,
    person: Person,
    ApiPath(id): ApiPath<AlertId>,
) -> ApiResult<ApiJson<Alert>> {
    let mut reader = state.store.tenant(person.organization_id).read().await?;
    let alert = alerts::find(reader.db(), id)
        .await?
        .ok_or_else(ApiError::not_found)?;
    drop(reader);
    person.require_sight(&state, alert.user_id).await?;
    let detail = json!({ "alert_id": id });
    looks::record(&state, &person, LookAt::Alerts, &[alert.user_id], detail).await?;
    Ok(ApiJson(alert))
}
