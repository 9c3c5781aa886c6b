//! A desktop of one's own for a test: X server, session bus, window manager, panel.
//!
//! Every program is a child of the test, and only these children are ended. Waiting is
//! always for a condition.

pub(crate) mod panel;
pub(crate) mod x11;

use std::{
    fs,
    io::{BufRead as _, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Stdio},
};

use tempfile::TempDir;

use self::x11::Screen;

/// How often a condition is looked at before the test gives up: a minute in all, for
/// machines that do much else.
const LOOKS: u32 = 1_200;

/// Looks until there is something to see, or fails with what was waited for.
#[track_caller]
pub(crate) fn eventually<T>(what: &str, look: impl FnMut() -> Option<T>) -> T {
    let Some(seen) = until(look) else {
        panic!("waited in vain for {what}");
    };
    seen
}

/// Looks until there is something to see, or gives up.
pub(crate) fn until<T>(mut look: impl FnMut() -> Option<T>) -> Option<T> {
    (0..LOOKS).find_map(|_| {
        let seen = look();
        if seen.is_none() {
            pause();
        }
        seen
    })
}

#[expect(
    clippy::disallowed_methods,
    reason = "the pause between two looks at a condition"
)]
fn pause() {
    std::thread::sleep(std::time::Duration::from_millis(50));
}

/// A program that the test started, ended with the test.
pub(crate) struct Running(Child);

impl Running {
    fn start(command: &mut Command, package: &str) -> Self {
        match command.spawn() {
            Ok(child) => Self(child),
            Err(error) => panic!(
                "{} cannot be started ({error}); on Debian: apt-get install {package}",
                command.get_program().display()
            ),
        }
    }

    /// Its process id.
    pub(crate) fn pid(&self) -> u32 {
        self.0.id()
    }

    /// The processes that it has started and that have not ended.
    pub(crate) fn children(&self) -> Vec<u32> {
        let pid = self.pid();
        // Each thread has its own.
        fs::read_dir(format!("/proc/{pid}/task"))
            .into_iter()
            .flatten()
            .flatten()
            .filter_map(|thread| fs::read_to_string(thread.path().join("children")).ok())
            .flat_map(|list| {
                list.split_whitespace()
                    .filter_map(|pid| pid.parse().ok())
                    .collect::<Vec<_>>()
            })
            .collect()
    }

    /// Sends a signal by name.
    pub(crate) fn signal(&self, name: &str) {
        let sent = Command::new("kill")
            .args(["-s", name, &self.pid().to_string()])
            .status()
            .expect("kill can be run");
        assert!(sent.success(), "the process is still there");
    }

    /// Whether it has ended.
    pub(crate) fn has_ended(&mut self) -> Option<ExitStatus> {
        self.0.try_wait().expect("a child can be asked")
    }

    /// Waits for its end.
    #[track_caller]
    pub(crate) fn end(&mut self) -> ExitStatus {
        eventually("the end of a program", || self.has_ended())
    }

