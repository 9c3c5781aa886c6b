//! The tray app as a person meets it: started on a desktop, seen in a panel, driven through
//! its menu, ended by the system.
#![cfg(target_os = "linux")]
#![expect(
    clippy::unwrap_used,
    reason = "a failed test is what a failed step must become"
)]

mod support;

use std::{
    fs::OpenOptions,
    io::Write as _,
    os::unix::fs::OpenOptionsExt as _,
    path::Path,
    process::{Command, Output, Stdio},
    sync::Arc,
};

use shared_types::{DeviceId, policy::CapturePolicy};
use support::{
    Desktop, Running, eventually,
    panel::{Icon, Panel},
    tray, until,
};
use workpulse_agent::{
    Agent, Clock as _, Settings, StatusReport, SystemClock, control,
    credentials::SecretPlace,
    enrol::{self, Enrolment},
    session,
};
use workpulse_tray::icon::IconState;

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// Runs the app without anything of the desktop on which the test itself may run.
fn without_desktop(command: &mut Command) -> Output {
    command
        .env_remove("DISPLAY")
        .env_remove("WAYLAND_DISPLAY")
        .env_remove("XDG_RUNTIME_DIR")
        .env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent/bus")
        .output()
        .expect("the app can be run")
}

/// Enrols a profile with a server that nobody runs: everything else works without it.
fn enrol(profile: &Path) {
    let enrolment = Enrolment {
        server: "http://127.0.0.1:9/".parse().unwrap(),
        device_id: DeviceId(SystemClock.new_uuid()),
        user_name: "Ines Moreau".to_owned(),
        organization_name: "Harbour Design".to_owned(),
        secret: SecretPlace::File,
        policy: CapturePolicy {
            // The test decides when work begins.
            auto_start: false,
            ..CapturePolicy::careful(1)
        },
        pending: false,
        user_id: None,
        notice_accepted_at: Some(SystemClock.wall()),
    };
    let mut secret = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(profile.join("device-secret"))
        .unwrap();
    secret.write_all(b"not-a-secret").unwrap();
    enrol::save(profile, &enrolment).unwrap();
}

/// Asks the agent behind the icon, past icon and menu.
fn ask(profile: &Path, command: &session::Command) -> StatusReport {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
        .block_on(control::ask(profile, &SystemClock, command))
        .expect("the agent answers")
}

/// Waits until the menu's first line begins with these words and the icon has this picture.
#[track_caller]
fn shows(icon: &Icon, words: &str, state: IconState) {
    let expected = state.picture(64).into_rgba();
    let mut last = Vec::new();
    let shown = until(|| {
        last = icon.texts();
        let (_, pixels) = icon.picture()?;
        (last.first()?.starts_with(words) && pixels == expected).then_some(())
    });
    assert!(
        shown.is_some(),
        "no {words:?} with the picture for {state:?}: {last:#?}"
    );
}

#[test]
fn without_a_display_it_says_what_is_missing_and_ends_with_code_10() {
    let profile = tempfile::tempdir().unwrap();
    let output = without_desktop(&mut tray(profile.path()));
    let text = said(&output);
    assert_eq!(output.status.code(), Some(10), "{text}");
    assert!(
        text.contains("neither DISPLAY nor WAYLAND_DISPLAY is set"),
        "{text}"
    );
    assert!(!text.contains("panicked"), "{text}");
}

#[test]
fn a_window_without_a_display_says_so_too_and_asks_for_nothing_else() {
    let profile = tempfile::tempdir().unwrap();
    let mut window = Command::new(env!("CARGO_BIN_EXE_workpulse-window"));
    let output = without_desktop(window.arg("--data-dir").arg(profile.path()));
    let text = said(&output);
    assert_eq!(output.status.code(), Some(10), "{text}");
    assert!(text.contains("neither DISPLAY nor"), "{text}");
    assert!(!text.contains("icon") && !text.contains("tray"), "{text}");
}

#[test]
fn a_display_that_does_not_answer_is_named() {
    let profile = tempfile::tempdir().unwrap();
    let mut command = tray(profile.path());
    let output = command
        .env_remove("WAYLAND_DISPLAY")
        // No X server has a socket of this number.
        .env("DISPLAY", ":59000")
        .env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent/bus")
        .output()
        .unwrap();
    let text = said(&output);
    assert_eq!(output.status.code(), Some(10), "{text}");
    assert!(text.contains("DISPLAY=:59000 does not answer"), "{text}");
    assert!(!text.contains("panicked"), "{text}");
}

