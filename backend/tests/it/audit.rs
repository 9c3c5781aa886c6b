//! Who did what is written with what they did, and a change of it shows.

use reqwest::Method;
use serde_json::json;
use shared_types::OrganizationId;
use workpulse_server::store::{
    DatabaseTarget,
    audit::{self, Broken},
    checks,
};

use crate::{
    harness::TestApp,
    meddle::meddle,
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

async fn tamper(app: &TestApp, text: &str) {
    meddle(app.target(), &[text]).await;
}

/// Where the chain of an organization is broken, if anywhere.
async fn broken(app: &TestApp, organization: OrganizationId) -> Option<Broken> {
    let tenant = app.state().store.tenant(organization);
    let mut reader = tenant.read().await.expect("reads");
    audit::verify(reader.db()).await.expect("verifies").broken
}

const fn at(seq: i64, what: &'static str) -> Broken {
    Broken { seq, what }
}

/// An id as the engine spells it.
fn literal(app: &TestApp, id: uuid::Uuid) -> String {
    match app.target() {
        DatabaseTarget::File(_) => format!("x'{}'", id.simple()),
        DatabaseTarget::Url(_) => format!("'{id}'::uuid"),
    }
}

/// An hour later, as the engine reckons.
fn later(app: &TestApp) -> &'static str {
    match app.target() {
        DatabaseTarget::File(_) => "at + 3600000",
        DatabaseTarget::Url(_) => "at + interval '1 hour'",
    }
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
        assert_eq!(broken(app, ada.organization_id).await, Some(at(2, "it was changed")));
        assert_eq!(found(app, "audit").await, 1);
        tamper(app, "DELETE FROM audit WHERE seq = 2").await;
        assert_eq!(broken(app, ada.organization_id).await, Some(at(3, "the row before it is missing")));
    }

    async fn each_column_of_a_row_is_covered_by_the_chain(app) {
        let ada = app.set_up().await;
        app.person(&ada, "Mona", "manager").await;
        let eve = app.person(&ada, "Eve", "employee").await;
        app.get("/api/v1/presence", &ada.token).await.expect(200);
        app.get(&format!("/api/v1/sessions?user_id={}", eve.user_id), &ada.token).await.expect(200);
        let organization = ada.organization_id;
        assert_eq!(broken(app, organization).await, None);
        // Rows 5 and 6 are looks: one at a set of people, one at a single person.
        assert_eq!(actions(app).await[4..], ["look.presence", "look.sessions"]);
        tamper(app, "CREATE TABLE audit_copy AS SELECT * FROM audit").await;
        for (column, value, seq) in [
            ("at", later(app), 6),
            ("actor_id", "subject_id", 6),
            ("actor_id", "NULL", 6),
            ("action", "'look.session'", 6),
            ("subject_id", "actor_id", 6),
            ("subject_id", "NULL", 6),
            ("detail", "'{}'", 6),
            ("people", "NULL", 5),
            ("people", "hash", 6),
            ("previous_hash", "hash", 6),
            ("hash", "previous_hash", 6),
        ] {
            tamper(app, &format!("UPDATE audit SET {column} = {value} WHERE seq = {seq}")).await;
            let found = broken(app, organization).await.unwrap_or_else(|| panic!("{column} = {value} goes unnoticed"));
            assert_eq!(found.seq, seq, "{column} = {value}");
            tamper(app, &format!(
                "UPDATE audit SET {column} = (SELECT c.{column} FROM audit_copy c WHERE c.seq = audit.seq) WHERE seq = {seq}"
            )).await;
            assert_eq!(broken(app, organization).await, None, "{column} was put back");
        }
        // Two rows that change places.
        for (from, to) in [(5, -1), (6, 5), (-1, 6)] {
            tamper(app, &format!("UPDATE audit SET seq = {to} WHERE seq = {from}")).await;
        }
        assert_eq!(broken(app, organization).await, Some(at(5, "it does not follow on the row before it")));
    }

    async fn rows_that_are_taken_off_the_end_are_missed(app) {
        let ada = app.set_up().await;
        app.person(&ada, "Eve", "employee").await;
        let organization = ada.organization_id;
        tamper(app, "DELETE FROM audit WHERE seq = 3").await;
        assert_eq!(broken(app, organization).await, Some(at(2, "rows behind it are missing")));
        tamper(app, "DELETE FROM audit").await;
        assert_eq!(broken(app, organization).await, Some(at(0, "rows behind it are missing")));
        tamper(app, "DELETE FROM audit_heads").await;
        assert_eq!(broken(app, organization).await, None, "who changes both is not found out here, but by the number that doctor printed before");
        let outcomes = checks::run(&app.state().store).await.expect("the checks run");
        let places = &outcomes.iter().find(|o| o.name == "audit").expect("there").places;
        assert!(places[0].contains("ends with row 0"), "{places:?}");
    }

    async fn whom_a_look_concerned_cannot_be_changed_unnoticed(app) {
        let ada = app.set_up().await;
        app.person(&ada, "Mona", "manager").await;
        let eve = app.person(&ada, "Eve", "employee").await;
        app.get("/api/v1/presence", &ada.token).await.expect(200);
        let organization = ada.organization_id;
        assert_eq!(broken(app, organization).await, None);
        tamper(app, "CREATE TABLE people_copy AS SELECT * FROM audit_people").await;
        let restore = "INSERT INTO audit_people SELECT * FROM people_copy";
        let eve_is = literal(app, eve.user_id.uuid());
        for tampering in [
            format!("DELETE FROM audit_people WHERE user_id = {eve_is}"),
            "DELETE FROM audit_people".to_owned(),
            format!("UPDATE audit_people SET user_id = {} WHERE user_id = {eve_is}", literal(app, ada.user_id.uuid())),
            format!("INSERT INTO audit_people SELECT organization_id, people, {} FROM people_copy WHERE user_id = {eve_is}", literal(app, ada.user_id.uuid())),
        ] {
            tamper(app, &tampering).await;
            assert_eq!(broken(app, organization).await, Some(at(5, "whom it concerned was changed")), "{tampering}");
            meddle(app.target(), &["DELETE FROM audit_people", restore]).await;
            assert_eq!(broken(app, organization).await, None);
        }
        tamper(app, "UPDATE audit_names SET name = 'Somebody Else'").await;
        assert_eq!(broken(app, organization).await, Some(at(5, "the viewer's name was changed")));
        tamper(app, "UPDATE audit_names SET name = NULL, salt = NULL").await;
        assert_eq!(broken(app, organization).await, Some(at(5, "the viewer's name was changed")), "only an erasure may do that");
    }

    async fn the_database_itself_refuses_to_change_the_audit(app) {
        let ada = app.set_up().await;
        app.person(&ada, "Mona", "manager").await;
        app.person(&ada, "Eve", "employee").await;
        app.get("/api/v1/presence", &ada.token).await.expect(200);
        for text in [
            "UPDATE audit SET action = 'x'", "DELETE FROM audit",
            "UPDATE audit_people SET people = people", "DELETE FROM audit_people",
            "UPDATE audit_names SET name = 'x'", "DELETE FROM audit_names",
            "UPDATE audit_heads SET seq = 0", "DELETE FROM audit_heads",
        ] {
            let refused = match Raw::open(app.target()).await {
                Raw::Sqlite(mut file) => sqlx::query(text).execute(&mut file).await.is_err(),
                Raw::Postgres(mut server) => {
                    let role = format!(
                        "SET ROLE workpulse_tenant; SET workpulse.organization = '{}'", ada.organization_id
                    );
                    sqlx::raw_sql(sqlx::AssertSqlSafe(role)).execute(&mut server).await.expect("set");
                    sqlx::query(text).execute(&mut server).await.is_err()
                }
            };
            assert!(refused, "{text}");
        }
        assert_eq!(broken(app, ada.organization_id).await, None);
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
    async fn acts_that_need_more_than_one_request_are_written_down(app) {
        let ada = app.set_up().await;
        let eve = app.person(&ada, "Eve", "employee").await;
        let newest = async |action: &str| {
            let page = app.get(&format!("/api/v1/audit?action={action}"), &ada.token).await.expect(200);
            page["items"][0].clone()
        };
        let path = format!("/api/v1/users/{}/reset-link", eve.user_id);
        let made = app.post(&path, &ada.token, &json!({})).await.expect(201);
        let token = crate::joining::secret(made["link"].as_str().expect("a link"));
        let reset = json!({ "token": token, "new_password": "seven copper lanterns drift" });
        app.post("/api/v1/auth/reset", "", &reset).await.expect(204);
        let row = newest("user.password_reset").await;
        assert_eq!((&row["actor_id"], &row["subject_id"]), (&json!(eve.user_id), &json!(eve.user_id)), "{row}");

        let terms = json!({ "url": "https://hooks.acme.test/", "kinds": ["alert.opened"] });
        let webhook = app.post("/api/v1/webhooks", &ada.token, &terms).await.expect(201)["webhook"]["id"].clone();
        let path = format!("/api/v1/webhooks/{}", webhook.as_str().expect("an id"));
        for (on, action) in [(false, "webhook.turned_off"), (true, "webhook.turned_on")] {
            app.patch(&path, &ada.token, &json!({ "on": on })).await.expect(200);
            let row = newest(action).await;
            assert_eq!((&row["actor_id"], &row["detail"]["webhook_id"]), (&json!(ada.user_id), &webhook), "{row}");
        }
        assert_eq!(broken(app, ada.organization_id).await, None);
    }
}
