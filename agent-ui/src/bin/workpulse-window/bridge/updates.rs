//! Newer versions: found and fetched when the person asks for it, installed by nobody here.

use serde::Serialize;
use tauri::State;
use workpulse_agent::{
    config::updates::Updates,
    update::{self, UpdateError},
};

use super::{Answer, Bridge};

/// What is known of newer versions.
#[derive(Debug, Serialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub(crate) enum Newer {
    /// Nobody looks for them, and why.
    Off { why: &'static str },
    /// There is none.
    None { running: String },
    /// There is one, which was not fetched.
    Available { version: String },
    /// One is here, and its signature fits.
    Ready {
        version: String,
        path: String,
        command: String,
    },
}

#[tauri::command]
pub(crate) async fn update_check(bridge: State<'_, Bridge>) -> Answer<Newer> {
    if let Updates::Off(why) = bridge.settings.updates {
        return Ok(Newer::Off { why });
    }
    Ok(match update::check(&bridge.settings).await? {
        Some(offer) => Newer::Available {
            version: offer.version.to_string(),
        },
        None => none(),
    })
}

#[tauri::command]
pub(crate) async fn update_download(bridge: State<'_, Bridge>) -> Answer<Newer> {
    match update::download(&bridge.settings).await {
        Ok(ready) => Ok(Newer::Ready {
            version: ready.version.to_string(),
            path: ready.path.display().to_string(),
            command: ready.command,
        }),
        Err(UpdateError::NothingNewer) => Ok(none()),
        Err(error) => Err(error.into()),
    }
}

fn none() -> Newer {
    Newer::None {
        running: update::version::running().to_string(),
    }
}
