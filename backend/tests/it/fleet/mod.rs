//! Several servers and workers on one PostgreSQL, as processes.

mod authority;
mod events;
mod faults;
mod jobs;
pub(crate) mod load;
mod nginx;
mod replica;
mod restart;

use std::{
    net::TcpListener,
    path::PathBuf,
    process::{Child, Command, Stdio},
};

use reqwest::{Client, StatusCode};
use serde_json::{Value, json};
use shared_types::Timestamp;
use sqlx::{Connection as _, PgConnection};
use tempfile::TempDir;
use uuid::Uuid;
use workpulse_server::{
    clock::{Clock as _, SystemClock},
    config::data_dir,
    store::{DatabaseTarget, Store},
};

use crate::{
    harness::{PASSWORD, PostgresDatabase, SECRET, postgres_url},
    start_up::{command, until},
};

/// Looking at the log by itself is this far away: what arrives was told.
pub(crate) const HARDLY_EVER: (&str, &str) = ("WORKPULSE_LIVE_LOOK_SECONDS", "3600");

/// A process of ours, killed when the test is over whatever happens.
pub(crate) struct Process {
    child: Child,
    /// Of the API; empty for a worker.
    pub(crate) address: String,
    metrics: String,
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Process {
    pub(crate) fn kill(&mut self) {
        self.child.kill().expect("it was running");
        self.child.wait().expect("it is gone");
    }

    /// Waits until it has killed itself at a failpoint.
    #[cfg(feature = "failpoints")]
    pub(crate) async fn aborted(&mut self, place: &str) {
        use std::os::unix::process::ExitStatusExt as _;
        let child = parking_lot::Mutex::new(&mut self.child);
        until(async || child.lock().try_wait().expect("it is ours").is_some()).await;
        let status = child.lock().wait().expect("it has ended");
        assert_eq!(status.signal(), Some(6), "{place}: {status}");
    }

    /// SIGTERM, and its end in good order.
    pub(crate) async fn stop(&mut self) {
        self.terminate();
        let child = parking_lot::Mutex::new(&mut self.child);
        until(async || child.lock().try_wait().expect("it is ours").is_some()).await;
        let status = child.lock().wait().expect("it has ended");
        assert!(status.success(), "{status}");
    }

    pub(crate) fn terminate(&self) {
        let pid = self.child.id().to_string();
        let told = Command::new("kill").args(["-TERM", &pid]).status();
        assert!(told.expect("kill runs").success());
    }

    /// The sum of a figure over all its labels that hold `with`; nothing counted is 0.
    pub(crate) async fn figure(&self, name: &str, with: &str) -> f64 {
        let url = format!("http://{}/metrics", self.metrics);
        let text = client()
            .get(url)
            .send()
            .await
            .expect("answers")
            .text()
            .await;
        text.expect("a body")
            .lines()
            .filter(|line| !line.starts_with('#') && line.contains(with))
            .filter_map(|line| line.rsplit_once(' '))
            .filter(|(named, _)| named.split('{').next() == Some(name))
            .map(|(_, value)| value.parse::<f64>().expect("a number"))
            .sum()
    }

    /// Waits until it hears the other instances.
    pub(crate) async fn hears(&self) {
        until(async || self.figure("workpulse_notices_listening", "").await > 0.5).await;
    }
}

/// A device and what it sends with.
pub(crate) struct Device {
    pub(crate) id: Uuid,
    pub(crate) secret: String,
}

/// A database, its organization and admin; processes are started on it.
pub(crate) struct Fleet {
    pub(crate) store: Store,
    pub(crate) admin: Value,
    parent: TempDir,
    target: DatabaseTarget,
    /// Dropped last: the database goes when nobody uses it any more.
    _database: Option<PostgresDatabase>,
}

pub(crate) fn client() -> Client {
    Client::builder().no_proxy().build().expect("a client")
}

pub(crate) fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.local_addr().expect("an address").port()
}

impl Fleet {
    /// `None` when only SQLite is asked for.
    pub(crate) async fn make() -> Option<Self> {
        let database = PostgresDatabase::create(&postgres_url()?).await;
        let target = DatabaseTarget::Url(database.url.clone());
        let parent = tempfile::tempdir().expect("a directory");
        Some(Self::on(target, Some(database), parent).await)
    }

    /// On an embedded file, which all of its processes share.
    pub(crate) async fn embedded() -> Self {
        let parent = tempfile::tempdir().expect("a directory");
        let data = parent.path().join("data");
        data_dir::prepare(&data).expect("made");
        Self::on(
            DatabaseTarget::File(data.join("workpulse.db")),
            None,
            parent,
        )
        .await
    }

    /// On a database of a cluster that the test may do anything to.
    pub(crate) async fn on_cluster(url: String) -> Self {
        let parent = tempfile::tempdir().expect("a directory");
        Self::on(DatabaseTarget::Url(url), None, parent).await
    }

    async fn on(
        target: DatabaseTarget,
        database: Option<PostgresDatabase>,
        parent: TempDir,
    ) -> Self {
        let store = Store::open(&target, 4).await.expect("it opens");
        let mut fleet = Self {
            store,
            admin: Value::Null,
            parent,
            target,
            _database: database,
        };
        let mut first = fleet.server("first", 0, &[]).await;
        let request = json!({
            "organization_name": "Acme", "time_zone": "UTC",
            "name": "Ada", "email": "ada@acme.test", "password": PASSWORD,
        });
        let (status, _) = fleet.post(&first, "/setup", "", &request).await;
        assert_eq!(status, 201);
        fleet.admin = fleet.log_in(&first).await;
        first.stop().await;
        fleet
    }

