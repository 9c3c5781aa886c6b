//! What IT reads and sets on the command line about people and their rights, and what of it is
//! written down.

use std::io::Read as _;

use serde_json::{Value, json};

use crate::{
    company::{ADA, Company, admin, on_both_databases},
    harness::PASSWORD,
    start_up::{run, stderr, until},
};

const EVE: &str = "eve@acme.test";

fn add(data: &std::path::Path, name: &str, role: &str) {
    let email = format!("{}@acme.test", name.to_lowercase());
    let who = ["create-user", "--name", name, "--email", &email];
    let how = ["--role", role, "--password-stdin"];
    admin(data, &[&who[..], &how].concat(), PASSWORD);
}

async fn log_in(company: &Company, email: &str) -> Value {
    let request = json!({ "email": email, "password": PASSWORD });
    let (status, body) = company.post("/api/v1/auth/login", request).await;
    assert_eq!(status, 200, "{body}");
    body["tokens"]["access_token"].clone()
}

/// Rows of the audit, newest first.
fn audit(data: &std::path::Path) -> Vec<Value> {
    let rows = admin(data, &["list-audit"], "");
    rows.as_array().expect("a list").clone()
}

/// The output of a command, for people.
fn table(data: &std::path::Path, arguments: &[&str]) -> String {
    let output = run(data, &[&["admin"], arguments].concat());
    assert!(
        output.status.success(),
        "{arguments:?}: {}",
        stderr(&output)
    );
    String::from_utf8(output.stdout).expect("UTF-8")
}

/// What a command says when it refuses; nothing is written down by it.
fn refused(data: &std::path::Path, arguments: &[&str]) -> String {
    let before = audit(data).len();
    let output = run(data, &[&["admin"], arguments].concat());
    assert!(!output.status.success(), "{arguments:?} went through");
    assert_eq!(audit(data).len(), before, "{arguments:?}");
    stderr(&output)
}

