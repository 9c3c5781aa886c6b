//! What must be there before GTK starts, because GTK answers with a panic.
//!
//! Owns: the judgement, as a pure function of what was observed, and its words. The looking
//! itself is the system's part ([`observe`]). Must not know the agent.
//!
//! A display and the tray library are required. A session bus and something that shows
//! icons are not: an old panel shows the icon without a bus, and a panel may start after
//! this app. Their absence is told, because an icon that nobody sees is not honest.

use crate::exit::Exit;

#[cfg(target_os = "linux")]
mod linux;

/// What was found out about the desktop.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Observed {
    /// The display.
    pub display: Display,
    /// The tray library that will be used, if one is installed.
    pub tray_library: Option<String>,
    /// Whether the session bus answers, or why it does not.
    pub session_bus: Result<(), String>,
    /// What would show the icon.
    pub tray_host: TrayHost,
}

/// Whether a display answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Display {
    /// It answers; how it is called, for the message.
    Open(String),
    /// Neither `DISPLAY` nor `WAYLAND_DISPLAY` is set.
    NotNamed,
    /// One is named and does not answer.
    Silent {
        /// The variable with its value.
        name: String,
        /// The reason.
        error: String,
    },
}

/// What would show the icon.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TrayHost {
    /// A panel that asks over the session bus (`StatusNotifierItem`).
    StatusNotifier,
    /// A panel that takes icon windows (`XEmbed`).
    XEmbed,
    /// None now; the icon appears as soon as one does.
    None,
    /// Not asked: this system always has one, or the display does not answer.
    NotAsked,
}

/// How much a finding weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weight {
    /// As it should be.
    Fine,
    /// The app works, with a limit.
    Limit,
    /// The app cannot start; the process ends with this.
    Missing(Exit),
}

/// One result of the checks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What was checked, in two words.
    pub subject: &'static str,
    /// How much it weighs.
    pub weight: Weight,
    /// What was found and, where something is missing, how to mend it.
    pub message: String,
}

impl Finding {
    const fn new(subject: &'static str, weight: Weight, message: String) -> Self {
        Self {
            subject,
            weight,
            message,
        }
    }
}

/// Looks at the desktop. Takes at most a few seconds, whatever does not answer.
#[must_use]
pub fn observe() -> Observed {
    #[cfg(target_os = "linux")]
    return linux::observe();
    // Windows and macOS always have a display and a tray of their own.
    #[cfg(not(target_os = "linux"))]
    Observed {
        display: Display::Open("the desktop".to_owned()),
        tray_library: Some("the system's own".to_owned()),
        session_bus: Ok(()),
        tray_host: TrayHost::NotAsked,
    }
}

/// Looks at the display alone, which is all that a window needs: whoever opens one waits for it.
#[must_use]
pub fn display_alone() -> Finding {
    #[cfg(target_os = "linux")]
    return display(&linux::observe_display());
    #[cfg(not(target_os = "linux"))]
    display(&observe().display)
}

/// Judges what was observed: one finding a subject, always in the same order.
#[must_use]
pub fn judge(observed: &Observed) -> Vec<Finding> {
    vec![
        display(&observed.display),
        tray_library(observed.tray_library.as_deref()),
        session_bus(&observed.session_bus),
        tray_host(observed.tray_host),
    ]
}

/// The number with which the process must end, if something required is missing: that of
/// the first such finding.
#[must_use]
pub fn verdict(findings: &[Finding]) -> Option<Exit> {
    findings.iter().find_map(|finding| match finding.weight {
        Weight::Missing(exit) => Some(exit),
        Weight::Fine | Weight::Limit => None,
    })
}

fn display(display: &Display) -> Finding {
    let missing = Weight::Missing(Exit::NoDisplay);
    let (weight, message) = match display {
        Display::Open(name) => (Weight::Fine, format!("{name} answers")),
        Display::NotNamed => (
            missing,
            "neither DISPLAY nor WAYLAND_DISPLAY is set: start WorkPulse inside the desktop \
             session of the person (its autostart does), not from a service or over ssh; on a \
             machine without a desktop use `workpulse-agent run`"
                .to_owned(),
        ),
        Display::Silent { name, error } => (
            missing,
            format!(
                "{name} does not answer ({error}): check that the display server runs and that \
                 this user may use it (XAUTHORITY), or start WorkPulse inside the desktop session"
            ),
        ),
    };
    Finding::new("display", weight, message)
}