    /// Where the database is.
    pub(crate) const fn target(&self) -> &DatabaseTarget {
        &self.target
    }

    pub(crate) async fn log_in(&self, server: &Process) -> Value {
        let request = json!({ "email": "ada@acme.test", "password": PASSWORD });
        let (status, body) = self.post(server, "/auth/login", "", &request).await;
        assert_eq!(status, 200, "{body}");
        body
    }

    pub(crate) fn token(&self) -> &str {
        self.admin["tokens"]["access_token"]
            .as_str()
            .expect("a text")
    }

    pub(crate) fn user(&self) -> &str {
        self.admin["me"]["user_id"].as_str().expect("an id")
    }

    /// As whoever owns the database.
    pub(crate) async fn owner(&self) -> PgConnection {
        let DatabaseTarget::Url(url) = &self.target else {
            panic!("the test runs on PostgreSQL");
        };
        PgConnection::connect(url).await.expect("answers")
    }

    /// A command of our program, and its data directory: of its own, unless the database is a
    /// file in it.
    pub(crate) fn command(
        &self,
        name: &str,
        arguments: &[&str],
        more: &[(&str, &str)],
    ) -> (Command, PathBuf) {
        let (data, url) = match &self.target {
            DatabaseTarget::File(_) => (self.parent.path().join("data"), None),
            DatabaseTarget::Url(url) => (self.parent.path().join(name), Some(url)),
        };
        let mut command = command(&data, arguments);
        command
            .envs(url.map(|url| ("DATABASE_URL", url)))
            .env("WORKPULSE_DB_CONNECTIONS", "4")
            .env("WORKPULSE_SECRET", SECRET)
            .envs(more.iter().copied())
            .stderr(Stdio::null());
        (command, data)
    }

    /// A server at a port of 127.0.0.1 (0: any).
    pub(crate) async fn server(&self, name: &str, port: u16, more: &[(&str, &str)]) -> Process {
        let listen = format!("127.0.0.1:{port}");
        let (mut command, data) = self.command(name, &["serve", "--listen", &listen], more);
        let announced = data.join("server.json");
        // One that was killed could not take it back.
        let _ = std::fs::remove_file(&announced);
        let child = command.spawn().expect("the binary runs");
        let mut process = Process {
            child,
            address: String::new(),
            metrics: String::new(),
        };
        until(async || announced.exists()).await;
        let text = std::fs::read_to_string(&announced).expect("read");
        let announced: Value = serde_json::from_str(&text).expect("whole");
        let text = |name: &str| announced[name].as_str().expect("a text").to_owned();
        process.address = text("address");
        process.metrics = text("metrics_address");
        process
    }

    /// A worker that may end at any moment.
    pub(crate) fn worker_at_once(&self, name: &str, more: &[(&str, &str)]) -> Process {
        let metrics = format!("127.0.0.1:{}", free_port());
        let arguments = ["worker", "--job-lease-seconds", "3"];
        let (mut command, _) = self.command(name, &arguments, more);
        command.env("WORKPULSE_METRICS_LISTEN", &metrics);
        Process {
            child: command.spawn().expect("the binary runs"),
            address: String::new(),
            metrics,
        }
    }

    pub(crate) async fn worker(&self, name: &str) -> Process {
        let process = self.worker_at_once(name, &[]);
        let url = format!("http://{}/health/ready", process.metrics);
        until(async || {
            let answer = client().get(&url).send().await;
            answer.is_ok_and(|answer| answer.status().is_success())
        })
        .await;
        process
    }

    pub(crate) async fn post(
        &self,
        server: &Process,
        path: &str,
        token: &str,
        body: &Value,
    ) -> (StatusCode, Value) {
        let url = format!("http://{}/api/v1{path}", server.address);
        let request = client().post(url).bearer_auth(token).json(body);
        let answer = request.send().await.expect("answers");
        let status = answer.status();
        (status, answer.json().await.unwrap_or(Value::Null))
    }

    pub(crate) async fn get(&self, server: &Process, path: &str) -> Value {
        let url = format!("http://{}/api/v1{path}", server.address);
        let answer = client().get(url).bearer_auth(self.token()).send().await;
        let answer = answer.expect("answers");
        assert_eq!(answer.status(), 200, "{path}");
        answer.json().await.expect("json")
    }

    /// A device of the admin's, enrolled at this server.
    pub(crate) async fn device(&self, server: &Process) -> Device {
        let request = json!({ "user_id": self.user(), "max_uses": 1 });
        let (_, token) = self
            .post(server, "/enrolment-tokens", self.token(), &request)
            .await;
        let id = SystemClock.new_uuid();
        let request = json!({
            "token": token["token"], "device_id": id,
            "name": "desk", "os": "Debian 12", "agent_version": "0.1.0",
        });
        let (status, answer) = self.post(server, "/devices/enrol", "", &request).await;
        assert_eq!(status, 201, "{answer}");
        Device {
            id,
            secret: answer["device_secret"].as_str().expect("a text").to_owned(),
        }
    }
}

/// The beginning of a minute, this many ago.
pub(crate) fn minutes_ago(minutes: i64) -> Timestamp {
    let now = SystemClock.now().as_millis();
    Timestamp::from_millis(now - now.rem_euclid(60_000)).plus_seconds(-60 * minutes)
}

/// A span of a whole minute.
pub(crate) fn minute(session: Uuid, kind: &str, from: Timestamp) -> Value {
    json!({ "activity": {
        "session_id": session, "activity_type": kind,
        "started_at": from.to_string(), "duration_seconds": 60, "application": "Editor",
    } })
}
