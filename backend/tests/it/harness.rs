//! A server for each test: its own database, its own port, a clock that stands still.

use std::{
    io::{Cursor, Read as _},
    net::SocketAddr,
    sync::Arc,
};

use reqwest::{Client, Method, StatusCode};
use serde_json::{Value, json};
use shared_types::{DeviceId, OrganizationId, Timestamp, UserId};
use sqlx::{Connection as _, PgConnection};
use tempfile::TempDir;
use tokio::{net::TcpListener, task::JoinHandle};
use workpulse_server::{
    app::App,
    auth::accounts::{self, NewOrganization, NewPerson},
    clock::{Clock, ManualClock, SharedClock, SystemClock},
    config::Config,
    http::{pipeline, server, state::AppState},
    store::{DatabaseTarget, Store},
};

use crate::databases;

/// When the tests' clock begins: 2026-11-22T09:00:00Z.
pub(crate) const BEGINNING: Timestamp = Timestamp::from_millis(1_795_338_000_000);
/// A password that is good enough for everybody.
pub(crate) const PASSWORD: &str = "violet tractor ninety clouds";
/// What the server signs its tokens with.
pub(crate) const SECRET: &str = "a-signing-secret-for-tests-0123456789";

/// Runs each test on SQLite and on PostgreSQL: `on_both_engines! { async fn name(app) { … } }`.
macro_rules! on_both_engines {
    ($($(#[$meta:meta])* async fn $name:ident($app:ident) $body:block)*) => {
        $(
            $(#[$meta])*
            async fn $name($app: &crate::harness::TestApp) $body

            mod $name {
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn sqlite() {
                    let app = crate::harness::TestApp::sqlite().await;
                    super::$name(&app).await;
                    app.close().await;
                }

                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn postgres() {
                    if let Some(app) = crate::harness::TestApp::postgres().await {
                        super::$name(&app).await;
                        app.close().await;
                    }
                }
            }
        )*
    };
}

/// A running server.
pub(crate) struct TestApp {
    app: App,
    pub(crate) clock: Arc<ManualClock>,
    address: SocketAddr,
    client: Client,
    server: JoinHandle<()>,
    /// Removed with the test.
    _data: TempDir,
    /// Dropped last: the database goes when nobody uses it any more.
    database: Option<PostgresDatabase>,
}

/// The tests' PostgreSQL, unless only SQLite is asked for.
pub(crate) fn postgres_url() -> Option<String> {
    let url = std::env::var("WORKPULSE_TEST_POSTGRES").ok();
    let only_sqlite = std::env::var_os("WORKPULSE_ONLY_SQLITE").is_some_and(|v| v == "1");
    assert!(
        url.is_some() || only_sqlite,
        "WORKPULSE_TEST_POSTGRES names no server. `cargo xtask test` starts one; to test SQLite only, set WORKPULSE_ONLY_SQLITE=1."
    );
    url
}

/// A database of its own for one test; dropped with it, whatever happens.
pub(crate) struct PostgresDatabase {
    server: String,
    name: String,
    pub(crate) url: String,
}

impl PostgresDatabase {
    /// With all tables.
    pub(crate) async fn create(server: &str) -> Self {
        Self::named(server, databases::migrated(server).await)
    }

    /// With nothing in it.
    pub(crate) async fn empty(server: &str) -> Self {
        Self::named(server, databases::empty(server).await)
    }

    fn named(server: &str, name: String) -> Self {
        Self {
            url: databases::address(server, &name),
            server: server.to_owned(),
            name,
        }
    }
}

impl Drop for PostgresDatabase {
    fn drop(&mut self) {
        let (server, name) = (self.server.clone(), self.name.clone());
        // A thread of its own: the test's runtime may be the one that is unwinding.
        let dropping = std::thread::spawn(move || {
            tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .expect("a runtime")
                .block_on(async {
                    let mut connection = databases::connect(&server).await;
                    let drop = format!("DROP DATABASE {name} WITH (FORCE)");
                    databases::run(&mut connection, &drop).await;
                });
        });
        drop(dropping.join());
    }
}

/// An answer.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: http::HeaderMap,
    /// The body; of a zip file, what is in it.
    pub(crate) text: String,
}

impl Answer {
    /// The body as JSON.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("no JSON: {}", self.text))
    }

    /// The body as JSON, after checking the status.
    #[track_caller]
    pub(crate) fn expect(&self, status: u16) -> Value {
        assert_eq!(self.status.as_u16(), status, "{}", self.text);
        if self.text.is_empty() {
            Value::Null
        } else {
            self.json()
        }
    }

    /// A problem's body with its code and status checked, without its request id.
    #[track_caller]
    pub(crate) fn problem(&self, status: u16, code: &str) -> Value {
        let mut body = self.expect(status);
        assert_eq!(self.headers["content-type"], "application/problem+json");
        assert_eq!(
            body["type"],
            format!("urn:workpulse:problem:{code}"),
            "{}",
            self.text
        );
        assert_eq!(body["status"], status);
        assert_eq!(
            body["request_id"],
            self.headers["x-request-id"].to_str().expect("ascii")
        );
        body.as_object_mut()
            .expect("an object")
            .remove("request_id");
        body
    }
}

/// A person who is logged in.
#[derive(Debug, Clone)]
pub(crate) struct LoggedIn {
    pub(crate) user_id: UserId,
    pub(crate) organization_id: OrganizationId,
    /// The access token.
    pub(crate) token: String,
    pub(crate) refresh_token: String,
}

/// A device that is enrolled.
#[derive(Debug, Clone)]
pub(crate) struct Enrolled {
    pub(crate) device_id: DeviceId,
    /// Its credential.
    pub(crate) secret: String,
}

impl TestApp {
    /// On an embedded file.
    pub(crate) async fn sqlite() -> Self {
        let data = tempfile::tempdir().expect("a directory");
        let target = DatabaseTarget::File(data.path().join("workpulse.db"));
        Self::start(data, target, None, |_| {}).await
    }

    /// On a database of its own; `None` when only SQLite is asked for.
    pub(crate) async fn postgres() -> Option<Self> {
        let database = PostgresDatabase::create(&postgres_url()?).await;
        let data = tempfile::tempdir().expect("a directory");
        let target = DatabaseTarget::Url(database.url.clone());
        Some(Self::start(data, target, Some(database), |_| {}).await)
    }

    /// On a database of its own, with another configuration; `None` when only SQLite is asked for.
    pub(crate) async fn postgres_configured(change: impl FnOnce(&mut Config)) -> Option<Self> {
        let database = PostgresDatabase::create(&postgres_url()?).await;
        let data = tempfile::tempdir().expect("a directory");
        let target = DatabaseTarget::Url(database.url.clone());
        Some(Self::start(data, target, Some(database), change).await)
    }

    /// On a database of its own, reached by another address than its own.
    pub(crate) async fn postgres_by_way_of(
        via: impl AsyncFnOnce(String) -> String,
    ) -> Option<Self> {
        let database = PostgresDatabase::create(&postgres_url()?).await;
        let data = tempfile::tempdir().expect("a directory");
        let target = DatabaseTarget::Url(via(database.url.clone()).await);
        Some(Self::start(data, target, Some(database), |_| {}).await)
    }

    /// On an embedded file, with another configuration.
    pub(crate) async fn configured(change: impl FnOnce(&mut Config)) -> Self {
        let data = tempfile::tempdir().expect("a directory");
        let target = DatabaseTarget::File(data.path().join("workpulse.db"));
        Self::start(data, target, None, change).await
    }

    /// On a database that is there already.
    pub(crate) async fn on(target: DatabaseTarget) -> Self {
        let data = tempfile::tempdir().expect("a directory");
        Self::start(data, target, None, |_| {}).await
    }

    /// One more server on the same database, by the same clock.
    pub(crate) async fn another_instance(&self) -> Self {
        let data = tempfile::tempdir().expect("a directory");
        let clock = Arc::clone(&self.clock);
        let shown = Arc::clone(&self.clock);
        Self::start_by(clock, shown, data, self.target().clone(), None, |_| {}).await
    }

    /// On an embedded file, by a clock that the test has its hand on: `shown` makes it of the one
    /// that stands still.
    pub(crate) async fn by_clock<C: Clock>(shown: impl FnOnce(Arc<ManualClock>) -> Arc<C>) -> Self {
        let clock = ManualClock::at(BEGINNING);
        let shown = shown(Arc::clone(&clock));
        let data = tempfile::tempdir().expect("a directory");
        let target = DatabaseTarget::File(data.path().join("workpulse.db"));
        Self::start_by(clock, shown, data, target, None, |_| {}).await
    }

    async fn start(
        data: TempDir,
        target: DatabaseTarget,
        database: Option<PostgresDatabase>,
        change: impl FnOnce(&mut Config),
    ) -> Self {
        let clock = ManualClock::at(BEGINNING);
        Self::start_by(Arc::clone(&clock), clock, data, target, database, change).await
    }

    async fn start_by(
        clock: Arc<ManualClock>,
        shown: SharedClock,
        data: TempDir,
        target: DatabaseTarget,
        database: Option<PostgresDatabase>,
        change: impl FnOnce(&mut Config),
    ) -> Self {
        let mut config = Config::defaults(data.path().to_owned());
        config.database.target = target;
        config.database.connections = 4;
        change(&mut config);
        let store = Store::open(&config.database.target, config.database.connections)
            .await
            .expect("the database opens");
        store.migrate().await.expect("and is migrated");
        let app = App::start(store, shown, config, SECRET, None)
            .await
            .expect("the server starts");
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("it has an address");
        let router = pipeline::service(app.state.clone());
        let stop = app.state.shutdown.clone();
        let server = tokio::spawn(server::serve(listener, router, stop));
        let client = Client::builder()
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .expect("a client");
        Self {
            app,
            clock,
            address,
            client,
            server,
            _data: data,
            database,
        }
    }

    /// The address of its PostgreSQL database; `None`: an embedded file.
    pub(crate) fn database_url(&self) -> Option<&str> {
        self.database.as_ref().map(|database| database.url.as_str())
    }

    /// What the tests' clock says.
    pub(crate) fn clock_now(&self) -> Timestamp {
        self.clock.now()
    }

    /// What handlers reach: the store, the clock, ingest.
    pub(crate) fn state(&self) -> &AppState {
        &self.app.state
    }

    /// A connection to PostgreSQL as the owner of the tables, whom no policy binds.
    pub(crate) async fn owner(&self) -> PgConnection {
        let database = self.database.as_ref().expect("the test runs on PostgreSQL");
        PgConnection::connect(&database.url).await.expect("answers")
    }

    /// Where the database is.
    pub(crate) fn target(&self) -> &DatabaseTarget {
        &self.app.state.config.database.target
    }

    /// An address on this server.
    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Stops in good order; a test ends with it.
    pub(crate) async fn close(self) {
        self.app.state.shutdown.cancel();
        // Keep-alive connections would hold the end up until they time out.
        drop(self.client);
        self.server.await.expect("the server ends");
        self.app.stop().await;
    }

    /// A request that the test finishes itself.
    pub(crate) fn request(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        self.client.request(method, self.url(path))
    }

    /// Sends a request.
    pub(crate) async fn send(&self, request: reqwest::RequestBuilder) -> Answer {
        let response = request.send().await.expect("the server answers");
        let (status, headers) = (response.status(), response.headers().clone());
        let zipped = headers
            .get("content-type")
            .is_some_and(|kind| kind == "application/zip");
        let body = response.bytes().await.expect("a body");
        let text = if zipped {
            unzipped(&body)
        } else {
            String::from_utf8_lossy(&body).into_owned()
        };
        Answer {
            status,
            headers,
            text,
        }
    }

    /// `GET`, as nobody when the token is empty.
    pub(crate) async fn get(&self, path: &str, token: &str) -> Answer {
        self.send(bearer(self.request(Method::GET, path), token))
            .await
    }

    /// `DELETE`.
    pub(crate) async fn delete(&self, path: &str, token: &str) -> Answer {
        self.send(bearer(self.request(Method::DELETE, path), token))
            .await
    }

    /// `POST` of JSON.
    pub(crate) async fn post(&self, path: &str, token: &str, body: &Value) -> Answer {
        self.send(bearer(self.request(Method::POST, path), token).json(body))
            .await
    }

    /// `PATCH` of JSON.
    pub(crate) async fn patch(&self, path: &str, token: &str, body: &Value) -> Answer {
        self.send(bearer(self.request(Method::PATCH, path), token).json(body))
            .await
    }

    /// `PUT` of JSON.
    pub(crate) async fn put(&self, path: &str, token: &str, body: &Value) -> Answer {
        self.send(bearer(self.request(Method::PUT, path), token).json(body))
            .await
    }

    /// Sets the server up with its first organization, and logs its admin in.
    pub(crate) async fn set_up(&self) -> LoggedIn {
        let request = json!({
            "organization_name": "Acme", "time_zone": "Europe/Berlin",
            "name": "Ada", "email": "ada@acme.test", "password": PASSWORD,
        });
        self.post("/api/v1/setup", "", &request).await.expect(201);
        self.log_in("ada@acme.test").await
    }

    /// Makes another organization with an admin, as IT does, and logs them in.
    pub(crate) async fn another_organization(&self, email: &str) -> LoggedIn {
        let (store, clock) = (&self.state().store, &*self.state().clock);
        let organization = NewOrganization {
            name: "Other",
            time_zone: "UTC",
        };
        let id = accounts::create_organization(store, clock, organization)
            .await
            .expect("made");
        self.add_admin(id, email).await;
        self.log_in(email).await
    }

    /// Makes an admin of an organization, as IT does.
    pub(crate) async fn add_admin(&self, organization: OrganizationId, email: &str) {
        let (store, clock) = (&self.state().store, &*self.state().clock);
        let hash = self
            .state()
            .auth
            .passwords
            .hash(PASSWORD.to_owned())
            .await
            .expect("hashed");
        let person = NewPerson {
            email,
            name: "Grace",
            role: shared_types::auth::Role::Admin,
            password_hash: Some(&hash),
        };
        accounts::create_user(store, clock, organization, None, person)
            .await
            .expect("made");
    }

    /// Logs somebody in with [`PASSWORD`].
    pub(crate) async fn log_in(&self, email: &str) -> LoggedIn {
        let request = json!({ "email": email, "password": PASSWORD });
        let body = self
            .post("/api/v1/auth/login", "", &request)
            .await
            .expect(200);
        let text = |value: &Value| value.as_str().expect("a text").to_owned();
        LoggedIn {
            user_id: text(&body["me"]["user_id"]).parse().expect("an id"),
            organization_id: text(&body["me"]["organization"]["id"])
                .parse()
                .expect("an id"),
            token: text(&body["tokens"]["access_token"]),
            refresh_token: text(&body["tokens"]["refresh_token"]),
        }
    }

    /// Makes a person and logs them in.
    pub(crate) async fn person(&self, admin: &LoggedIn, name: &str, role: &str) -> LoggedIn {
        let email = format!("{}@acme.test", name.to_lowercase());
        let request = json!({ "name": name, "email": email, "role": role, "password": PASSWORD });
        self.post("/api/v1/users", &admin.token, &request)
            .await
            .expect(201);
        self.log_in(&email).await
    }

    /// Makes an enrolment token.
    pub(crate) async fn enrolment_token(
        &self,
        admin: &LoggedIn,
        user: UserId,
        max_uses: i64,
    ) -> Value {
        let request = json!({ "user_id": user, "max_uses": max_uses });
        self.post("/api/v1/enrolment-tokens", &admin.token, &request)
            .await
            .expect(201)
    }

    /// Enrols a new device of a person.
    pub(crate) async fn device(&self, admin: &LoggedIn, user: UserId) -> Enrolled {
        let token = self.enrolment_token(admin, user, 1).await;
        let device_id = DeviceId(SystemClock.new_uuid());
        let answer = self
            .enrol(token["token"].as_str().expect("a text"), device_id)
            .await
            .expect(201);
        Enrolled {
            device_id,
            secret: answer["device_secret"].as_str().expect("a text").to_owned(),
        }
    }

    /// Enrols with a token.
    pub(crate) async fn enrol(&self, token: &str, device: DeviceId) -> Answer {
        let request = json!({
            "token": token, "device_id": device, "name": "desk", "os": "Debian 12", "agent_version": "0.1.0",
        });
        self.post("/api/v1/devices/enrol", "", &request).await
    }
}

/// The names and the content of all files of a zip: what is searched for must not hide in it.
fn unzipped(bytes: &[u8]) -> String {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).expect("a zip file");
    let mut text = String::new();
    for at in 0..archive.len() {
        let mut file = archive.by_index(at).expect("a file");
        text.push_str(&file.name().expect("UTF-8"));
        text.push('\n');
        file.read_to_string(&mut text).expect("text");
    }
    text
}

fn bearer(request: reqwest::RequestBuilder, token: &str) -> reqwest::RequestBuilder {
    if token.is_empty() {
        request
    } else {
        request.bearer_auth(token)
    }
}
