//! Reports.

use std::collections::BTreeMap;

use shared_types::report::{
    Attendance, AttendanceDay, Break, Compared, Completeness, DeviceAccount, Figures, GroupBy,
    HeatCell, Heatmap, PersonCompleteness, Report, ReportRow, ReportSort,
};

use super::{Golden, at, device, user};

fn figures(active: i64, idle: i64) -> Figures {
    Figures {
        active_seconds: active,
        idle_seconds: idle,
        unobserved_seconds: Some(60),
        worked_seconds: active + idle,
        score: Some(80.0),
    }
}

pub(super) fn check(golden: &mut Golden) {
    golden.check("enum_group_by", &GroupBy::ALL.to_vec());
    golden.check(
        "enum_report_sort",
        &vec![
            ReportSort::Label,
            ReportSort::Active,
            ReportSort::Idle,
            ReportSort::Unobserved,
            ReportSort::Worked,
            ReportSort::Score,
            ReportSort::Change,
        ],
    );
    let change = Figures {
        active_seconds: -400,
        score: Some(-1.5),
        ..figures(0, 0)
    };
    golden.check(
        "report",
        &Report {
            from: "2026-11-16".to_owned(),
            to: "2026-11-22".to_owned(),
            time_zone: "Europe/Berlin".to_owned(),
            group_by: GroupBy::Person,
            people: 2,
            rows: vec![ReportRow {
                key: user().to_string(),
                label: "Ada Lovelace".to_owned(),
                kind: None,
                figures: figures(800, 200),
                share: Some(100.0),
                before: Some(figures(1_200, 300)),
                difference: Some(change),
            }],
            row_count: 1,
            total: figures(800, 200),
            kinds: None,
            compared: Some(Compared {
                from: "2026-11-09".to_owned(),
                to: "2026-11-15".to_owned(),
                total: figures(1_200, 300),
                difference: change,
            }),
            next_cursor: None,
        },
    );
    golden.check(
        "heatmap",
        &Heatmap {
            from: "2026-11-16".to_owned(),
            to: "2026-11-22".to_owned(),
            time_zone: "Europe/Berlin".to_owned(),
            people: 2,
            cells: vec![HeatCell {
                weekday: 1,
                hour: 9,
                figures: figures(800, 200),
            }],
        },
    );
    of_people(golden);
}

/// What is of people, and not of sums.
fn of_people(golden: &mut Golden) {
    golden.check(
        "attendance",
        &Attendance {
            time_zone: "Europe/Berlin".to_owned(),
            items: vec![AttendanceDay {
                date: "2026-11-22".to_owned(),
                user_id: user(),
                name: "Ada Lovelace".to_owned(),
                first_input_at: Some(at(-3_600)),
                last_input_at: Some(at(25_200)),
                breaks: Some(vec![Break {
                    from: at(7_200),
                    to: at(9_000),
                }]),
                figures: figures(800, 200),
            }],
            next_cursor: Some("eyJ".to_owned()),
        },
    );
    golden.check(
        "completeness",
        &Completeness {
            from: "2026-11-16".to_owned(),
            to: "2026-11-22".to_owned(),
            items: vec![PersonCompleteness {
                user_id: user(),
                name: "Ada Lovelace".to_owned(),
                session_seconds: 3_600,
                accounted_seconds: 1_800,
                percent: Some(50.0),
                devices: vec![DeviceAccount {
                    device_id: device(),
                    name: "desk".to_owned(),
                    last_contact_at: None,
                    pending: 3,
                    dropped: BTreeMap::from([("too_old".to_owned(), 2)]),
                }],
            }],
            next_cursor: None,
        },
    );
}
