//! A real desktop without a screen: Xvfb, a window manager, windows, a hand at the keyboard.

use std::{
    io::{BufRead as _, BufReader},
    process::{Child, Command, Stdio},
    time::Duration,
};

use anyhow::{Context, Result, bail};

use crate::time::wait_for;

/// How long a program of the desktop may take.
const PATIENCE: Duration = Duration::from_secs(20);

/// Processes that end with us.
#[derive(Debug, Default)]
struct Children(Vec<Child>);

impl Drop for Children {
    fn drop(&mut self) {
        for child in self.0.iter_mut().rev() {
            // It has ended already, or it must.
            let _ = child.kill();
            let _ = child.wait();
        }
    }
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
        let mut xvfb = Command::new("Xvfb")
            .args(["-displayfd", "1", "-screen", "0", "1280x800x24"])
            .args(["-nolisten", "tcp", "-noreset"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .context("Xvfb cannot be started (Debian package xvfb)")?;
        let output = xvfb.stdout.take().context("its output")?;
        children.0.push(xvfb);
        let mut number = String::new();
        BufReader::new(output).read_line(&mut number)?;
        if number.trim().is_empty() {
            bail!("Xvfb gave no display");
        }
        let mut desktop = Self {
            display: format!(":{}", number.trim()),
            windows: Vec::new(),
            children,
        };
        desktop.spawn("openbox", &[])?;
        for application in applications {
            let title = format!("{application} window");
            desktop.spawn("xterm", &["-class", application, "-T", &title, "-e", "cat"])?;
            let id = wait_for("a window appears", PATIENCE, || async {
                let found = desktop.xdotool(&["search", "--onlyvisible", "--class", application]);
                Ok(found?.lines().next().map(ToOwned::to_owned))
            })
            .await?;
            desktop.windows.push(((*application).to_owned(), id));
        }
        Ok(desktop)
    }

    fn spawn(&mut self, program: &str, arguments: &[&str]) -> Result<()> {
        let child = Command::new(program)
            .args(arguments)
            .env("DISPLAY", &self.display)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .with_context(|| format!("{program} cannot be started (Debian package {program})"))?;
        self.children.0.push(child);
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
        // `search` that finds nothing yet fails; the caller looks again.
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }
}
