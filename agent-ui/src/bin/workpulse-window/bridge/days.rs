//! What the server has of this person: days, notes, projects, names of categories, and who looked.

use serde::Serialize;
use shared_types::{
    CategoryId, ProjectId, Timestamp,
    note::{CreateNote, NoteKind},
};
use tauri::State;
use workpulse_tray::view::{
    days::{self, Days, OneDay, Said},
    looks::{self, Looks},
};

use super::{Answer, Bridge};

#[tauri::command]
pub(crate) async fn looks(bridge: State<'_, Bridge>, cursor: Option<String>) -> Answer<Looks> {
    let page = bridge.person().await?.looks(cursor.as_deref()).await?;
    Ok(looks::looks(page))
}

#[tauri::command]
pub(crate) async fn days(bridge: State<'_, Bridge>, from: String, to: String) -> Answer<Days> {
    let page = bridge.person().await?.days(&from, &to).await?;
    Ok(days::days(&page))
}

#[tauri::command]
pub(crate) async fn day(bridge: State<'_, Bridge>, date: String) -> Answer<OneDay> {
    Ok(days::one_day(bridge.person().await?.day(&date).await?))
}

#[tauri::command]
pub(crate) async fn correct(
    bridge: State<'_, Bridge>,
    from: i64,
    to: i64,
    kind: NoteKind,
    text: Option<String>,
) -> Answer<Said> {
    let note = CreateNote {
        from: Timestamp::from_millis(from),
        to: Timestamp::from_millis(to),
        kind,
        text: text
            .map(|it| it.trim().to_owned())
            .filter(|it| !it.is_empty()),
    };
    Ok(bridge.person().await?.correct(&note).await?.into())
}

/// A project on which a session may be booked.
#[derive(Debug, Serialize)]
pub(crate) struct Bookable {
    id: ProjectId,
    name: String,
    running: bool,
}

#[tauri::command]
pub(crate) async fn projects(bridge: State<'_, Bridge>) -> Answer<Vec<Bookable>> {
    let (report, _) = bridge.report().await?;
    let current = report.session.and_then(|it| it.project_id);
    let page = bridge.person().await?.projects().await?;
    Ok(page
        .items
        .into_iter()
        .filter(|it| it.archived_at.is_none())
        .map(|it| Bookable {
            running: current == Some(it.id),
            id: it.id,
            name: it.name,
        })
        .collect())
}

/// A category by its name.
#[derive(Debug, Serialize)]
pub(crate) struct Named {
    id: CategoryId,
    name: String,
}

#[tauri::command]
pub(crate) async fn categories(bridge: State<'_, Bridge>) -> Answer<Vec<Named>> {
    let page = bridge.person().await?.categories().await?;
    let named = |it: shared_types::category::Category| Named {
        id: it.id,
        name: it.name,
    };
    Ok(page.items.into_iter().map(named).collect())
}
