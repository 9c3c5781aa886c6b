//! `GET /organization`, `PATCH /organization`: its settings.

use axum::extract::State;
use shared_types::{
    account::{Organization, UpdateOrganization},
    summary::DaysRemade,
};

use super::{
    answers::{BodyProblems, CallerProblems},
    caller::Person,
    error::{ApiError, ApiResult},
    forms::Form,
    json::ApiJson,
    state::AppState,
};
use crate::{
    auth, jobs,
    store::{rollup_work, settings},
};

/// The organization's settings.
#[utoipa::path(get, path = "/api/v1/organization", tag = "settings", security(("bearer" = []), ("cookie" = [])), responses(
    (status = 200, body = Organization), CallerProblems,
))]
pub(super) async fn get(
    State(state): State<AppState>,
    person: Person,
) -> ApiResult<ApiJson<Organization>> {
    let mut reader = state.store.tenant(person.organization_id).read().await?;
    let mut found = settings::find(reader.db())
        .await?
        .ok_or_else(ApiError::unauthenticated)?;
    found.days_remade = rollup_work::progress(reader.db())
        .await?
        .map(|progress| DaysRemade {
            reason: progress.reason,
            asked_at: progress.asked_at,
            people: progress.people,
            people_done: progress.done,
        });
    Ok(ApiJson(found))
}

/// Changes the organization's settings; admins only.
#[utoipa::path(patch, path = "/api/v1/organization", tag = "settings", request_body = UpdateOrganization, security(("bearer" = []), ("cookie" = [])), responses(
    (status = 200, body = Organization), CallerProblems, BodyProblems,
))]
pub(super) async fn patch(
    State(state): State<AppState>,
    person: Person,
    ApiJson(request): ApiJson<UpdateOrganization>,
) -> ApiResult<ApiJson<Organization>> {
    person.require_admin()?;
    let mut form = Form::default();
    for (field, message) in auth::settings::problems(&request) {
        form.wrong(field, message);
    }
    if request.alert_mail == Some(true) && !state.mail.is_configured() {
        form.wrong(
            "alert_mail",
            "needs a mail server: whoever runs this server configures one first",
        );
    }
    form.finish()?;
    let (organization, actor) = (person.organization_id, Some(person.user_id));
    let (store, clock) = (&state.store, &*state.clock);
    let changed = auth::settings::change(store, clock, organization, actor, &request)
        .await?
        .ok_or_else(ApiError::unauthenticated)?;
    if request.time_zone.is_some()
        && let Err(error) = jobs::ask_for(store, clock, "rollups").await
    {
        tracing::warn!(cause = %error, "days are made again within a minute only: it could not be queued at once");
    }
    Ok(ApiJson(changed))
}