#[test]
fn the_check_lists_every_subject_and_starts_nothing() {
    let profile = tempfile::tempdir().unwrap();
    let output = without_desktop(tray(profile.path()).arg("--check").stdout(Stdio::piped()));
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_eq!(output.status.code(), Some(10), "{text}");
    for subject in ["display", "tray library", "session bus", "icon panel"] {
        assert!(text.contains(subject), "{subject} is missing in {text}");
    }
    let left: Vec<_> = std::fs::read_dir(profile.path()).unwrap().collect();
    assert!(left.is_empty(), "a check leaves no files: {left:?}");

    let desktop = Desktop::start();
    let mut check = tray(&desktop.profile());
    desktop.enter(&mut check);
    let output = check
        .arg("--check")
        .stdout(Stdio::piped())
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_eq!(
        output.status.code(),
        Some(0),
        "a limit is no obstacle: {text}"
    );
    assert!(text.contains("no panel shows status icons now"), "{text}");
}

#[test]
fn started_it_shows_an_icon_in_the_panel_and_no_window_and_sigterm_ends_it() {
    let mut desktop = Desktop::start();
    desktop.run_tint2();
    let mut tray = desktop.start_tray();
    let screen = desktop.screen();
    // The icon's window is the root's child until the panel has taken it in, and again for a
    // moment whenever the panel gives it another place. A window of the app's own would stay.
    let mut seen = Vec::new();
    let alone = until(|| {
        assert_eq!(tray.has_ended(), None, "{}", desktop.said());
        seen = screen.visible();
        let in_panel = seen.iter().filter(|window| window.in_panel).count();
        (in_panel > 0 && in_panel == seen.len()).then_some(())
    });
    assert!(alone.is_some(), "an icon and no window: {seen:?}");

    tray.signal("TERM");
    assert_eq!(tray.end().code(), Some(0), "{}", desktop.said());
    eventually("an empty panel", || {
        screen.visible().is_empty().then_some(())
    });
}

#[test]
fn without_a_session_bus_the_icon_is_still_in_the_panel() {
    let mut desktop = Desktop::start();
    desktop.run_tint2();
    desktop.bus = "unix:path=/nonexistent/bus".to_owned();
    let mut tray = desktop.start_tray();
    let screen = desktop.screen();
    eventually("the icon in the panel", || {
        assert_eq!(tray.has_ended(), None, "{}", desktop.said());
        screen.visible().into_iter().find(|window| window.in_panel)
    });
    let said = desktop.said();
    assert!(said.contains("session bus: it does not answer"), "{said}");
    tray.signal("TERM");
    assert_eq!(tray.end().code(), Some(0), "{}", desktop.said());
}

#[test]
fn a_machine_that_is_not_enrolled_is_told_how_and_can_only_be_left() {
    let desktop = Desktop::start();
    let panel = Panel::start(&desktop.bus);
    let mut tray = desktop.start_tray();
    let icon = panel.icon();
    shows(&icon, "Not enrolled", IconState::NeedsAttention);
    let menu = icon.menu();
    let texts = icon.texts();
    assert!(
        texts.contains(&"Open WorkPulse to set this computer up.".to_owned()),
        "{texts:?}"
    );
    let choices: Vec<_> = menu
        .iter()
        .filter(|entry| entry.enabled && !entry.label.is_empty())
        .map(|entry| entry.label.as_str())
        .collect();
    assert_eq!(choices, ["Open WorkPulse", "Quit WorkPulse"]);

    icon.choose("Quit WorkPulse");
    assert_eq!(tray.end().code(), Some(0), "{}", desktop.said());
}

#[test]
fn a_second_start_says_so_and_leaves_the_first_alone() {
    let desktop = Desktop::start();
    let panel = Panel::start(&desktop.bus);
    let mut first = desktop.start_tray();
    let icon = panel.icon();

    let mut second = desktop.start_tray();
    assert_eq!(second.end().code(), Some(0), "{}", desktop.said());
    let said = desktop.said();
    assert!(said.contains("already runs on this profile"), "{said}");
    assert_eq!(first.has_ended(), None);
    assert!(!icon.menu().is_empty(), "the first still answers");
}

#[test]
fn without_a_session_bus_a_second_start_leaves_the_first_alone_too() {
    let mut desktop = Desktop::start();
    desktop.run_tint2();
    desktop.bus = "unix:path=/nonexistent/bus".to_owned();
    let mut first = desktop.start_tray();
    let screen = desktop.screen();
    eventually("the icon in the panel", || {
        screen.visible().into_iter().find(|window| window.in_panel)
    });
    let mut second = desktop.start_tray();
    assert_eq!(second.end().code(), Some(0), "{}", desktop.said());
    assert_eq!(first.has_ended(), None, "{}", desktop.said());
}

