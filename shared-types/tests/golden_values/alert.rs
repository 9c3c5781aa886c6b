//! Alerts, and when they are quiet.

use shared_types::{
    AlertId,
    alert::{
        Alert, AlertKind, AlertPage, AlertResolution, AlertState, QuietHours, ResolveAlert,
        ResolveAlerts, ResolvedAlerts,
    },
    hours::Weekday,
};

use super::{Golden, at, id, session, user};

/// Nights after working days.
pub(super) fn nights() -> QuietHours {
    QuietHours {
        weekdays: vec![Weekday::Monday, Weekday::Friday],
        from: "20:00".parse().expect("a time"),
        to: "07:00".parse().expect("a time"),
    }
}

/// An alert that is open.
pub(super) fn idle() -> Alert {
    Alert {
        id: id::<AlertId>(30),
        user_id: user(),
        user_name: "Ada".to_owned(),
        kind: AlertKind::Idle,
        state: AlertState::Open,
        message: "Nothing is known of Ada for 5 min. The agent is silent.".to_owned(),
        opened_at: at(301),
        seconds: 301,
        since: Some(at(0)),
        session_id: Some(session()),
        agent_online: Some(false),
        day: None,
        quiet: false,
        ended_at: None,
        resolved_at: None,
        resolution: None,
        resolved_by: None,
        resolved_by_name: None,
        note: None,
    }
}

pub(super) fn check(golden: &mut Golden) {
    golden.check("enum_alert_kind", &[AlertKind::Idle, AlertKind::Overtime]);
    golden.check(
        "enum_alert_state",
        &[AlertState::Open, AlertState::Resolved],
    );
    golden.check(
        "enum_alert_resolution",
        &[
            AlertResolution::Returned,
            AlertResolution::Stopped,
            AlertResolution::DayOver,
            AlertResolution::ByHand,
        ],
    );
    golden.check("alert_idle", &idle());
    let overtime = Alert {
        kind: AlertKind::Overtime,
        state: AlertState::Resolved,
        message: "Ada has worked for 9 h 10 min today.".to_owned(),
        seconds: 33_000,
        since: None,
        session_id: None,
        agent_online: None,
        day: Some("2026-11-22".to_owned()),
        quiet: true,
        ended_at: Some(at(50_400)),
        resolved_at: Some(at(600)),
        resolution: Some(AlertResolution::ByHand),
        resolved_by: Some(id(5)),
        resolved_by_name: Some("Max".to_owned()),
        note: Some("agreed beforehand".to_owned()),
        ..idle()
    };
    golden.check("alert_overtime_resolved", &overtime);
    golden.check(
        "alert_page",
        &AlertPage {
            items: vec![overtime.clone()],
            next_cursor: Some("opaque".to_owned()),
        },
    );
    golden.check(
        "resolve_alert",
        &ResolveAlert {
            note: Some("at the dentist".to_owned()),
        },
    );
    golden.check(
        "resolve_alerts",
        &ResolveAlerts {
            ids: vec![id(30), id(31)],
            note: None,
        },
    );
    golden.check(
        "resolved_alerts",
        &ResolvedAlerts {
            resolved: 1,
            items: vec![overtime],
        },
    );
    golden.check("quiet_hours", &nights());
}
