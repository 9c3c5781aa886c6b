//! What IT does to people on the command line, beside a running server.

use serde_json::{Value, json};

use crate::{
    harness::PASSWORD,
    joining::secret,
    start_up::{ADA, Company, admin, place, run, stderr, until},
};

const GRACE: &str = "grace@acme.test";
/// [`PASSWORD`] by another implementation of bcrypt, at cost 12.
const BCRYPT: &str = "$2y$12$k42ZFHFWqBp3vWli.nIn8uUsIoDoUDvAHeH.uBNT3tA7b/x5SiLDK";

async fn log_in(company: &Company, email: &str, password: &str) -> (u16, Value) {
    let request = json!({ "email": email, "password": password });
    company.post("/api/v1/auth/login", request).await
}

#[tokio::test]
async fn it_invites_and_takes_back() {
    let (_parent, data) = place();
    let company = Company::start(&data).await;
    let made = admin(&data, &["invite", "--email", GRACE], "");
    let link = made["link"].as_str().expect("shown without mail");
    assert!(link.starts_with("/join#token=wpi_"), "{link}");
    let request = json!({ "invitation": secret(link), "name": "Grace", "password": PASSWORD });
    let (status, _) = company.post("/api/v1/auth/register", request).await;
    assert_eq!(status, 201);
    let (_, body) = log_in(&company, GRACE, PASSWORD).await;
    assert_eq!(body["me"]["role"], "employee");
    let listed = admin(&data, &["list-invitations"], "");
    assert_eq!(
        (&listed[0]["state"], &listed[0]["mail"]),
        (&json!("accepted"), &Value::Null)
    );

    let id = made["invitation_id"].as_str().expect("an id");
    let used = run(
        &data,
        &["admin", "revoke-invitation", "--yes", "--invitation", id],
    );
    assert!(stderr(&used).contains("been accepted"), "{}", stderr(&used));
    let made = admin(&data, &["invite", "--email", "max@acme.test"], "");
    let id = made["invitation_id"].as_str().expect("an id");
    let unasked = run(&data, &["admin", "revoke-invitation", "--invitation", id]);
    assert!(stderr(&unasked).contains("--yes") && stderr(&unasked).contains(id));
    admin(
        &data,
        &["revoke-invitation", "--yes", "--invitation", id],
        "",
    );
    let look = json!({ "token": secret(made["link"].as_str().expect("a link")) });
    assert_eq!(company.post("/api/v1/auth/invitation", look).await.0, 410);
    let taken = run(&data, &["admin", "invite", "--email", ADA]);
    assert!(
        stderr(&taken).contains("has an account"),
        "{}",
        stderr(&taken)
    );
}

#[tokio::test]
async fn it_takes_over_accounts_and_changes_them() {
    let (_parent, data) = place();
    let company = Company::start(&data).await;
    let mut create = vec!["create-user", "--email", GRACE, "--name", "Grace"];
    create.extend(["--role", "employee", "--password-hash-stdin"]);
    let mut whole = vec!["admin"];
    whole.extend(&create);
    let none = run(&data, &whole);
    assert!(
        stderr(&none).contains("must be a bcrypt hash"),
        "{}",
        stderr(&none)
    );
    admin(&data, &create, &format!("{BCRYPT}\n"));
    assert_eq!(log_in(&company, GRACE, PASSWORD).await.0, 200);

    let last = run(
        &data,
        &["admin", "set-role", "--email", ADA, "--role", "employee"],
    );
    assert!(
        stderr(&last).contains("last active admin"),
        "{}",
        stderr(&last)
    );
    let changed = admin(
        &data,
        &["set-role", "--email", GRACE, "--role", "admin"],
        "",
    );
    assert_eq!(changed["role"], "admin");
    admin(
        &data,
        &["set-role", "--email", ADA, "--role", "employee"],
        "",
    );

    let (_, body) = log_in(&company, GRACE, PASSWORD).await;
    assert_eq!(body["me"]["role"], "admin");
    let access = &body["tokens"]["access_token"];
    let logins = admin(&data, &["list-logins", "--email", GRACE], "");
    assert_eq!(logins.as_array().expect("a list").len(), 2);
    assert!(stderr(&run(&data, &["admin", "sign-out", "--email", GRACE])).contains("--yes"));
    assert_eq!(company.status(access, "/api/v1/me").await, 200);
    admin(&data, &["sign-out", "--yes", "--email", GRACE], "");
    until(async || company.status(access, "/api/v1/me").await == 401).await;
    assert_eq!(
        admin(&data, &["list-logins", "--email", GRACE], ""),
        json!([])
    );

    let made = admin(&data, &["reset-link", "--email", GRACE], "");
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

#[tokio::test]
async fn it_opens_registration_and_shows_settings() {
    let (_parent, data) = place();
    let company = Company::start(&data).await;
    let shown = admin(&data, &["show-organization"], "");
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
    let shown = admin(&data, &open, "");
    assert_eq!(
        (&shown["registration_open"], &shown["registration_domains"]),
        (&json!("true"), &json!("acme.test"))
    );
    let elsewhere = company
        .post("/api/v1/auth/register", request.clone())
        .await
        .0;
    admin(
        &data,
        &["set-registration", "--open", "true", "--domains", ""],
        "",
    );
    let anywhere = company.post("/api/v1/auth/register", request).await.0;
    assert_eq!((closed, elsewhere, anywhere), (404, 422, 202));
    let wrong = run(
        &data,
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
    let findings = run(&data, &["doctor", "--output", "json"]);
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
