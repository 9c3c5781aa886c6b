//! The one route table: documented, and closed to whoever may not.

use std::collections::BTreeSet;

use reqwest::Method;
use serde_json::{Value, json};
use shared_types::auth::UserStatus;
use workpulse_server::{
    auth::{accounts, tokens::ACCESS_SECONDS},
    http::pipeline,
};

use crate::harness::{Answer, TestApp};

/// Every route. A new one is added here on purpose, with the tests that it needs.
const ROUTES: [&str; 123] = [
    "DELETE /api/v1/auth/logins",
    "DELETE /api/v1/auth/logins/{id}",
    "DELETE /api/v1/categories/{id}",
    "DELETE /api/v1/devices/{id}",
    "DELETE /api/v1/enrolment-tokens/{id}",
    "DELETE /api/v1/exports/{id}",
    "DELETE /api/v1/invitations/{id}",
    "DELETE /api/v1/notes/{id}",
    "DELETE /api/v1/projects/{id}/members/{user_id}",
    "DELETE /api/v1/report-schedules/{id}",
    "DELETE /api/v1/teams/{id}",
    "DELETE /api/v1/teams/{id}/members/{user_id}",
    "DELETE /api/v1/teams/{id}/policy",
    "DELETE /api/v1/webhooks/{id}",
    "GET /api/docs",
    "GET /api/docs/{file}",
    "GET /api/v1/alerts",
    "GET /api/v1/alerts/{id}",
    "GET /api/v1/audit",
    "GET /api/v1/auth/logins",
    "GET /api/v1/categories",
    "GET /api/v1/category-rules",
    "GET /api/v1/category-rules/progress",
    "GET /api/v1/devices",
    "GET /api/v1/devices/{id}",
    "GET /api/v1/enrolment-tokens",
    "GET /api/v1/events",
    "GET /api/v1/exports",
    "GET /api/v1/exports/{id}",
    "GET /api/v1/exports/{id}/file",
    "GET /api/v1/invitations",
    "GET /api/v1/jobs",
    "GET /api/v1/me",
    "GET /api/v1/me/export",
    "GET /api/v1/me/looks",
    "GET /api/v1/notes",
    "GET /api/v1/openapi.json",
    "GET /api/v1/organization",
    "GET /api/v1/policy",
    "GET /api/v1/policy/effective",
    "GET /api/v1/presence",
    "GET /api/v1/projects",
    "GET /api/v1/projects/{id}",
    "GET /api/v1/projects/{id}/members",
    "GET /api/v1/projects/{id}/totals",
    "GET /api/v1/report-schedules",
    "GET /api/v1/reports",
    "GET /api/v1/reports/attendance",
    "GET /api/v1/reports/completeness",
    "GET /api/v1/reports/export",
    "GET /api/v1/reports/heatmap",
    "GET /api/v1/sessions",
    "GET /api/v1/sessions/{id}",
    "GET /api/v1/setup",
    "GET /api/v1/summaries",
    "GET /api/v1/teams",
    "GET /api/v1/teams/{id}",
    "GET /api/v1/teams/{id}/members",
    "GET /api/v1/teams/{id}/policy",
    "GET /api/v1/users",
    "GET /api/v1/users/{id}",
    "GET /api/v1/users/{id}/export",
    "GET /api/v1/users/{id}/looks",
    "GET /api/v1/users/{id}/timeline",
    "GET /api/v1/webhooks",
    "GET /api/v1/webhooks/{id}",
    "GET /api/v1/webhooks/{id}/deliveries",
    "GET /api/v1/ws",
    "GET /health",
    "GET /health/live",
    "GET /health/ready",
    "PATCH /api/v1/categories/{id}",
    "PATCH /api/v1/organization",
    "PATCH /api/v1/projects/{id}",
    "PATCH /api/v1/teams/{id}",
    "PATCH /api/v1/users/{id}",
    "PATCH /api/v1/webhooks/{id}",
    "POST /api/v1/alerts/resolve",
    "POST /api/v1/alerts/{id}/resolve",
    "POST /api/v1/auth/invitation",
    "POST /api/v1/auth/login",
    "POST /api/v1/auth/logout",
    "POST /api/v1/auth/password",
    "POST /api/v1/auth/refresh",
    "POST /api/v1/auth/register",
    "POST /api/v1/auth/reset",
    "POST /api/v1/auth/reset-request",
    "POST /api/v1/categories",
    "POST /api/v1/category-rules/preview",
    "POST /api/v1/devices",
    "POST /api/v1/devices/enrol",
    "POST /api/v1/devices/{id}/approve",
    "POST /api/v1/enrolment-tokens",
    "POST /api/v1/exports",
    "POST /api/v1/invitations",
    "POST /api/v1/notes",
    "POST /api/v1/notes/{id}/answer",
    "POST /api/v1/policy/preview",
    "POST /api/v1/projects",
    "POST /api/v1/report-schedules",
    "POST /api/v1/sessions/start",
    "POST /api/v1/sessions/{id}/activities",
    "POST /api/v1/sessions/{id}/activity",
    "POST /api/v1/sessions/{id}/stop",
    "POST /api/v1/setup",
    "POST /api/v1/sync",
    "POST /api/v1/teams",
    "POST /api/v1/users",
    "POST /api/v1/users/{id}/erase",
    "POST /api/v1/users/{id}/reset-link",
    "POST /api/v1/users/{id}/sign-out",
    "POST /api/v1/webhooks",
    "POST /api/v1/webhooks/{id}/deliveries/{delivery_id}/again",
    "POST /api/v1/webhooks/{id}/secret",
    "POST /api/v1/webhooks/{id}/test",
    "PUT /api/v1/category-rules",
    "PUT /api/v1/notes/{id}",
    "PUT /api/v1/policy",
    "PUT /api/v1/projects/{id}/members/{user_id}",
    "PUT /api/v1/report-schedules/{id}",
    "PUT /api/v1/sessions/{id}/project",
    "PUT /api/v1/teams/{id}/members/{user_id}",
    "PUT /api/v1/teams/{id}/policy",
];

