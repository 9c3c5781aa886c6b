//! Running other programs: in the foreground, for their output, or in the background.
//!
//! Every child is ended by its process id, by the one that started it. Background children
//! get a process group of their own, so that Ctrl-C in a terminal reaches only this program,
//! which then stops them in order.

use std::{
    ffi::OsString,
    fmt,
    fs::{File, OpenOptions},
    io::{BufRead, BufReader, Read, Write},
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Stdio},
    thread,
    time::Duration,
};

use anyhow::{Context, Result, bail};

use crate::{clock::Stopwatch, stop};

const POLL: Duration = Duration::from_millis(40);
/// How long a foreground child may take to end after it was asked to.
const GRACE: Duration = Duration::from_secs(10);

/// A program to run, and how to show it to a person who wants to run it alone.
#[derive(Clone)]
pub(crate) struct Cmd {
    program: OsString,
    args: Vec<OsString>,
    dir: Option<PathBuf>,
    envs: Vec<(String, OsString)>,
    removed: Vec<String>,
    user: Option<(u32, u32)>,
}

impl Cmd {
    /// A program with arguments.
    pub(crate) fn new(program: impl Into<OsString>, args: &[&str]) -> Self {
        Self {
            program: program.into(),
            args: args.iter().map(OsString::from).collect(),
            dir: None,
            envs: Vec::new(),
            removed: Vec::new(),
            user: None,
        }
    }

    /// Adds one argument.
    pub(crate) fn arg(mut self, arg: impl Into<OsString>) -> Self {
        self.args.push(arg.into());
        self
    }

    /// Sets the working directory.
    pub(crate) fn dir(mut self, dir: impl Into<PathBuf>) -> Self {
        self.dir = Some(dir.into());
        self
    }

    /// Sets an environment variable.
    pub(crate) fn env(mut self, name: &str, value: impl Into<OsString>) -> Self {
        self.envs.push((name.to_owned(), value.into()));
        self
    }

    /// Hides an environment variable from the program.
    pub(crate) fn without_env(mut self, name: &str) -> Self {
        self.removed.push(name.to_owned());
        self
    }

    /// Runs as another user and group; only root may.
    pub(crate) fn user(mut self, user: Option<(u32, u32)>) -> Self {
        self.user = user;
        self
    }

    fn command(&self) -> Command {
        let mut command = Command::new(&self.program);
        command.args(&self.args).stdin(Stdio::null());
        for name in &self.removed {
            command.env_remove(name);
        }
        for (name, value) in &self.envs {
            command.env(name, value);
        }
        if let Some(dir) = &self.dir {
            command.current_dir(dir);
        }
        #[cfg(unix)]
        if let Some((uid, gid)) = self.user {
            std::os::unix::process::CommandExt::uid(&mut command, uid);
            std::os::unix::process::CommandExt::gid(&mut command, gid);
        }
        command
    }

    fn spawn(&self, command: &mut Command) -> Result<Child> {
        command
            .spawn()
            .with_context(|| format!("cannot start `{}`", self.program.to_string_lossy()))
    }

    /// Runs it in the foreground, its output going to the terminal.
    pub(crate) fn run(&self) -> Result<()> {
        let mut child = self.spawn(&mut self.command())?;
        let status = wait(&mut child)?;
        self.judge(status)
    }

    /// Runs it in the foreground with its output shown, and returns the lines that `keep` picks.
    pub(crate) fn run_keeping(&self, keep: fn(&str) -> bool) -> (Vec<String>, Result<()>) {
        let mut command = self.command();
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = match self.spawn(&mut command) {
            Ok(child) => child,
            Err(error) => return (Vec::new(), Err(error)),
        };
        let out = child
            .stdout
            .take()
            .map(|pipe| relay(pipe, std::io::stdout(), keep));
        let err = child
            .stderr
            .take()
            .map(|pipe| relay(pipe, std::io::stderr(), keep));
        let status = wait(&mut child);
        let kept = [out, err]
            .into_iter()
            .flatten()
            .flat_map(|reader| reader.join().unwrap_or_default())
            .collect();
        (kept, status.and_then(|status| self.judge(status)))
    }

    /// Runs it and returns what it wrote to standard output; the rest is shown on failure only.
    pub(crate) fn capture(&self) -> Result<String> {
        stop::check()?;
        let output = self
            .command()
            .output()
            .with_context(|| format!("cannot start `{}`", self.program.to_string_lossy()))?;
        if !output.status.success() {
            let said = String::from_utf8_lossy(&output.stderr);
            bail!("`{self}` failed ({}):\n{}", output.status, said.trim_end());
        }
        String::from_utf8(output.stdout).with_context(|| format!("`{self}` wrote no UTF-8"))
    }

    /// Whether it can be started and succeeds; its output is thrown away.
    pub(crate) fn succeeds(&self) -> bool {
        self.command()
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .is_ok_and(|status| status.success())
    }

