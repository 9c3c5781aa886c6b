//! What is kept on this machine: the day so far, and every row.

use jiff::tz::TimeZone;
use shared_types::{Timestamp, policy::CapturePolicy};
use tauri::State;
use workpulse_agent::{
    enrol,
    outbox::{ItemState, PAGE_MAX, Query, Standing},
};
use workpulse_tray::view::{
    rows::{self, Rows},
    today::{self, Today},
};

use super::{Answer, Bridge, Told};

#[tauri::command]
pub(crate) async fn today(bridge: State<'_, Bridge>) -> Answer<Today> {
    // Asked each time: people travel.
    let (now, zone) = (bridge.now(), TimeZone::system());
    let (from, to) = today::bounds(now, &zone);
    let (report, running) = bridge.report().await?;
    let (from, to) = (Timestamp::from_millis(from), Timestamp::from_millis(to));
    let spans = bridge
        .read(move |reader| reader.spans(from, to))
        .await?
        .unwrap_or_default();
    Ok(today::today(&spans, &report, running, now, &zone))
}

/// Where a row stands, as the page asks for it.
#[derive(Debug, Clone, Copy, Default, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Which {
    #[default]
    All,
    Pending,
    Acknowledged,
    Rejected,
}

#[tauri::command]
pub(crate) async fn rows(
    bridge: State<'_, Bridge>,
    search: Option<String>,
    state: Option<Which>,
    before: Option<String>,
    limit: Option<usize>,
) -> Answer<Rows> {
    let before = match before.as_deref() {
        None => None,
        Some(name) => {
            Some(rows::place(name).ok_or_else(|| Told::from(format!("there is no row {name}")))?)
        }
    };
    let limit = limit.unwrap_or(50).clamp(1, PAGE_MAX - 1);
    let state = match state.unwrap_or_default() {
        Which::All => None,
        Which::Pending => Some(ItemState::Pending),
        Which::Acknowledged => Some(ItemState::Acknowledged),
        Which::Rejected => Some(ItemState::Rejected),
    };
    let policy = enrol::load(&bridge.settings.data_dir)?
        .map_or_else(|| CapturePolicy::careful(0), |it| it.policy);
    let read = bridge
        .read(move |reader| {
            let query = Query {
                search: search.as_deref().unwrap_or_default().trim(),
                state,
                before,
                // One more tells whether there is a next page.
                limit: limit + 1,
            };
            Ok((reader.rows(&query)?, reader.standing()?, reader.removals()?))
        })
        .await?;
    let Some((mut stored, totals, removals)) = read else {
        return Ok(Rows {
            items: Vec::new(),
            next: None,
            totals: Standing::default(),
        });
    };
    let more = stored.len() > limit;
    stored.truncate(limit);
    let items: Vec<rows::Row> = stored
        .into_iter()
        .map(|row| rows::row(row, &policy, &removals))
        .collect();
    Ok(Rows {
        next: items.last().filter(|_| more).map(|last| last.id.clone()),
        items,
        totals,
    })
}
