//! Webhooks: where the organization's own programs are told what happens. Admins only.

pub(super) mod again;
pub(super) mod change;
pub(super) mod create;
pub(super) mod deliveries;
pub(super) mod get;
pub(super) mod list;
pub(super) mod remove;
pub(super) mod secret;
pub(super) mod test;

use shared_types::webhook::WebhookKind;

use super::{
    caller::Person,
    error::{ApiError, ApiResult},
    forms::Form,
    state::AppState,
};
use crate::webhooks::manage::{Desk, WebhookError};

impl From<WebhookError> for ApiError {
    fn from(error: WebhookError) -> Self {
        match error {
            WebhookError::Missing => Self::not_found(),
            WebhookError::TooMany => Self::conflict(
                "The organization has as many webhooks as it may have. Nothing was changed. Remove one first.",
            ),
            WebhookError::Off => {
                Self::conflict("The webhook is off, so nothing was queued. Turn it on first.")
            }
            WebhookError::Store(error) => error.into(),
        }
    }
}

/// An admin at work on webhooks; 403 for others.
fn desk<'a>(state: &'a AppState, person: &Person) -> ApiResult<Desk<'a>> {
    person.require_admin()?;
    Ok(Desk {
        store: &state.store,
        clock: &*state.clock,
        organization: person.organization_id,
        actor: Some(person.user_id),
    })
}

/// What people typed, all wrong fields at once.
fn check(
    state: &AppState,
    url: Option<&str>,
    label: Option<&str>,
    kinds: Option<&[WebhookKind]>,
) -> ApiResult<()> {
    let mut form = Form::default();
    let networks = &state.config.webhooks.networks;
    if let Some(problem) = url.and_then(|url| networks.problem(url.trim())) {
        form.wrong("url", problem);
    }
    if let Some(label) = label {
        form.line("label", label, 0, 200);
    }
    if let Some(kinds) = kinds {
        form.require(!kinds.is_empty(), "kinds", "must name at least one kind");
        form.require(
            kinds.len() <= WebhookKind::ALL.len(),
            "kinds",
            "must name each kind once at most",
        );
    }
    form.finish()
}
