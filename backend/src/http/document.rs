//! What the OpenAPI document says about the whole.

use utoipa::{
    Modify, OpenApi,
    openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme},
};

/// The document without its paths: those come with the route table.
#[derive(Debug, OpenApi)]
#[openapi(
    info(
        title = "WorkPulse",
        description = "Working time, as it happens. Errors are RFC 9457 problem documents: programs branch on `type`, people read `detail`, and `request_id` finds the occurrence in the server's log.",
        license(name = "Apache-2.0", identifier = "Apache-2.0"),
    ),
    servers((url = "/", description = "This server")),
    components(schemas(shared_types::problem::Problem, shared_types::problem::FieldProblem, shared_types::live::ServerFrame, shared_types::report::ReportSort, shared_types::report::GroupBy, shared_types::webhook::WebhookMessage)),
    modifiers(&Security),
)]
pub(super) struct Document;

struct Security;

impl Modify for Security {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let components = document.components.get_or_insert_default();
        let bearer = |format: &str, what: &str| {
            SecurityScheme::Http(
                HttpBuilder::new()
                    .scheme(HttpAuthScheme::Bearer)
                    .bearer_format(format)
                    .description(Some(what))
                    .build(),
            )
        };
        components.add_security_scheme("bearer", bearer("JWT", "A person's access token"));
        components.add_security_scheme("device", bearer("wpd_…", "A device's secret"));
        components.add_security_scheme(
            "cookie",
            SecurityScheme::ApiKey(ApiKey::Cookie(ApiKeyValue::with_description(
                "wp_access",
                "A browser's log-in; `__Host-wp_access` behind HTTPS",
            ))),
        );
    }
}
