//! `POST /categories`.

use axum::extract::State;
use http::StatusCode;
use shared_types::category::{Category, CreateCategory};

use super::{actor, name};
use crate::{
    categories,
    http::{
        answers::{BodyProblems, CallerProblems, Conflicting},
        caller::Person,
        error::ApiResult,
        forms::Form,
        json::ApiJson,
        state::AppState,
    },
};

/// Makes a category; admins only. Nothing is in it until a rule names it.
#[utoipa::path(post, path = "/api/v1/categories", tag = "categories", request_body = CreateCategory, security(("bearer" = []), ("cookie" = [])), responses(
    (status = 201, body = Category), CallerProblems, Conflicting, BodyProblems,
))]
pub(in crate::http) async fn create(
    State(state): State<AppState>,
    person: Person,
    ApiJson(request): ApiJson<CreateCategory>,
) -> ApiResult<(StatusCode, ApiJson<Category>)> {
    person.require_admin()?;
    let mut form = Form::default();
    name(&mut form, &request.name);
    form.finish()?;
    let (store, clock) = (&state.store, &*state.clock);
    let made =
        categories::create(store, clock, actor(&person), &request.name, request.kind).await?;
    Ok((StatusCode::CREATED, ApiJson(made)))
}
