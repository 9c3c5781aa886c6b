//! A real Wayland compositor without a screen, and terminals in it.

use std::{
    os::unix::{fs::chown, process::CommandExt as _},
    path::PathBuf,
    process::{Child, Command, Stdio},
};

use super::until;

/// Debian's `nobody`; sway refuses to run as root.
const NOBODY: u32 = 65_534;

/// A compositor with a runtime directory of its own.
pub(crate) struct Sway {
    dir: tempfile::TempDir,
    children: Vec<Child>,
    pub(crate) socket: PathBuf,
}

impl Drop for Sway {
    fn drop(&mut self) {
        // The terminals first: each is the parent of a shell.
        while let Some(mut child) = self.children.pop() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

impl Sway {
    pub(crate) fn start() -> Self {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("config"), "xwayland disable\n").unwrap();
        if rustix::process::geteuid().is_root() {
            chown(dir.path(), Some(NOBODY), Some(NOBODY)).unwrap();
        }
        let mut sway = Self {
            socket: dir.path().join("wayland-1"),
            dir,
            children: Vec::new(),
        };
        let config = sway.dir.path().join("config");
        let child = sway
            .program("sway", "sway")
            .arg("-c")
            .arg(config)
            .spawn()
            .unwrap();
        sway.children.push(child);
        until("the compositor listens", || {
            let up = sway.socket.exists() && sway.ipc().exists();
            (up && !sway.tell(&["-t", "get_outputs"]).is_empty()).then_some(())
        });
        sway
    }

    fn ipc(&self) -> PathBuf {
        self.dir.path().join("ipc")
    }

    fn program(&self, name: &str, package: &str) -> Command {
        let found = Command::new("sh")
            .args(["-c", &format!("command -v {name}")])
            .output()
            .unwrap();
        assert!(
            found.status.success(),
            "{name} is missing: install the Debian package {package} (this test needs a real Wayland compositor)"
        );
        let mut command = Command::new(name);
        command
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("HOME", self.dir.path())
            .env("XDG_RUNTIME_DIR", self.dir.path())
            .env("WAYLAND_DISPLAY", "wayland-1")
            .env("SWAYSOCK", self.ipc())
            .env("LC_ALL", "C.UTF-8")
            .env("WLR_BACKENDS", "headless")
            .env("WLR_LIBINPUT_NO_DEVICES", "1")
            .env("WLR_RENDERER", "pixman")
            .current_dir(self.dir.path())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        if name == "sway" {
            // It makes the socket, and is no client of another one.
            command.env_remove("WAYLAND_DISPLAY");
        }
        if rustix::process::geteuid().is_root() {
            command.uid(NOBODY).gid(NOBODY);
        }
        command
    }

    /// Gives the compositor a command.
    pub(crate) fn tell(&self, args: &[&str]) -> String {
        let output = self
            .program("swaymsg", "sway")
            .args(args)
            .stdout(Stdio::piped())
            .output()
            .unwrap();
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    /// Opens a terminal, and waits until it is there.
    pub(crate) fn open(&mut self, application: &str, title: &str) {
        let child = self
            .program("foot", "foot")
            .args([
                "--app-id",
                application,
                "--title",
                title,
                "--config",
                "/dev/null",
            ])
            .args(["--override", "locked-title=yes", "sleep", "1000"])
            .spawn()
            .unwrap();
        self.children.push(child);
        until("the window is there", || {
            self.tell(&["-t", "get_tree"]).contains(title).then_some(())
        });
    }

    /// Closes the terminal that was opened last.
    pub(crate) fn close_last(&mut self) {
        let mut child = self.children.pop().unwrap();
        child.kill().unwrap();
        child.wait().unwrap();
    }

    /// Ends the compositor, as a crash would.
    pub(crate) fn end(&mut self) {
        let sway = &mut self.children[0];
        sway.kill().unwrap();
        sway.wait().unwrap();
    }

    /// Stops the compositor where it is.
    pub(crate) fn hang(&self) {
        let pid = rustix::process::Pid::from_child(&self.children[0]);
        rustix::process::kill_process(pid, rustix::process::Signal::STOP).unwrap();
    }
}
