//! `POST /users/{id}/erase`.

use axum::extract::State;
use http::StatusCode;
use shared_types::{
    UserId,
    audit::{ErasePerson, Erasure},
};

use crate::{
    http::{
        answers::{BodyProblems, CallerProblems, Conflicting, Missing},
        caller::Person,
        error::{ApiError, ApiResult},
        json::{ApiJson, ApiPath},
        state::AppState,
    },
    jobs,
    rights::erase::{self, EraseError},
};

/// Erases a person: they are cut off at once, and what is kept about them goes within minutes.
/// There is no way back. For admins.
#[utoipa::path(
    post, path = "/api/v1/users/{id}/erase", tag = "rights",
    params(("id" = UserId, Path, description = "The person")),
    request_body = ErasePerson,
    responses(
        (status = 202, description = "It has begun", body = Erasure),
        BodyProblems, CallerProblems, Conflicting, Missing,
    ),
    security(("bearer" = []), ("cookie" = [])),
)]
pub(in crate::http) async fn erase(
    State(state): State<AppState>,
    person: Person,
    ApiPath(id): ApiPath<UserId>,
    ApiJson(body): ApiJson<ErasePerson>,
) -> ApiResult<(StatusCode, ApiJson<Erasure>)> {
    person.require_admin()?;
    let (organization, actor) = (person.organization_id, Some(person.user_id));
    let clock = &*state.clock;
    let erasure = erase::request(&state.store, clock, organization, actor, id, &body.email)
        .await
        .map_err(|error| match error {
            EraseError::Unknown => ApiError::not_found(),
            EraseError::WrongAddress => ApiError::field("email", "is not this person's address"),
            EraseError::LastAdmin => ApiError::conflict(
                "This is the organization's only admin: make another one first. Nothing was changed.",
            ),
            EraseError::Store(error) => error.into(),
        })?;
    // On this instance at once; the others look every two seconds.
    state.auth.authority.changed(organization, id).await?;
    // For whichever worker is there; without this it begins with the next minute.
    if let Err(error) = jobs::ask_for(&state.store, clock, "erasure").await {
        tracing::warn!(cause = %error, "an erasure begins within a minute only: it could not be queued at once");
    }
    Ok((StatusCode::ACCEPTED, ApiJson(erasure)))
}
