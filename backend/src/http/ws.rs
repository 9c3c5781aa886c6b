//! `GET /ws`: live events over a WebSocket.

use std::convert::Infallible;

use axum::{
    extract::{
        FromRequestParts, State,
        ws::{WebSocketUpgrade, rejection::WebSocketUpgradeRejection},
    },
    response::Response,
};
use http::{HeaderMap, request::Parts};
use serde::Deserialize;
use shared_types::{live::ServerFrame, problem::ProblemCode};
use tokio::sync::broadcast;
use utoipa::IntoParams;

use super::{
    answers::{CallerProblems, Invalid},
    caller::Caller,
    error::{ApiError, ApiResult},
    json::ApiQuery,
    looks::Watch,
    origin,
    state::AppState,
    ws_session::{self, Ends},
};
use crate::{domain::authority::AuthorityChange, live::Viewer};

/// What a client may send us is small: it has nothing to say.
const MAX_MESSAGE_BYTES: usize = 64 * 1024;
/// The library's default of 128 KiB for each connection is most of a socket's memory; what a
/// client sends are pongs.
const READ_BUFFER_BYTES: usize = 1024;
/// Unsent bytes after which a reader counts as gone.
const MAX_UNSENT_BYTES: usize = 4 * 1024 * 1024;

/// Behind which event to begin.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct Query {
    /// The last event that the client knows; absent: begin with what comes next.
    after: Option<i64>,
}

/// Changes of authority, heard from before the caller is looked up: extractors run in the order of
/// the handler's arguments, and this one stands before [`Caller`]. What the caller may do is then
/// read after each change that is not heard here, and no change is lost in between.
pub(super) struct Changes(broadcast::Receiver<AuthorityChange>);

impl FromRequestParts<AppState> for Changes {
    type Rejection = Infallible;

    async fn from_request_parts(_: &mut Parts, state: &AppState) -> Result<Self, Infallible> {
        Ok(Self(state.auth.authority.subscribe()))
    }
}

/// Opens the socket. The first frame is `hello`, or `reset` when `after` cannot be continued
/// from; then come events. Authority that is lost closes it with 1008, a restart with 1012.
#[utoipa::path(
    get, path = "/api/v1/ws", tag = "live",
    params(Query),
    responses(
        (status = 101, description = "Frames follow, each a JSON text", body = ServerFrame),
        (status = 426, description = "Not a WebSocket request"),
        CallerProblems, Invalid,
    ),
    security(("bearer" = []), ("cookie" = []), ("device" = [])),
)]
pub(super) async fn ws(
    State(state): State<AppState>,
    Changes(changes): Changes,
    caller: Caller,
    headers: HeaderMap,
    ApiQuery(query): ApiQuery<Query>,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> ApiResult<Response> {
    let by_cookie = matches!(&caller, Caller::Person(person) if person.by_cookie);
    // A browser sends our cookies along with a socket that any page opens; only ours may.
    if by_cookie && !origin::is_ours(&state, &headers) {
        return Err(ApiError::forbidden(
            "A socket with a log-in cookie must be opened by this server's own pages.",
        ));
    }
    let upgrade = upgrade.map_err(|_| {
        ApiError::new(ProblemCode::Malformed).detail("This address speaks WebSocket only.")
    })?;
    let viewer = match &caller {
        Caller::Person(person) => Viewer::Person(person.viewer()),
        Caller::Device(_) => Viewer::Device,
    };
    // Before the feed is opened: what is lost in between is noticed.
    let ends = Ends {
        authority: changes,
        caller,
        shutdown: state.shutdown.clone(),
    };
    let (feed, latest) = state
        .live
        .subscribe(caller.organization_id(), viewer, query.after)
        .await?;
    let watch = match &caller {
        Caller::Person(person) => Some(Watch::begin(&state, person).await?),
        Caller::Device(_) => None,
    };
    let hello = ServerFrame::Hello {
        seq: latest,
        server_time: state.clock.now(),
    };
    Ok(upgrade
        .max_message_size(MAX_MESSAGE_BYTES)
        .max_frame_size(MAX_MESSAGE_BYTES)
        .read_buffer_size(READ_BUFFER_BYTES)
        .write_buffer_size(0)
        .max_write_buffer_size(MAX_UNSENT_BYTES)
        .on_upgrade(move |socket| async move {
            metrics::gauge!("workpulse_sockets").increment(1.0);
            ws_session::serve(socket, feed, &hello, ends, watch).await;
            metrics::gauge!("workpulse_sockets").decrement(1.0);
        }))
}