on_both_databases! {
    async fn settings_are_changed_and_a_shorter_retention_asks_first(place) {
        let data = &place.data;
        let _company = Company::start(data).await;
        let set = ["set-organization", "--name", "Acme & Söhne", "--devices-need-approval", "true"];
        let shown = admin(data, &set, "");
        assert_eq!((&shown["name"], &shown["devices_need_approval"]), (&json!("Acme & Söhne"), &json!("true")));
        assert_eq!(audit(data)[0]["action"], "organization.changed");
        assert_eq!(admin(data, &["set-organization", "--retention-days", "500"], "")["retention_days"], "500");
        let shorter = ["set-organization", "--retention-days", "30"];
        let said = refused(data, &shorter);
        assert!(said.contains("30 days (now: 500)") && said.contains("--yes"), "{said}");
        assert_eq!(admin(data, &["show-organization"], "")["retention_days"], "500");
        assert_eq!(admin(data, &[&shorter[..], &["--yes"]].concat(), "")["retention_days"], "30");
        assert!(refused(data, &["set-organization"]).contains("--retention-days"), "nothing to set");
        assert!(refused(data, &["set-organization", "--retention-days", "0"]).contains("1 to 3650"));
    }

    async fn what_http_refuses_the_command_line_refuses_too(place) {
        let data = &place.data;
        let _company = Company::start(data).await;
        let user = |name: &str, email: &str| {
            refused(data, &["create-user", "--role", "employee", "--name", name, "--email", email])
        };
        for name in ["a\u{7}b", "a\nb", "\u{1b}[31m", " ", &"é".repeat(201)] {
            assert!(user(name, EVE).contains("--name"), "{name:?}");
            for command in ["create-team", "create-project", "create-organization"] {
                assert!(refused(data, &[command, "--name", name]).contains("--name"), "{command} {name:?}");
            }
            assert!(refused(data, &["rename-user", "--email", ADA, "--name", name]).contains("--name"), "{name:?}");
            assert!(refused(data, &["set-organization", "--name", name]).contains("name"), "{name:?}");
        }
        for email in ["@", "eve", "eve@", "@acme.test", "e ve@acme.test", "eve@a@b", "eve@acme.test\u{7}"] {
            assert!(user("Eve", email).contains("--email"), "{email:?}");
            assert!(refused(data, &["invite", "--email", email]).contains("--email"), "{email:?}");
        }
    }

    async fn every_command_that_changes_something_leaves_its_row(place) {
        let data = &place.data;
        let company = Company::start(data).await;
        add(data, "Eve", "employee");
        assert_eq!(audit(data)[0]["action"], "user.created");
        log_in(&company, EVE).await;
        let invited = admin(data, &["invite", "--email", "max@acme.test"], "");
        assert_eq!(audit(data)[0]["action"], "invitation.created");
        let token = admin(data, &["create-enrolment-token", "--email", EVE], "");
        assert_eq!(audit(data)[0]["action"], "enrolment_token.created");
        let request = json!({
            "token": token["token"], "device_id": uuid::Uuid::from_u128(7), "name": "desk", "os": "Debian",
            "agent_version": "1",
        });
        assert_eq!(company.post("/api/v1/devices/enrol", request).await.0, 201);
        let device = uuid::Uuid::from_u128(7).to_string();
        let login = admin(data, &["list-logins", "--email", EVE], "")[0]["id"].clone();
        let login = login.as_str().expect("an id");
        let text = |value: &Value| value.as_str().expect("a text").to_owned();
        let (invitation, token) = (text(&invited["invitation_id"]), text(&token["id"]));
        for (arguments, action) in [
            (vec!["rename-user", "--email", EVE, "--name", "Evelyn"], "user.renamed"),
            (vec!["set-role", "--email", EVE, "--role", "manager"], "user.role_changed"),
            (vec!["end-login", "--yes", "--email", EVE, "--login", login], "user.login_ended"),
            (vec!["sign-out", "--yes", "--email", EVE], "user.signed_out"),
            (vec!["reset-link", "--email", EVE], "user.reset_link_made"),
            (vec!["create-team", "--name", "Blue"], "team.created"),
            (vec!["rename-team", "--team", "Blue", "--name", "Green"], "team.renamed"),
            (vec!["add-team-member", "--team", "Green", "--email", EVE, "--manager"], "team.member_added"),
            (vec!["remove-team-member", "--team", "Green", "--email", EVE], "team.member_removed"),
            (vec!["delete-team", "--yes", "--team", "Green"], "team.deleted"),
            (vec!["create-project", "--name", "Site"], "project.created"),
            (vec!["rename-project", "--project", "Site", "--name", "Shop"], "project.changed"),
            (vec!["add-project-member", "--project", "Shop", "--email", EVE], "project.member_added"),
            (vec!["remove-project-member", "--project", "Shop", "--email", EVE], "project.member_removed"),
            (vec!["archive-project", "--project", "Shop"], "project.archived"),
            (vec!["archive-project", "--project", "Shop", "--restore"], "project.restored"),
            (vec!["revoke-device", "--yes", "--device", &device], "device.revoked"),
            (vec!["revoke-enrolment-token", "--yes", "--token", &token], "enrolment_token.revoked"),
            (vec!["revoke-invitation", "--yes", "--invitation", &invitation], "invitation.revoked"),
            (vec!["set-registration", "--open", "true"], "organization.changed"),
            (vec!["set-organization", "--retention-days", "401"], "organization.changed"),
            (vec!["remake-days", "--from", "2026-11-01"], "organization.days_remade"),
            (vec!["set-status", "--email", EVE, "--status", "suspended"], "user.status_changed"),
            (vec!["erase-person", "--yes", "--email", EVE], "user.erased"),
        ] {
            let before = audit(data);
            admin(data, &arguments, "");
            let after = audit(data);
            assert_eq!(after.len(), before.len() + 1, "{arguments:?}");
            assert_eq!((&after[0]["action"], &after[0]["actor_id"]), (&json!(action), &Value::Null), "{arguments:?}");
        }
        admin(data, &["set-policy", "--file", "-"], "{ \"titles\": true }");
        assert_eq!(audit(data)[0]["action"], "policy.changed");
        let reset = ["reset-password", "--email", ADA, "--password-stdin"];
        admin(data, &reset, "seven copper lanterns drift");
        assert_eq!(audit(data)[0]["action"], "user.password_reset");
        assert_eq!(audit(data)[0]["actor_id"], Value::Null);
        let looks = admin(data, &["list-audit", "--action", "user."], "");
        assert!(looks.as_array().expect("a list").iter().all(|row| row["action"].as_str().expect("a text").starts_with("user.")));
        let about = admin(data, &["list-audit", "--subject", ADA, "--limit", "1"], "");
        assert_eq!((about.as_array().expect("a list").len(), &about[0]["subject_name"]), (1, &json!("Ada")));
        assert!(refused(data, &["list-audit", "--action", "user;"]).contains("user.created"));
    }

    async fn it_looks_at_totals_and_exports_and_the_person_reads_so(place) {
        let data = &place.data;
        let company = Company::start(data).await;
        add(data, "Eve", "employee");
        let eve = log_in(&company, EVE).await;
        let made = admin(data, &["create-project", "--name", "Site"], "");
        let session = uuid::Uuid::from_u128(9);
        let start = json!({ "session_id": session, "project_id": made["project_id"] });
        company.post_as(&eve, "/api/v1/sessions/start", start).await;
        let looked = async || {
            let page = company.get(&eve, "/api/v1/me/looks").await;
            let items = page["items"].as_array().expect("a list").clone();
            items.iter().map(|look| (look["looked_at"].clone(), look["viewer_id"].clone())).collect::<Vec<_>>()
        };
        let days = ["--from", "2020-01-01", "--to", "2029-12-31"];
        let totals = [&["project-totals", "--project", "Site"][..], &days].concat();
        assert_eq!(admin(data, &totals, "")["people"][0]["name"], "Eve");
        assert_eq!(looked().await, [(json!("project_totals"), Value::Null)]);
        assert!(table(data, &totals).contains("Eve"));
        let figures = company.figures().await;
        for told in [EVE, "Eve", PASSWORD, &session.to_string(), eve.as_str().expect("a text")] {
            assert!(!figures.contains(told), "{told}: {figures}");
        }
        assert!(figures.contains("workpulse_"), "{figures}");
        assert_eq!(looked().await.len(), 2);

        let file = data.with_extension("zip");
        let path = file.to_str().expect("UTF-8");
        let export = ["export-person", "--email", EVE, "--output-file", path];
        let made = admin(data, &export, "");
        assert_eq!(made["bytes"], std::fs::metadata(&file).expect("it is there").len().to_string());
        let mut zip = zip::ZipArchive::new(std::fs::File::open(&file).expect("opens")).expect("a zip");
        let mut people = String::new();
        zip.by_name("account.json").expect("it is in it").read_to_string(&mut people).expect("reads");
        assert!(people.contains(EVE), "{people}");
        assert_eq!(looked().await[0], (json!("export"), Value::Null));
        let listed = admin(data, &["list-looks", "--email", EVE], "");
        assert_eq!(listed.as_array().expect("a list").len(), 3);
        assert_eq!(listed[0]["looked_at"], "export");
        assert!(table(data, &["list-looks", "--email", EVE]).contains("IT"));
        let said = refused(data, &export);
        assert!(said.contains(path) && said.contains("Nothing was exported"), "{said}");

        let erase = ["erase-person", "--email", EVE];
        let said = refused(data, &erase);
        assert!(said.contains(EVE) && said.contains("--yes"), "{said}");
        assert_eq!(company.status(&eve, "/api/v1/me").await, 200);
        admin(data, &[&erase[..], &["--yes"]].concat(), "");
        until(async || company.status(&eve, "/api/v1/me").await == 401).await;
        let left = table(data, &["list-users"]);
        assert!(!left.contains(EVE) && !left.contains("Eve"), "{left}");
        let last = refused(data, &["erase-person", "--yes", "--email", ADA]);
        assert!(last.contains("admin"), "{last}");
    }

    async fn groups_and_log_ins_are_listed_and_one_log_in_ends(place) {
        let data = &place.data;
        let company = Company::start(data).await;
        add(data, "Eve", "employee");
        let (one, other) = (log_in(&company, EVE).await, log_in(&company, EVE).await);
        admin(data, &["create-team", "--name", "Blue"], "");
        admin(data, &["create-project", "--name", "Site"], "");
        admin(data, &["add-team-member", "--team", "Blue", "--email", EVE], "");
        admin(data, &["add-team-member", "--team", "Blue", "--email", ADA, "--manager"], "");
        admin(data, &["add-project-member", "--project", "Site", "--email", EVE], "");
        let members = admin(data, &["list-team-members", "--team", "Blue"], "");
        let of = |list: &Value| list.as_array().expect("a list").iter()
            .map(|one| (one["name"].clone(), one["is_manager"].clone())).collect::<Vec<_>>();
        assert_eq!(of(&members), [(json!("Ada"), json!(true)), (json!("Eve"), json!(false))]);
        let members = admin(data, &["list-project-members", "--project", "Site"], "");
        assert_eq!(of(&members), [(json!("Eve"), json!(false))]);
        let shown = table(data, &["list-team-members", "--team", "Blue"]);
        let row = |name: &str| shown.lines().find(|line| line.contains(name)).expect("a row").to_owned();
        assert!(row("Ada").contains("manager") && row("Eve").contains("member"), "{shown}");
        assert!(shown.lines().next().is_some_and(|head| !head.contains('{')), "no JSON: {shown}");
        let people = table(data, &["list-users"]);
        for word in ["e-mail", "last seen", EVE, "employee", "never"] {
            assert!(people.contains(word), "{word}: {people}");
        }

        let logins = admin(data, &["list-logins", "--email", EVE], "");
        let newest = logins[0]["id"].as_str().expect("an id");
        let end = ["end-login", "--email", EVE, "--login", newest];
        assert!(refused(data, &end).contains("--yes"));
        let yes = [&end[..], &["--yes"]].concat();
        admin(data, &yes, "");
        until(async || company.status(&other, "/api/v1/me").await == 401).await;
        assert_eq!(company.status(&one, "/api/v1/me").await, 200, "the other one goes on");
        assert!(refused(data, &yes).contains("list-logins"), "it has ended");
        let stranger = ["end-login", "--yes", "--email", ADA, "--login"];
        let rest = admin(data, &["list-logins", "--email", EVE], "")[0]["id"].clone();
        assert!(refused(data, &[&stranger[..], &[rest.as_str().expect("an id")]].concat()).contains("list-logins"), "it is Eve's");
    }
}
