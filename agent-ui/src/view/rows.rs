//! The person's rows: every one that is kept on this machine, before and after it leaves.

use serde::Serialize;
use shared_types::{
    CategoryId,
    activity::{ActivityType, UnobservedReason},
    policy::CapturePolicy,
    sync::SyncItemBody,
};
use workpulse_agent::{
    Removals,
    outbox::{ItemState, Place, Standing, StoredRow},
};

use super::why::{WhyEmpty, why_empty};

/// One row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Row {
    /// Names it on this machine.
    pub id: String,
    /// When it was made.
    pub made_at: i64,
    /// Where it stands.
    pub state: ItemState,
    /// `session_started`, `activity`, …: as the item calls itself.
    pub kind: String,
    /// Of a span: its first instant.
    pub started_at: Option<i64>,
    /// Of a span: its length.
    pub seconds: Option<u32>,
    /// What had the focus.
    pub application: Option<String>,
    /// Its title.
    pub title: Option<String>,
    /// Its page.
    pub url: Option<String>,
    /// Of a span of which only a category is kept: which.
    pub category_id: Option<CategoryId>,
    /// Active, idle, or not observed.
    pub activity: Option<ActivityType>,
    /// Why nothing was observed, or why the server refused it.
    pub reason: Option<String>,
    /// Which rules left fields empty.
    pub why_empty: Vec<WhyEmpty>,
    /// Exactly what leaves this machine.
    pub body: String,
}

/// One page of rows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Rows {
    /// Newest first.
    pub items: Vec<Row>,
    /// Pass as `before` to read on.
    pub next: Option<String>,
    /// How many stand where.
    pub totals: Standing,
}

/// A row as it is shown.
#[must_use]
pub fn row(stored: StoredRow, policy: &CapturePolicy, removals: &Removals) -> Row {
    let item = stored.item();
    let span = match &item {
        Some(SyncItemBody::Activity(span)) => Some(span),
        _ => None,
    };
    Row {
        id: name(stored.place),
        made_at: stored.made_at.as_millis(),
        state: stored.state,
        kind: kind(&stored.body),
        started_at: span.map(|it| it.started_at.as_millis()),
        seconds: span.map(|it| it.duration_seconds),
        application: span.and_then(|it| it.application.clone()),
        title: span.and_then(|it| it.title.clone()),
        url: span.and_then(|it| it.url.clone()),
        category_id: span.and_then(|it| it.category_id),
        activity: span.map(|it| it.activity_type),
        reason: stored.reason.clone().or_else(|| {
            span.and_then(|it| it.reason)
                .map(UnobservedReason::as_str)
                .map(str::to_owned)
        }),
        why_empty: span.map_or_else(Vec::new, |it| why_empty(it, policy, removals)),
        body: stored.body,
    }
}

fn kind(body: &str) -> String {
    serde_json::from_str::<serde_json::Map<String, serde_json::Value>>(body)
        .ok()
        .and_then(|item| item.into_iter().next())
        .map_or_else(|| "unknown".to_owned(), |(kind, _)| kind)
}

fn name(place: Place) -> String {
    format!("{}-{}", place.epoch, place.seq)
}

/// The place that a row's name stands for.
#[must_use]
pub fn place(name: &str) -> Option<Place> {
    let (epoch, seq) = name.split_once('-')?;
    Some(Place {
        epoch: epoch.parse().ok()?,
        seq: seq.parse().ok()?,
    })
}

#[cfg(test)]
mod tests {
    use shared_types::Timestamp;

    use super::*;

    fn stored(body: &str) -> StoredRow {
        StoredRow {
            place: Place { epoch: 2, seq: 41 },
            state: ItemState::Pending,
            made_at: Timestamp::from_millis(5),
            reason: None,
            body: body.to_owned(),
        }
    }

    #[test]
    fn of_a_row_that_is_reduced_the_category_is_told() {
        let shown = row(
            stored(
                r#"{"activity":{"session_id":"00000000-0000-0000-0000-000000000001","activity_type":"active","started_at":"2026-11-23T08:00:00.000Z","duration_seconds":60,"category_id":"00000000-0000-0000-0000-000000000002"}}"#,
            ),
            &CapturePolicy::careful(1),
            &Removals::default(),
        );
        assert_eq!(
            shown.category_id,
            Some(CategoryId(uuid::Uuid::from_u128(2)))
        );
    }

    #[test]
    fn a_row_of_a_later_version_is_shown_as_it_is() {
        let shown = row(
            stored(r#"{"tomorrow":{"x":1}}"#),
            &CapturePolicy::careful(1),
            &Removals::default(),
        );
        assert_eq!(shown.kind, "tomorrow");
        assert_eq!(shown.body, r#"{"tomorrow":{"x":1}}"#);
        assert_eq!(place(&shown.id), Some(Place { epoch: 2, seq: 41 }));
        assert_eq!(place("2:41"), None);
    }
}