    fn first_line(&mut self) -> String {
        let output = self.0.stdout.take().expect("its output is piped");
        let mut line = String::new();
        BufReader::new(output)
            .read_line(&mut line)
            .expect("it says one line");
        line.trim().to_owned()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// An X server on a display of its own.
///
/// Not by `-displayfd`: that makes no lock file, so two servers can share a number, and a test
/// then looks at another's windows. With `-noreset`: a server begins anew when its last client
/// leaves, and whoever comes just then, such as the window manager, is thrown out.
fn serve() -> (Running, String) {
    // Tests run at the same time, each in a process of its own: each begins elsewhere.
    let first = 1_000 + std::process::id() % 20_000;
    (first..first + 100)
        .find_map(|number| {
            let display = format!(":{number}");
            let mut server = Running::start(
                Command::new("Xvfb")
                    .args([
                        &display,
                        "-screen",
                        "0",
                        "800x600x24",
                        "-nolisten",
                        "tcp",
                        "-noreset",
                    ])
                    .stdout(Stdio::null())
                    .stderr(Stdio::null()),
                "xvfb",
            );
            let lock = format!("/tmp/.X{number}-lock");
            eventually("the X server answers or gives up", || {
                if server.has_ended().is_some() {
                    return Some(false);
                }
                // Without a look at the lock, the answer might be another server's.
                let locked = fs::read_to_string(&lock)
                    .is_ok_and(|pid| pid.trim() == server.pid().to_string());
                (locked && x11rb::connect(Some(&display)).is_ok()).then_some(true)
            })
            .then_some((server, display))
        })
        .expect("one of a hundred display numbers is free")
}

/// An X server and a session bus, with a home directory of their own.
pub(crate) struct Desktop {
    // Ended in this order: programs before the display that they draw on.
    programs: Vec<Running>,
    _server: Running,
    _bus: Running,
    pub(crate) display: String,
    pub(crate) bus: String,
    home: TempDir,
}

impl Desktop {
    /// A desktop with a window manager and nothing else.
    pub(crate) fn start() -> Self {
        let home = tempfile::tempdir().expect("a home");
        fs::create_dir(home.path().join("run")).expect("a runtime directory");
        let (server, display) = serve();
        let mut bus = Running::start(
            Command::new("dbus-daemon")
                .args(["--session", "--nofork", "--nopidfile", "--print-address=1"])
                .stdout(Stdio::piped())
                .stderr(Stdio::null()),
            "dbus",
        );
        let mut desktop = Self {
            programs: Vec::new(),
            display,
            bus: bus.first_line(),
            _server: server,
            _bus: bus,
            home,
        };
        desktop.run("openbox", "openbox");
        desktop
    }

    /// Starts a program of the desktop, silent.
    pub(crate) fn run(&mut self, program: &str, package: &str) {
        let mut command = Command::new(program);
        self.enter(&mut command);
        command.stdout(Stdio::null()).stderr(Stdio::null());
        self.programs.push(Running::start(&mut command, package));
    }

    /// Starts the panel that takes icon windows, and waits until it takes them.
    pub(crate) fn run_tint2(&mut self) {
        self.run("tint2", "tint2");
        let screen = self.screen();
        eventually("the panel's icon area", || screen.icon_area());
    }

    /// The display.
    pub(crate) fn screen(&self) -> Screen {
        Screen::open(&self.display)
    }

    /// Lets a command run on this desktop, and know no other.
    pub(crate) fn enter(&self, command: &mut Command) {
        command
            .env_remove("WAYLAND_DISPLAY")
            .env_remove("XAUTHORITY")
            // No accessibility services of their own behind a test's back.
            .env("NO_AT_BRIDGE", "1")
            .env("DISPLAY", &self.display)
            .env("DBUS_SESSION_BUS_ADDRESS", &self.bus)
            .env("XDG_RUNTIME_DIR", self.home.path().join("run"))
            .env("HOME", self.home.path())
            .env_remove("WORKPULSE_AGENT_CONFIG")
            .env_remove("WORKPULSE_AGENT_LOG")
            .env("XDG_CONFIG_HOME", self.home.path().join(".config"))
            .env("XDG_DATA_HOME", self.home.path().join(".local/share"));
    }

    /// The profile of the tray app on this desktop.
    pub(crate) fn profile(&self) -> PathBuf {
        self.home.path().join("profile")
    }

    /// Starts the tray app as autostart does; what it says goes to the file that [`Self::said`]
    /// reads.
    pub(crate) fn start_tray(&self) -> Running {
        self.start_tray_with(&["--minimized"])
    }

    /// Starts the tray app with these arguments.
    pub(crate) fn start_tray_with(&self, arguments: &[&str]) -> Running {
        let mut command = tray(&self.profile());
        command.args(arguments);
        self.enter(&mut command);
        let log = fs::OpenOptions::new()
            .create(true)
            .append(true)
            .open(self.log())
            .expect("a log");
        command.stderr(log);
        Running::start(&mut command, "nothing: cargo builds it")
    }

    /// What every tray app on this desktop has said.
    pub(crate) fn said(&self) -> String {
        fs::read_to_string(self.log()).unwrap_or_default()
    }

    fn log(&self) -> PathBuf {
        self.home.path().join("tray.log")
    }
}

/// The tray app with a profile, on no desktop yet.
pub(crate) fn tray(profile: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_workpulse-tray"));
    command
        .arg("--data-dir")
        .arg(profile)
        .stdin(Stdio::null())
        .stdout(Stdio::null());
    command
}