fn tray_library(library: Option<&str>) -> Finding {
    let (weight, message) = match library {
        Some(path) => (Weight::Fine, format!("{path} is installed")),
        None => (
            Weight::Missing(Exit::NoTrayLibrary),
            "neither libayatana-appindicator3.so.1 nor libappindicator3.so.1 is installed: \
             install libayatana-appindicator3-1 (Debian, Ubuntu), \
             libayatana-appindicator-gtk3 (Fedora) or libayatana-appindicator (Arch)"
                .to_owned(),
        ),
    };
    Finding::new("tray library", weight, message)
}

fn session_bus(bus: &Result<(), String>) -> Finding {
    let (weight, message) = match bus {
        Ok(()) => (Weight::Fine, "it answers".to_owned()),
        Err(error) => (
            Weight::Limit,
            format!(
                "it does not answer ({error}): the icon shows only in panels that take icon \
                 windows, nobody shows notifications, and a second window opens beside the \
                 first; set DBUS_SESSION_BUS_ADDRESS, or install dbus-user-session (Debian, Ubuntu) and \
                 log in again"
            ),
        ),
    };
    Finding::new("session bus", weight, message)
}

fn tray_host(host: TrayHost) -> Finding {
    let (weight, message) = match host {
        TrayHost::StatusNotifier => (Weight::Fine, "a panel shows status icons".to_owned()),
        TrayHost::XEmbed => (Weight::Fine, "a panel takes icon windows".to_owned()),
        TrayHost::NotAsked => (Weight::Fine, "not asked".to_owned()),
        TrayHost::None => (
            Weight::Limit,
            "no panel shows status icons now; the icon appears when one does. GNOME needs the \
             extension \"AppIndicator and KStatusNotifierItem Support\" \
             (gnome-shell-extension-appindicator)"
                .to_owned(),
        ),
    };
    Finding::new("icon panel", weight, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn complete() -> Observed {
        Observed {
            display: Display::Open("DISPLAY=:0".to_owned()),
            tray_library: Some("/usr/lib/libayatana-appindicator3.so.1".to_owned()),
            session_bus: Ok(()),
            tray_host: TrayHost::StatusNotifier,
        }
    }

    #[test]
    fn a_complete_desktop_has_nothing_against_it() {
        let findings = judge(&complete());
        assert!(
            findings
                .iter()
                .all(|finding| finding.weight == Weight::Fine)
        );
        assert_eq!(verdict(&findings), None);
    }

    #[test]
    fn without_a_display_the_message_names_both_variables() {
        let findings = judge(&Observed {
            display: Display::NotNamed,
            ..complete()
        });
        assert_eq!(verdict(&findings), Some(Exit::NoDisplay));
        let message = &findings[0].message;
        assert!(message.contains("DISPLAY") && message.contains("WAYLAND_DISPLAY"));
    }

    #[test]
    fn a_silent_display_is_named_with_its_error() {
        let findings = judge(&Observed {
            display: Display::Silent {
                name: "DISPLAY=:77".to_owned(),
                error: "no such file".to_owned(),
            },
            ..complete()
        });
        assert_eq!(verdict(&findings), Some(Exit::NoDisplay));
        assert!(
            findings[0]
                .message
                .contains("DISPLAY=:77 does not answer (no such file)")
        );
    }

    #[test]
    fn a_missing_library_names_the_package_to_install() {
        let findings = judge(&Observed {
            tray_library: None,
            ..complete()
        });
        assert_eq!(verdict(&findings), Some(Exit::NoTrayLibrary));
        assert!(findings[1].message.contains("libayatana-appindicator3-1"));
    }

    #[test]
    fn a_missing_bus_or_panel_is_told_and_stops_nothing() {
        let findings = judge(&Observed {
            session_bus: Err("connection refused".to_owned()),
            tray_host: TrayHost::None,
            ..complete()
        });
        assert_eq!(verdict(&findings), None);
        assert_eq!(findings[2].weight, Weight::Limit);
        assert!(findings[2].message.contains("dbus-user-session"));
        assert_eq!(findings[3].weight, Weight::Limit);
    }

    #[test]
    fn when_several_things_are_missing_all_are_named_and_the_first_decides() {
        let findings = judge(&Observed {
            display: Display::NotNamed,
            tray_library: None,
            ..complete()
        });
        assert_eq!(verdict(&findings), Some(Exit::NoDisplay));
        let missing = findings
            .iter()
            .filter(|finding| matches!(finding.weight, Weight::Missing(_)))
            .count();
        assert_eq!(missing, 2);
    }
}