/// Routes that need no log-in.
const PUBLIC: [&str; 15] = [
    "GET /api/docs",
    "GET /api/docs/{file}",
    "GET /api/v1/openapi.json",
    "GET /api/v1/setup",
    "GET /health",
    "GET /health/live",
    "GET /health/ready",
    "POST /api/v1/auth/invitation",
    "POST /api/v1/auth/login",
    "POST /api/v1/auth/refresh",
    "POST /api/v1/auth/register",
    "POST /api/v1/auth/reset",
    "POST /api/v1/auth/reset-request",
    "POST /api/v1/devices/enrol",
    "POST /api/v1/setup",
];

/// Method, path and description of each documented operation.
fn operations() -> Vec<(Method, String, Value)> {
    let document = serde_json::to_value(pipeline::document()).expect("it is JSON");
    let paths = document["paths"].as_object().expect("paths").clone();
    paths
        .into_iter()
        .flat_map(|(path, item)| {
            let item = item.as_object().expect("operations").clone();
            item.into_iter().map(move |(method, operation)| {
                let method = method.to_uppercase().parse().expect("a method");
                (method, path.clone(), operation)
            })
        })
        .collect()
}

async fn ask(app: &TestApp, method: &Method, path: &str, token: &str) -> Answer {
    let path = path
        .replace("{id}", "01a2052c-8fe7-777f-b75c-070bb6591ece")
        .replace("{user_id}", "01a2052c-8fe7-777f-b75c-070bb6591ecf")
        .replace("{file}", "docs.js");
    let mut request = app.request(method.clone(), &path);
    if !token.is_empty() {
        request = request.bearer_auth(token);
    }
    if method != Method::GET && method != Method::DELETE {
        request = request.json(&json!({}));
    }
    app.send(request).await
}

#[test]
fn the_document_has_exactly_the_known_routes_each_with_a_name_of_its_own() {
    let found: BTreeSet<String> = operations()
        .iter()
        .map(|(method, path, _)| format!("{method} {path}"))
        .collect();
    let known: BTreeSet<String> = ROUTES.iter().map(ToString::to_string).collect();
    assert_eq!(found, known);
    let names: BTreeSet<String> = operations()
        .iter()
        .map(|(_, _, operation)| operation["operationId"].to_string())
        .collect();
    assert_eq!(names.len(), found.len());
}

#[test]
fn every_reference_in_the_document_leads_somewhere() {
    let document = serde_json::to_value(pipeline::document()).expect("it is JSON");
    let text = document.to_string();
    for reference in text.split("\"$ref\":\"#").skip(1) {
        let pointer = reference.split('"').next().expect("ends");
        assert!(document.pointer(pointer).is_some(), "{pointer}");
    }
    let known = document["components"]["securitySchemes"]
        .as_object()
        .expect("schemes");
    for (method, path, operation) in operations() {
        for scheme in operation["security"].as_array().into_iter().flatten() {
            let unknown = scheme
                .as_object()
                .expect("an object")
                .keys()
                .find(|name| !known.contains_key(*name));
            assert_eq!(
                unknown, None,
                "{method} {path}: no such credential (a person's are bearer and cookie)"
            );
        }
    }
}

