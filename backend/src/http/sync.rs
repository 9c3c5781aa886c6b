//! `POST /sync`: a device's batch.

use axum::extract::{Request, State};
use shared_types::{
    problem::ProblemCode,
    sync::{BATCH_MAX_COMPRESSED_BYTES, BATCH_MAX_INFLATED_BYTES, SyncRequest, SyncResponse},
};

use super::{
    answers::{BodyProblems, CallerProblems},
    body,
    caller::DeviceCaller,
    error::{ApiError, ApiResult},
    inflate::inflate,
    json::{ApiJson, require_json},
    state::AppState,
};
use crate::ingest::{Batch, DecodeError, IngestError, Source, decode};

/// Seconds that a device waits when the queue is full.
const BUSY_SECONDS: u32 = 5;

/// Applies a batch, exactly once. The answer comes after the commit and names every item.
///
/// Sending a batch again, whole or in part, changes nothing. A batch without items is a
/// heartbeat. The body may be compressed with gzip or zstd. An agent names its probe, and what it
/// can observe of this desktop, in the header `workpulse-desktop` (`x11 application title idle`).
#[utoipa::path(
    post, path = "/api/v1/sync", tag = "sync",
    request_body = SyncRequest,
    responses(
        (status = 200, body = SyncResponse),
        BodyProblems, CallerProblems,
    ),
    security(("device" = [])),
)]
pub(super) async fn sync(
    State(state): State<AppState>,
    device: DeviceCaller,
    request: Request,
) -> ApiResult<ApiJson<SyncResponse>> {
    let (parts, body) = request.into_parts();
    require_json(&parts.headers)?;
    let sent = body::read(&parts.headers, body, BATCH_MAX_COMPRESSED_BYTES).await?;
    let batch = {
        let plain = inflate(&parts.headers, sent, BATCH_MAX_INFLATED_BYTES)?;
        read_batch(&plain, &device)?
    };
    let mut answer = state.ingest.submit(batch).await?;
    // The ingest path knows the organization's policy; this person's may have changed beside it.
    answer.policy_version += device.policy_changes;
    Ok(ApiJson(answer))
}

fn read_batch(plain: &[u8], device: &DeviceCaller) -> ApiResult<Batch> {
    let (envelope, items) = decode(plain)?;
    if envelope.device_id != device.device_id {
        return Err(ApiError::field(
            "device_id",
            "is not the device whose credential was sent",
        ));
    }
    Ok(Batch {
        organization_id: device.organization_id,
        user_id: device.user_id,
        device_id: device.device_id,
        epoch: envelope.epoch,
        items,
        source: Source::Agent,
    })
}

impl From<DecodeError> for ApiError {
    fn from(error: DecodeError) -> Self {
        match &error {
            DecodeError::Envelope(json) if json.is_data() => Self::field("", json.to_string()),
            DecodeError::Envelope(json) => Self::new(ProblemCode::Malformed).detail(format!(
                "This is not valid JSON: {json}. Nothing was applied."
            )),
            DecodeError::TooMany(_) => {
                Self::new(ProblemCode::TooLarge).detail(format!("{error}. Nothing was applied."))
            }
            DecodeError::Unnumbered { index } => {
                Self::field(format!("items[{index}].seq"), error.to_string())
            }
        }
    }
}

impl From<IngestError> for ApiError {
    fn from(error: IngestError) -> Self {
        const AGAIN: &str = "Nothing was lost; send the same batch again.";
        match error {
            IngestError::Busy => {
                Self::unavailable(format!("The server is busy. {AGAIN}"), BUSY_SECONDS)
            }
            IngestError::Share => Self::unavailable(
                format!("Too much of this organization or device is waiting. {AGAIN}"),
                BUSY_SECONDS,
            ),
            IngestError::Unavailable => {
                Self::unavailable(format!("The database is away. {AGAIN}"), BUSY_SECONDS)
            }
            IngestError::Stopping => {
                Self::unavailable(format!("The server is restarting. {AGAIN}"), BUSY_SECONDS)
            }
            IngestError::Failed => Self::internal("a batch could not be applied"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_has_to_wait_is_told_for_how_long_and_that_nothing_was_lost() {
        for error in [
            IngestError::Busy,
            IngestError::Share,
            IngestError::Unavailable,
            IngestError::Stopping,
        ] {
            let told = ApiError::from(error);
            assert_eq!(told.code, ProblemCode::Unavailable, "{error}");
            assert_eq!(told.retry_after, Some(BUSY_SECONDS));
            assert!(
                told.detail
                    .is_some_and(|text| text.contains("Nothing was lost"))
            );
        }
    }
}