/// What the icon costs all day long is what its program is linked against.
#[test]
fn the_icons_program_links_no_browser_and_the_windows_does() {
    let linked = |program: &str| {
        let output = Command::new("ldd").arg(program).output().unwrap();
        assert!(output.status.success(), "{output:?}");
        String::from_utf8_lossy(&output.stdout).contains("webkit")
    };
    assert!(!linked(env!("CARGO_BIN_EXE_workpulse-tray")));
    assert!(linked(env!("CARGO_BIN_EXE_workpulse-window")));
}

/// A build for development would hold the path of its sources, and read from there what its page
/// lacks.
#[test]
fn the_window_is_built_as_a_release() {
    assert!(!tauri::is_dev());
}

/// Waits for the one window of its own that the app shows, and for the process behind it.
#[track_caller]
fn window_opens(desktop: &Desktop, tray: &Running) {
    window_is_there(desktop);
    assert_eq!(tray.children().len(), 1, "it is a process of its own");
}

#[track_caller]
fn window_is_there(desktop: &Desktop) {
    let screen = desktop.screen();
    eventually("the window", || (!screen.opened().is_empty()).then_some(()));
}

/// Closes the window, and waits until nothing is left of it: its memory is back.
#[track_caller]
fn window_closes(desktop: &Desktop, tray: &Running) {
    let screen = desktop.screen();
    // Whoever closes a window that is still being made may not be heard.
    eventually("the end of the window and its process", || {
        for window in screen.opened() {
            screen.close(&window);
        }
        (screen.opened().is_empty() && tray.children().is_empty()).then_some(())
    });
}

#[test]
fn open_workpulse_opens_one_window_and_closing_it_ends_its_process() {
    let desktop = Desktop::start();
    let panel = Panel::start(&desktop.bus);
    let mut tray = desktop.start_tray();
    let icon = panel.icon();
    shows(&icon, "Not enrolled", IconState::NeedsAttention);
    assert!(desktop.screen().opened().is_empty(), "started minimized");

    icon.choose("Open WorkPulse");
    window_opens(&desktop, &tray);
    // Chosen once more it comes to the front; there is no second one.
    let first = tray.children();
    icon.choose("Open WorkPulse");
    eventually("the end of the second start", || {
        (tray.children() == first).then_some(())
    });
    window_closes(&desktop, &tray);
    assert_eq!(tray.has_ended(), None, "the icon stays");

    icon.choose("Open WorkPulse");
    window_opens(&desktop, &tray);
    window_closes(&desktop, &tray);
}

#[test]
fn started_by_a_person_it_opens_the_window_and_so_does_a_second_start() {
    let desktop = Desktop::start();
    let panel = Panel::start(&desktop.bus);
    let mut tray = desktop.start_tray_with(&[]);
    let _icon = panel.icon();
    window_opens(&desktop, &tray);
    window_closes(&desktop, &tray);

    let mut by_itself = desktop.start_tray();
    assert_eq!(by_itself.end().code(), Some(0), "{}", desktop.said());
    let mut by_a_person = desktop.start_tray_with(&[]);
    assert_eq!(by_a_person.end().code(), Some(0), "{}", desktop.said());
    // The second start opened it, and has ended.
    window_is_there(&desktop);
    window_closes(&desktop, &tray);
    assert_eq!(tray.has_ended(), None, "{}", desktop.said());
}

#[test]
fn what_the_policy_says_of_pauses_is_what_the_menu_offers() {
    let desktop = Desktop::start();
    let profile = desktop.profile();
    std::fs::create_dir(&profile).unwrap();
    enrol(&profile);
    let mut limited = enrol::load(&profile).unwrap().unwrap();
    limited.policy.pause.longest_seconds = Some(1_800);
    enrol::save(&profile, &limited).unwrap();
    let panel = Panel::start(&desktop.bus);
    let _tray = desktop.start_tray();
    let icon = panel.icon();
    shows(&icon, "Not working", IconState::NotWorking);
    let offered: Vec<_> = icon
        .menu()
        .into_iter()
        .find(|entry| entry.label == "Pause")
        .expect("a pause is offered")
        .children
        .into_iter()
        .map(|entry| entry.label)
        .collect();
    assert_eq!(offered, ["15 minutes", "30 minutes"]);
}