on_both_engines! {
    async fn nobody_gets_past_the_door_without_a_valid_log_in(app) {
        let ada = app.set_up().await;
        let eve = app.person(&ada, "Eve", "employee").await;
        let expired = app.log_in("ada@acme.test").await;
        app.clock.advance_seconds(ACCESS_SECONDS + 1);
        let ada = app.log_in("ada@acme.test").await;
        let revoked = app.device(&ada, ada.user_id).await;
        app.delete(&format!("/api/v1/devices/{}", revoked.device_id), &ada.token).await.expect(204);
        let suspended = app.log_in("eve@acme.test").await;
        let (store, clock) = (&app.state().store, &*app.state().clock);
        accounts::set_status(store, clock, eve.organization_id, None, eve.user_id, UserStatus::Suspended)
            .await
            .expect("suspended");
        app.state().auth.authority.changed(eve.organization_id, eve.user_id).await.expect("told");

        let mut closed = 0;
        for (method, path, operation) in operations() {
            let public = PUBLIC.contains(&format!("{method} {path}").as_str());
            assert_eq!(public, operation.get("security").is_none(), "{method} {path}");
            if public {
                continue;
            }
            closed += 1;
            for (token, status, code) in [
                ("", 401, "unauthenticated"),
                ("not.a.token", 401, "unauthenticated"),
                (expired.token.as_str(), 401, "unauthenticated"),
                (suspended.token.as_str(), 403, "suspended"),
                (revoked.secret.as_str(), 403, "device-revoked"),
            ] {
                let answer = ask(app, &method, &path, token).await;
                assert_eq!(answer.status.as_u16(), status, "{method} {path} as {token:?}: {}", answer.text);
                answer.problem(status, code);
                assert!(operation["responses"].get(answer.status.as_str()).is_some(), "{method} {path}: {status} is documented");
            }
        }
        assert!(closed >= 19, "only {closed} routes were asked");
    }

    async fn an_employee_may_not_do_what_admins_do(app) {
        let ada = app.set_up().await;
        let eve = app.person(&ada, "Eve", "employee").await;
        let max = app.person(&ada, "Max", "manager").await;
        for (method, path, for_managers) in [
            (Method::GET, "/api/v1/users", true),
            (Method::GET, "/api/v1/enrolment-tokens", false),
            (Method::GET, "/api/v1/teams/{id}/policy", false),
            (Method::POST, "/api/v1/devices/{id}/approve", false),
            (Method::DELETE, "/api/v1/devices/{id}", false),
            (Method::DELETE, "/api/v1/enrolment-tokens/{id}", false),
        ] {
            ask(app, &method, path, &eve.token).await.problem(403, "forbidden");
            let answer = ask(app, &method, path, &max.token).await;
            if for_managers { answer.expect(200); } else { answer.problem(403, "forbidden"); }
        }
        let user = json!({ "name": "X", "email": "x@acme.test", "role": "admin" });
        let token = json!({ "user_id": eve.user_id });
        let policy = app.get("/api/v1/policy", &eve.token).await.expect(200);
        for caller in [&eve, &max] {
            app.post("/api/v1/users", &caller.token, &user).await.problem(403, "forbidden");
            app.post("/api/v1/enrolment-tokens", &caller.token, &token).await.problem(403, "forbidden");
            app.put("/api/v1/policy", &caller.token, &policy).await.problem(403, "forbidden");
        }
    }

    async fn a_device_is_no_person_and_a_person_is_no_device(app) {
        let ada = app.set_up().await;
        let device = app.device(&ada, ada.user_id).await;
        app.get("/api/v1/me", &device.secret).await.problem(403, "forbidden");
        app.get("/api/v1/users", &device.secret).await.problem(403, "forbidden");
        app.post("/api/v1/sync", &ada.token, &json!({})).await.problem(403, "forbidden");
        app.get("/api/v1/policy", &device.secret).await.expect(200);
    }

    async fn other_methods_are_405_and_other_addresses_404(app) {
        let answer = app.delete("/api/v1/me", "").await;
        answer.problem(405, "method-not-allowed");
        assert_eq!(answer.headers["allow"], "GET,HEAD");
        app.get("/api/v1/nothing", "").await.problem(404, "not-found");
        app.get("/api/v2", "").await.problem(404, "not-found");
    }

    async fn every_answer_tells_browsers_to_be_careful(app) {
        for path in ["/health", "/api/v1/me", "/api/docs", "/nowhere"] {
            let answer = app.get(path, "").await;
            assert_eq!(answer.headers["x-content-type-options"], "nosniff");
            assert_eq!(answer.headers["referrer-policy"], "no-referrer");
            assert_eq!(answer.headers["cross-origin-opener-policy"], "same-origin");
            let csp = answer.headers["content-security-policy"].to_str().expect("ascii");
            assert!(csp.starts_with("default-src 'none'"), "{path}: {csp}");
            assert!(answer.headers.contains_key("x-request-id"));
        }
    }
}

#[tokio::test]
async fn the_documentation_loads_nothing_from_elsewhere() {
    let app = TestApp::sqlite().await;
    let page = app.get("/api/docs", "").await;
    assert_eq!(page.headers["content-type"], "text/html; charset=utf-8");
    let script = app.get("/api/docs/docs.js", "").await;
    assert_eq!(
        script.headers["content-type"],
        "text/javascript; charset=utf-8"
    );
    let style = app.get("/api/docs/docs.css", "").await;
    for answer in [&page, &script, &style] {
        assert_eq!(answer.status, 200);
        assert!(!answer.text.contains("http:") && !answer.text.contains("https:"));
    }
    assert!(!script.text.contains("innerHTML"));
    app.get("/api/docs/other.js", "")
        .await
        .problem(404, "not-found");
    let document = app.get("/api/v1/openapi.json", "").await.expect(200);
    assert_eq!(document["info"]["title"], "WorkPulse");
    app.close().await;
}
