//! Work sessions from a keyboard: the same ingest as the agents', one item at a time.
//!
//! A session kept in the browser is a stream of its own: its epoch is the session's id, the
//! start is number 1, a span's number is the caller's plus one, the stop is the last number
//! there is. So each of them can be sent again without harm.

pub(super) mod activities;
pub(super) mod activity;
pub(super) mod get;
pub(super) mod list;
pub(super) mod project;
pub(super) mod start;
pub(super) mod stop;

use shared_types::{
    DeviceId, EpochId, SessionId, Timestamp,
    activity::Activity,
    session::PostActivity,
    sync::{ItemResult, RejectReason, SyncItemBody, SyncResponse},
};

use super::{
    caller::Person,
    error::{ApiError, ApiResult},
    state::AppState,
};
use crate::{
    domain::session::Session,
    ingest::{Batch, Item, SEQ_MAX, Source},
    store::{StoreError, sessions},
};

/// The start's number in its stream.
const START_SEQ: i64 = 1;
/// The stop's number in its stream.
const STOP_SEQ: i64 = SEQ_MAX;

/// A session that the person may see: their own, or that of a person whom they see.
async fn visible(state: &AppState, person: &Person, id: SessionId) -> ApiResult<Session> {
    let session = {
        let mut reader = state.store.tenant(person.organization_id).read().await?;
        sessions::find(reader.db(), id).await?
    }
    .ok_or_else(ApiError::not_found)?;
    person.require_sight(state, session.user_id).await?;
    Ok(session)
}

/// A session of the person's own.
async fn own(state: &AppState, person: &Person, id: SessionId) -> ApiResult<Session> {
    find_own(state, person, id)
        .await?
        .ok_or_else(ApiError::not_found)
}

/// A session of the person's own, if there is one with this id.
async fn find_own(
    state: &AppState,
    person: &Person,
    id: SessionId,
) -> Result<Option<Session>, StoreError> {
    let mut reader = state.store.tenant(person.organization_id).read().await?;
    let found = sessions::find(reader.db(), id).await?;
    Ok(found.filter(|s| s.user_id == person.user_id))
}

/// The person's keyboard, made at its first use.
async fn keyboard(state: &AppState, person: &Person) -> ApiResult<DeviceId> {
    {
        let mut reader = state.store.tenant(person.organization_id).read().await?;
        if sessions::has_keyboard(reader.db(), person.user_id).await? {
            return Ok(DeviceId(person.user_id.uuid()));
        }
    }
    let mut tx = state.store.tenant(person.organization_id).begin().await?;
    let now = state.clock.now();
    let device = sessions::ensure_keyboard(&mut tx, person.user_id, now).await?;
    tx.commit().await?;
    Ok(device)
}

/// Sends items through ingest.
async fn submit(
    state: &AppState,
    person: &Person,
    session: SessionId,
    items: Vec<(i64, SyncItemBody)>,
) -> ApiResult<SyncResponse> {
    let device_id = keyboard(state, person).await?;
    let batch = Batch {
        organization_id: person.organization_id,
        user_id: person.user_id,
        device_id,
        epoch: EpochId(session.uuid()),
        items: items
            .into_iter()
            .map(|(seq, body)| Item {
                seq,
                body: Some(body),
            })
            .collect(),
        source: Source::Keyboard,
    };
    Ok(state.ingest.submit(batch).await?)
}

/// The span that a body describes, and its number in the stream.
fn span(session_id: SessionId, body: PostActivity) -> ApiResult<(i64, SyncItemBody)> {
    if !(1..STOP_SEQ - START_SEQ).contains(&body.seq) {
        return Err(ApiError::field("seq", "counts from 1"));
    }
    let activity = Activity {
        session_id,
        activity_type: body.activity_type,
        reason: body.reason,
        started_at: body.started_at,
        duration_seconds: body.duration_seconds,
        application: body.application,
        title: body.title,
        url: body.url,
        // No policy stands between a person and what they type themselves.
        category_id: None,
    };
    Ok((body.seq + START_SEQ, SyncItemBody::Activity(activity)))
}

/// The only result of a batch with one item.
fn single(answer: &SyncResponse) -> ApiResult<ItemResult> {
    answer
        .results
        .first()
        .cloned()
        .ok_or_else(|| ApiError::internal("ingest answered no item"))
}

/// An instant without its fraction of a second.
fn whole_second(instant: Timestamp) -> Timestamp {
    instant.plus_millis(-instant.as_millis().rem_euclid(1_000))
}

/// What a person is told when their item is refused.
fn refused(reason: RejectReason, instant_field: &str) -> ApiError {
    match reason {
        RejectReason::UnknownSession => ApiError::not_found(),
        RejectReason::Conflict => ApiError::conflict(
            "This was stored before with other content. The first stays; nothing was changed.",
        ),
        RejectReason::UnknownProject => {
            ApiError::field("project_id", "is no project of yours that is in use")
        }
        RejectReason::Malformed => ApiError::field("seq", "is not valid"),
        RejectReason::BadText => ApiError::field(
            "application",
            "texts must be within their limits (256, 1024, 2048 characters) and free of control characters",
        ),
        RejectReason::OutOfRange => ApiError::field(
            instant_field,
            "must be of whole seconds, in order, with a duration of 1 to 60 and a reason exactly when unobserved",
        ),
        RejectReason::Future => {
            ApiError::field(instant_field, "lies more than two minutes in the future")
        }
        RejectReason::TooOld => {
            ApiError::field(instant_field, "is older than the organization keeps")
        }
        RejectReason::CrossesMinute => {
            ApiError::field("duration_seconds", "the span must lie inside one minute")
        }
        RejectReason::Overlap => {
            ApiError::field(instant_field, "overlaps a span that is stored already")
        }
        RejectReason::OutsideSession => ApiError::field(instant_field, "lies outside the session"),
    }
}