#[test]
fn what_is_chosen_in_the_menu_is_what_the_agent_does() {
    let desktop = Desktop::start();
    let profile = desktop.profile();
    let panel = Panel::start(&desktop.bus);
    let mut tray = desktop.start_tray();
    let icon = panel.icon();
    shows(&icon, "Not enrolled", IconState::NeedsAttention);

    // Enrolled while it runs, as IT does it: the icon follows without a new start.
    enrol(&profile);
    shows(&icon, "Not working", IconState::NotWorking);

    icon.choose("Start working");
    shows(&icon, "Working since", IconState::Working);
    let status = ask(&profile, &session::Command::Status);
    let began = status.session.expect("a session runs");

    icon.choose("15 minutes");
    shows(&icon, "Paused until", IconState::Paused);
    let paused = ask(&profile, &session::Command::Status);
    let minutes = paused
        .paused_until
        .expect("an end")
        .millis_since(began.started_at)
        / 60_000;
    assert!((15..=17).contains(&minutes), "{minutes}");
    assert_eq!(paused.session.map(|session| session.id), Some(began.id));

    icon.choose("Resume");
    shows(&icon, "Working since", IconState::Working);

    icon.choose("Stop working");
    shows(&icon, "Not working", IconState::NotWorking);
    assert_eq!(ask(&profile, &session::Command::Status).session, None);

    // And the other way round: what happens elsewhere is shown here.
    ask(&profile, &session::Command::Start { project_id: None });
    shows(&icon, "Working since", IconState::Working);

    icon.choose("Stop working and quit");
    assert_eq!(tray.end().code(), Some(0), "{}", desktop.said());
    Agent::start(Settings::for_data_dir(&profile), Arc::new(SystemClock))
        .expect("the profile is free again");
}

#[test]
fn what_was_recorded_is_there_after_sigterm_and_a_new_start() {
    let desktop = Desktop::start();
    let profile = desktop.profile();
    std::fs::create_dir(&profile).unwrap();
    enrol(&profile);
    let panel = Panel::start(&desktop.bus);
    let mut tray = desktop.start_tray();
    let icon = panel.icon();
    icon_starts(&icon);
    let session = ask(&profile, &session::Command::Status).session;
    tray.signal("TERM");
    assert_eq!(tray.end().code(), Some(0), "{}", desktop.said());

    let mut again = desktop.start_tray();
    let icon = panel.icon();
    shows(&icon, "Not working", IconState::NotWorking);
    let status = ask(&profile, &session::Command::Status);
    assert!(
        session.is_some() && status.session.is_none(),
        "the session was stopped"
    );
    assert!(
        status.pending >= 2,
        "its start and its stop wait here: {status:?}"
    );
    let texts = icon.texts();
    assert!(
        texts.iter().any(|text| text.contains("records")),
        "what waits is told: {texts:?}"
    );
    again.signal("INT");
    assert_eq!(again.end().code(), Some(0), "{}", desktop.said());
}

fn icon_starts(icon: &Icon) {
    shows(icon, "Not working", IconState::NotWorking);
    icon.choose("Start working");
    shows(icon, "Working since", IconState::Working);
}

#[test]
fn beside_a_headless_agent_it_says_so_and_ends_with_code_4() {
    let desktop = Desktop::start();
    let profile = desktop.profile();
    let clock = Arc::new(SystemClock);
    let agent = Agent::start(Settings::for_data_dir(&profile), clock).unwrap();
    let mut tray = desktop.start_tray();
    assert_eq!(tray.end().code(), Some(4), "{}", desktop.said());
    let said = desktop.said();
    assert!(said.contains("an agent is already running on"), "{said}");
    drop(agent);
}

#[test]
fn a_profile_that_cannot_be_used_is_told_in_the_panel() {
    let desktop = Desktop::start();
    let profile = desktop.profile();
    std::fs::create_dir(&profile).unwrap();
    std::fs::write(profile.join("enrolment.json"), "{").unwrap();
    let panel = Panel::start(&desktop.bus);
    let _tray = desktop.start_tray();
    let icon = panel.icon();
    shows(&icon, "Not running", IconState::NeedsAttention);
    let texts = icon.texts().join(" ");
    assert!(texts.contains("enrolment.json"), "{texts}");
}

#[test]
fn an_unknown_setting_is_named_and_ends_with_code_2() {
    let desktop = Desktop::start();
    let mut command = tray(&desktop.profile());
    desktop.enter(&mut command);
    let output = command
        .env("WORKPULSE_AGENT_SAMPLEINTERVAL", "5")
        .output()
        .unwrap();
    let text = said(&output);
    assert_eq!(output.status.code(), Some(2), "{text}");
    assert!(text.contains("sampleinterval"), "{text}");
}
