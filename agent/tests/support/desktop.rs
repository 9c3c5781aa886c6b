//! A real X server with a window manager and real windows.

use std::{
    io::{BufRead as _, BufReader},
    process::{Child, Command, Stdio},
};

use super::until;

/// Starts a program, or fails naming the package that has it.
fn program(name: &str, package: &str) -> Command {
    let found = Command::new("sh")
        .args(["-c", &format!("command -v {name}")])
        .output()
        .unwrap();
    assert!(
        found.status.success(),
        "{name} is missing: install the Debian package {package} (this test needs a real desktop)"
    );
    Command::new(name)
}

/// Ended with the test.
struct Owned(Child);

impl Drop for Owned {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// An X server on a free display with openbox in it.
pub(crate) struct Desktop {
    pub(crate) display: String,
    windows: Vec<Owned>,
    _manager: Owned,
    server: Owned,
}

impl Desktop {
    /// On a free display.
    pub(crate) fn start() -> Self {
        Self::launch(&["-displayfd", "1"])
    }

    /// On this display, where a server ran before.
    pub(crate) fn start_on(display: &str) -> Self {
        Self::launch(&[display, "-displayfd", "1"])
    }

    fn launch(which: &[&str]) -> Self {
        let mut server = program("Xvfb", "xvfb")
            .args(which)
            .args(["-screen", "0", "800x600x24", "-nolisten", "tcp"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut number = String::new();
        BufReader::new(server.stdout.take().unwrap())
            .read_line(&mut number)
            .unwrap();
        let server = Owned(server);
        let display = format!(":{}", number.trim());
        let manager = program("openbox", "openbox")
            .env("DISPLAY", &display)
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let desktop = Self {
            display,
            windows: Vec::new(),
            _manager: Owned(manager),
            server,
        };
        until("the window manager is up", || {
            let seen = desktop.tool("xprop", "x11-utils", &["-root", "_NET_SUPPORTING_WM_CHECK"]);
            seen.contains("window id").then_some(())
        });
        desktop
    }

    fn tool(&self, name: &str, package: &str, args: &[&str]) -> String {
        let output = program(name, package)
            .args(args)
            .env("DISPLAY", &self.display)
            .output()
            .unwrap();
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    /// Opens a terminal with this class and title, and waits until it has the focus.
    pub(crate) fn open(&mut self, class: &str, title: &str) {
        let child = program("xterm", "xterm")
            .args(["-class", class, "-T", title, "-e", "sleep", "1000"])
            .env("DISPLAY", &self.display)
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        self.windows.push(Owned(child));
        until("the window is there", || {
            (!self
                .tool("xdotool", "xdotool", &["search", "--name", title])
                .is_empty())
            .then_some(())
        });
        self.focus(title);
    }

    /// Moves the focus, and waits until it is there.
    pub(crate) fn focus(&self, title: &str) {
        until("the window has the focus", || {
            let ids = self.tool("xdotool", "xdotool", &["search", "--name", title]);
            let id = ids.lines().next()?.to_owned();
            self.tool("xdotool", "xdotool", &["windowactivate", &id]);
            let active = self.tool("xdotool", "xdotool", &["getactivewindow"]);
            (active.trim() == id).then_some(())
        });
    }

    /// Presses a key, which resets the idle time.
    pub(crate) fn key(&self) {
        self.tool("xdotool", "xdotool", &["key", "shift"]);
    }

    /// Closes the last window.
    pub(crate) fn close_last(&mut self) {
        self.windows.pop();
    }

    /// Ends the X server, as a crash would.
    pub(crate) fn end_server(&mut self) {
        let _ = self.server.0.kill();
        let _ = self.server.0.wait();
    }

    /// The window that has the focus.
    pub(crate) fn active_window(&self) -> String {
        self.tool("xdotool", "xdotool", &["getactivewindow"])
            .trim()
            .to_owned()
    }

    /// Replaces a window's titles: `_NET_WM_NAME`, and `WM_NAME` with its type.
    pub(crate) fn set_title(
        &self,
        window: &str,
        modern: Option<&[u8]>,
        old: Option<(&[u8], &str)>,
    ) {
        use x11rb::{
            connection::Connection as _,
            protocol::xproto::{AtomEnum, ConnectionExt as _, PropMode},
            wrapper::ConnectionExt as _,
        };
        let (connection, _) = x11rb::connect(Some(&self.display)).unwrap();
        let atom = |name: &str| {
            connection
                .intern_atom(false, name.as_bytes())
                .unwrap()
                .reply()
                .unwrap()
                .atom
        };
        let window = window.parse().unwrap();
        let name = atom("_NET_WM_NAME");
        match modern {
            Some(text) => connection
                .change_property8(PropMode::REPLACE, window, name, atom("UTF8_STRING"), text)
                .unwrap()
                .check()
                .unwrap(),
            None => connection
                .delete_property(window, name)
                .unwrap()
                .check()
                .unwrap(),
        }
        if let Some((text, kind)) = old {
            connection
                .change_property8(
                    PropMode::REPLACE,
                    window,
                    AtomEnum::WM_NAME,
                    atom(kind),
                    text,
                )
                .unwrap()
                .check()
                .unwrap();
        }
        connection.flush().unwrap();
    }
}
