//! Daily summaries.

use shared_types::{
    report::Figures,
    summary::{DailySummary, DailySummaryPage, DaysRemade, RemakeReason},
};

use super::{Golden, at, user};

pub(super) fn check(golden: &mut Golden) {
    golden.check("enum_remake_reason", &RemakeReason::ALL.to_vec());
    golden.check(
        "days_remade",
        &DaysRemade {
            reason: RemakeReason::Zone,
            asked_at: at(0),
            people: 12,
            people_done: 5,
        },
    );
    let closed = DailySummary {
        date: "2026-11-22".to_owned(),
        time_zone: "Europe/Berlin".to_owned(),
        user_id: user(),
        name: "Ada Lovelace".to_owned(),
        first_input_at: Some(at(-3_600)),
        last_input_at: Some(at(0)),
        made_at: Some(at(50_400)),
        updated_at: at(60),
        figures: Figures {
            active_seconds: 2_400,
            idle_seconds: 600,
            unobserved_seconds: Some(600),
            worked_seconds: 3_000,
            score: Some(80.0),
        },
    };
    let running = DailySummary {
        date: "2026-11-23".to_owned(),
        first_input_at: None,
        last_input_at: None,
        made_at: None,
        figures: Figures {
            active_seconds: 0,
            idle_seconds: 0,
            unobserved_seconds: Some(60),
            worked_seconds: 0,
            score: None,
        },
        ..closed.clone()
    };
    golden.check(
        "daily_summary_page",
        &DailySummaryPage {
            items: vec![closed, running],
            next_cursor: None,
        },
    );
}
