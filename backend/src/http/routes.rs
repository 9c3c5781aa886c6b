//! The one route table: what is not here is not served, and what is here is documented.

use utoipa_axum::{router::OpenApiRouter, routes};

use super::{health, state::AppState};

/// Every route with its handler and its documentation.
pub fn table() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        // Operations.
        .routes(routes!(health::live))
        .routes(routes!(health::ready))
        .routes(routes!(health::health))
}
