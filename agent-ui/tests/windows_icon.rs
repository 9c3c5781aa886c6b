//! The icon of Windows programs is the one that the pictures make.

#[path = "../examples/windows_icon.rs"]
#[expect(dead_code, reason = "its main is the command that writes the file")]
mod windows_icon;

#[test]
fn the_icon_for_windows_is_what_its_command_makes() {
    let kept = std::fs::read(windows_icon::target()).unwrap();
    assert!(
        kept == windows_icon::make().unwrap(),
        "stale: cargo run -p workpulse-tray --example windows_icon"
    );
}
