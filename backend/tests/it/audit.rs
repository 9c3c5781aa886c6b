//! Who did what is written with what they did, and a change of it shows.

use reqwest::Method;
use serde_json::json;
use shared_types::OrganizationId;
use workpulse_server::store::{audit, checks};

use crate::{
    harness::TestApp,
    raw::{Raw, behind},
};

/// Actions in the audit of the only organization, oldest first.
pub(crate) async fn actions(app: &TestApp) -> Vec<String> {
    const TEXT: &str = "SELECT action FROM audit ORDER BY organization_id, seq";
    behind!(app.target(), |c| sqlx::query_scalar(TEXT)
        .fetch_all(&mut *c)
        .await)
    .expect("reads")
}

async fn tamper(app: &TestApp, text: &'static str) {
    // Whoever has the database can take its own rule away first.
    if let Raw::Sqlite(mut file) = Raw::open(app.target()).await {
        for trigger in [
            "DROP TRIGGER IF EXISTS audit_rows_do_not_change",
            "DROP TRIGGER IF EXISTS audit_rows_do_not_go",
        ] {
            sqlx::query(trigger)
                .execute(&mut file)
                .await
                .expect("dropped");
        }
    }
    behind!(app.target(), |c| sqlx::query(text)
        .execute(&mut *c)
        .await
        .map(drop))
    .expect("changed");
}

/// Where the chain of an organization is broken, if anywhere.
async fn broken(app: &TestApp, organization: OrganizationId) -> Option<i64> {
    let tenant = app.state().store.tenant(organization);
    let mut reader = tenant.read().await.expect("reads");
    audit::verify(reader.db()).await.expect("verifies")
}

async fn found(app: &TestApp, name: &str) -> i64 {
    let outcomes = checks::run(&app.state().store)
        .await
        .expect("the checks run");
    outcomes
        .iter()
        .find(|outcome| outcome.name == name)
        .expect("a check of this name")
        .found
}

on_both_engines! {
    async fn what_admins_do_is_written_down_in_order(app) {
        let ada = app.set_up().await;
        let eve = app.person(&ada, "Eve", "employee").await;
        let device = app.device(&ada, eve.user_id).await;
        app.delete(&format!("/api/v1/devices/{}", device.device_id), &ada.token).await.expect(204);
        let policy = app.get("/api/v1/policy", &ada.token).await.expect(200);
        app.put("/api/v1/policy", &ada.token, &policy).await.expect(200);
        assert_eq!(actions(app).await, [
            "organization.created", "user.created", "user.created", "enrolment_token.created",
            "device.enrolled", "device.revoked", "policy.changed",
        ]);
        assert_eq!(broken(app, ada.organization_id).await, None);
    }

    async fn what_is_refused_is_not_written_down(app) {
        let ada = app.set_up().await;
        let before = actions(app).await;
        let request = json!({ "name": "Ada", "email": "ada@acme.test", "role": "admin" });
        app.post("/api/v1/users", &ada.token, &request).await.problem(409, "conflict");
        app.send(app.request(Method::DELETE, "/api/v1/devices/x").bearer_auth(&ada.token)).await.problem(404, "not-found");
        assert_eq!(actions(app).await, before);
    }

    async fn a_row_that_was_changed_or_taken_out_breaks_the_chain(app) {
        let ada = app.set_up().await;
        app.person(&ada, "Eve", "employee").await;
        assert_eq!(found(app, "audit").await, 0);
        tamper(app, "UPDATE audit SET action = 'user.praised' WHERE seq = 2").await;
        assert_eq!(broken(app, ada.organization_id).await, Some(2));
        assert_eq!(found(app, "audit").await, 1);
        tamper(app, "DELETE FROM audit WHERE seq = 2").await;
        assert_eq!(broken(app, ada.organization_id).await, Some(3));
    }

    async fn the_checks_hold_on_what_ingest_wrote_and_fail_on_what_it_did_not(app) {
        let ada = app.set_up().await;
        let session = uuid::Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0001);
        let start = json!({ "session_id": session });
        app.post("/api/v1/sessions/start", &ada.token, &start).await.expect(201);
        let span = json!({
            "seq": 1,
            "activity_type": "active", "started_at": "2026-11-22T09:00:00.000Z", "duration_seconds": 60,
        });
        app.clock.advance_seconds(60);
        let answer = app.post(&format!("/api/v1/sessions/{session}/activity"), &ada.token, &span).await.expect(201);
        assert_eq!(answer["session"]["version"], 2);
        for outcome in checks::run(&app.state().store).await.expect("the checks run") {
            assert_eq!(outcome.found, 0, "{}", outcome.counts);
        }
        tamper(app, "UPDATE work_sessions SET total_active_seconds = 61, version = 7").await;
        assert_eq!(found(app, "session totals").await, 1);
        assert_eq!(found(app, "session versions").await, 1);
        tamper(app, "UPDATE daily_summaries SET idle_seconds = idle_seconds + 1").await;
        assert_eq!(found(app, "days of a person").await, 1);
        tamper(app, "UPDATE sync_streams SET watermark = 0").await;
        assert_eq!(found(app, "handled numbers").await, 1);
        tamper(app, "UPDATE event_counters SET seq = 0").await;
        assert_eq!(found(app, "event numbers").await, 1);
    }
}
