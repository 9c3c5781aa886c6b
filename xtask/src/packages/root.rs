//! A fresh Debian in a folder, and a network of its own in which its programs run.
//!
//! There is no systemd in it: a unit's `ExecStart` is run as the unit's user, with the unit's
//! environment. What systemd itself adds (hardening, restarts, readiness) is not shown by this.

use std::{
    fs,
    path::{Path, PathBuf},
    time::Duration,
};

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;

use super::running::Running;
use crate::{
    clock::Stopwatch,
    cmd::{Background, Cmd},
    stop,
};

/// How long something that was started may take until it shows.
const PATIENCE: Duration = Duration::from_mins(4);
/// The first process of a system, in namespaces of its own: mounts what programs expect, brings
/// its network up, and adopts those whose parents have ended (ignoring their end lets them go).
const FIRST: &str = r#"mount --make-rprivate / && mount -t proc proc "$1/proc" \
    && mount -t devpts -o newinstance,ptmxmode=0666,mode=620 devpts "$1/dev/pts" \
    && mount -t tmpfs tmpfs "$1/dev/shm" && ip link set lo up && trap '' CHLD \
    && touch "$1/run/there" && exec sleep infinity"#;

/// A system in a folder.
pub(super) struct Root {
    /// What stands for `/`.
    pub(super) dir: PathBuf,
    log: PathBuf,
    /// Holds the namespaces; every process of the system ends with it.
    network: Background,
    /// The first process in them, by this machine's count.
    first: u32,
}

/// Makes the archive that fresh systems are unpacked from, once for each release of Debian.
pub(super) fn base(archive: &Path, suite: &str, mirror: &str) -> Result<()> {
    if archive.is_file() {
        return Ok(());
    }
    println!("    fetching a minimal Debian {suite} from {mirror}");
    let part = archive.with_extension("part.tar");
    Cmd::new(
        "mmdebstrap",
        &["--variant=apt", "--include=ca-certificates"],
    )
    .arg(suite)
    .arg(&part)
    .arg(mirror)
    .capture()?;
    fs::rename(part, archive).context("the archive cannot be put in place")
}

/// The child of `unshare --fork`, once it is there.
fn first_process(holder: &Background) -> Result<u32> {
    let children = format!("/proc/{0}/task/{0}/children", holder.pid());
    let watch = Stopwatch::start();
    loop {
        let text = fs::read_to_string(&children).unwrap_or_default();
        if let Some(first) = text.split_whitespace().next() {
            return first.parse().context("a process id");
        }
        ensure!(
            watch.elapsed() < PATIENCE && !stop::wait(Duration::from_millis(5)),
            "the system's namespaces could not be made"
        );
    }
}

impl Root {
    /// Unpacks a fresh system.
    pub(super) fn fresh(archive: &Path, work: &Path, name: &str) -> Result<Self> {
        let dir = work.join(name);
        fs::create_dir_all(&dir)?;
        Cmd::new("tar", &["--numeric-owner", "-xf"])
            .arg(archive)
            .arg("-C")
            .arg(&dir)
            .capture()?;
        fs::copy("/etc/resolv.conf", dir.join("etc/resolv.conf"))?;
        // Nothing is started by installing, as in any chroot of Debian's.
        fs::write(dir.join("usr/sbin/policy-rc.d"), "#!/bin/sh\nexit 101\n")?;
        Cmd::new("chmod", &["755"])
            .arg(dir.join("usr/sbin/policy-rc.d"))
            .run()?;
        let log = work.join(format!("{name}.log"));
        let network = Cmd::new(
            "unshare",
            &[
                "--net",
                "--pid",
                "--mount",
                "--fork",
                "--kill-child",
                "sh",
                "-c",
                FIRST,
                "sh",
            ],
        )
        .arg(&dir)
        .start("the system's namespaces", &log)?;
        let first = first_process(&network)?;
        let system = Self {
            dir,
            log,
            network,
            first,
        };
        system.until("it is mounted", || system.has("run/there"))?;
        Ok(system)
    }

    fn enter(&self, more: &[&str]) -> Cmd {
        // Processes of its own: maintainer scripts look for programs to end, and shall find none
        // of this machine's.
        let of = |kind: &str, name: &str| format!("--{kind}=/proc/{}/ns/{name}", self.first);
        let (processes, mounts) = (of("pid", "pid"), of("mount", "mnt"));
        let mut words = vec![processes.as_str(), mounts.as_str()];
        words.extend(more);
        words.push("chroot");
        Cmd::new("nsenter", &words)
            .arg(&self.dir)
            .env("DEBIAN_FRONTEND", "noninteractive")
            .env("LC_ALL", "C.UTF-8")
            .env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin")
            .without_env("DISPLAY")
            .without_env("DATABASE_URL")
    }

    /// Runs a script as root, with this machine's network; what it wrote.
    pub(super) fn run(&self, script: &str) -> Result<String> {
        self.enter(&[]).arg("sh").arg("-ec").arg(script).capture()
    }

    /// The same in the background, as the leader of a group of processes.
    pub(super) fn begin(&self, script: &str) -> Result<Running> {
        self.enter(&[])
            .arg("sh")
            .arg("-ec")
            .arg(script)
            .start("a command in the system", &self.log)
            .map(Running::new)
    }

