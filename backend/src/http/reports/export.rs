//! `GET /reports/export`.

use axum::{
    body::Body,
    extract::State,
    response::{IntoResponse, Response},
};
use bytes::BytesMut;
use http::header;
use serde::Deserialize;
use shared_types::{
    ProjectId, TeamId, UserId,
    audit::LookAt,
    report::{GroupBy, ReportSort},
};
use tokio::io::AsyncReadExt as _;
use utoipa::{IntoParams, ToSchema};

use super::{looked, report};
use crate::{
    http::{
        answers::{CallerProblems, Invalid, Missing},
        caller::Person,
        error::{ApiError, ApiResult},
        json::ApiQuery,
        state::AppState,
    },
    reports::{ReportError, paper, sheet},
};

/// Bytes of a file that are read at once.
const PIECE_BYTES: usize = 64 * 1024;

/// What kind of file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(in crate::http) enum FileFormat {
    /// Commas, in UTF-8.
    Csv,
    /// A workbook.
    Xlsx,
    /// Pages with charts; where the server was built with it.
    Pdf,
}

/// As for a report, all rows at once.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct Query {
    /// What kind of file.
    #[param(inline)]
    format: FileFormat,
    /// First day, `YYYY-MM-DD`, in the organization's zone.
    #[param(example = "2026-11-01")]
    from: String,
    /// Last day; the range has at most 3,660 days.
    #[param(example = "2026-11-30")]
    to: String,
    /// By what it adds up.
    group_by: GroupBy,
    /// Only this person.
    user_id: Option<UserId>,
    /// Only who is in this team now.
    team_id: Option<TeamId>,
    /// Only what is booked on this project now; with `group_by` person, team, project or day.
    project_id: Option<ProjectId>,
    /// Also the range of the same length before.
    #[serde(default)]
    #[param(required = false)]
    compare: bool,
    /// By what rows are ordered, as for a report.
    sort: Option<ReportSort>,
    /// The other way round: most first.
    descending: Option<bool>,
}

/// A report as a file: CSV or a workbook, of which no cell is a formula, or pages with charts.
#[utoipa::path(
    get, path = "/api/v1/reports/export", tag = "reports",
    params(Query),
    responses(
        (status = 200, description = "The file", content(
            (String = "text/csv"),
            (String = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
            (String = "application/pdf"),
        )),
        CallerProblems, Invalid, Missing,
    ),
    security(("bearer" = []), ("cookie" = [])),
)]
pub(in crate::http) async fn export(
    State(state): State<AppState>,
    person: Person,
    ApiQuery(query): ApiQuery<Query>,
) -> ApiResult<Response> {
    let format = query.format;
    let query = report::Query {
        from: query.from,
        to: query.to,
        group_by: query.group_by,
        user_id: query.user_id,
        team_id: query.team_id,
        project_id: query.project_id,
        compare: query.compare,
        sort: query.sort,
        descending: query.descending,
        cursor: None,
        limit: None,
    };
    let printed = format == FileFormat::Pdf;
    if printed && !paper::BUILT_IN {
        return Err(ReportError::NoPdf.into());
    }
    let mut question = query.question()?;
    question.charts = printed;
    let made = report::ordered(&state, &person, &query, &question).await?;
    let range = report::question_range(&query)?;
    looked(&state, &person, LookAt::ExportedFile, &made.people, range).await?;
    let (media_type, ending, body) = match format {
        FileFormat::Pdf => {
            let (now, whose) = (state.clock.now(), (person.organization_id, person.viewer()));
            let pages = paper::print(&state.store, now, whose, &question, made).await?;
            ("application/pdf", "pdf", Body::from(pages))
        }
        FileFormat::Csv => {
            let rows = sheet::csv(sheet::of_report(&made));
            let body = Body::from_stream(futures_util::stream::iter(rows));
            ("text/csv; charset=utf-8", "csv", body)
        }
        FileFormat::Xlsx => {
            // Compressing is work: not on a thread that answers others.
            let sheet = sheet::of_report(&made);
            let file = tokio::task::spawn_blocking(move || sheet::workbook(sheet, "Report"))
                .await
                .map_err(ApiError::internal)?
                .map_err(ApiError::internal)?;
            (
                "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
                "xlsx",
                streamed(file),
            )
        }
    };
    let name = format!(
        "attachment; filename=\"workpulse-{}-{}-{}.{ending}\"",
        query.group_by.name(),
        range.0,
        range.1
    );
    let headers = [
        (header::CONTENT_TYPE, media_type.to_owned()),
        (header::CACHE_CONTROL, "no-store".to_owned()),
        (header::CONTENT_DISPOSITION, name),
    ];
    Ok((headers, body).into_response())
}

/// A file's bytes, some at a time.
fn streamed(file: std::fs::File) -> Body {
    let file = tokio::fs::File::from_std(file);
    Body::from_stream(futures_util::stream::try_unfold(file, |mut file| async {
        let mut piece = BytesMut::with_capacity(PIECE_BYTES);
        let read = file.read_buf(&mut piece).await?;
        Ok::<_, std::io::Error>((read > 0).then(|| (piece.freeze(), file)))
    }))
}
