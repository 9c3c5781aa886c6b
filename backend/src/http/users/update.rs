//! `PATCH /users/{id}`.

use axum::extract::State;
use shared_types::{UserId, account::UpdateUser, auth::User};

use crate::{
    auth::standing::{self, ChangeError},
    http::{
        answers::{BodyProblems, CallerProblems, Conflicting, Missing},
        caller::Person,
        error::{ApiError, ApiResult},
        forms::Form,
        json::{ApiJson, ApiPath},
        state::AppState,
    },
};

/// Changes name, role or status of a person. Admins only; everybody may change their own name.
///
/// Nobody changes their own role or status, and the last active admin stays one. A status other
/// than `active` ends the person's log-ins and cuts their devices off.
#[utoipa::path(patch, path = "/api/v1/users/{id}", tag = "people", params(("id" = UserId, Path)), request_body = UpdateUser, security(("bearer" = []), ("cookie" = [])), responses(
    (status = 200, body = User), CallerProblems, Missing, Conflicting, BodyProblems,
))]
pub(in crate::http) async fn update(
    State(state): State<AppState>,
    person: Person,
    ApiPath(id): ApiPath<UserId>,
    ApiJson(request): ApiJson<UpdateUser>,
) -> ApiResult<ApiJson<User>> {
    let only_name = request.role.is_none() && request.status.is_none();
    if id != person.user_id || !only_name {
        person.require_admin()?;
    }
    let mut form = Form::default();
    if let Some(name) = &request.name {
        form.line("name", name, 1, 200);
    }
    form.finish()?;
    let (organization, actor) = (person.organization_id, Some(person.user_id));
    let (store, clock) = (&state.store, &*state.clock);
    let user = standing::change(store, clock, organization, actor, id, &request)
        .await
        .map_err(|error| match error {
            ChangeError::Store(error) => error.into(),
            refused @ ChangeError::Refused(_) => {
                ApiError::conflict(format!("Nothing was changed: {refused}."))
            }
        })?
        .ok_or_else(ApiError::not_found)?;
    if !only_name {
        state.auth.authority.changed(organization, id).await?;
    }
    Ok(ApiJson(user))
}
