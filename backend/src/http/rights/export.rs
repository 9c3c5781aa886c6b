//! `GET /me/export`, `GET /users/{id}/export`.

use axum::{
    body::Body,
    extract::State,
    response::{IntoResponse, Response},
};
use futures_util::StreamExt as _;
use http::header;
use serde_json::Value;
use shared_types::{UserId, audit::LookAt};
use tokio::sync::{Semaphore, SemaphorePermit, mpsc};

use crate::{
    http::{
        answers::{CallerProblems, Missing},
        caller::Person,
        error::{ApiError, ApiResult},
        json::ApiPath,
        looks,
        state::AppState,
    },
    rights::export,
    store::people,
};

/// Each holds a connection and a snapshot for as long as its reader takes.
static AT_ONCE: Semaphore = Semaphore::const_new(2);

/// Everything that is kept about the caller: a zip of JSON and CSV.
#[utoipa::path(
    get, path = "/api/v1/me/export", tag = "rights",
    responses(
        (status = 200, description = "A zip file", content_type = "application/zip", body = String),
        CallerProblems,
    ),
    security(("bearer" = []), ("cookie" = [])),
)]
pub(in crate::http) async fn own(
    State(state): State<AppState>,
    person: Person,
) -> ApiResult<Response> {
    let permit = permit()?;
    Ok(archive(&state, &person, person.user_id, permit))
}

/// Everything that is kept about a person: a zip of JSON and CSV. For admins.
#[utoipa::path(
    get, path = "/api/v1/users/{id}/export", tag = "rights",
    params(("id" = UserId, Path, description = "The person")),
    responses(
        (status = 200, description = "A zip file", content_type = "application/zip", body = String),
        CallerProblems, Missing,
    ),
    security(("bearer" = []), ("cookie" = [])),
)]
pub(in crate::http) async fn of_person(
    State(state): State<AppState>,
    person: Person,
    ApiPath(id): ApiPath<UserId>,
) -> ApiResult<Response> {
    person.require_admin()?;
    {
        let mut reader = state.store.tenant(person.organization_id).read().await?;
        people::find(reader.db(), id)
            .await?
            .ok_or_else(ApiError::not_found)?;
    }
    let permit = permit()?;
    looks::record(&state, &person, LookAt::Export, &[id], Value::Null).await?;
    Ok(archive(&state, &person, id, permit))
}

fn permit() -> ApiResult<SemaphorePermit<'static>> {
    AT_ONCE.try_acquire().map_err(|_| {
        ApiError::unavailable("Other exports are being made. Ask again in a moment.", 15)
    })
}

fn archive(
    state: &AppState,
    person: &Person,
    whose: UserId,
    permit: SemaphorePermit<'static>,
) -> Response {
    let (pieces, receiver) = mpsc::channel(export::PIECES);
    let (state, organization) = (state.clone(), person.organization_id);
    tokio::spawn(async move {
        let _permit = permit;
        let now = state.clock.now();
        tokio::select! {
            () = state.shutdown.cancelled() => {}
            outcome = export::write(&state.store, organization, whose, now, pieces) => {
                if let Err(error) = outcome {
                    tracing::warn!(cause = %error, "an export ended early; whoever asked for it has a broken file");
                }
            }
        }
    });
    let stream = futures_util::stream::unfold(receiver, |mut receiver| async move {
        receiver.recv().await.map(|piece| (piece, receiver))
    })
    // Whoever compresses asks once more after the end.
    .fuse();
    let headers = [
        (header::CONTENT_TYPE, "application/zip".to_owned()),
        (header::CACHE_CONTROL, "no-store".to_owned()),
        (
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"workpulse-{whose}.zip\""),
        ),
    ];
    (headers, Body::from_stream(stream)).into_response()
}
