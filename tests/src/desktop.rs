//! A real desktop without a screen: Xvfb, a window manager, windows, a hand at the keyboard.

use std::{
    os::unix::net::UnixStream,
    path::Path,
    process::{Child, Command, Stdio},
    time::Duration,
};

use anyhow::{Context, Result, bail, ensure};

use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};

use crate::time::wait_for;

/// How long a program of the desktop may take.
const PATIENCE: Duration = Duration::from_mins(1);
/// How often a program that was asked to end is looked at: five seconds in all.
const FAREWELL_LOOKS: u32 = 250;

/// Processes that end with us.
#[derive(Debug, Default)]
struct Children(Vec<(&'static str, Child)>);

impl Children {
    fn all_alive(&mut self) -> Result<()> {
        for (name, child) in &mut self.0 {
            if let Some(status) = child.try_wait()? {
                bail!("{name} ended with {status}");
            }
        }
        Ok(())
    }
}

/// Waits for a child that was asked to end, for a while.
#[expect(
    clippy::disallowed_methods,
    reason = "the pause between two looks, where nothing can be awaited"
)]
fn give_time_to_end(child: &mut Child) {
    for _ in 0..FAREWELL_LOOKS {
        if !matches!(child.try_wait(), Ok(None)) {
            return;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
}

impl Drop for Children {
    fn drop(&mut self) {
        for (name, child) in self.0.iter_mut().rev() {
            // It has ended already, or it must. Asked kindly, Xvfb removes its lock; the others
            // leave nothing behind, and xterm does much in its signal handler, where it can hang.
            if *name == "Xvfb" {
                if let Ok(pid) = i32::try_from(child.id()) {
                    let _ = kill(Pid::from_raw(pid), Signal::SIGTERM);
                }
                give_time_to_end(child);
            }
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

/// Starts Xvfb on a number that nobody has locked.
///
/// Not by `-displayfd`: it makes no lock file, and another program that looks for a free
/// number then takes the same one.
async fn start_display(children: &mut Children) -> Result<String> {
    let first = 1_000 + std::process::id() % 20_000;
    for number in first..first + 20 {
        let display = format!(":{number}");
        if Path::new(&format!("/tmp/.X{number}-lock")).exists() {
            continue;
        }
        let xvfb = Command::new("Xvfb")
            .args([display.as_str(), "-screen", "0", "1280x800x24"])
            .args(["-nolisten", "tcp", "-noreset"])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .context("Xvfb cannot be started (Debian package xvfb)")?;
        children.0.push(("Xvfb", xvfb));
        let socket = format!("/tmp/.X11-unix/X{number}");
        let begun = tokio::time::Instant::now();
        loop {
            if children.all_alive().is_err() {
                // Somebody was quicker: the next number.
                children.0.pop();
                break;
            }
            if UnixStream::connect(&socket).is_ok() {
                return Ok(display);
            }
            ensure!(
                begun.elapsed() < PATIENCE,
                "Xvfb does not answer on {display}"
            );
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
    bail!("no display number is free")
}

/// A display of its own with windows on it.
#[derive(Debug)]
pub struct Desktop {
    display: String,
    /// Application (the class of the window) and window id.
    windows: Vec<(String, String)>,
    children: Children,
}

impl Desktop {
    /// Starts a display with one terminal window for each application name.
    ///
    /// # Errors
    /// When Xvfb, openbox, xterm or xdotool are missing or do not work.
    pub async fn start(applications: &[&str]) -> Result<Self> {
        let mut children = Children::default();
        let display = start_display(&mut children).await?;
        let mut desktop = Self {
            display,
            windows: Vec::new(),
            children,
        };
        desktop.spawn("openbox", &[])?;
        wait_for("the window manager is there", PATIENCE, || async {
            let said = desktop.xdotool(&["get_desktop"])?;
            Ok(said.trim().parse::<u32>().ok())
        })
        .await?;
        for application in applications {
            let title = format!("{application} window");
            desktop.spawn("xterm", &["-class", application, "-T", &title, "-e", "cat"])?;
            let begun = tokio::time::Instant::now();
            let id = loop {
                let found =
                    desktop.xdotool(&["search", "--onlyvisible", "--class", application])?;
                if let Some(id) = found.lines().next() {
                    break id.to_owned();
                }
                desktop.children.all_alive()?;
                // openbox can miss the request of a window that comes while it starts.
                let hidden = desktop.xdotool(&["search", "--class", application])?;
                if let Some(id) = hidden.lines().next() {
                    desktop.xdotool(&["windowmap", id])?;
                }
                ensure!(
                    begun.elapsed() < PATIENCE,
                    "the window of {application} did not appear"
                );
                tokio::time::sleep(Duration::from_millis(100)).await;
            };
            desktop.windows.push(((*application).to_owned(), id));
        }
        Ok(desktop)
    }

    fn spawn(&mut self, program: &'static str, arguments: &[&str]) -> Result<()> {
        let child = Command::new(program)
            .args(arguments)
            .env("DISPLAY", &self.display)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .with_context(|| format!("{program} cannot be started (Debian package {program})"))?;
        self.children.0.push((program, child));
        Ok(())
    }

    /// The display's name, such as `:7`.
    #[must_use]
    pub fn display(&self) -> &str {
        &self.display
    }

    /// Gives an application's window the focus, and returns when it has it.
    ///
    /// # Errors
    /// When there is no such window, or the window manager does not obey.
    pub async fn focus(&self, application: &str) -> Result<()> {
        let (_, id) = self
            .windows
            .iter()
            .find(|(name, _)| name == application)
            .with_context(|| format!("there is no window of {application}"))?;
        self.xdotool(&["windowactivate", id])?;
        wait_for("the window has the focus", PATIENCE, || async {
            let active = self.xdotool(&["getactivewindow"]).unwrap_or_default();
            Ok((active.trim() == id).then_some(()))
        })
        .await
    }

    /// Presses a key, as a person would.
    ///
    /// # Errors
    /// When xdotool fails.
    pub fn press_key(&self) -> Result<()> {
        self.xdotool(&["key", "a"]).map(drop)
    }

    fn xdotool(&self, arguments: &[&str]) -> Result<String> {
        let output = Command::new("xdotool")
            .args(arguments)
            .env("DISPLAY", &self.display)
            .output()
            .context("xdotool cannot be started (Debian package xdotool)")?;
        // `search` that finds nothing yet fails silently; the caller looks again.
        let said = String::from_utf8_lossy(&output.stderr);
        ensure!(
            !said.contains("open display"),
            "the display {} is gone: {said}",
            self.display
        );
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }
}
