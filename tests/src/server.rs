//! A real server: a process, its directory, its address.

use std::{
    fs::{self, File, OpenOptions},
    io::Write as _,
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Output, Stdio},
    time::Duration,
};

use anyhow::{Context, Result, bail};
use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};

use crate::{api::Api, leaks, time::wait_for};

/// Where `cargo xtask test` says that the programs under test are.
pub const BIN_VARIABLE: &str = "WORKPULSE_BIN_DIR";
/// How long a server may take to be ready, on a busy machine.
const READY: Duration = Duration::from_secs(30);

/// A program under test.
///
/// # Errors
/// When nobody says where it is, or it is not there.
pub fn program(name: &str) -> Result<PathBuf> {
    let Some(dir) = std::env::var_os(BIN_VARIABLE) else {
        bail!("{BIN_VARIABLE} is not set: this needs the built programs. Run `cargo xtask test`.");
    };
    let path = Path::new(&dir).join(name);
    if !path.is_file() {
        bail!(
            "{} is not there: build it, or run `cargo xtask test`",
            path.display()
        );
    }
    Ok(path)
}

/// A loopback port that nobody uses just now.
///
/// # Errors
/// When there is none.
pub fn free_port() -> Result<u16> {
    Ok(TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port())
}

/// How to start a server; starting it again serves the same data at the same address.
#[derive(Debug, Clone)]
pub struct ServerPlan {
    /// The program.
    pub program: PathBuf,
    /// Its data directory.
    pub data_dir: PathBuf,
    /// `DATABASE_URL`, for PostgreSQL.
    pub database_url: Option<String>,
    /// Its port on 127.0.0.1.
    pub port: u16,
    /// Further environment.
    pub environment: Vec<(String, String)>,
}

impl ServerPlan {
    /// A server of its own in this directory, at a free port.
    ///
    /// # Errors
    /// When no port is free.
    pub fn new(program: PathBuf, data_dir: PathBuf, database_url: Option<String>) -> Result<Self> {
        Ok(Self {
            program,
            data_dir,
            database_url,
            port: free_port()?,
            environment: Vec::new(),
        })
    }

    /// A further instance of the same server: on the same database and with the same secret, at
    /// an address and in a directory of its own. The first one must have started before.
    ///
    /// # Errors
    /// When the database is embedded and so has no second instance, or no port is free.
    pub fn beside(&self, name: &str) -> Result<Self> {
        anyhow::ensure!(
            self.database_url.is_some(),
            "a second instance needs PostgreSQL"
        );
        let mut beside = self.clone();
        beside.port = free_port()?;
        beside.data_dir = self.data_dir.with_file_name(name);
        let secret = self.data_dir.join("secret").display().to_string();
        beside
            .environment
            .push(("WORKPULSE_SECRET_FILE".to_owned(), secret));
        Ok(beside)
    }

