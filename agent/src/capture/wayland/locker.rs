//! Whether a screen locker of the wlroots family covers the screen.
//!
//! They lock by `ext-session-lock`, which tells no other program, and need neither logind nor a
//! name on the bus. While one does, no window has the focus and whoever types a password is
//! input. So where nothing has the focus, the person's own processes are looked through for one.

use std::{fs, os::unix::fs::MetadataExt as _, path::Path};

/// As the kernel names them: at most 15 bytes.
const LOCKERS: [&str; 6] = [
    "swaylock",
    "swaylock-effect",
    "hyprlock",
    "gtklock",
    "waylock",
    "schlock",
];

/// Whether this person runs one.
pub(super) fn is_running() -> bool {
    runs_in(Path::new("/proc"), rustix::process::getuid().as_raw())
}

fn runs_in(proc: &Path, uid: u32) -> bool {
    let Ok(entries) = fs::read_dir(proc) else {
        return false;
    };
    entries.flatten().any(|entry| {
        let is_process = entry
            .file_name()
            .to_str()
            .is_some_and(|name| name.bytes().all(|byte| byte.is_ascii_digit()));
        is_process
            && entry.metadata().is_ok_and(|it| it.uid() == uid)
            && fs::read_to_string(entry.path().join("comm"))
                .is_ok_and(|name| LOCKERS.contains(&name.trim_end()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_locker_of_this_person_is_found_and_anything_else_is_not() {
        let dir = tempfile::tempdir().unwrap();
        let uid = fs::metadata(dir.path()).unwrap().uid();
        for (pid, name) in [("12", "swaybar"), ("self", "swaylock"), ("77", "hyprlock2")] {
            fs::create_dir(dir.path().join(pid)).unwrap();
            fs::write(dir.path().join(pid).join("comm"), format!("{name}\n")).unwrap();
        }
        assert!(!runs_in(dir.path(), uid));
        fs::create_dir(dir.path().join("99")).unwrap();
        fs::write(dir.path().join("99/comm"), "swaylock\n").unwrap();
        assert!(runs_in(dir.path(), uid));
        assert!(!runs_in(dir.path(), uid + 1), "another person's");
        assert!(!runs_in(Path::new("/nonexistent"), uid));
    }
}
