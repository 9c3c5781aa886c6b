//! Teams and projects without a browser.

use serde_json::{Value, json};

use crate::{
    company::{Company, admin, on_both_databases},
    harness::PASSWORD,
    start_up::{run, stderr},
};

fn add(data: &std::path::Path, name: &str, role: &str) -> String {
    let email = format!("{}@acme.test", name.to_lowercase());
    let arguments = [
        "create-user",
        "--name",
        name,
        "--email",
        &email,
        "--role",
        role,
        "--password-stdin",
    ];
    admin(data, &arguments, PASSWORD);
    email
}

on_both_databases! {
    async fn teams_are_managed_on_the_command_line_beside_a_running_server(place) {
        let data = &place.data;
        let _company = Company::start(data).await;
        let (mona, eve) = (add(data, "Mona", "manager"), add(data, "Eve", "employee"));
        let team = admin(data, &["create-team", "--name", "Engines"], "");
        let twice = run(data, &["admin", "create-team", "--name", "Engines"]);
        assert_eq!(twice.status.code(), Some(1));
        assert!(stderr(&twice).contains("\"Engines\""), "{}", stderr(&twice));
        let member = ["add-team-member", "--team", "Engines", "--email"];
        admin(data, &[&member[..], &[&mona, "--manager"]].concat(), "");
        let by_id = team["team_id"].as_str().expect("an id");
        admin(
            data,
            &["add-team-member", "--team", by_id, "--email", &eve],
            "",
        );
        let teams = admin(data, &["list-teams"], "");
        assert_eq!(
            (&teams[0]["name"], &teams[0]["member_count"]),
            (&json!("Engines"), &json!(2))
        );
        admin(
            data,
            &["remove-team-member", "--team", "Engines", "--email", &eve],
            "",
        );
        let gone = run(
            data,
            &[
                "admin",
                "remove-team-member",
                "--team",
                "Engines",
                "--email",
                &eve,
            ],
        );
        assert!(
            stderr(&gone).contains("not in the team"),
            "{}",
            stderr(&gone)
        );
        let refused = run(data, &["admin", "delete-team", "--team", "Engines"]);
        assert_eq!(
            refused.status.code(),
            Some(1),
            "nobody is there to be asked"
        );
        let said = stderr(&refused);
        assert!(
            said.contains("\"Engines\"") && said.contains("--yes"),
            "{said}"
        );
        admin(data, &["delete-team", "--team", "Engines", "--yes"], "");
        assert_eq!(admin(data, &["list-teams"], ""), json!([]));
    }

    async fn projects_are_managed_on_the_command_line_beside_a_running_server(place) {
        let data = &place.data;
        let _company = Company::start(data).await;
        let eve = add(data, "Eve", "employee");
        admin(
            data,
            &["create-project", "--name", "Website", "--members-only"],
            "",
        );
        let member = ["add-project-member", "--project", "Website", "--email"];
        admin(data, &[&member[..], &[&eve]].concat(), "");
        let projects = admin(data, &["list-projects"], "");
        assert_eq!(
            (&projects[0]["name"], &projects[0]["open_to_all"]),
            (&json!("Website"), &json!(false))
        );
        let totals = [
            "project-totals",
            "--project",
            "Website",
            "--from",
            "2026-11-01",
            "--to",
            "2026-11-30",
        ];
        let totals = admin(data, &totals, "");
        assert_eq!(
            (&totals["people"], &totals["total"]["sessions"]),
            (&json!([]), &json!(0))
        );
        admin(data, &["archive-project", "--project", "Website"], "");
        assert_eq!(admin(data, &["list-projects"], ""), json!([]));
        assert_ne!(
            admin(data, &["list-projects", "--archived"], "")[0]["archived_at"],
            Value::Null
        );
        admin(
            data,
            &["archive-project", "--project", "Website", "--restore"],
            "",
        );
        let member = [
            "remove-project-member",
            "--project",
            "Website",
            "--email",
            &eve,
        ];
        admin(data, &member, "");
        let missing = run(data, &["admin", "archive-project", "--project", "Nothing"]);
        assert!(
            stderr(&missing).contains("list-projects"),
            "{}",
            stderr(&missing)
        );
        let backwards = run(
            data,
            &[
                "admin",
                "project-totals",
                "--project",
                "Website",
                "--from",
                "2026-11-30",
                "--to",
                "2026-11-01",
            ],
        );
        assert_eq!(backwards.status.code(), Some(1));
    }
}
