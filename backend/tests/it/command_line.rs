//! What IT does to people on the command line, beside a running server.

use serde_json::{Value, json};

use crate::{
    company::{ADA, Company, admin, on_both_databases},
    harness::PASSWORD,
    joining::secret,
    start_up::{run, stderr, until},
};

const GRACE: &str = "grace@acme.test";
/// [`PASSWORD`] by another implementation of bcrypt, at cost 12.
const BCRYPT: &str = "$2y$12$k42ZFHFWqBp3vWli.nIn8uUsIoDoUDvAHeH.uBNT3tA7b/x5SiLDK";

async fn log_in(company: &Company, email: &str, password: &str) -> (u16, Value) {
    let request = json!({ "email": email, "password": password });
    company.post("/api/v1/auth/login", request).await
}

on_both_databases! {
    async fn it_invites_and_takes_back(place) {
        let data = &place.data;
        let company = Company::start(data).await;
        let made = admin(data, &["invite", "--email", GRACE], "");
        let link = made["link"].as_str().expect("shown without mail");
        assert!(link.starts_with("/join#token=wpi_"), "{link}");
        let request = json!({ "invitation": secret(link), "name": "Grace", "password": PASSWORD });
        let (status, _) = company.post("/api/v1/auth/register", request).await;
        assert_eq!(status, 201);
        let (_, body) = log_in(&company, GRACE, PASSWORD).await;
        assert_eq!(body["me"]["role"], "employee");
        let listed = admin(data, &["list-invitations"], "");
        assert_eq!(
            (&listed[0]["state"], &listed[0]["mail"]),
            (&json!("accepted"), &Value::Null)
        );

        let id = made["invitation_id"].as_str().expect("an id");
        let used = run(
            data,
            &["admin", "revoke-invitation", "--yes", "--invitation", id],
        );
        assert!(stderr(&used).contains("been accepted"), "{}", stderr(&used));
        let made = admin(data, &["invite", "--email", "max@acme.test"], "");
        let id = made["invitation_id"].as_str().expect("an id");
        let unasked = run(data, &["admin", "revoke-invitation", "--invitation", id]);
        assert!(stderr(&unasked).contains("--yes") && stderr(&unasked).contains(id));
        admin(
            data,
            &["revoke-invitation", "--yes", "--invitation", id],
            "",
        );
        let look = json!({ "token": secret(made["link"].as_str().expect("a link")) });
        assert_eq!(company.post("/api/v1/auth/invitation", look).await.0, 410);
        let taken = run(data, &["admin", "invite", "--email", ADA]);
        assert!(
            stderr(&taken).contains("has an account"),
            "{}",
            stderr(&taken)
        );
    }

    async fn it_takes_over_accounts_and_changes_them(place) {
        let data = &place.data;
        let company = Company::start(data).await;
        let mut create = vec!["create-user", "--email", GRACE, "--name", "Grace"];
        create.extend(["--role", "employee", "--password-hash-stdin"]);
        let mut whole = vec!["admin"];
        whole.extend(&create);
        let none = run(data, &whole);
        assert!(
            stderr(&none).contains("must be a bcrypt hash"),
            "{}",
            stderr(&none)
        );
        admin(data, &create, &format!("{BCRYPT}\n"));
        assert_eq!(log_in(&company, GRACE, PASSWORD).await.0, 200);

        let last = run(
            data,
            &["admin", "set-role", "--email", ADA, "--role", "employee"],
        );
        assert!(
            stderr(&last).contains("last active admin"),
            "{}",
            stderr(&last)
        );
        let changed = admin(
            data,
            &["set-role", "--email", GRACE, "--role", "admin"],
            "",
        );
        assert_eq!(changed["role"], "admin");
        admin(
            data,
            &["set-role", "--email", ADA, "--role", "employee"],
            "",
        );

        let (_, body) = log_in(&company, GRACE, PASSWORD).await;
        assert_eq!(body["me"]["role"], "admin");
        let access = &body["tokens"]["access_token"];
        let logins = admin(data, &["list-logins", "--email", GRACE], "");
        assert_eq!(logins.as_array().expect("a list").len(), 2);
        assert!(stderr(&run(data, &["admin", "sign-out", "--email", GRACE])).contains("--yes"));
        assert_eq!(company.status(access, "/api/v1/me").await, 200);
        admin(data, &["sign-out", "--yes", "--email", GRACE], "");
        until(async || company.status(access, "/api/v1/me").await == 401).await;
        assert_eq!(
            admin(data, &["list-logins", "--email", GRACE], ""),
            json!([])
        );

        let made = admin(data, &["reset-link", "--email", GRACE], "");
        let token = secret(made["link"].as_str().expect("a link"));
        let request = json!({ "token": token, "new_password": "seven copper lanterns drift" });
        assert_eq!(
            company.post("/api/v1/auth/reset", request.clone()).await.0,
            204
        );
        assert_eq!(company.post("/api/v1/auth/reset", request).await.0, 410);
        assert_eq!(log_in(&company, GRACE, PASSWORD).await.0, 401);
        assert_eq!(
            log_in(&company, GRACE, "seven copper lanterns drift")
                .await
                .0,
            200
        );
    }

    async fn it_opens_registration_and_shows_settings(place) {
        let data = &place.data;
        let company = Company::start(data).await;
        let shown = admin(data, &["show-organization"], "");
        assert_eq!(shown["registration_open"], "false");
        let id = shown["organization_id"].clone();
        let request =
            json!({ "organization_id": id, "email": "x@evil.test", "name": "X", "password": PASSWORD });
        let closed = company
            .post("/api/v1/auth/register", request.clone())
            .await
            .0;
        let open = [
            "set-registration",
            "--open",
            "true",
            "--domains",
            "Acme.test",
        ];
        let shown = admin(data, &open, "");
        assert_eq!(
            (&shown["registration_open"], &shown["registration_domains"]),
            (&json!("true"), &json!("acme.test"))
        );
        let elsewhere = company
            .post("/api/v1/auth/register", request.clone())
            .await
            .0;
        admin(
            data,
            &["set-registration", "--open", "true", "--domains", ""],
            "",
        );
        let anywhere = company.post("/api/v1/auth/register", request).await.0;
        assert_eq!((closed, elsewhere, anywhere), (404, 422, 202));
        let wrong = run(
            data,
            &[
                "admin",
                "set-registration",
                "--open",
                "true",
                "--domains",
                "a b",
            ],
        );
        assert!(
            stderr(&wrong).contains("registration_domains"),
            "{}",
            stderr(&wrong)
        );
        let findings = run(data, &["doctor", "--output", "json"]);
        let findings: Value = serde_json::from_slice(&findings.stdout).expect("JSON");
        let of = |check: &str| {
            findings
                .as_array()
                .expect("a list")
                .iter()
                .find(|f| f["check"] == check)
                .expect("looked at")["detail"]
                .clone()
        };
        assert_eq!(of("mail"), "not configured: links are shown to be copied");
        assert_eq!(of("mails"), "0 wait, 0 were given up in the last month");
    }
}

