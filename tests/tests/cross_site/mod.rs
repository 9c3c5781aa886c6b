//! A victim who is logged in, and pages that mean harm.

use std::{fmt::Write as _, net::SocketAddr, path::PathBuf};

use anyhow::{Context, Result, ensure};
use axum::{Router, response::Html, routing::get};
use serde_json::{Value, json};
use shared_types::{SessionId, session::StartSession};
use tokio::{net::TcpListener, task::JoinHandle};
use workpulse_tests::{
    api::{Api, PASSWORD},
    browser::Browser,
    database::sqlite_file,
    server::{Server, ServerPlan, program},
    time::new_id,
};

const ATTACKS: &str = include_str!("attacks.js");
/// Whom the victim is: an admin, so that everything is there to be done in their name.
const VICTIM: &str = "ada@victim.test";

/// What must stay as it is. When somebody was last seen, and when a log-in was, may change.
const KEPT: [&str; 9] = [
    "SELECT id, email, name, role, status FROM users",
    "SELECT token_hash, family_id, successor_hash, used_at, revoked_at FROM refresh_tokens",
    "SELECT id, status, version, ended_at FROM work_sessions",
    "SELECT id, name, policy_version, capture_policy FROM organizations",
    "SELECT id, revoked_at FROM devices",
    "SELECT id, revoked_at FROM enrolment_tokens",
    // Without looks: a window that is opened on our own page shows the victim what they see
    // anyway, and that they looked is written down.
    "SELECT action, actor_id, subject_id FROM audit WHERE action NOT LIKE 'look.%' ORDER BY seq",
    "SELECT seq, kind FROM events",
    "SELECT organization_id, day FROM daily_summaries",
];

/// The server of hostile pages; it answers on every name of this machine.
pub(crate) struct Hostile {
    pub(crate) port: u16,
    task: JoinHandle<()>,
}

impl Hostile {
    pub(crate) async fn start() -> Result<Self> {
        let page = "<!doctype html><meta charset=utf-8><title>Win a prize</title><body><script src=/attacks.js></script>";
        let script = || async { ([("content-type", "text/javascript")], ATTACKS) };
        let router = Router::new()
            .route("/", get(move || async move { Html(page) }))
            .route("/attacks.js", get(script));
        let listener = TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0))).await?;
        let port = listener.local_addr()?.port();
        let task = tokio::spawn(async move {
            axum::serve(listener, router)
                .await
                .expect("it serves until it is ended");
        });
        Ok(Self { port, task })
    }
}

impl Drop for Hostile {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// The server under attack, and the browser of somebody who is logged in there.
pub(crate) struct Victim {
    /// Ended with the victim.
    _server: Server,
    pub(crate) browser: Browser,
    pub(crate) session: SessionId,
    file: PathBuf,
    /// How the browser calls the server.
    pub(crate) address: String,
    _dir: tempfile::TempDir,
}

impl Victim {
    /// A server, and a browser that is logged in on it under this host's name.
    pub(crate) async fn start(host: &str) -> Result<Self> {
        let dir = tempfile::tempdir()?;
        let data = dir.path().join("server");
        let plan = ServerPlan::new(program("workpulse-server")?, data.clone(), None)?;
        let address = format!("http://{host}:{}", plan.port);
        let server = plan.start().await?;
        let (_, admin) = server.api().set_up("Victim", VICTIM).await?;
        // Somebody as whom an attacker would like the victim to be logged in.
        let mallory = json!({
            "name": "Mallory", "email": "mallory@victim.test", "role": "employee",
            "password": "violet tractor ninety clouds",
        });
        admin
            .send(
                admin
                    .request(reqwest::Method::POST, "/users")
                    .json(&mallory),
            )
            .await?;
        let session = start_session(&admin).await?;
        let browser = Browser::start(&dir.path().join("profile")).await?;
        let mut victim = Self {
            _server: server,
            browser,
            session,
            file: sqlite_file(&data),
            address,
            _dir: dir,
        };
        victim.log_in().await?;
        Ok(victim)
    }

    /// Logs the browser in, as our own page does.
    async fn log_in(&mut self) -> Result<()> {
        self.go_home().await?;
        let request = json!({ "email": VICTIM, "password": PASSWORD, "delivery": "cookie" });
        let status = self.own_request("POST", "/auth/login", &request).await?;
        ensure!(status == 200, "the victim logs in: {status}");
        Ok(())
    }

    /// Opens our own page.
    pub(crate) async fn go_home(&mut self) -> Result<()> {
        let address = format!("{}/api/docs", self.address);
        self.browser.open(&address).await?;
        self.browser
            .wait_until("document.readyState === 'complete' && location.pathname === '/api/docs'")
            .await
    }

    /// A request of our own page; its status.
    pub(crate) async fn own_request(
        &mut self,
        method: &str,
        path: &str,
        body: &Value,
    ) -> Result<i64> {
        let body = if body.is_null() {
            String::new()
        } else {
            format!(
                ", headers: {{ 'content-type': 'application/json' }}, body: {:?}",
                body.to_string()
            )
        };
        let script = format!(
            "fetch('/api/v1{path}', {{ method: '{method}'{body} }}).then((answer) => answer.status)"
        );
        let status = self.browser.evaluate_async(&script).await?;
        status.as_i64().context("a status")
    }

    /// What is kept about the server's state and the browser's log-in, as a text.
    pub(crate) async fn state(&mut self) -> Result<String> {
        let mut text = String::new();
        {
            let connection = rusqlite::Connection::open(&self.file)?;
            for query in KEPT {
                let mut statement = connection.prepare(query)?;
                let columns = statement.column_count();
                let mut rows = statement.query([])?;
                while let Some(row) = rows.next()? {
                    for column in 0..columns {
                        write!(text, "{:?} ", row.get_ref(column)?)?;
                    }
                    text.push('\n');
                }
            }
        }
        let mut cookies: Vec<String> = self
            .browser
            .cookies()
            .await?
            .iter()
            .map(|cookie| {
                format!(
                    "{} {} {} {}",
                    cookie["name"], cookie["domain"], cookie["path"], cookie["value"]
                )
            })
            .collect();
        cookies.sort_unstable();
        text.push_str(&cookies.join("\n"));
        Ok(text)
    }
}

async fn start_session(admin: &Api) -> Result<SessionId> {
    let session_id = SessionId(new_id());
    let request = StartSession {
        session_id,
        project_id: None,
        started_at: None,
    };
    admin
        .send(
            admin
                .request(reqwest::Method::POST, "/sessions/start")
                .json(&request),
        )
        .await?;
    Ok(session_id)
}
