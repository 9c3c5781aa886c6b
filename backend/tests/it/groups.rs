//! What tests of teams and projects have in common.

use reqwest::Method;
use serde_json::{Value, json};
use shared_types::UserId;

use crate::harness::{Answer, BEGINNING, LoggedIn, TestApp};

/// An instant near the tests' beginning.
pub(crate) fn at(seconds: i64) -> String {
    BEGINNING.plus_seconds(seconds).to_string()
}

/// An id of a session.
pub(crate) fn id(n: u32) -> String {
    format!("0192f0c1-2345-7000-8000-{n:012x}")
}

impl TestApp {
    /// `PATCH` of JSON.
    pub(crate) async fn change(&self, path: &str, token: &str, body: &Value) -> Answer {
        self.send(
            self.request(Method::PATCH, path)
                .bearer_auth(token)
                .json(body),
        )
        .await
    }

    /// Makes a team; its address.
    pub(crate) async fn team(&self, admin: &LoggedIn, name: &str) -> String {
        let team = self
            .post("/api/v1/teams", &admin.token, &json!({ "name": name }))
            .await
            .expect(201);
        format!("/api/v1/teams/{}", team["id"].as_str().expect("an id"))
    }

    /// Makes a project for its members only; its address.
    pub(crate) async fn project(&self, by: &LoggedIn, name: &str) -> String {
        let request = json!({ "name": name, "open_to_all": false });
        let project = self
            .post("/api/v1/projects", &by.token, &request)
            .await
            .expect(201);
        format!(
            "/api/v1/projects/{}",
            project["id"].as_str().expect("an id")
        )
    }

    /// Puts somebody into a team or a project.
    pub(crate) async fn put_in(
        &self,
        by: &LoggedIn,
        group: &str,
        user: UserId,
        is_manager: bool,
    ) -> Answer {
        let path = format!("{group}/members/{user}");
        let body = json!({ "is_manager": is_manager });
        self.put(&path, &by.token, &body).await
    }

    /// Takes somebody out of a team or a project.
    pub(crate) async fn take_out(&self, by: &LoggedIn, group: &str, user: UserId) -> Answer {
        self.delete(&format!("{group}/members/{user}"), &by.token)
            .await
    }

    /// Starts a session at the keyboard that began ten minutes and `n` ago, with one active
    /// minute.
    pub(crate) async fn session(&self, person: &LoggedIn, n: u32) {
        let began = at(-600 - 60 * i64::from(n));
        let start = json!({ "session_id": id(n), "started_at": began });
        self.post("/api/v1/sessions/start", &person.token, &start)
            .await
            .expect(201);
        let span = json!({
            "seq": 1, "activity_type": "active", "started_at": began,
            "duration_seconds": 60, "application": format!("canary-{n}"),
        });
        let path = format!("/api/v1/sessions/{}/activity", id(n));
        self.post(&path, &person.token, &span).await.expect(201);
    }
}

/// The project's id in its address.
pub(crate) fn project_id(address: &str) -> &str {
    address.rsplit('/').next().expect("an id")
}
