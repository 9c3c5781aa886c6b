//! A real agent: a process on a desktop, with a directory of its own.

use std::{
    fs::OpenOptions,
    io::Write as _,
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
};

use anyhow::{Context, Result, bail};

use crate::server::{log_end, tells_nothing};

/// How to start an agent; starting it again takes up the same outbox.
#[derive(Debug, Clone)]
pub struct AgentPlan {
    /// The program.
    pub program: PathBuf,
    /// Its data directory.
    pub data_dir: PathBuf,
    /// The display that it looks at, such as `:7`.
    pub display: String,
}

impl AgentPlan {
    /// Where the agent's output goes.
    #[must_use]
    pub fn log(&self) -> PathBuf {
        self.data_dir.with_extension("log")
    }

    /// Its outbox.
    #[must_use]
    pub fn outbox(&self) -> PathBuf {
        self.data_dir.join("outbox.db")
    }

    fn command(&self, subcommand: &str) -> Command {
        let mut command = Command::new(&self.program);
        for (name, _) in std::env::vars_os() {
            if name
                .to_str()
                .is_some_and(|name| name.starts_with("WORKPULSE_"))
            {
                command.env_remove(name);
            }
        }
        command
            .env("DISPLAY", &self.display)
            .env_remove("WAYLAND_DISPLAY")
            .arg("--data-dir")
            .arg(&self.data_dir)
            .arg(subcommand)
            .stdin(Stdio::null());
        command
    }

    /// Enrols with a token, keeping the secret in a file.
    ///
    /// # Errors
    /// When it fails, with what it said.
    pub fn enrol(&self, server: &str, token: &str) -> Result<()> {
        self.enrol_for(server, token, None)
    }

    /// Enrols with a token that is not one person's, for the person with this address.
    ///
    /// # Errors
    /// When it fails, with what it said.
    pub fn enrol_for(&self, server: &str, token: &str, email: Option<&str>) -> Result<()> {
        let mut command = self.command("enrol");
        command
            .args(["--server", server, "--no-keychain", "--accept-notice"])
            .args(email.map(|email| format!("--email={email}")))
            .env("WORKPULSE_ENROL_TOKEN", token);
        finish(command)
    }

    /// Enrols by logging in, with nothing from an administrator.
    ///
    /// # Errors
    /// When it fails, with what it said.
    pub fn enrol_by_login(&self, server: &str, email: &str, password: &str) -> Result<()> {
        let mut command = self.command("enrol");
        command
            .args(["--server", server, "--login", "--email", email])
            .args(["--no-keychain", "--accept-notice"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command.spawn()?;
        if let Some(mut input) = child.stdin.take() {
            writeln!(input, "{password}")?;
        }
        let output = child.wait_with_output()?;
        judge(&command, &output)
    }

    /// What `status` tells, as JSON.
    ///
    /// # Errors
    /// When it tells nothing.
    pub fn status(&self) -> Result<serde_json::Value> {
        let output = self.command("status").args(["--output", "json"]).output()?;
        serde_json::from_slice(&output.stdout).with_context(|| {
            format!(
                "the agent's status: {}",
                String::from_utf8_lossy(&output.stderr)
            )
        })
    }

    /// Starts it.
    ///
    /// # Errors
    /// When the program cannot be run.
    pub fn run(&self) -> Result<Agent> {
        let log = OpenOptions::new()
            .create(true)
            .append(true)
            .open(self.log())?;
        let child = self
            .command("run")
            .args(["--no-keychain", "--sample-interval-seconds", "1"])
            .args(["--sync-interval-seconds", "1"])
            .stdout(log.try_clone()?)
            .stderr(log)
            .spawn()
            .with_context(|| format!("{} cannot be started", self.program.display()))?;
        Ok(Agent {
            child,
            plan: self.clone(),
        })
    }

    /// Starts the tray app on this directory instead, with its icon only; it runs the agent also
    /// where nobody is enrolled yet.
    ///
    /// # Errors
    /// When the program cannot be run.
    pub fn run_tray(&self, tray: &Path) -> Result<Agent> {
        // Nobody's own keychain, panel or notifications.
        self.run_tray_on(tray, "unix:path=/nonexistent/bus")
    }

    /// The same on a session bus, where there may be a panel.
    ///
    /// # Errors
    /// When the program cannot be run.
    pub fn run_tray_on(&self, tray: &Path, bus: &str) -> Result<Agent> {
        let log = OpenOptions::new()
            .create(true)
            .append(true)
            .open(self.log())?;
        let child = Command::new(tray)
            .arg("--minimized")
            .arg("--data-dir")
            .arg(&self.data_dir)
            .env("DISPLAY", &self.display)
            .env_remove("WAYLAND_DISPLAY")
            .env("DBUS_SESSION_BUS_ADDRESS", bus)
            .env("NO_AT_BRIDGE", "1")
            .env("WORKPULSE_AGENT_SAMPLE_INTERVAL_SECONDS", "1")
            .env("WORKPULSE_AGENT_SYNC_INTERVAL_SECONDS", "1")
            .env("WORKPULSE_AGENT_CREDENTIALS", "file")
            .env_remove("WORKPULSE_AGENT_CONFIG")
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log)
            .spawn()
            .with_context(|| format!("{} cannot be started", tray.display()))?;
        Ok(Agent {
            child,
            plan: self.clone(),
        })
    }

    /// Tells the running agent to do something: `stop`, `sync`.
    ///
    /// # Errors
    /// When it fails, with what it said.
    pub fn tell(&self, subcommand: &str) -> Result<()> {
        finish(self.command(subcommand))
    }
}

fn finish(mut command: Command) -> Result<()> {
    let output = command.output()?;
    judge(&command, &output)
}

fn judge(command: &Command, output: &Output) -> Result<()> {
    if !output.status.success() {
        bail!(
            "{command:?} failed: {}{}",
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        );
    }
    Ok(())
}

/// A running agent. Dropping it kills it.
#[derive(Debug)]
pub struct Agent {
    child: Child,
    plan: AgentPlan,
}

impl Agent {
    /// SIGKILL.
    ///
    /// # Errors
    /// When it had ended before.
    pub fn kill(mut self) -> Result<()> {
        if let Some(status) = self.child.try_wait()? {
            bail!(
                "the agent had ended with {status}:\n{}",
                log_end(&self.plan.log())
            );
        }
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }
}

impl Drop for Agent {
    fn drop(&mut self) {
        // It has ended already, or it must.
        let _ = self.child.kill();
        let _ = self.child.wait();
        tells_nothing(&self.plan.log());
    }
}
