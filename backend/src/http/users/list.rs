//! `GET /users`.

use axum::extract::State;
use shared_types::{UserId, auth::UserPage};

use crate::{
    http::{
        answers::{CallerProblems, Invalid},
        caller::Person,
        cursor::{self, Page},
        error::ApiResult,
        json::{ApiJson, ApiQuery},
        state::AppState,
    },
    store::people,
};

/// The people whom the caller sees, by name: for admins and managers.
#[utoipa::path(get, path = "/api/v1/users", tag = "people", params(Page), security(("bearer" = []), ("cookie" = [])), responses(
    (status = 200, body = UserPage), CallerProblems, Invalid,
))]
pub(in crate::http) async fn list(
    State(state): State<AppState>,
    person: Person,
    ApiQuery(page): ApiQuery<Page>,
) -> ApiResult<ApiJson<UserPage>> {
    person.require_manager()?;
    let limit = page.limit()?;
    let after: Option<(String, UserId)> = page.position()?;
    let after = after.as_ref().map(|(name, id)| (name.as_str(), *id));
    let mut reader = state.store.tenant(person.organization_id).read().await?;
    let mut items = people::list(reader.db(), person.viewer(), after, limit + 1).await?;
    let next_cursor = cursor::cut(&mut items, limit, |user| (user.name.clone(), user.id))?;
    Ok(ApiJson(UserPage { items, next_cursor }))
}
