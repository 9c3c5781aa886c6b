//! The capture policy: read by devices and people, changed by admins, announced.

use serde_json::{Value, json};
use shared_types::TeamId;
use workpulse_server::clock::{Clock as _, SystemClock};

use crate::harness::{LoggedIn, TestApp};

async fn make_team(app: &TestApp, admin: &LoggedIn, name: &str) -> TeamId {
    let request = json!({ "name": name });
    let made = app.post("/api/v1/teams", &admin.token, &request).await;
    let made = made.expect(201);
    made["id"].as_str().expect("a text").parse().expect("an id")
}

async fn join(app: &TestApp, admin: &LoggedIn, team: TeamId, person: &LoggedIn) {
    let path = format!("/api/v1/teams/{team}/members/{}", person.user_id);
    let answer = app
        .put(&path, &admin.token, &json!({ "is_manager": false }))
        .await;
    assert!(answer.status.is_success(), "{}", answer.text);
}

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

    async fn a_rule_that_nobody_knows_is_named_and_changes_nothing(app) {
        let ada = app.set_up().await;
        let mut policy = app.get("/api/v1/policy", &ada.token).await.expect(200);
        policy["pause"]["longest"] = json!(60);
        let refused = app.put("/api/v1/policy", &ada.token, &policy).await.problem(422, "validation");
        assert!(refused["fields"][0]["message"].as_str().expect("a text").contains("pause.longest"), "{refused:#}");
        assert_eq!(app.get("/api/v1/policy", &ada.token).await.expect(200)["version"], 1);
    }

    async fn a_team_makes_its_members_policy_stricter_and_only_theirs(app) {
        let ada = app.set_up().await;
        let eve = app.person(&ada, "Eve", "employee").await;
        let (hers, others) = (app.device(&ada, eve.user_id).await, app.device(&ada, ada.user_id).await);
        let team = make_team(app, &ada, "Support").await;
        let mut policy = app.get("/api/v1/policy", &ada.token).await.expect(200);
        policy["titles"] = json!(true);
        policy["excluded_applications"] = json!(["Signal"]);
        app.put("/api/v1/policy", &ada.token, &policy).await.expect(200);

        let path = format!("/api/v1/teams/{team}/policy");
        app.get(&path, &ada.token).await.problem(404, "not-found");
        let mut stricter = policy.clone();
        stricter["version"] = json!(0);
        stricter["titles"] = json!(false);
        stricter["urls"] = json!(true);
        stricter["excluded_applications"] = json!(["KeePassXC"]);
        stricter["working_hours"] = json!([{ "day": "monday", "from": "09:00", "to": "17:00" }]);
        let before = app.get("/api/v1/policy", &hers.secret).await.expect(200);
        assert_eq!(before["titles"], true);
        join(app, &ada, team, &eve).await;
        let set = app.put(&path, &ada.token, &stricter).await.expect(200);
        assert_eq!((&set["version"], &set["needs"]), (&json!(1), &json!(["working_hours"])));
        app.put(&path, &ada.token, &stricter).await.problem(409, "conflict");
        assert_eq!(app.get(&path, &ada.token).await.expect(200)["policy"], set);

        let version = |policy: &Value| policy["version"].as_i64().expect("a number");
        let after = app.get("/api/v1/policy", &hers.secret).await.expect(200);
        assert!(version(&after) > version(&before), "{before:#} {after:#}");
        assert_eq!((&after["titles"], &after["urls"]), (&json!(false), &json!(false)), "never looser than the organization's");
        assert_eq!(after["excluded_applications"], json!(["KeePassXC", "Signal"]));
        assert!(after["working_hours"].is_array());
        assert_eq!(app.get("/api/v1/policy", &others.secret).await.expect(200)["titles"], true);

        // What the sync answers is the same version, and the other person's did not move.
        for (device, policy) in [(&hers, &after), (&others, &before)] {
            let heartbeat = json!({
                "device_id": device.device_id, "epoch": SystemClock.new_uuid(), "clock": app.clock.now(), "items": [],
            });
            let answer = app.post("/api/v1/sync", &device.secret, &heartbeat).await.expect(200);
            assert_eq!(answer["policy_version"], policy["version"]);
        }

        let effective = app.get("/api/v1/policy/effective", &eve.token).await.expect(200);
        assert_eq!(effective["policy"], after);
        let names: Vec<_> = effective["parts"].as_array().expect("a list").iter().map(|part| part["name"].clone()).collect();
        assert_eq!(names, ["Acme", "Support"]);
        let path_of = |user| format!("/api/v1/policy/effective?user_id={user}");
        assert_eq!(app.get(&path_of(eve.user_id), &ada.token).await.expect(200), effective);
        app.get(&path_of(ada.user_id), &eve.token).await.problem(404, "not-found");

        // The team's policy goes; so does what it forbade, under a higher version.
        app.delete(&path, &ada.token).await.expect(204);
        app.delete(&path, &ada.token).await.problem(404, "not-found");
        let again = app.get("/api/v1/policy", &hers.secret).await.expect(200);
        assert!(version(&again) > version(&after));
        assert_eq!(again["titles"], true);
    }

    async fn leaving_a_team_and_its_end_raise_the_version_too(app) {
        let ada = app.set_up().await;
        let device = app.device(&ada, ada.user_id).await;
        let team = make_team(app, &ada, "Support").await;
        let mut policy = app.get("/api/v1/policy", &ada.token).await.expect(200);
        policy["version"] = json!(0);
        policy["applications"] = json!(false);
        app.put(&format!("/api/v1/teams/{team}/policy"), &ada.token, &policy).await.expect(200);
        let mut versions = Vec::new();
        let mut seen = Vec::new();
        for change in 0..4 {
            match change {
                0 | 2 => join(app, &ada, team, &ada).await,
                1 => drop(app.delete(&format!("/api/v1/teams/{team}/members/{}", ada.user_id), &ada.token).await.expect(204)),
                _ => drop(app.delete(&format!("/api/v1/teams/{team}"), &ada.token).await.expect(204)),
            }
            let now = app.get("/api/v1/policy", &device.secret).await.expect(200);
            versions.push(now["version"].as_i64().expect("a number"));
            seen.push(now["applications"].as_bool().expect("a switch"));
        }
        assert_eq!(seen, [false, true, false, true]);
        assert!(versions.windows(2).all(|pair| pair[0] < pair[1]), "{versions:?}");
    }

    async fn another_organizations_team_is_like_none(app) {
        let ada = app.set_up().await;
        let grace = app.another_organization("grace@other.test").await;
        let team = make_team(app, &ada, "Support").await;
        let mut policy = app.get("/api/v1/policy", &ada.token).await.expect(200);
        policy["version"] = json!(0);
        let path = format!("/api/v1/teams/{team}/policy");
        app.put(&path, &ada.token, &policy).await.expect(200);
        app.get(&path, &grace.token).await.problem(404, "not-found");
        app.put(&path, &grace.token, &policy).await.problem(404, "not-found");
        app.delete(&path, &grace.token).await.problem(404, "not-found");
        app.get(&path, &ada.token).await.expect(200);
    }
}
