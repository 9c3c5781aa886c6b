//! The window, wired to the commands in [`crate::bridge`].

use std::sync::Arc;

use anyhow::Context as _;
use tauri::{AppHandle, Manager as _, Runtime, WebviewUrl, WebviewWindowBuilder};
use workpulse_agent::{Settings, SystemClock, config::Flags};
use workpulse_tray::{exit::Exit, instance::InstanceName};

use crate::bridge::{self, Bridge};

/// The window's name; the capability names it too.
const MAIN: &str = "main";

/// Shows the window until it is closed. `page` is the part that it opens with.
pub(crate) fn run(settings: Settings, flags: Flags, page: Option<&str>) -> anyhow::Result<Exit> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .thread_name("workpulse")
        .enable_all()
        .build()
        .context("the window's threads could not be started")?;
    tauri::async_runtime::set(runtime.handle().clone());
    let name = InstanceName::of(&settings.data_dir);
    let address = WebviewUrl::App(match page {
        Some(page) => format!("index.html#{page}").into(),
        None => "index.html".into(),
    });
    let app = tauri::Builder::default()
        .plugin(
            tauri_plugin_single_instance::Builder::new()
                .dbus_id(name.bus_id())
                .callback(|app, _, _| to_front(app))
                .build(),
        )
        .manage(Bridge::new(settings, flags, Arc::new(SystemClock)))
        .invoke_handler(tauri::generate_handler![
            bridge::status::status,
            bridge::status::act,
            bridge::status::returned,
            bridge::status::answer_return,
            bridge::enrolment::enrol,
            bridge::enrolment::log_in,
            bridge::enrolment::notice,
            bridge::enrolment::accept_notice,
            bridge::records::today,
            bridge::records::rows,
            bridge::days::looks,
            bridge::days::days,
            bridge::days::day,
            bridge::days::correct,
            bridge::days::projects,
            bridge::days::categories,
            bridge::settings::settings,
            bridge::settings::set,
            bridge::settings::diagnosis,
            bridge::updates::update_check,
            bridge::updates::update_download,
            bridge::outside::open_dashboard,
            bridge::outside::painted,
        ])
        .setup(move |app| {
            WebviewWindowBuilder::new(app, MAIN, address)
                .title("WorkPulse")
                .inner_size(920.0, 680.0)
                .min_inner_size(360.0, 480.0)
                .center()
                // The page is the app's own; nothing leads it elsewhere.
                .on_navigation(|url| {
                    matches!(url.scheme(), "tauri") || url.host_str() == Some("tauri.localhost")
                })
                .build()?;
            Ok(())
        })
        .build(tauri::generate_context!())
        .context("the window could not be made")?;
    let code = app.run_return(|_, _| {});
    runtime.shutdown_background();
    anyhow::ensure!(code == 0, "the window's event loop ended with {code}");
    Ok(Exit::Done)
}

/// A second start brings the window that is open to the front.
fn to_front<R: Runtime>(app: &AppHandle<R>) {
    let Some(window) = app.get_webview_window(MAIN) else {
        return;
    };
    for result in [window.unminimize(), window.show(), window.set_focus()] {
        if let Err(error) = result {
            tracing::warn!(%error, "The window could not be brought to the front.");
        }
    }
}
