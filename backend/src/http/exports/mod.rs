//! Files that people ask for. One's own only: nobody sees what somebody else asked for.

pub(super) mod create;
pub(super) mod file;
pub(super) mod get;
pub(super) mod list;
pub(super) mod remove;

use shared_types::{ExportId, export::Export};

use super::{
    caller::Person,
    error::{ApiError, ApiResult},
    state::AppState,
};
use crate::{
    reports::exports::file_name,
    store::exports::{self, Stored},
};

/// The caller's file; 404: there is none.
async fn own(state: &AppState, person: &Person, id: ExportId) -> ApiResult<Stored> {
    let mut reader = state.store.tenant(person.organization_id).read().await?;
    let stored = exports::find(reader.db(), id, person.user_id)
        .await?
        .ok_or_else(ApiError::not_found)?;
    // It is removed within the hour.
    if stored
        .expires_at
        .is_some_and(|expires_at| expires_at <= state.clock.now())
    {
        return Err(ApiError::not_found());
    }
    Ok(stored)
}

fn shown(stored: Stored) -> Export {
    Export {
        id: stored.id,
        state: stored.state,
        rows_done: stored.rows_done,
        rows_total: stored.rows_total,
        bytes: stored.bytes,
        file_name: file_name(&stored.request),
        request: stored.request,
        error: stored.error,
        created_at: stored.created_at,
        finished_at: stored.finished_at,
        expires_at: stored.expires_at,
    }
}
