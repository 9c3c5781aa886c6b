//! What the tests stand on: a server with faults to order, a desktop to look at, and a machine
//! to run the program on.

#![allow(
    dead_code,
    reason = "each test file uses its own part of this, so `expect` fails in some of them"
)]
#![allow(unused_imports, reason = "the same")]
#![expect(
    clippy::unwrap_used,
    reason = "what fails here fails the test, and clippy knows only `#[test]` functions as tests"
)]

#[cfg(target_os = "linux")]
pub(crate) mod bus;
#[cfg(target_os = "linux")]
pub(crate) mod compositor;
pub(crate) mod desktop;
pub(crate) mod recorder;
mod server;
#[cfg(target_os = "linux")]
pub(crate) mod sway;

use std::{
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
    time::Duration,
};

use secrecy::SecretString;
pub(crate) use server::{Fault, SECRET, Server, TOKEN};
use workpulse_agent::{Clock as _, Settings, SystemClock, enrol};

/// Waits until something holds. Fails the test after a minute and a half.
#[track_caller]
pub(crate) fn until<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let began = SystemClock.mono_millis();
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(
            SystemClock.mono_millis() - began < 90_000,
            "never came true: {what}"
        );
        std::thread::park_timeout(Duration::from_millis(20));
    }
}

pub(crate) fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
        .block_on(future)
}

/// Enrols at this server, and accepts the notice; `again` in place of an enrolment of before.
pub(crate) fn enrol(settings: &Settings, server: &Server, again: bool) {
    let (url, token) = (server.url(), SecretString::from(TOKEN));
    block_on(enrol::enrol(settings, &SystemClock, &url, &token, again)).unwrap();
    enrol::accept_notice(&settings.data_dir, SystemClock.wall()).unwrap();
}

/// A data directory, and the program run on it.
pub(crate) struct Machine {
    pub(crate) dir: tempfile::TempDir,
    pub(crate) display: Option<String>,
}

impl Machine {
    pub(crate) fn new(display: Option<&str>) -> Self {
        Self {
            dir: tempfile::tempdir().unwrap(),
            display: display.map(str::to_owned),
        }
    }

    /// A machine that has been enrolled with this server.
    pub(crate) fn enrolled(server: &Server, display: Option<&str>) -> Self {
        let machine = Self::new(display);
        let done = machine.call(&[
            "enrol",
            "--server",
            &server.url(),
            "--token",
            TOKEN,
            "--accept-notice",
        ]);
        assert!(done.status.success(), "{done:?}");
        machine
    }

    pub(crate) fn data_dir(&self) -> PathBuf {
        self.dir.path().join("data")
    }

    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_workpulse-agent"));
        for (name, _) in std::env::vars() {
            if name.starts_with("WORKPULSE_") {
                command.env_remove(name);
            }
        }
        command
            .args(args)
            .env("WORKPULSE_AGENT_DATA_DIR", self.data_dir())
            .env("WORKPULSE_AGENT_CREDENTIALS", "file")
            .env("XDG_CONFIG_HOME", self.dir.path().join("config"))
            .env_remove("DISPLAY")
            .env_remove("WAYLAND_DISPLAY")
            .stdin(Stdio::null());
        if let Some(display) = &self.display {
            command.env("DISPLAY", display);
        }
        command
    }

    pub(crate) fn call(&self, args: &[&str]) -> Output {
        self.command(args).output().unwrap()
    }

    /// `status --output json`, whatever its exit code.
    pub(crate) fn status(&self) -> serde_json::Value {
        let output = self.call(&["status", "--output", "json"]);
        serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{output:?}"))
    }

    /// Runs the agent with short intervals and waits until it answers.
    pub(crate) fn run(&self, environment: &[(&str, &str)]) -> Running {
        let log = std::fs::File::options()
            .create(true)
            .append(true)
            .open(self.dir.path().join("agent.log"))
            .unwrap();
        let child = self
            .command(&[
                "run",
                "--sample-interval-seconds",
                "1",
                "--sync-interval-seconds",
                "1",
            ])
            .envs(environment.iter().copied())
            .stderr(log)
            .spawn()
            .unwrap();
        Running { child }
    }

    pub(crate) fn log(&self) -> String {
        std::fs::read_to_string(self.dir.path().join("agent.log")).unwrap_or_default()
    }
}

/// A running agent; killed when dropped.
pub(crate) struct Running {
    pub(crate) child: Child,
}

impl Running {
    /// Asks it to end, and waits.
    pub(crate) fn end(mut self) -> std::process::ExitStatus {
        let pid = self.child.id().to_string();
        assert!(
            Command::new("kill")
                .args(["-TERM", &pid])
                .status()
                .unwrap()
                .success()
        );
        self.child.wait().unwrap()
    }

    /// SIGKILL.
    pub(crate) fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Whether a path has an entry that begins with this.
pub(crate) fn has_entry(dir: &Path, prefix: &str) -> bool {
    std::fs::read_dir(dir)
        .unwrap()
        .flatten()
        .any(|entry| entry.file_name().to_string_lossy().starts_with(prefix))
}
