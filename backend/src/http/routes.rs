//! The one route table: what is not here is not served, and what is here is documented.

use utoipa::OpenApi as _;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    auth, devices, document::Document, enrolment_tokens, health, me, policy, setup,
    state::AppState, users,
};

/// Every route with its handler and its documentation.
pub fn table() -> OpenApiRouter<AppState> {
    OpenApiRouter::with_openapi(Document::openapi())
        // Operations.
        .routes(routes!(health::live))
        .routes(routes!(health::ready))
        .routes(routes!(health::health))
        // Set-up and log-in.
        .routes(routes!(setup::status, setup::run))
        .routes(routes!(auth::login::login))
        .routes(routes!(auth::refresh::refresh))
        .routes(routes!(auth::logout::logout))
        .routes(routes!(me::me))
        // People and devices.
        .routes(routes!(users::list::list, users::create::create))
        .routes(routes!(enrolment_tokens::create::create))
        .routes(routes!(enrolment_tokens::revoke::revoke))
        .routes(routes!(devices::enrol::enrol))
        .routes(routes!(devices::list::list))
        .routes(routes!(devices::revoke::revoke))
        // Settings.
        .routes(routes!(policy::get, policy::put))
}
