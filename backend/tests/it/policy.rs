//! The capture policy: read by devices and people, changed by admins, announced.

use serde_json::json;

on_both_engines! {
    async fn a_change_gets_a_new_version_and_is_announced(app) {
        let ada = app.set_up().await;
        let device = app.device(&ada, ada.user_id).await;
        let mut policy = app.get("/api/v1/policy", &device.secret).await.expect(200);
        assert_eq!(policy["version"], 1);
        assert_eq!(policy["titles"], false, "titles are off unless turned on");
        policy["titles"] = json!(true);
        policy["excluded_applications"] = json!(["keepassxc"]);
        let changed = app.put("/api/v1/policy", &ada.token, &policy).await.expect(200);
        assert_eq!(changed["version"], 2);
        assert_eq!(app.get("/api/v1/policy", &device.secret).await.expect(200), changed);
        let events = app.get("/api/v1/events?after=0", &ada.token).await.expect(200);
        assert_eq!(events["items"][0]["event"], json!({ "type": "POLICY_CHANGED", "data": { "version": 2 } }));
    }

    async fn who_read_an_older_version_does_not_overwrite_a_newer_one(app) {
        let ada = app.set_up().await;
        let read = app.get("/api/v1/policy", &ada.token).await.expect(200);
        let (first, second) = tokio::join!(
            app.put("/api/v1/policy", &ada.token, &read),
            app.put("/api/v1/policy", &ada.token, &read),
        );
        let mut statuses = [first.status.as_u16(), second.status.as_u16()];
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 409]);
        assert_eq!(app.get("/api/v1/policy", &ada.token).await.expect(200)["version"], 2);
    }

    async fn values_out_of_range_are_named_and_change_nothing(app) {
        let ada = app.set_up().await;
        let mut policy = app.get("/api/v1/policy", &ada.token).await.expect(200);
        policy["idle_after_seconds"] = json!(9);
        let problem = app.put("/api/v1/policy", &ada.token, &policy).await.problem(422, "validation");
        assert_eq!(problem["fields"][0]["field"], "idle_after_seconds");
        policy["idle_after_seconds"] = json!(10);
        policy["version"] = json!(i64::MAX);
        app.put("/api/v1/policy", &ada.token, &policy).await.problem(422, "validation");
        assert_eq!(app.get("/api/v1/policy", &ada.token).await.expect(200)["version"], 1);
    }
}
