//! A company whose people, devices and groups are managed on the command line, beside a running
//! server, on either engine.

use std::{
    io::Write as _,
    path::{Path, PathBuf},
    process::Stdio,
};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::{
    harness::{PASSWORD, PostgresDatabase, postgres_url},
    start_up::{Server, command, get, place, start, stderr},
};

/// Where a server of a test's own keeps what it has.
pub(crate) struct Place {
    /// Its data directory.
    pub(crate) data: PathBuf,
    parent: TempDir,
    /// Dropped last: the database goes when nobody uses it any more.
    _database: Option<PostgresDatabase>,
}

impl Place {
    /// With an embedded file.
    pub(crate) fn with_a_file() -> Self {
        let (parent, data) = place();
        Self {
            data,
            parent,
            _database: None,
        }
    }

    /// With a database of its own on the tests' PostgreSQL; `None` when only SQLite is asked for.
    /// Every command that is run in this place finds it in the file of settings.
    pub(crate) async fn on_postgres() -> Option<Self> {
        let database = PostgresDatabase::create(&postgres_url()?).await;
        let place = Self::with_a_file();
        let settings = format!("database_url = {:?}\ndb_connections = 4\n", database.url);
        std::fs::write(place.parent.path().join("workpulse.toml"), settings).expect("written");
        Some(Self {
            _database: Some(database),
            ..place
        })
    }
}

/// Runs each test of commands on SQLite and on PostgreSQL:
/// `on_both_databases! { async fn name(place) { … } }`.
macro_rules! on_both_databases {
    ($($(#[$meta:meta])* async fn $name:ident($place:ident) $body:block)*) => {
        $(
            $(#[$meta])*
            async fn $name($place: &crate::company::Place) $body

            mod $name {
                #[tokio::test]
                async fn sqlite() {
                    super::$name(&crate::company::Place::with_a_file()).await;
                }

                #[tokio::test]
                async fn postgres() {
                    if let Some(place) = crate::company::Place::on_postgres().await {
                        super::$name(&place).await;
                    }
                }
            }
        )*
    };
}
pub(crate) use on_both_databases;

pub(crate) fn admin(data: &Path, arguments: &[&str], input: &str) -> Value {
    let mut child = command(data, &["admin"])
        .args(arguments)
        .args(["--output", "json"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary runs");
    child
        .stdin
        .take()
        .expect("piped")
        .write_all(input.as_bytes())
        .expect("read");
    let output = child.wait_with_output().expect("it ends");
    assert!(
        output.status.success(),
        "{arguments:?}: {}",
        stderr(&output)
    );
    serde_json::from_slice(&output.stdout).expect("JSON")
}

/// A running server whose organization was made on the command line.
pub(crate) struct Company {
    server: Server,
    client: reqwest::Client,
}

impl Company {
    pub(crate) async fn start(data: &Path) -> Self {
        let server = start(data).await;
        let zone = [
            "create-organization",
            "--name",
            "Acme",
            "--time-zone",
            "Europe/Berlin",
        ];
        let organization = admin(data, &zone, "");
        let organization = organization["organization_id"].as_str().expect("an id");
        let mut create = vec![
            "create-user",
            "--organization",
            organization,
            "--email",
            ADA,
        ];
        create.extend(["--name", "Ada", "--role", "admin", "--password-stdin"]);
        admin(data, &create, PASSWORD);
        let client = reqwest::Client::builder()
            .no_proxy()
            .build()
            .expect("a client");
        Self { server, client }
    }

    fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.server.address)
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> (u16, Value) {
        let answer = self
            .client
            .post(self.url(path))
            .json(&body)
            .send()
            .await
            .expect("answers");
        let status = answer.status().as_u16();
        // Nothing at all is an answer, too.
        (status, answer.json().await.unwrap_or(Value::Null))
    }

    pub(crate) async fn log_in(&self) -> (u16, Value) {
        self.post(
            "/api/v1/auth/login",
            json!({ "email": ADA, "password": PASSWORD }),
        )
        .await
    }

    /// What `/metrics` says.
    pub(crate) async fn figures(&self) -> String {
        let answer = get(format!("http://{}/metrics", self.server.metrics)).await;
        answer.text().await.expect("a body")
    }

    /// `GET` with a credential.
    pub(crate) async fn get(&self, credential: &Value, path: &str) -> Value {
        let credential = credential.as_str().expect("a text");
        let request = self.client.get(self.url(path)).bearer_auth(credential);
        let answer = request.send().await.expect("answers");
        assert_eq!(answer.status(), 200, "{path}");
        answer.json().await.expect("JSON")
    }

    /// `POST` with a credential.
    pub(crate) async fn post_as(&self, credential: &Value, path: &str, body: Value) -> Value {
        let credential = credential.as_str().expect("a text");
        let request = self.client.post(self.url(path)).bearer_auth(credential);
        let answer = request.json(&body).send().await.expect("answers");
        assert!(answer.status().is_success(), "{path}: {}", answer.status());
        answer.json().await.expect("JSON")
    }

    pub(crate) async fn status(&self, credential: &Value, path: &str) -> u16 {
        let credential = credential.as_str().expect("a text");
        let request = self.client.get(self.url(path)).bearer_auth(credential);
        request.send().await.expect("answers").status().as_u16()
    }
}

pub(crate) const ADA: &str = "ada@acme.test";
