//! Files that are made meanwhile.

use shared_types::{
    export::{CreateExport, Export, ExportContent, ExportFormat, ExportPage, ExportState},
    report::{GroupBy, ReportSort},
};

use super::{Golden, at, id, user};

pub(super) fn check(golden: &mut Golden) {
    golden.check("enum_export_content", &ExportContent::ALL.to_vec());
    golden.check("enum_export_format", &ExportFormat::ALL.to_vec());
    golden.check("enum_export_state", &ExportState::ALL.to_vec());
    let activity = CreateExport {
        content: ExportContent::Activity,
        format: ExportFormat::Csv,
        from: "2026-11-01".into(),
        to: "2026-11-30".into(),
        group_by: None,
        user_id: None,
        team_id: None,
        project_id: None,
        compare: false,
        sort: None,
        descending: None,
    };
    let report = CreateExport {
        content: ExportContent::Report,
        format: ExportFormat::Xlsx,
        group_by: Some(GroupBy::Person),
        user_id: Some(user()),
        team_id: Some(id(21)),
        project_id: Some(id(22)),
        compare: true,
        sort: Some(ReportSort::Worked),
        descending: Some(true),
        ..activity.clone()
    };
    golden.check("create_export", &report);
    let waiting = Export {
        id: id(23),
        request: activity,
        state: ExportState::Waiting,
        rows_done: 0,
        rows_total: None,
        bytes: 0,
        file_name: "workpulse-activity-2026-11-01-2026-11-30.csv".into(),
        error: None,
        created_at: at(0),
        finished_at: None,
        expires_at: None,
    };
    let failed = Export {
        id: id(24),
        request: report,
        state: ExportState::Failed,
        rows_done: 500,
        rows_total: Some(900),
        bytes: 262_144,
        file_name: "workpulse-person-2026-11-01-2026-11-30.xlsx".into(),
        error: Some("The server could not write it.".into()),
        created_at: at(0),
        finished_at: Some(at(5)),
        expires_at: Some(at(604_805)),
    };
    golden.check(
        "export_page",
        &ExportPage {
            items: vec![waiting, failed],
            next_cursor: Some("WzFd".into()),
        },
    );
}
