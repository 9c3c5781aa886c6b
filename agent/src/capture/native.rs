//! Windows and macOS, through active-win-pos-rs and user-idle.
//!
//! Runs under the watchdog like every probe, which also catches panics: active-win-pos-rs
//! panics on some malformed windows, and user-idle overflows on Windows in debug builds after
//! 49.7 days. On Linux this module exists only to be type-checked (feature `native-probe`):
//! there user-idle crashes the process without a display, so it is never called.

use shared_types::device::Capabilities;

use super::{Focus, Look, NoIdle, Probe, permissions::Permissions};

/// Looks through the libraries of Windows and macOS.
#[derive(Debug, Default)]
pub struct NativeProbe {
    permissions: Permissions,
}

impl NativeProbe {
    /// A probe; nothing is opened before the first look.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }
}

impl Probe for NativeProbe {
    fn name(&self) -> &'static str {
        "native"
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities {
            application: true,
            title: self.permissions.titles(),
            idle: true,
        }
    }

    fn look(&mut self) -> Look {
        let idle_millis = idle();
        Look {
            focus: self.permissions.judge(focus(), &idle_millis),
            idle_millis,
        }
    }
}

/// The window in front. The library gives no reason when there is none.
fn focus() -> Option<Focus> {
    let window = active_win_pos_rs::get_active_window().ok()?;
    let filled = |text: String| (!text.is_empty()).then_some(text);
    Some(Focus {
        application: filled(window.app_name),
        title: filled(window.title),
        url: None,
        category_id: None,
    })
}

fn idle() -> Result<u64, NoIdle> {
    // Decided at compile time; written like this, the call is type-checked where it is never made.
    if !cfg!(any(windows, target_os = "macos")) {
        return Err(NoIdle::Unsupported);
    }
    let idle =
        user_idle::UserIdle::get_time().map_err(|error| NoIdle::Failed(error.to_string()))?;
    Ok(u64::try_from(idle.as_milliseconds()).unwrap_or(u64::MAX))
}
