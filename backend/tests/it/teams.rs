//! Teams: admins make them, their managers see who is in them.

use serde_json::json;
use workpulse_server::clock::{Clock as _, SystemClock};

use crate::audit::actions;

on_both_engines! {
    async fn an_admin_makes_renames_and_removes_a_team(app) {
        let ada = app.set_up().await;
        let made = app.post("/api/v1/teams", &ada.token, &json!({ "name": "  Engines " })).await.expect(201);
        assert_eq!((&made["name"], &made["member_count"]), (&json!("Engines"), &json!(0)));
        let team = format!("/api/v1/teams/{}", made["id"].as_str().expect("an id"));
        let clash = app.post("/api/v1/teams", &ada.token, &json!({ "name": "Engines" })).await.problem(409, "conflict");
        assert!(clash["detail"].as_str().expect("words").contains("\"Engines\""), "{clash}");
        let other = app.team(&ada, "Looms").await;
        app.change(&other, &ada.token, &json!({ "name": "Engines" })).await.problem(409, "conflict");
        let renamed = app.change(&other, &ada.token, &json!({ "name": "Mills" })).await.expect(200);
        assert_eq!(renamed["name"], "Mills");
        assert_eq!(app.change(&other, &ada.token, &json!({})).await.expect(200), renamed);
        let names = |page: serde_json::Value| -> Vec<String> {
            page["items"].as_array().expect("a list").iter().map(|t| t["name"].as_str().expect("a name").to_owned()).collect()
        };
        assert_eq!(names(app.get("/api/v1/teams", &ada.token).await.expect(200)), ["Engines", "Mills"]);
        let page = app.get("/api/v1/teams?limit=1", &ada.token).await.expect(200);
        let next = format!("/api/v1/teams?limit=1&cursor={}", page["next_cursor"].as_str().expect("more"));
        assert_eq!(names(app.get(&next, &ada.token).await.expect(200)), ["Mills"]);

        let eve = app.person(&ada, "Eve", "employee").await;
        app.put_in(&ada, &team, eve.user_id, false).await.expect(204);
        app.delete(&team, &ada.token).await.expect(204);
        app.get(&team, &ada.token).await.problem(404, "not-found");
        app.delete(&team, &ada.token).await.problem(404, "not-found");
        app.get("/api/v1/me", &eve.token).await.expect(200);
    }

    async fn names_must_be_of_one_line_and_not_empty(app) {
        let ada = app.set_up().await;
        for name in ["", "  ", "a\u{7}b", "a\nb", &"x".repeat(201)] {
            for path in ["/api/v1/teams", "/api/v1/projects"] {
                let problem = app.post(path, &ada.token, &json!({ "name": name })).await.problem(422, "validation");
                assert_eq!(problem["fields"][0]["field"], "name", "{name:?}");
            }
        }
        // Hostile, but a name: it comes back as it is.
        for name in ["<script>alert(1)</script>", "'; DROP TABLE teams; --", "=cmd|' /C calc'!A0", "Ü 日本 🙂"] {
            for path in ["/api/v1/teams", "/api/v1/projects"] {
                let made = app.post(path, &ada.token, &json!({ "name": name })).await.expect(201);
                assert_eq!(made["name"], name);
            }
        }
    }

    async fn only_admins_change_teams_and_only_those_who_are_in_one_know_of_it(app) {
        let ada = app.set_up().await;
        let mona = app.person(&ada, "Mona", "manager").await;
        let eve = app.person(&ada, "Eve", "employee").await;
        let out = app.person(&ada, "Otto", "manager").await;
        let team = app.team(&ada, "Engines").await;
        app.put_in(&ada, &team, mona.user_id, true).await.expect(204);
        app.put_in(&ada, &team, eve.user_id, false).await.expect(204);

        for person in [&mona, &eve, &out] {
            app.post("/api/v1/teams", &person.token, &json!({ "name": "Own" })).await.problem(403, "forbidden");
            app.change(&team, &person.token, &json!({ "name": "Own" })).await.problem(403, "forbidden");
            app.delete(&team, &person.token).await.problem(403, "forbidden");
            app.put_in(person, &team, person.user_id, true).await.problem(403, "forbidden");
            app.take_out(person, &team, eve.user_id).await.problem(403, "forbidden");
        }
        assert_eq!(app.get(&team, &mona.token).await.expect(200)["is_manager"], true);
        assert_eq!(app.get(&team, &eve.token).await.expect(200)["member_count"], 2);
        app.get(&team, &out.token).await.problem(404, "not-found");
        app.get(&format!("{team}/members"), &out.token).await.problem(404, "not-found");
        assert_eq!(app.get("/api/v1/teams", &out.token).await.expect(200)["items"], json!([]));

        let members = format!("{team}/members");
        let all = app.get(&members, &mona.token).await.expect(200);
        assert_eq!(all["items"].as_array().expect("a list").len(), 2);
        assert_eq!(all["items"][0]["name"], "Eve");
        let own = app.get(&members, &eve.token).await.expect(200);
        assert_eq!(own["items"].as_array().expect("a list").len(), 1, "a member sees themself: {own}");
    }

    async fn nobody_of_another_organization_gets_into_a_team(app) {
        let ada = app.set_up().await;
        let grace = app.another_organization("grace@other.test").await;
        let team = app.team(&ada, "Engines").await;
        let theirs = app.team(&grace, "Engines").await;
        app.put_in(&ada, &team, grace.user_id, false).await.problem(404, "not-found");
        app.put_in(&ada, &theirs, ada.user_id, true).await.problem(404, "not-found");
        app.put_in(&ada, &team, SystemClock.new_uuid().into(), false).await.problem(404, "not-found");
        app.get(&theirs, &ada.token).await.problem(404, "not-found");
        app.change(&theirs, &ada.token, &json!({ "name": "Mine" })).await.problem(404, "not-found");
        app.change(&theirs, &ada.token, &json!({})).await.problem(404, "not-found");
        app.delete(&theirs, &ada.token).await.problem(404, "not-found");
        app.take_out(&ada, &theirs, grace.user_id).await.problem(404, "not-found");
        assert_eq!(app.get(&theirs, &grace.token).await.expect(200)["member_count"], 0);
    }

    async fn what_is_done_to_teams_is_in_the_audit_once(app) {
        let ada = app.set_up().await;
        let eve = app.person(&ada, "Eve", "employee").await;
        let before = actions(app).await.len();
        let team = app.team(&ada, "Engines").await;
        for _ in 0..2 {
            app.put_in(&ada, &team, eve.user_id, false).await.expect(204);
        }
        app.put_in(&ada, &team, eve.user_id, true).await.expect(204);
        app.take_out(&ada, &team, eve.user_id).await.expect(204);
        app.take_out(&ada, &team, eve.user_id).await.problem(404, "not-found");
        app.change(&team, &ada.token, &json!({ "name": "Looms" })).await.expect(200);
        app.change(&team, &ada.token, &json!({ "name": "Looms" })).await.expect(200);
        app.delete(&team, &ada.token).await.expect(204);
        assert_eq!(actions(app).await[before..], [
            "team.created", "team.member_added", "team.member_changed", "team.member_removed",
            "team.renamed", "team.deleted",
        ]);
    }
}
