//! This machine as a member of the demo: the real headless agent, enrolled and running.

use std::path::PathBuf;

use anyhow::{Context, Result};
use shared_types::UserId;

use super::{api::Api, desktop::Virtual, seed, state::Memory};
use crate::{
    cmd::{Background, Cmd},
    repo,
};

/// `workpulse-agent` with a data directory of the demo's own: an agent that this person may
/// use for their real work is not touched.
pub(crate) struct Agent<'a> {
    profile_dir: &'a str,
    memory: &'a Memory,
}

impl<'a> Agent<'a> {
    /// The agent that cargo has built into this profile's directory.
    pub(crate) const fn new(profile_dir: &'a str, memory: &'a Memory) -> Self {
        Self {
            profile_dir,
            memory,
        }
    }

    /// What it says of itself.
    pub(crate) fn status(&self) -> Result<serde_json::Value> {
        let text = self.command(&["status", "--output", "json"])?.capture()?;
        serde_json::from_str(&text).context("the agent's status is no JSON")
    }

    fn command(&self, args: &[&str]) -> Result<Cmd> {
        self.program("workpulse-agent", args)
    }

    /// The tray app on the same directory.
    pub(crate) fn tray(&self, args: &[&str]) -> Result<Cmd> {
        self.program("workpulse-tray", args)
    }

    /// Its window, on the same directory.
    pub(crate) fn window(&self) -> Result<Cmd> {
        self.program("workpulse-window", &[])
    }

    fn program(&self, program: &str, args: &[&str]) -> Result<Cmd> {
        let mut cmd =
            Cmd::new(repo::binary(self.profile_dir, program)?, args).dir(self.memory.dir());
        for (name, _) in std::env::vars() {
            if name.starts_with("WORKPULSE_") {
                cmd = cmd.without_env(&name);
            }
        }
        Ok(cmd
            .env("WORKPULSE_AGENT_DATA_DIR", self.data_dir())
            // Not the person's keychain: the demo leaves nothing outside its directory.
            .env("WORKPULSE_AGENT_CREDENTIALS", "file"))
    }

    /// Where it keeps everything.
    pub(crate) fn data_dir(&self) -> PathBuf {
        self.memory.dir().join("agent")
    }

    /// Enrols this machine, once for each address of the server.
    pub(crate) fn enrol(&self, api: &Api, base: &str, admin: &str, owner: UserId) -> Result<()> {
        let known = self.memory.state().machine_at.clone();
        if known.as_deref() == Some(base) {
            return Ok(());
        }
        let token = seed::enrolment_token(api, admin, owner)?;
        // In the environment: other users of this machine can read command lines.
        let mut cmd = self
            .command(&["enrol", "--server", base, "--accept-notice"])?
            .env("WORKPULSE_ENROL_TOKEN", token);
        if known.is_some() {
            cmd = cmd.arg("--again");
        }
        cmd.capture()
            .context("this machine could not be enrolled")?;
        self.memory
            .change(|state| state.machine_at = Some(base.to_owned()))
    }

    /// Starts the agent on the real desktop, or on the virtual one.
    pub(crate) fn run(&self, desktop: Option<&Virtual>) -> Result<Background> {
        let mut cmd = self.command(&["run"])?;
        for (name, value) in desktop.iter().flat_map(|desktop| desktop.environment()) {
            cmd = cmd.env(name, value);
        }
        if desktop.is_some() {
            cmd = cmd.without_env("WAYLAND_DISPLAY");
        }
        cmd.start("the agent", &self.memory.dir().join("agent.log"))
    }
}
