//! The settings, and what support needs to know.

use serde::Serialize;
use serde_json::Value;
use tauri::State;
use workpulse_agent::{StatusReport, config};
use workpulse_tray::{
    preflight,
    view::{
        diagnosis::{self, Diagnosis},
        settings::{self, Setting},
    },
};

use super::{Answer, Bridge};

#[tauri::command]
pub(crate) async fn settings(bridge: State<'_, Bridge>) -> Answer<Vec<Setting>> {
    let (report, _) = bridge.report().await?;
    Ok(settings::settings(&bridge.loaded()?, &report))
}

/// When a change holds.
#[derive(Debug, Serialize)]
pub(crate) struct Changed {
    restart: bool,
}

#[tauri::command]
pub(crate) async fn set(bridge: State<'_, Bridge>, key: String, value: Value) -> Answer<Changed> {
    let list = settings::settings(&bridge.loaded()?, &StatusReport::default());
    let value = settings::to_write(&list, &key, &value)?;
    config::edit::set(&bridge.flags, &key, value)?;
    Ok(Changed { restart: true })
}

#[tauri::command]
pub(crate) async fn diagnosis(bridge: State<'_, Bridge>) -> Answer<Diagnosis> {
    let (report, running) = bridge.report().await?;
    // It asks the display and the session bus, and may wait for them.
    let findings = tokio::task::spawn_blocking(|| preflight::judge(&preflight::observe())).await?;
    Ok(diagnosis::diagnosis(
        &report,
        running,
        &findings,
        bridge.now(),
    ))
}
