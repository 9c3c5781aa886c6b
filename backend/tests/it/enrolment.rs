//! Enrolment tokens and devices.

use serde_json::{Value, json};
use shared_types::DeviceId;
use workpulse_server::clock::{Clock as _, SystemClock};

fn device() -> DeviceId {
    DeviceId(SystemClock.new_uuid())
}

fn secret(token: &Value) -> &str {
    token["token"].as_str().expect("a text")
}

on_both_engines! {
    async fn a_token_enrols_as_many_devices_as_it_says(app) {
        let ada = app.set_up().await;
        let token = app.enrolment_token(&ada, ada.user_id, 2).await;
        let first = app.enrol(secret(&token), device()).await.expect(201);
        assert_eq!(first["user_name"], "Ada");
        assert_eq!(first["organization_name"], "Acme");
        assert_eq!(first["policy"]["version"], 1);
        app.enrol(secret(&token), device()).await.expect(201);
        let problem = app.enrol(secret(&token), device()).await.problem(410, "token-spent");
        assert!(problem["detail"].as_str().expect("a text").contains("used up"));
    }

    async fn devices_that_race_for_the_last_use_get_it_once(app) {
        let ada = app.set_up().await;
        let token = app.enrolment_token(&ada, ada.user_id, 1).await;
        let (one, two, three) = tokio::join!(
            app.enrol(secret(&token), device()),
            app.enrol(secret(&token), device()),
            app.enrol(secret(&token), device()),
        );
        let mut statuses = [one, two, three].map(|answer| answer.status.as_u16());
        statuses.sort_unstable();
        assert_eq!(statuses, [201, 410, 410]);
    }

    async fn enrolling_again_after_a_lost_answer_is_enrolling_once(app) {
        let ada = app.set_up().await;
        let token = app.enrolment_token(&ada, ada.user_id, 1).await;
        let id = device();
        let lost = app.enrol(secret(&token), id).await.expect(201);
        let lost = lost["device_secret"].as_str().expect("a text");
        app.get("/api/v1/policy", lost).await.expect(200);
        let kept = app.enrol(secret(&token), id).await.expect(201);
        app.get("/api/v1/policy", kept["device_secret"].as_str().expect("a text")).await.expect(200);
        app.get("/api/v1/policy", lost).await.problem(401, "unauthenticated");
        let devices = app.get("/api/v1/devices", &ada.token).await.expect(200);
        assert_eq!(devices["items"].as_array().expect("a list").len(), 1);
    }

    async fn a_token_ends_when_it_expires_or_is_revoked(app) {
        let ada = app.set_up().await;
        let token = app.enrolment_token(&ada, ada.user_id, 5).await;
        app.clock.advance_seconds(72 * 3_600 - 1);
        app.enrol(secret(&token), device()).await.expect(201);
        app.clock.advance_seconds(1);
        app.enrol(secret(&token), device()).await.problem(410, "token-spent");

        let ada = app.log_in("ada@acme.test").await;
        let token = app.enrolment_token(&ada, ada.user_id, 5).await;
        let path = format!("/api/v1/enrolment-tokens/{}", token["id"].as_str().expect("a text"));
        app.delete(&path, &ada.token).await.expect(204);
        app.enrol(secret(&token), device()).await.problem(410, "token-spent");
        app.enrol("wpe_unknown", device()).await.problem(401, "unauthenticated");
    }

    async fn a_devices_id_belongs_to_its_first_enrolment(app) {
        let ada = app.set_up().await;
        let eve = app.person(&ada, "Eve", "employee").await;
        let id = device();
        let token = app.enrolment_token(&ada, ada.user_id, 1).await;
        app.enrol(secret(&token), id).await.expect(201);
        let token = app.enrolment_token(&ada, eve.user_id, 1).await;
        app.enrol(secret(&token), id).await.problem(409, "conflict");
    }

    async fn a_revoked_device_is_refused_at_once_and_cannot_enrol_again(app) {
        let ada = app.set_up().await;
        let token = app.enrolment_token(&ada, ada.user_id, 2).await;
        let id = device();
        let enrolled = app.enrol(secret(&token), id).await.expect(201);
        let credential = enrolled["device_secret"].as_str().expect("a text");
        app.get("/api/v1/policy", credential).await.expect(200);
        let mut changes = app.state().auth.authority.subscribe();
        app.delete(&format!("/api/v1/devices/{id}"), &ada.token).await.expect(204);
        app.get("/api/v1/policy", credential).await.problem(403, "device-revoked");
        let change = changes.recv().await.expect("announced");
        assert!(change.ends_device(ada.user_id, id));
        app.enrol(secret(&token), id).await.problem(403, "device-revoked");
        app.delete(&format!("/api/v1/devices/{id}"), &ada.token).await.expect(204);
    }

    async fn terms_out_of_range_are_named(app) {
        let ada = app.set_up().await;
        let request = json!({ "user_id": ada.user_id, "max_uses": 0, "expires_in_hours": 8_761 });
        let problem = app.post("/api/v1/enrolment-tokens", &ada.token, &request).await.problem(422, "validation");
        let fields: Vec<&str> = problem["fields"].as_array().expect("a list").iter()
            .map(|field| field["field"].as_str().expect("a text")).collect();
        assert_eq!(fields, ["max_uses", "expires_in_hours"]);
    }

    async fn a_person_enrols_their_own_machine_by_logging_in(app) {
        let ada = app.set_up().await;
        let eve = app.person(&ada, "Eve", "employee").await;
        let id = device();
        let enrolled = app.post("/api/v1/devices", &eve.token, &own(id)).await.expect(201);
        assert_eq!(enrolled["user_id"], json!(eve.user_id));
        assert_eq!(enrolled["status"], "approved");
        let secret = enrolled["device_secret"].as_str().expect("a text");
        app.get("/api/v1/policy", secret).await.expect(200);
        // The device is hers alone, and no key to her account.
        app.get("/api/v1/devices", secret).await.problem(403, "forbidden");
        app.post("/api/v1/devices", secret, &own(device())).await.problem(403, "forbidden");
        app.post("/api/v1/devices", "", &own(device())).await.problem(401, "unauthenticated");
        // The log-in's end is not the device's.
        app.post("/api/v1/auth/logout", &eve.token, &json!({})).await.expect(204);
        app.get("/api/v1/policy", secret).await.expect(200);
    }

    async fn who_logs_in_again_gets_a_new_secret_for_their_own_device_only(app) {
        let ada = app.set_up().await;
        let eve = app.person(&ada, "Eve", "employee").await;
        let id = device();
        let lost = app.post("/api/v1/devices", &eve.token, &own(id)).await.expect(201);
        let kept = app.post("/api/v1/devices", &eve.token, &own(id)).await.expect(201);
        let secret = |answer: &Value| answer["device_secret"].as_str().expect("a text").to_owned();
        app.get("/api/v1/policy", &secret(&lost)).await.problem(401, "unauthenticated");
        app.get("/api/v1/policy", &secret(&kept)).await.expect(200);
        app.post("/api/v1/devices", &ada.token, &own(id)).await.problem(409, "conflict");
        app.get("/api/v1/policy", &secret(&kept)).await.expect(200);
        app.delete(&format!("/api/v1/devices/{id}"), &ada.token).await.expect(204);
        app.post("/api/v1/devices", &eve.token, &own(id)).await.problem(403, "device-revoked");
    }

    async fn nobodys_own_id_is_taken_for_a_device(app) {
        let ada = app.set_up().await;
        let eve = app.person(&ada, "Eve", "employee").await;
        for id in [eve.user_id, ada.user_id] {
            app.post("/api/v1/devices", &eve.token, &own(DeviceId(id.0))).await.problem(409, "conflict");
        }
    }

    async fn where_the_organization_wants_approval_ones_own_machine_waits_too(app) {
        let ada = app.set_up().await;
        let eve = app.person(&ada, "Eve", "employee").await;
        app.patch("/api/v1/organization", &ada.token, &json!({ "devices_need_approval": true })).await.expect(200);
        let id = device();
        for _ in 0..2 {
            let enrolled = app.post("/api/v1/devices", &eve.token, &own(id)).await.expect(201);
            assert_eq!(enrolled["status"], "pending");
        }
    }
}

/// A machine of one's own.
fn own(device_id: DeviceId) -> Value {
    json!({ "device_id": device_id, "name": "laptop", "os": "Debian 12", "agent_version": "0.1.0" })
}