    /// `http://127.0.0.1:port`.
    #[must_use]
    pub fn address(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Where the server's output goes.
    #[must_use]
    pub fn log(&self) -> PathBuf {
        self.data_dir.with_extension("log")
    }

    /// The program with these arguments, in an environment that holds nothing else of ours.
    ///
    /// # Panics
    /// Never: the variables' names are our own.
    #[must_use]
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.program);
        for (name, _) in std::env::vars_os() {
            let ours = name
                .to_str()
                .is_some_and(|name| name.starts_with("WORKPULSE_"));
            if ours || name == "DATABASE_URL" {
                command.env_remove(name);
            }
        }
        command
            .args(arguments)
            .env("WORKPULSE_DATA_DIR", &self.data_dir)
            .env("WORKPULSE_LISTEN", format!("127.0.0.1:{}", self.port))
            .env("WORKPULSE_METRICS_LISTEN", "127.0.0.1:0")
            .envs(self.environment.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null());
        if let Some(url) = &self.database_url {
            command.env("DATABASE_URL", url);
        }
        command
    }

    /// Runs the program on this data directory, which must fail in an orderly way; what it says.
    ///
    /// # Errors
    /// When it succeeds, crashes, or has to be ended after twenty seconds.
    pub fn fails(&self, arguments: &[&str], data_dir: &Path) -> Result<String> {
        let mut command = self.command(arguments);
        command.env("WORKPULSE_DATA_DIR", data_dir);
        let output = run_to_end(&command)?;
        let said = String::from_utf8_lossy(&output.stderr).into_owned()
            + &String::from_utf8_lossy(&output.stdout);
        match output.status.code() {
            Some(1 | 2) if !said.contains("panicked") => Ok(said),
            _ => bail!("{arguments:?} ended with {}: {said}", output.status),
        }
    }

    /// Runs `admin …` with this on its standard input; its answer.
    ///
    /// # Errors
    /// When it fails, with what it said.
    pub fn admin(&self, arguments: &[&str], input: &str) -> Result<serde_json::Value> {
        let mut child = self
            .command(&["admin"])
            .args(arguments)
            .args(["--output", "json"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()?;
        let mut stdin = child.stdin.take().context("its standard input")?;
        stdin.write_all(input.as_bytes())?;
        drop(stdin);
        let output = child.wait_with_output()?;
        if !output.status.success() {
            bail!(
                "`admin {}` failed: {}",
                arguments.join(" "),
                String::from_utf8_lossy(&output.stderr)
            );
        }
        serde_json::from_slice(&output.stdout).context("its answer")
    }

    /// Starts it and waits until it is ready.
    ///
    /// # Errors
    /// When it ends or is not ready in time, with the end of its log.
    pub async fn start(&self) -> Result<Server> {
        if let Some(parent) = self.data_dir.parent() {
            fs::create_dir_all(parent)?;
        }
        let log = OpenOptions::new()
            .create(true)
            .append(true)
            .open(self.log())?;
        let child = self
            .command(&["serve"])
            .stdout(log.try_clone()?)
            .stderr(log)
            .spawn()
            .with_context(|| format!("{} cannot be started", self.program.display()))?;
        let mut server = Server {
            child,
            plan: self.clone(),
        };
        server.wait_until_ready().await?;
        Ok(server)
    }
}

/// A running server. Dropping it kills it.
#[derive(Debug)]
pub struct Server {
    child: Child,
    plan: ServerPlan,
}

impl Server {
    /// Its process.
    #[must_use]
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Its API, without a credential.
    #[must_use]
    pub fn api(&self) -> Api {
        Api::new(&self.plan.address())
    }

    /// How it was started.
    #[must_use]
    pub const fn plan(&self) -> &ServerPlan {
        &self.plan
    }

    async fn wait_until_ready(&mut self) -> Result<()> {
        let client = reqwest::Client::builder().no_proxy().build()?;
        let address = format!("{}/health/ready", self.plan.address());
        let deadline = tokio::time::Instant::now() + READY;
        loop {
            if let Some(status) = self.child.try_wait()? {
                bail!("the server ended with {status}:\n{}", self.log_end());
            }
            let answer = client.get(&address).send().await;
            if answer.is_ok_and(|answer| answer.status().is_success()) {
                return Ok(());
            }
            if tokio::time::Instant::now() > deadline {
                bail!(
                    "the server was not ready within {} s:\n{}",
                    READY.as_secs(),
                    self.log_end()
                );
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    /// SIGKILL: what was not on the disk is lost.
    ///
    /// # Errors
    /// When it had ended before.
    pub fn kill(mut self) -> Result<()> {
        if let Some(status) = self.child.try_wait()? {
            bail!("the server had ended with {status}:\n{}", self.log_end());
        }
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }

    /// SIGTERM, and how it ended.
    ///
    /// # Errors
    /// When it does not end within half a minute.
    pub async fn stop(mut self) -> Result<ExitStatus> {
        let pid = i32::try_from(self.child.id()).context("a pid")?;
        kill(Pid::from_raw(pid), Signal::SIGTERM)?;
        let child = &mut self.child;
        wait_for("the server ends after SIGTERM", READY, || {
            let ended = child.try_wait();
            async move { Ok(ended?) }
        })
        .await
    }

    /// The last lines of its log.
    #[must_use]
    pub fn log_end(&self) -> String {
        log_end(&self.plan.log())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It has ended already, or it must: nobody is left to hear of an error.
        let _ = self.child.kill();
        let _ = self.child.wait();
        tells_nothing(&self.plan.log());
    }
}

/// Fails the test that ends here when the log of its program holds what no log may hold; one that
/// fails already says why itself.
///
/// # Panics
/// When something is found, with the lines' numbers.
pub fn tells_nothing(log: &Path) {
    if std::thread::panicking() {
        return;
    }
    let found = leaks::found_in(log, &[]).unwrap_or_else(|error| vec![error.to_string()]);
    assert!(
        found.is_empty(),
        "{} tells what no log may tell:\n{}",
        log.display(),
        found.join("\n")
    );
}

/// Runs a command to its end, at most twenty seconds: a server that serves after all must not
/// hang a test.
///
/// # Errors
/// When `timeout` is not there.
pub fn run_to_end(command: &Command) -> Result<Output> {
    let mut bounded = Command::new("timeout");
    bounded
        .arg("20")
        .arg(command.get_program())
        .args(command.get_args());
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => bounded.env(name, value),
            None => bounded.env_remove(name),
        };
    }
    Ok(bounded.stdin(Stdio::null()).output()?)
}

/// The last lines of a log.
#[must_use]
pub fn log_end(path: &Path) -> String {
    let text = File::open(path)
        .and_then(std::io::read_to_string)
        .unwrap_or_default();
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(30)..].join("\n")
}