    /// Runs it in the foreground, its output going to a file; it is not named in an error, since
    /// its arguments may hold credentials.
    pub(crate) fn run_into(&self, log: &Path) -> Result<()> {
        let file = File::create(log).with_context(|| format!("cannot write {}", log.display()))?;
        let mut command = self.command();
        command.stdout(file.try_clone()?).stderr(file);
        let mut child = self.spawn(&mut command)?;
        let status = wait(&mut child)?;
        stop::check()?;
        if status.success() {
            return Ok(());
        }
        bail!("failed ({status}); see {}", log.display())
    }

    /// Starts it in the background, writing to a log file.
    pub(crate) fn start(&self, name: &'static str, log: &Path) -> Result<Background> {
        let file = OpenOptions::new()
            .create(true)
            .append(true)
            .open(log)
            .with_context(|| format!("cannot write {}", log.display()))?;
        let mut command = self.command();
        command.stdout(file.try_clone()?).stderr(file);
        self.start_command(&mut command, name, log)
    }

    /// Starts it in the background with its standard output in our hands.
    pub(crate) fn start_piped(
        &self,
        name: &'static str,
        log: &Path,
    ) -> Result<(Background, impl Read + use<>)> {
        let file = File::create(log).with_context(|| format!("cannot write {}", log.display()))?;
        let mut command = self.command();
        command.stdout(Stdio::piped()).stderr(file);
        let mut background = self.start_command(&mut command, name, log)?;
        let pipe = background
            .child
            .stdout
            .take()
            .expect("standard output was piped");
        Ok((background, pipe))
    }

    fn start_command(
        &self,
        command: &mut Command,
        name: &'static str,
        log: &Path,
    ) -> Result<Background> {
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(command, 0);
        let child = self.spawn(command)?;
        Ok(Background {
            name,
            log: log.to_owned(),
            child,
            ended: false,
        })
    }

    fn judge(&self, status: ExitStatus) -> Result<()> {
        stop::check()?;
        if status.success() {
            Ok(())
        } else {
            bail!("`{self}` failed ({status})")
        }
    }
}

impl fmt::Display for Cmd {
    /// As one would type it: `(cd dir && NAME=value program args)`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let root = crate::repo::root();
        let dir = self.dir.as_deref().filter(|dir| *dir != root);
        if let Some(dir) = dir {
            let shown = dir.strip_prefix(root).unwrap_or(dir);
            write!(f, "(cd {} && ", shown.display())?;
        }
        for (name, value) in &self.envs {
            // An error message ends up in logs.
            let secret = name.ends_with("_TOKEN");
            let value = if secret {
                "…".into()
            } else {
                value.to_string_lossy()
            };
            write!(f, "{name}={} ", quoted(&value))?;
        }
        f.write_str(&quoted(&self.program.to_string_lossy()))?;
        for arg in &self.args {
            write!(f, " {}", quoted(&arg.to_string_lossy()))?;
        }
        if dir.is_some() {
            f.write_str(")")?;
        }
        Ok(())
    }
}

fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:=@,+%".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

/// Shows every line at once and keeps those that matter.
fn relay<R, W>(pipe: R, mut to: W, keep: fn(&str) -> bool) -> thread::JoinHandle<Vec<String>>
where
    R: Read + Send + 'static,
    W: Write + Send + 'static,
{
    thread::spawn(move || {
        let mut kept = Vec::new();
        let mut reader = BufReader::new(pipe);
        let mut line = Vec::new();
        while reader
            .read_until(b'\n', &mut line)
            .is_ok_and(|read| read > 0)
        {
            // A closed terminal must not stop the child from being read to its end.
            let _ = to.write_all(&line).and_then(|()| to.flush());
            let text = plain(&String::from_utf8_lossy(&line));
            if keep(&text) {
                kept.push(text.trim().to_owned());
            }
            line.clear();
        }
        kept
    })
}

/// A line without its color codes.
fn plain(line: &str) -> String {
    let mut out = String::with_capacity(line.len());
    let mut chars = line.chars();
    while let Some(c) = chars.next() {
        if c == '\u{1b}' {
            chars.by_ref().find(char::is_ascii_alphabetic);
        } else {
            out.push(c);
        }
    }
    out
}

/// Waits for a foreground child; on a stop asks it to end, then ends it.
fn wait(child: &mut Child) -> Result<ExitStatus> {
    loop {
        if let Some(status) = child
            .try_wait()
            .context("cannot wait for a child process")?
        {
            return Ok(status);
        }
        if stop::wait(POLL) {
            return end(child, GRACE);
        }
    }
}

fn end(child: &mut Child, grace: Duration) -> Result<ExitStatus> {
    ask_to_end(child);
    let watch = Stopwatch::start();
    while watch.elapsed() < grace {
        if let Some(status) = child.try_wait()? {
            return Ok(status);
        }
        thread::park_timeout(POLL);
    }
    child.kill().context("cannot end a child process")?;
    Ok(child.wait()?)
}

