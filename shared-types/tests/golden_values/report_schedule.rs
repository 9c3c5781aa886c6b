//! Reports that are made again and again.

use shared_types::{
    export::{ExportFormat, ExportState},
    hours::Weekday,
    report::GroupBy,
    report_schedule::{Every, ReportSchedule, ReportScheduleTerms, ReportSchedules},
};

use super::{Golden, at, id, user};

pub(super) fn check(golden: &mut Golden) {
    golden.check("enum_every", &Every::ALL.to_vec());
    let weekly = ReportScheduleTerms {
        name: "The week".to_owned(),
        every: Every::Week,
        weekday: Some(Weekday::Monday),
        at: "07:00".parse().expect("a time"),
        group_by: GroupBy::Project,
        format: ExportFormat::Pdf,
        user_id: Some(user()),
        team_id: Some(id(21)),
        project_id: Some(id(22)),
        compare: true,
        by_mail: true,
        enabled: true,
    };
    golden.check("report_schedule_terms", &weekly);
    let waiting = ReportSchedule {
        id: id(50),
        terms: weekly.clone(),
        next_at: Some(at(3_600)),
        last_at: Some(at(0)),
        last_state: Some(ExportState::Done),
    };
    golden.check("report_schedule", &waiting);
    let off = ReportSchedule {
        id: id(51),
        terms: ReportScheduleTerms {
            every: Every::Day,
            weekday: None,
            user_id: None,
            team_id: None,
            project_id: None,
            enabled: false,
            ..weekly
        },
        next_at: None,
        last_at: None,
        last_state: None,
    };
    golden.check(
        "report_schedules",
        &ReportSchedules {
            items: vec![off],
            can_mail: false,
        },
    );
}
