//! A PostgreSQL cluster of a test's own, and a standby that follows it: for what must not be done
//! to the cluster that all tests share.

use std::{
    net::TcpListener,
    os::unix::{fs::chown, process::CommandExt as _},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use tempfile::TempDir;

use crate::start_up::until;

/// A server of one cluster; ended with the test.
pub(crate) struct Cluster {
    dir: TempDir,
    port: u16,
    server: Option<Child>,
}

fn program(name: &str) -> PathBuf {
    let found = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .map(|version| version.path().join("bin").join(name))
        .filter(|path| path.is_file())
        .max();
    found.unwrap_or_else(|| name.into())
}

/// PostgreSQL refuses to run as root.
fn as_whom() -> Option<(u32, u32)> {
    let id = |arguments: &[&str]| -> u32 {
        let output = Command::new("id").args(arguments).output().expect("id");
        let text = String::from_utf8(output.stdout).expect("a number");
        text.trim().parse().expect("the user `postgres` is there")
    };
    (id(&["-u"]) == 0).then(|| (id(&["-u", "postgres"]), id(&["-g", "postgres"])))
}

fn command(name: &str, dir: &Path) -> Command {
    let mut command = Command::new(program(name));
    if let Some((user, group)) = as_whom() {
        command.uid(user).gid(group);
    }
    command
        .current_dir(dir)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command
}

fn place() -> TempDir {
    let dir = tempfile::tempdir().expect("a directory");
    if let Some((user, group)) = as_whom() {
        chown(dir.path(), Some(user), Some(group)).expect("given away");
    }
    dir
}

fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.local_addr().expect("an address").port()
}

impl Cluster {
    /// An empty cluster that takes connections.
    pub(crate) async fn start() -> Self {
        let dir = place();
        let data = dir.path().join("data");
        let made = command("initdb", dir.path())
            .args(["--auth=trust", "--username=workpulse", "--encoding=UTF8"])
            .args(["--locale=C", "--no-sync", "--pgdata"])
            .arg(&data)
            .status()
            .expect("initdb runs");
        assert!(made.success(), "initdb ended with {made}");
        let mut cluster = Self {
            dir,
            port: free_port(),
            server: None,
        };
        cluster.run().await;
        cluster
    }

    /// A hot standby that follows this cluster's log.
    pub(crate) async fn standby(&self) -> Self {
        let dir = place();
        let copied = command("pg_basebackup", dir.path())
            .args(["--host=127.0.0.1", "--username=workpulse", "--no-password"])
            .args(["--checkpoint=fast", "--wal-method=stream", "--no-sync"])
            .args(["--write-recovery-conf", "--port", &self.port.to_string()])
            .arg("--pgdata")
            .arg(dir.path().join("data"))
            .status()
            .expect("pg_basebackup runs");
        assert!(copied.success(), "pg_basebackup ended with {copied}");
        let mut standby = Self {
            dir,
            port: free_port(),
            server: None,
        };
        standby.run().await;
        standby
    }

    /// Starts the server (again) at its port.
    pub(crate) async fn run(&mut self) {
        let server = command("postgres", self.dir.path())
            .args(["-c", "listen_addresses=127.0.0.1", "-c", "fsync=off"])
            .args(["-c", "max_connections=60", "-c", "shared_buffers=16MB"])
            .args(["-c", "unix_socket_directories=", "-p"])
            .arg(self.port.to_string())
            .arg("-D")
            .arg(self.dir.path().join("data"))
            .spawn()
            .expect("postgres runs");
        self.server = Some(server);
        let pid = self.dir.path().join("data/postmaster.pid");
        until(async || {
            let state = std::fs::read_to_string(&pid).unwrap_or_default();
            state.lines().any(|line| line.trim() == "ready")
        })
        .await;
    }

    /// Ends the server at once.
    pub(crate) fn stop(&mut self) {
        if let Some(mut server) = self.server.take() {
            let pid = server.id().to_string();
            // Its children notice and end, too.
            let told = Command::new("kill").args(["-QUIT", &pid]).status();
            assert!(told.expect("kill runs").success());
            server.wait().expect("it ends");
        }
    }

    /// How to connect, as whoever may do everything in it.
    pub(crate) fn url(&self) -> String {
        format!("postgres://workpulse@127.0.0.1:{}/postgres", self.port)
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        self.stop();
    }
}
