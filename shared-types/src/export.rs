//! Files that are made of reports and of activity, while one does something else.

use serde::{Deserialize, Serialize};

use crate::{
    ExportId, ProjectId, TeamId, Timestamp, UserId,
    report::{GroupBy, ReportSort},
};

/// What a file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum ExportContent {
    /// A report: what minutes add up to.
    Report,
    /// Activity as it is kept: span by span.
    Activity,
}

impl ExportContent {
    /// Every kind.
    pub const ALL: [Self; 2] = [Self::Report, Self::Activity];
}

/// What kind of file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum ExportFormat {
    /// Commas, in UTF-8.
    Csv,
    /// A workbook.
    Xlsx,
    /// Pages with charts; of reports, where the server was built with it.
    Pdf,
}

impl ExportFormat {
    /// Every kind.
    pub const ALL: [Self; 3] = [Self::Csv, Self::Xlsx, Self::Pdf];

    /// How the file's name ends.
    #[must_use]
    pub const fn ending(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Xlsx => "xlsx",
            Self::Pdf => "pdf",
        }
    }

    /// Its media type.
    #[must_use]
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Pdf => "application/pdf",
        }
    }
}

/// How far a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum ExportState {
    /// Nobody has begun it yet.
    Waiting,
    /// It is being made.
    Running,
    /// It can be taken.
    Done,
    /// There will be none: `error` says why.
    Failed,
}

impl ExportState {
    /// Every state.
    pub const ALL: [Self; 4] = [Self::Waiting, Self::Running, Self::Done, Self::Failed];

    /// Its name on the wire.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Running => "running",
            Self::Done => "done",
            Self::Failed => "failed",
        }
    }

    /// The state with this name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.name() == name)
    }
}

/// Asks for a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CreateExport {
    /// What it holds.
    pub content: ExportContent,
    /// What kind of file.
    pub format: ExportFormat,
    /// First day, `YYYY-MM-DD`, in the organization's zone.
    pub from: String,
    /// Last day; at most 3,660 days of a report, 366 of activity.
    pub to: String,
    /// By what a report adds up; must be there for a report, and not for activity.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group_by: Option<GroupBy>,
    /// Only this person; otherwise everybody whom the caller sees.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_id: Option<UserId>,
    /// Only who is in this team now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub team_id: Option<TeamId>,
    /// Only what is booked on this project now; of reports, with `group_by` person, team,
    /// project or day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub project_id: Option<ProjectId>,
    /// Also the range of the same length before; of reports.
    #[serde(default, skip_serializing_if = "is_false")]
    pub compare: bool,
    /// By what a report's rows are ordered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sort: Option<ReportSort>,
    /// The other way round: most first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub descending: Option<bool>,
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde hands over a reference"
)]
const fn is_false(value: &bool) -> bool {
    !*value
}

/// A file that was asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Export {
    /// Its id.
    pub id: ExportId,
    /// What was asked for.
    pub request: CreateExport,
    /// How far it is.
    pub state: ExportState,
    /// Rows that are written.
    pub rows_done: i64,
    /// Rows that there will be; absent: not counted yet. Late data may add some.
    pub rows_total: Option<i64>,
    /// The file's bytes so far.
    pub bytes: i64,
    /// What it will be called.
    pub file_name: String,
    /// Why it failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// When it was asked for.
    pub created_at: Timestamp,
    /// When it was done, or failed.
    pub finished_at: Option<Timestamp>,
    /// When it is removed; absent: not finished.
    pub expires_at: Option<Timestamp>,
}

/// One page of a person's files, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ExportPage {
    /// At most 200.
    pub items: Vec<Export>,
    /// Pass as `cursor` to read on; absent on the last page.
    pub next_cursor: Option<String>,
}