/// SIGTERM where there is such a thing.
#[cfg(unix)]
fn ask_to_end(child: &Child) {
    use nix::{sys::signal, unistd::Pid};
    if let Ok(pid) = i32::try_from(child.id()) {
        // It may have ended by itself just now; then there is nobody to ask.
        let _ = signal::kill(Pid::from_raw(pid), signal::Signal::SIGTERM);
    }
}

#[cfg(not(unix))]
fn ask_to_end(child: &mut Child) {
    let _ = child.kill();
}

/// A child in the background. Dropping it ends it.
pub(crate) struct Background {
    name: &'static str,
    log: PathBuf,
    child: Child,
    ended: bool,
}

impl Background {
    /// Its process id.
    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Fails, with the end of its log, if it has ended by itself.
    pub(crate) fn check(&mut self) -> Result<()> {
        let Some(status) = self.child.try_wait()? else {
            return Ok(());
        };
        self.ended = true;
        bail!(
            "{} ended by itself ({status}); the end of {}:\n{}",
            self.name,
            self.log.display(),
            tail(&self.log, 15)
        )
    }

    /// Asks it to end, waits, and says how it went; ends it if it does not obey in time.
    pub(crate) fn stop(&mut self, grace: Duration) -> Result<()> {
        if self.ended {
            return Ok(());
        }
        self.ended = true;
        end(&mut self.child, grace).with_context(|| format!("cannot stop {}", self.name))?;
        Ok(())
    }
}

impl Drop for Background {
    fn drop(&mut self) {
        // Already on the way out: there is nobody left to tell.
        let _ = self.stop(GRACE);
    }
}

/// The last lines of a file, indented.
fn tail(path: &Path, lines: usize) -> String {
    let bytes = std::fs::read(path).unwrap_or_default();
    let text = plain(&String::from_utf8_lossy(&bytes));
    let all: Vec<&str> = text.lines().collect();
    let from = all.len().saturating_sub(lines);
    format!("    {}", all[from..].join("\n    "))
}

/// Whether a program is on the path.
pub(crate) fn exists(program: &str) -> bool {
    std::env::var_os("PATH")
        .is_some_and(|path| std::env::split_paths(&path).any(|dir| dir.join(program).is_file()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_reads_as_one_would_type_it() {
        let cmd = Cmd::new("npm", &["run", "it's here"]).dir(crate::repo::dashboard());
        assert_eq!(
            cmd.to_string(),
            r"(cd backend/dashboard && npm run 'it'\''s here')"
        );
    }

    #[test]
    fn a_token_in_the_environment_is_not_shown() {
        let cmd = Cmd::new("agent", &["enrol"])
            .env("WORKPULSE_ENROL_TOKEN", "s3cret")
            .env("A", "1");
        let text = cmd.to_string();
        assert!(!text.contains("s3cret") && text.contains("A=1"), "{text}");
    }

    #[test]
    fn a_failure_names_the_command_and_what_it_said() {
        let error = Cmd::new("sh", &["-c", "echo broken >&2; exit 3"])
            .capture()
            .expect_err("exit 3");
        let text = error.to_string();
        assert!(text.contains("exit 3") && text.contains("broken"), "{text}");
    }

    #[test]
    fn picked_lines_are_kept_without_their_colors() {
        let (kept, outcome) =
            Cmd::new("sh", &["-c", r"printf 'a\n\033[1;32m  Summary\033[0m x\n'"])
                .run_keeping(|line| line.contains("Summary"));
        outcome.expect("it succeeds");
        assert_eq!(kept, ["Summary x"]);
    }

    #[test]
    fn a_background_child_that_ends_is_noticed_with_its_last_words() {
        let dir = crate::repo::scratch_dir("cmd-test").expect("a directory");
        let mut child = Cmd::new("sh", &["-c", "echo last words; exit 4"])
            .start("the helper", &dir.join("log"))
            .expect("starts");
        let error = loop {
            if let Err(error) = child.check() {
                break error.to_string();
            }
            thread::park_timeout(POLL);
        };
        assert!(
            error.contains("the helper") && error.contains("last words"),
            "{error}"
        );
        std::fs::remove_dir_all(dir).expect("removed");
    }

    #[test]
    fn a_dropped_background_child_is_gone() {
        let dir = crate::repo::scratch_dir("cmd-test").expect("a directory");
        let child = Cmd::new("sleep", &["600"])
            .start("sleep", &dir.join("log"))
            .expect("starts");
        let pid = child.pid().to_string();
        assert!(Cmd::new("kill", &["-0", &pid]).succeeds());
        drop(child);
        assert!(!Cmd::new("kill", &["-0", &pid]).succeeds());
        std::fs::remove_dir_all(dir).expect("removed");
    }
}
