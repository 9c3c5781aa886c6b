//! `GET /health`, `/health/live`, `/health/ready`: for load balancers and people.

use std::time::Duration;

use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    error::{ApiError, ApiResult},
    json::ApiJson,
    state::AppState,
};
use crate::store::{Store, StoreError, scope};

/// How long the database may take to answer before the server calls itself not ready.
const BOUND: Duration = Duration::from_secs(1);

/// How the server is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub(super) struct Health {
    /// `ok`; anything else is a problem document.
    status: &'static str,
    /// The server's version.
    version: &'static str,
    /// `sqlite` or `postgres`.
    database: &'static str,
}

fn fine(state: &AppState) -> ApiJson<Health> {
    ApiJson(Health {
        status: "ok",
        version: env!("CARGO_PKG_VERSION"),
        database: state.store.engine(),
    })
}

/// The process runs; the database is not asked.
#[utoipa::path(get, path = "/health/live", tag = "operations", responses((status = 200, body = Health)))]
pub(super) async fn live(State(state): State<AppState>) -> ApiJson<Health> {
    fine(&state)
}

/// The server can do its work: the database answers.
#[utoipa::path(get, path = "/health/ready", tag = "operations", responses(
    (status = 200, body = Health),
    (status = 503, description = "The database is away, or the server is stopping", body = shared_types::problem::Problem),
))]
pub(super) async fn ready(State(state): State<AppState>) -> ApiResult<ApiJson<Health>> {
    if state.leaving.is_cancelled() || state.shutdown.is_cancelled() {
        return Err(ApiError::unavailable("The server is stopping.", 5));
    }
    match tokio::time::timeout(BOUND, ask(&state.store)).await {
        Ok(Ok(())) => Ok(fine(&state)),
        Ok(Err(error)) => {
            tracing::warn!(cause = %error, "not ready: the database does not answer");
            Err(away())
        }
        Err(_) => {
            tracing::warn!("not ready: the database took longer than 1 s");
            Err(away())
        }
    }
}

/// The same as `/health/ready`.
#[utoipa::path(get, path = "/health", tag = "operations", responses(
    (status = 200, body = Health),
    (status = 503, description = "The database is away, or the server is stopping", body = shared_types::problem::Problem),
))]
pub(super) async fn health(state: State<AppState>) -> ApiResult<ApiJson<Health>> {
    ready(state).await
}

fn away() -> ApiError {
    ApiError::unavailable("The database does not answer.", 2)
}

async fn ask(store: &Store) -> Result<(), StoreError> {
    let mut reader = store.system().read().await?;
    scope::ping(reader.db()).await
}
