//! `POST /exports`.

use axum::extract::State;
use http::StatusCode;
use shared_types::{
    ExportId,
    export::{CreateExport, Export, ExportContent, ExportFormat},
};

use super::{own, shown};
use crate::{
    http::{
        answers::{BodyProblems, CallerProblems, Conflicting, Missing},
        caller::Person,
        error::{ApiError, ApiResult},
        forms::Form,
        json::ApiJson,
        reports::day,
        state::AppState,
    },
    jobs,
    reports::{self, ReportError, exports, paper},
    store::exports as rows,
};

/// Asks for a file of a report, or of activity span by span, of the people whom the caller sees.
/// It is made meanwhile: `GET /exports/{id}` says how far it is.
#[utoipa::path(post, path = "/api/v1/exports", tag = "exports", request_body = CreateExport, security(("bearer" = []), ("cookie" = [])), responses(
    (status = 202, description = "It will be made", body = Export), CallerProblems, Missing, Conflicting, BodyProblems,
))]
pub(in crate::http) async fn create(
    State(state): State<AppState>,
    person: Person,
    ApiJson(request): ApiJson<CreateExport>,
) -> ApiResult<(StatusCode, ApiJson<Export>)> {
    check(&request)?;
    let (store, organization) = (&state.store, person.organization_id);
    match request.content {
        ExportContent::Report => {
            let question = exports::question(&request)
                .ok_or_else(|| ApiError::field("group_by", "must be there for a report"))?;
            reports::check(store, organization, person.viewer(), &question).await?;
        }
        ExportContent::Activity => {
            let scope = exports::scope(&request, person.viewer())
                .ok_or_else(|| ApiError::field("from", "is a day such as 2026-11-22"))?;
            exports::check_activity(store, organization, &scope).await?;
        }
    }
    let id = ExportId(state.clock.new_uuid());
    let mut tx = store.tenant(organization).begin().await?;
    let (most, now) = (exports::MOST_FILES, state.clock.now());
    if !rows::insert(&mut tx, id, person.user_id, (&request, false), most, now).await? {
        return Err(ApiError::conflict(format!(
            "You have {most} files already. Nothing was changed; remove one first."
        )));
    }
    tx.commit().await?;
    // For whichever worker is there; without this it begins with the next minute.
    if let Err(error) = jobs::ask_for(store, &*state.clock, "exports").await {
        tracing::warn!(cause = %error, "a file is begun within a minute only: it could not be queued at once");
    }
    let stored = own(&state, &person, id).await?;
    Ok((StatusCode::ACCEPTED, ApiJson(shown(stored))))
}

/// What does not go together.
fn check(request: &CreateExport) -> ApiResult<()> {
    day("from", &request.from)?;
    day("to", &request.to)?;
    let of_activity = request.content == ExportContent::Activity;
    let mut form = Form::default();
    let not_of_activity = "goes with a report only";
    let pdf = request.format == ExportFormat::Pdf;
    form.require(!(pdf && of_activity), "format", not_of_activity);
    let built = ReportError::NoPdf.to_string();
    form.require(!pdf || paper::BUILT_IN, "format", &built);
    form.require(
        of_activity || request.group_by.is_some(),
        "group_by",
        "must be there for a report",
    );
    for (there, field) in [
        (request.group_by.is_some(), "group_by"),
        (request.project_id.is_some(), "project_id"),
        (request.compare, "compare"),
        (request.sort.is_some(), "sort"),
        (request.descending.is_some(), "descending"),
    ] {
        form.require(!(of_activity && there), field, not_of_activity);
    }
    form.finish()
}
