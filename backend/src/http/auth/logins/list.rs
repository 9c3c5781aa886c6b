//! `GET /auth/logins`.

use axum::extract::State;
use shared_types::account::LoginPage;
use uuid::Uuid;

use crate::{
    http::{
        answers::{CallerProblems, Invalid},
        caller::Person,
        cursor::{self, Page},
        error::ApiResult,
        json::{ApiJson, ApiQuery},
        state::AppState,
    },
    store::logins,
};

/// One's own open log-ins, newest first.
#[utoipa::path(get, path = "/api/v1/auth/logins", tag = "auth", params(Page), security(("bearer" = []), ("cookie" = [])), responses(
    (status = 200, body = LoginPage), CallerProblems, Invalid,
))]
pub(in crate::http) async fn list(
    State(state): State<AppState>,
    person: Person,
    ApiQuery(page): ApiQuery<Page>,
) -> ApiResult<ApiJson<LoginPage>> {
    let limit = page.limit()?;
    let before: Option<Uuid> = page.position()?;
    let (user, now) = (person.user_id, state.clock.now());
    let mut reader = state.store.tenant(person.organization_id).read().await?;
    let mut items = logins::open(reader.db(), user, before, limit + 1, now).await?;
    let next_cursor = cursor::cut(&mut items, limit, |login| login.id)?;
    for login in &mut items {
        login.current = login.id == person.login_id;
    }
    Ok(ApiJson(LoginPage { items, next_cursor }))
}
