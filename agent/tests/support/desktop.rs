//! A real X server with a window manager and real windows.

use std::process::{Child, Command, Stdio};

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

/// An X server on this display; `None` where another one has it.
///
/// Not by `-displayfd`: that makes no lock file, so two servers can share a number, and a test
/// then looks at another's windows. With `-noreset`: a server begins anew when its last client
/// leaves, and whoever comes just then, such as the window manager, is thrown out.
fn serve(display: &str) -> Option<Owned> {
    let mut server = Owned(
        program("Xvfb", "xvfb")
            .args([
                display,
                "-screen",
                "0",
                "800x600x24",
                "-nolisten",
                "tcp",
                "-noreset",
            ])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap(),
    );
    let lock = format!("/tmp/.X{}-lock", display.trim_start_matches(':'));
    let ours = server.0.id().to_string();
    until("the X server answers or gives up", || {
        if server.0.try_wait().unwrap().is_some() {
            return Some(false);
        }
        // Without a look at the lock, the answer might be another server's.
        let locked = std::fs::read_to_string(&lock).is_ok_and(|pid| pid.trim() == ours);
        (locked && x11rb::connect(Some(display)).is_ok()).then_some(true)
    })
    .then_some(server)
}

/// A locked screen.
pub(crate) struct Locked {
    _locker: Owned,
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
        // Tests run at the same time, each in a process of its own: each begins elsewhere.
        let first = 1_000 + std::process::id() % 20_000;
        let (server, display) = (first..first + 100)
            .find_map(|number| {
                let display = format!(":{number}");
                Some((serve(&display)?, display))
            })
            .expect("one of a hundred display numbers is free");
        Self::furnish(server, display)
    }

    /// On this display, where a server ran before.
    pub(crate) fn start_on(display: &str) -> Self {
        let server = serve(display).expect("the display's number is free again");
        Self::furnish(server, display.to_owned())
    }

    fn furnish(server: Owned, display: String) -> Self {
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
        self.open_with(class, title, &[]);
    }

    fn open_with(&mut self, class: &str, title: &str, how: &[&str]) {
        let child = program("xterm", "xterm")
            .args(how)
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

    /// Opens a terminal over the whole screen.
    pub(crate) fn open_fullscreen(&mut self, class: &str, title: &str) {
        self.open_with(class, title, &["-fullscreen"]);
    }

    /// Locks the screen with a locker that tells no bus; unlocked when dropped.
    pub(crate) fn lock(&self) -> Locked {
        let child = program("i3lock", "i3lock")
            .args(["-n", "-c", "203040"])
            .env("DISPLAY", &self.display)
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        Locked {
            _locker: Owned(child),
        }
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

    /// Where the window is that has the focus, and how large.
    pub(crate) fn geometry(&self) -> String {
        self.tool(
            "xdotool",
            "xdotool",
            &["getactivewindow", "getwindowgeometry"],
        )
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
