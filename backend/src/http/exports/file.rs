//! `GET /exports/{id}/file`.

use std::io;

use axum::{
    body::Body,
    extract::State,
    response::{IntoResponse, Response},
};
use futures_util::stream;
use http::header;
use serde_json::json;
use shared_types::{
    ExportId,
    audit::LookAt,
    export::{ExportContent, ExportState},
};

use super::own;
use crate::{
    http::{
        answers::{CallerProblems, Conflicting, Missing},
        caller::Person,
        error::{ApiError, ApiResult},
        json::ApiPath,
        looks,
        state::AppState,
    },
    reports::exports::file_name,
    store::{exports, visibility},
};

/// A file of the caller's that is done. Each time it is handed out is written down for the people
/// whom it tells of; once one of them is out of the caller's sight, it is not handed out.
#[utoipa::path(get, path = "/api/v1/exports/{id}/file", tag = "exports", params(("id" = ExportId, Path)), security(("bearer" = []), ("cookie" = [])), responses(
    (status = 200, description = "The file", content(
        (String = "text/csv"),
        (String = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        (String = "application/pdf"),
    )),
    CallerProblems, Missing, Conflicting,
))]
pub(in crate::http) async fn file(
    State(state): State<AppState>,
    person: Person,
    ApiPath(id): ApiPath<ExportId>,
) -> ApiResult<Response> {
    let stored = own(&state, &person, id).await?;
    match stored.state {
        ExportState::Done => {}
        ExportState::Waiting | ExportState::Running => {
            return Err(ApiError::conflict(
                "The file is not done yet. Ask again when its state says so.",
            ));
        }
        ExportState::Failed => {
            return Err(ApiError::conflict(
                "The file could not be made; its error says why. Remove it, and ask for another.",
            ));
        }
    }
    let people = stored.people.unwrap_or_default();
    {
        let mut reader = state.store.tenant(person.organization_id).read().await?;
        let sight = visibility::visible_people(reader.db(), person.viewer()).await?;
        if !people.iter().all(|one| sight.sees(*one)) {
            return Err(ApiError::conflict(
                "The file tells of somebody whom you do not see any more. Remove it, and ask for another.",
            ));
        }
    }
    let request = &stored.request;
    let detail = json!({
        "from": request.from, "to": request.to,
        "activity": request.content == ExportContent::Activity,
    });
    looks::record(&state, &person, LookAt::ExportedFile, &people, detail).await?;
    let headers = [
        (header::CONTENT_TYPE, request.format.media_type().to_owned()),
        (header::CONTENT_LENGTH, stored.bytes.to_string()),
        (header::CACHE_CONTROL, "no-store".to_owned()),
        (
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"{}\"", file_name(request)),
        ),
    ];
    let organization = person.organization_id;
    let start = (state, 0_i64, stored.bytes);
    // A piece at a time, each with a connection of its own for as long as that takes.
    let pieces = stream::try_unfold(start, move |(state, position, left)| async move {
        if left <= 0 {
            return Ok(None);
        }
        let piece = async {
            let mut reader = state.store.tenant(organization).read().await?;
            exports::piece(reader.db(), id, position).await
        };
        let piece = piece
            .await
            .map_err(io::Error::other)?
            .ok_or_else(|| io::Error::other("the file was removed meanwhile"))?;
        let left = left - i64::try_from(piece.len()).unwrap_or(i64::MAX);
        Ok::<_, io::Error>(Some((piece, (state, position + 1, left))))
    });
    Ok((headers, Body::from_stream(pieces)).into_response())
}