on_both_databases! {
    async fn a_device_revoked_on_the_command_line_is_refused_by_the_running_server(place) {
        let data = &place.data;
        let company = Company::start(data).await;
        let token = admin(data, &["create-enrolment-token", "--email", ADA], "");
        let request = json!({
            "token": token["token"], "device_id": uuid::Uuid::from_u128(7), "name": "desk", "os": "Debian", "agent_version": "1",
        });
        let (_, enrolled) = company.post("/api/v1/devices/enrol", request).await;
        let credential = &enrolled["device_secret"];
        assert_eq!(company.status(credential, "/api/v1/policy").await, 200);
        let devices = admin(data, &["list-devices"], "");
        assert_eq!(devices[0]["name"], "desk");
        let id = devices[0]["id"].as_str().expect("an id");
        let refused = run(data, &["admin", "revoke-device", "--device", id]);
        assert_eq!(
            refused.status.code(),
            Some(1),
            "nobody is there to be asked"
        );
        let said = stderr(&refused);
        assert!(said.contains(id) && said.contains("--yes"), "{said}");
        assert_eq!(company.status(credential, "/api/v1/policy").await, 200);
        admin(data, &["revoke-device", "--yes", "--device", id], "");
        until(async || company.status(credential, "/api/v1/policy").await == 403).await;
    }

    async fn devices_are_let_in_and_told_what_to_collect_on_the_command_line(place) {
        let data = &place.data;
        let company = Company::start(data).await;
        let create = ["create-enrolment-token", "--mail-domain", "acme.test"];
        let token = admin(data, &create, "");
        let request = json!({
            "token": token["token"], "email": ADA, "device_id": uuid::Uuid::from_u128(8), "name": "desk",
            "os": "Debian", "agent_version": "1",
        });
        let (_, enrolled) = company.post("/api/v1/devices/enrol", request).await;
        let credential = &enrolled["device_secret"];
        assert_eq!(company.status(credential, "/api/v1/ws").await, 403);
        let waiting = admin(data, &["list-devices", "--pending"], "");
        let id = waiting[0]["id"].as_str().expect("an id");
        assert_eq!(waiting[0]["status"], "pending");
        admin(data, &["approve-device", "--device", id], "");
        // Let in, and told that this is no upgrade to a WebSocket.
        until(async || company.status(credential, "/api/v1/ws").await != 403).await;
        assert_eq!(admin(data, &["list-devices", "--pending"], ""), json!([]));
        assert_eq!(
            admin(data, &["list-devices", "--silent-days", "7"], ""),
            json!([])
        );

        let tokens = admin(data, &["list-enrolment-tokens"], "");
        assert_eq!(
            (&tokens[0]["uses"], &tokens[0]["needs_approval"]),
            (&json!(1), &json!(true))
        );
        let id = tokens[0]["id"].as_str().expect("an id");
        let refused = run(data, &["admin", "revoke-enrolment-token", "--token", id]);
        assert!(stderr(&refused).contains("--yes"), "{}", stderr(&refused));
        let revoke = ["revoke-enrolment-token", "--yes", "--token", id];
        admin(data, &revoke, "");
        let tokens = admin(data, &["list-enrolment-tokens"], "");
        assert!(tokens[0]["revoked_at"].is_string());

        let changes = r#"{"titles": true, "pause": {"allowed": true, "longest_seconds": 600}}"#;
        let set = admin(data, &["set-policy", "--file", "-"], changes);
        assert_eq!(set["version"], "2");
        let policy = admin(data, &["show-policy"], "");
        assert_eq!(
            (&policy["titles"], &policy["applications"]),
            (&json!(true), &json!(true))
        );
        let effective = admin(data, &["show-policy", "--email", ADA], "");
        assert_eq!(effective["policy"]["pause"]["longest_seconds"], 600);
        let wrong = data.join("policy.json");
        std::fs::write(&wrong, r#"{"titels": false}"#).expect("written");
        let path = wrong.to_str().expect("a path");
        let refused = run(data, &["admin", "set-policy", "--file", path]);
        assert!(stderr(&refused).contains("titels"), "{}", stderr(&refused));
        assert_eq!(admin(data, &["show-policy"], "")["version"], 2);
    }

    async fn a_person_suspended_on_the_command_line_is_cut_off_by_the_running_server(place) {
        let data = &place.data;
        let company = Company::start(data).await;
        let (_, body) = company.log_in().await;
        let access = &body["tokens"]["access_token"];
        assert_eq!(company.status(access, "/api/v1/me").await, 200);
        let suspend = ["set-status", "--email", ADA, "--status", "suspended"];
        let mut whole = vec!["admin"];
        whole.extend(suspend);
        let refused = run(data, &whole);
        assert!(stderr(&refused).contains("last active admin"));
        let mut second = vec!["create-user", "--email", "bob@acme.test", "--name", "Bob"];
        second.extend(["--role", "admin"]);
        admin(data, &second, "");
        admin(data, &suspend, "");
        until(async || company.status(access, "/api/v1/me").await == 403).await;
        assert_eq!(company.log_in().await.0, 401);
        admin(
            data,
            &["set-status", "--email", ADA, "--status", "active"],
            "",
        );
        assert_eq!(company.log_in().await.0, 200);
        let reset = ["reset-password", "--email", ADA, "--password-stdin"];
        admin(data, &reset, "another tractor of violet clouds");
        assert_eq!(company.log_in().await.0, 401, "the old password is gone");
        let people = admin(data, &["list-users"], "");
        assert_eq!(people[0]["status"], "active");
    }
}