    fn inside(&self) -> String {
        format!("--net=/proc/{}/ns/net", self.first)
    }

    /// Runs a script as this user in the system's own network.
    pub(super) fn run_as(&self, user: &str, script: &str) -> Result<String> {
        self.as_user(user, script).capture()
    }

    /// The same in the background.
    pub(super) fn begin_as(&self, user: &str, script: &str) -> Result<Running> {
        self.as_user(user, script)
            .start("a program in the system", &self.log)
            .map(Running::new)
    }

    fn as_user(&self, user: &str, script: &str) -> Cmd {
        // setpriv executes rather than waits: what ends the command ends the program.
        let drop = "home=$(getent passwd \"$1\" | cut -d: -f6); cd \"$home\"; exec setpriv --reuid \"$1\" --regid \"$1\" --init-groups env HOME=\"$home\" sh -ec \"$2\"";
        self.enter(&[&self.inside()])
            .arg("sh")
            .arg("-ec")
            .arg(drop)
            .arg("sh")
            .arg(user)
            .arg(script)
    }

    /// Starts what a unit starts, as its user and in its environment.
    pub(super) fn start_unit(&self, unit: &str) -> Result<Running> {
        let text = self.read(unit)?;
        let value = |key: &str| text.lines().find_map(|line| line.strip_prefix(key));
        let start = value("ExecStart=").with_context(|| format!("{unit} starts nothing"))?;
        let user = value("User=").with_context(|| format!("{unit} names no user"))?;
        let mut script = Vec::new();
        for line in text.lines() {
            if let Some(setting) = line.strip_prefix("Environment=") {
                script.push(format!("export {setting}"));
            } else if let Some(file) = line.strip_prefix("EnvironmentFile=-/") {
                script.extend(self.environment(file)?);
            } else if let Some(mask) = line.strip_prefix("UMask=") {
                script.push(format!("umask {mask}"));
            }
        }
        script.push(format!("exec {start}"));
        self.begin_as(user, &script.join("\n"))
    }

    /// What a unit's environment file sets, as commands; none where there is no file. Only lines
    /// without quotes and escapes are known here: systemd knows more.
    fn environment(&self, file: &str) -> Result<Vec<String>> {
        if !self.has(file) {
            return Ok(Vec::new());
        }
        let text = self.read(file)?;
        let lines = text
            .lines()
            .filter(|line| !line.is_empty() && !line.starts_with('#'));
        lines
            .map(|line| {
                let (key, value) = line.split_once('=').context("a variable and its value")?;
                ensure!(
                    !value.contains(['\'', '"', '\\']),
                    "quotes in {file} are not understood by this test"
                );
                Ok(format!("export {key}='{value}'"))
            })
            .collect()
    }

    /// A file's text.
    pub(super) fn read(&self, path: &str) -> Result<String> {
        let path = self.dir.join(path);
        fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))
    }

    /// Writes a file.
    pub(super) fn write(&self, path: &str, text: &str) -> Result<()> {
        let path = self.dir.join(path);
        fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))
    }

    /// Whether a path is there, by `test` and not through links that lead out of the system.
    pub(super) fn has(&self, path: &str) -> bool {
        self.dir.join(path).symlink_metadata().is_ok()
    }

    /// Owner, group and mode of a path, such as `root:workpulse 640`.
    pub(super) fn owner(&self, path: &str) -> Result<String> {
        let text = self.run(&format!("stat -c '%U:%G %a' /{path}"))?;
        Ok(text.trim().to_owned())
    }

    /// Asks the server in the system's network; the answer's JSON.
    pub(super) fn http(
        &self,
        method: &str,
        path: &str,
        token: &str,
        body: Option<&Value>,
    ) -> Result<Value> {
        let mut words = Cmd::new("nsenter", &[&self.inside()]);
        for word in [
            "curl",
            "-sS",
            "--fail-with-body",
            "--noproxy",
            "*",
            "-X",
            method,
        ] {
            words = words.arg(word);
        }
        if !token.is_empty() {
            words = words
                .arg("-H")
                .arg(format!("authorization: Bearer {token}"));
        }
        if let Some(body) = body {
            words = words
                .arg("-H")
                .arg("content-type: application/json")
                .arg("-d")
                .arg(body.to_string());
        }
        let text = words
            .arg(format!("http://127.0.0.1:3000{path}"))
            .capture()?;
        if text.is_empty() {
            return Ok(Value::Null);
        }
        serde_json::from_str(&text).with_context(|| format!("{method} {path} answered: {text}"))
    }

    /// Waits until something holds.
    pub(super) fn until(&self, what: &str, mut holds: impl FnMut() -> bool) -> Result<()> {
        let watch = Stopwatch::start();
        while !holds() {
            if watch.elapsed() > PATIENCE {
                bail!("waited in vain until {what}; see {}", self.log.display());
            }
            if stop::wait(Duration::from_millis(5)) {
                bail!("interrupted");
            }
        }
        Ok(())
    }
}

impl Drop for Root {
    fn drop(&mut self) {
        // Programs that were left behind hold nothing but files here; the network ends them.
        let _ = self.network.stop(Duration::from_secs(1));
        let _ = fs::remove_dir_all(&self.dir);
    }
}
