//! What leads out of the window.

use tauri::State;
use workpulse_agent::enrol;

use super::{Answer, Bridge, Told};

/// Opens the person's own pages of the dashboard in their browser. Nothing but the enrolled
/// server can be opened: a page that was tampered with leads nowhere else.
#[tauri::command]
pub(crate) async fn open_dashboard(bridge: State<'_, Bridge>, path: Option<String>) -> Answer<()> {
    let enrolment = enrol::load(&bridge.settings.data_dir)?
        .ok_or_else(|| Told::from("this computer is not enrolled yet"))?;
    let path = path.unwrap_or_default();
    let address = enrolment.server.join(path.trim_start_matches('/'))?;
    if address.origin() != enrolment.server.origin() {
        return Err(Told::from(
            "that is not a page of your organization's WorkPulse",
        ));
    }
    open::that_detached(address.as_str()).map_err(|error| {
        Told::from(format!(
            "no browser could be opened ({error}). The address is {address}"
        ))
    })
}

/// The page was first painted at this instant, milliseconds since 1970: `cargo xtask measure-tray`
/// reads it from the log.
#[tauri::command]
pub(crate) fn painted(at_millis: i64) {
    tracing::info!(painted_at_millis = at_millis, "the window is painted");
}
