//! Mail, against a mail server of the test's own that speaks SMTP on loopback.

use std::{collections::VecDeque, sync::Arc};

use parking_lot::Mutex;
use secrecy::SecretString;
use serde_json::{Value, json};
use tokio::{
    io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader},
    net::{TcpListener, TcpStream},
};
use workpulse_server::{
    config::{Config, MailConfig},
    mail::Mail,
};

use crate::{
    harness::{LoggedIn, PASSWORD, TestApp},
    joining::open,
    raw::behind,
};

const NEW: &str = "seven copper lanterns drift";

/// A mail that arrived.
#[derive(Debug, Clone)]
pub(crate) struct Arrived {
    pub(crate) to: String,
    pub(crate) text: String,
}

impl Arrived {
    /// The secret behind the link.
    fn secret(&self) -> String {
        let (_, rest) = self.text.split_once("#token=").expect("a link");
        rest.chars()
            .take_while(|c| c.is_ascii_alphanumeric() || "-_".contains(*c))
            .collect()
    }
}

#[derive(Debug, Default)]
struct Post {
    arrived: Mutex<Vec<Arrived>>,
    /// What the next recipients are answered; afterwards they are taken.
    answers: Mutex<VecDeque<&'static str>>,
}

/// A mail server that takes what it is given, or says what it is told to.
#[derive(Debug, Clone)]
pub(crate) struct MailServer {
    post: Arc<Post>,
    port: u16,
}

impl MailServer {
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("it has one");
        let post = Arc::new(Post::default());
        let shared = Arc::clone(&post);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(converse(stream, Arc::clone(&shared)));
            }
        });
        Self {
            post,
            port: address.port(),
        }
    }

    pub(crate) fn take(&self) -> Vec<Arrived> {
        std::mem::take(&mut *self.post.arrived.lock())
    }

    fn answer(&self, answers: &[&'static str]) {
        self.post.answers.lock().extend(answers);
    }

    /// What a server is told that mails through this one.
    pub(crate) fn settings(&self) -> [(&'static str, String); 3] {
        [
            (
                "WORKPULSE_SMTP_URL",
                format!("smtp://127.0.0.1:{}", self.port),
            ),
            (
                "WORKPULSE_MAIL_FROM",
                "WorkPulse <time@acme.test>".to_owned(),
            ),
            ("WORKPULSE_PUBLIC_URL", "http://time.acme.test".to_owned()),
        ]
    }

    /// A server on each engine that mails through this one.
    pub(crate) async fn apps(&self) -> Vec<TestApp> {
        let configure = |config: &mut Config| {
            config.http.public_url = Some("http://time.acme.test".parse().expect("valid"));
            config.mail = Some(MailConfig {
                smtp_url: SecretString::from(format!("smtp://127.0.0.1:{}", self.port)),
                from: "WorkPulse <time@acme.test>".to_owned(),
            });
        };
        let postgres = TestApp::postgres_configured(configure).await;
        [Some(TestApp::configured(configure).await), postgres]
            .into_iter()
            .flatten()
            .collect()
    }
}

/// A text whose long lines were quoted, as a mail program shows it.
fn readable(text: &str) -> String {
    text.replace("=\n", "").replace("=3D", "=")
}

/// One conversation: RFC 5321 as far as a sender needs it.
async fn converse(stream: TcpStream, post: Arc<Post>) -> std::io::Result<()> {
    let (read, mut write) = stream.into_split();
    let mut lines = BufReader::new(read).lines();
    write.write_all(b"220 mail.test ESMTP\r\n").await?;
    let (mut to, mut text, mut in_data) = (String::new(), String::new(), false);
    while let Some(line) = lines.next_line().await? {
        let verb = line
            .split([' ', ':'])
            .next()
            .unwrap_or_default()
            .to_uppercase();
        let reply = match (in_data, verb.as_str()) {
            (true, _) if line == "." => {
                in_data = false;
                let mail = Arrived {
                    to: std::mem::take(&mut to),
                    text: readable(&std::mem::take(&mut text)),
                };
                post.arrived.lock().push(mail);
                "250 taken"
            }
            (true, _) => {
                text.push_str(line.strip_prefix('.').unwrap_or(&line));
                text.push('\n');
                continue;
            }
            (false, "EHLO") => "250-mail.test\r\n250 8BITMIME",
            (false, "RCPT") => {
                to = line.split(['<', '>']).nth(1).unwrap_or_default().to_owned();
                post.answers.lock().pop_front().unwrap_or("250 fine")
            }
            (false, "DATA") => {
                in_data = true;
                "354 go on"
            }
            (false, "QUIT") => {
                write.write_all(b"221 bye\r\n").await?;
                return Ok(());
            }
            _ => "250 fine",
        };
        write.write_all(format!("{reply}\r\n").as_bytes()).await?;
    }
    Ok(())
}

pub(crate) async fn deliver(app: &TestApp) -> usize {
    let state = app.state();
    state
        .mail
        .deliver_due(&state.store, &*state.clock)
        .await
        .expect("the database answers")
}

async fn ask_reset(app: &TestApp, email: &str) -> Value {
    app.post("/api/v1/auth/reset-request", "", &json!({ "email": email }))
        .await
        .expect(202)
}

async fn reset(app: &TestApp, token: &str) -> u16 {
    let request = json!({ "token": token, "new_password": NEW });
    app.post("/api/v1/auth/reset", "", &request)
        .await
        .status
        .as_u16()
}

async fn invite(app: &TestApp, admin: &LoggedIn, email: &str) -> Value {
    app.post(
        "/api/v1/invitations",
        &admin.token,
        &json!({ "email": email }),
    )
    .await
    .expect(201)
}

async fn mail_state(app: &TestApp, admin: &LoggedIn) -> Value {
    let page = app
        .get("/api/v1/invitations", &admin.token)
        .await
        .expect(200);
    page["items"][0]["mail"].clone()
}

async fn join(app: &TestApp, token: &str) -> u16 {
    let request = json!({ "invitation": token, "name": "Grace", "password": PASSWORD });
    app.post("/api/v1/auth/register", "", &request)
        .await
        .status
        .as_u16()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_invitation_is_mailed_and_not_shown() {
    let server = MailServer::start().await;
    for app in server.apps().await {
        let ada = app.set_up().await;
        let made = invite(&app, &ada, "grace@acme.test").await;
        assert_eq!(made.get("link"), None);
        assert_eq!(made["invitation"]["mail"], "waiting");
        assert_eq!(deliver(&app).await, 1);
        assert_eq!(deliver(&app).await, 0, "once");
        assert_eq!(mail_state(&app, &ada).await, "sent");
        let mail = server.take().pop().expect("it arrived");
        assert_eq!(mail.to, "grace@acme.test");
        assert!(
            mail.text.contains("http://time.acme.test/join#token=wpi_"),
            "{}",
            mail.text
        );
        assert!(
            mail.text.contains("From: WorkPulse <time@acme.test>") && mail.text.contains("Acme")
        );
        assert_eq!(join(&app, &mail.secret()).await, 201);
        assert_eq!(join(&app, &mail.secret()).await, 410);

        let shown = json!({ "email": "max@acme.test", "show_link": true });
        let shown = app
            .post("/api/v1/invitations", &ada.token, &shown)
            .await
            .expect(201);
        assert!(
            shown["link"]
                .as_str()
                .expect("shown")
                .starts_with("http://time.acme.test/join#token=")
        );
        assert_eq!(deliver(&app).await, 0);
        app.close().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_mailed_link_sets_a_password_and_only_those_who_have_an_account_get_one() {
    let server = MailServer::start().await;
    for app in server.apps().await {
        let ada = app.set_up().await;
        let eve = app.person(&ada, "Eve", "employee").await;
        let twin = app.another_organization("grace@other.test").await;
        app.add_admin(twin.organization_id, "ada@acme.test").await;
        let path = format!("/api/v1/users/{}", eve.user_id);
        app.patch(&path, &ada.token, &json!({ "status": "suspended" }))
            .await
            .expect(200);
        let hashes = app.state().auth.passwords.begun();
        let answers = [
            ask_reset(&app, "ADA@acme.test").await,
            ask_reset(&app, "nobody@acme.test").await,
            ask_reset(&app, "eve@acme.test").await,
        ];
        assert!(
            answers
                .iter()
                .all(|answer| *answer == json!({ "by_mail": true }))
        );
        assert_eq!(
            app.state().auth.passwords.begun(),
            hashes,
            "no hash is spent on asking"
        );
        assert_eq!(deliver(&app).await, 2, "one for each of Ada's accounts");
        let mails = server.take();
        assert!(mails.iter().all(|mail| mail.to == "ada@acme.test"));
        let mine = mails
            .iter()
            .find(|mail| mail.text.contains("Acme"))
            .expect("names the organization");
        assert!(mails.iter().any(|mail| mail.text.contains("Other")));
        app.clock.advance_seconds(3_600);
        assert_eq!(reset(&app, &mine.secret()).await, 410, "good for an hour");

        ask_reset(&app, "ada@acme.test").await;
        deliver(&app).await;
        let mails = server.take();
        let mine = mails
            .iter()
            .find(|mail| mail.text.contains("Acme"))
            .expect("one of them");
        assert_eq!(reset(&app, &mine.secret()).await, 204);
        assert_eq!(reset(&app, &mine.secret()).await, 410);
        let request = json!({ "email": "ada@acme.test", "password": NEW });
        let body = app
            .post("/api/v1/auth/login", "", &request)
            .await
            .expect(200);
        assert_eq!(body["me"]["organization"]["name"], "Acme");
        assert_eq!(deliver(&app).await, 1, "and the owner is told");
        assert!(server.take()[0].text.contains("was changed"));
        app.close().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_registers_by_id_hears_at_the_address_and_the_answer_tells_nothing() {
    let server = MailServer::start().await;
    for app in server.apps().await {
        let ada = app.set_up().await;
        open(&app, &ada, &["acme.test"]).await;
        let ask = async |email: &str| {
            let request = json!({ "organization_id": ada.organization_id, "email": email });
            app.post("/api/v1/auth/register", "", &request).await
        };
        let hashes = app.state().auth.passwords.begun();
        let free = ask("grace@acme.test").await.expect(202);
        let taken = ask("ada@acme.test").await.expect(202);
        assert_eq!((&free, &taken), (&json!({ "next": "mail" }), &free));
        assert_eq!(app.state().auth.passwords.begun(), hashes);
        ask("grace@evil.test").await.problem(422, "validation");
        assert_eq!(deliver(&app).await, 2);
        let mails = server.take();
        let to = |address: &str| {
            mails
                .iter()
                .find(|mail| mail.to == address)
                .expect("arrived")
                .clone()
        };
        assert!(to("ada@acme.test").text.contains("has an account already"));
        assert!(!to("ada@acme.test").text.contains("#token="));
        assert_eq!(join(&app, &to("grace@acme.test").secret()).await, 201);
        let me = app
            .get("/api/v1/me", &app.log_in("grace@acme.test").await.token)
            .await
            .expect(200);
        assert_eq!(me["role"], "employee");
        // Closed meanwhile: what was asked before gets nothing any more.
        ask("late@acme.test").await.expect(202);
        app.patch(
            "/api/v1/organization",
            &ada.token,
            &json!({ "registration_open": false }),
        )
        .await
        .expect(200);
        assert_eq!(deliver(&app).await, 0);
        // More than a few an hour to one address is refused, known or not.
        open(&app, &ada, &[]).await;
        for email in ["many@acme.test", "ada@acme.test"] {
            let mut last = ask(email).await;
            for _ in 0..5 {
                last = ask(email).await;
            }
            last.problem(429, "too-many-requests");
        }
        app.close().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_mail_that_is_put_off_is_tried_again_and_one_that_is_refused_is_given_up() {
    let server = MailServer::start().await;
    for app in server.apps().await {
        let ada = app.set_up().await;
        server.answer(&["451 come back", "452 later"]);
        invite(&app, &ada, "grace@acme.test").await;
        assert_eq!(deliver(&app).await, 1);
        assert_eq!(deliver(&app).await, 0, "not at once");
        app.clock.advance_seconds(29);
        assert_eq!(deliver(&app).await, 0);
        app.clock.advance_seconds(1);
        assert_eq!(deliver(&app).await, 1);
        app.clock.advance_seconds(60);
        assert_eq!(mail_state(&app, &ada).await, "waiting");
        assert_eq!(deliver(&app).await, 1);
        assert_eq!(mail_state(&app, &ada).await, "sent");
        assert_eq!(
            join(&app, &server.take()[0].secret()).await,
            201,
            "the link of the attempt that arrived"
        );

        server.answer(&["550 no such mailbox: max@acme.test"]);
        invite(&app, &ada, "max@acme.test").await;
        assert_eq!(deliver(&app).await, 1);
        assert_eq!(mail_state(&app, &ada).await, "failed");
        app.clock.advance_seconds(24 * 3_600);
        assert_eq!(deliver(&app).await, 0);
        let errors: Vec<Option<String>> = behind!(app.target(), |c| sqlx::query_scalar(
            "SELECT last_error FROM mails WHERE failed_at IS NOT NULL"
        )
        .fetch_all(&mut *c)
        .await
        .expect("reads"));
        assert_eq!(
            errors,
            [Some("550".to_owned())],
            "never the mail server's words"
        );
        app.close().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_instances_send_a_mail_once_and_what_one_of_them_dropped_the_other_sends() {
    let server = MailServer::start().await;
    for app in server.apps().await {
        let ada = app.set_up().await;
        for n in 0..6 {
            invite(&app, &ada, &format!("p{n}@acme.test")).await;
        }
        let (one, two) = tokio::join!(deliver(&app), deliver(&app));
        assert_eq!(one + two, 6);
        let mut to: Vec<String> = server.take().into_iter().map(|mail| mail.to).collect();
        to.sort();
        to.dedup();
        assert_eq!(to.len(), 6);

        // An instance that ended between claiming and sending: the claim runs out.
        invite(&app, &ada, "lost@acme.test").await;
        let claimed = app.clock_now().plus_seconds(180);
        behind!(app.target(), |c| sqlx::query(
            "UPDATE mails SET attempts = 1, next_attempt_at = $1 WHERE sent_at IS NULL"
        )
        .bind(claimed)
        .execute(&mut *c)
        .await
        .map(drop)
        .expect("changed"));
        assert_eq!(deliver(&app).await, 0);
        app.clock.advance_seconds(180);
        assert_eq!(deliver(&app).await, 1);
        assert_eq!(server.take()[0].to, "lost@acme.test");
        app.close().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_mail_that_is_not_wanted_any_more_is_not_sent() {
    let server = MailServer::start().await;
    for app in server.apps().await {
        let ada = app.set_up().await;
        let made = invite(&app, &ada, "grace@acme.test").await;
        let path = format!(
            "/api/v1/invitations/{}",
            made["invitation"]["id"].as_str().expect("an id")
        );
        app.delete(&path, &ada.token).await.expect(204);
        ask_reset(&app, "ada@acme.test").await;
        let max = app.person(&ada, "Max", "admin").await;
        let path = format!("/api/v1/users/{}", ada.user_id);
        app.patch(&path, &max.token, &json!({ "status": "inactive" }))
            .await
            .expect(200);
        assert_eq!(deliver(&app).await, 0);
        assert!(server.take().is_empty());
        app.close().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_mail_server_that_is_away_or_refuses_us_is_noticed_without_sending() {
    let server = MailServer::start().await;
    let public = "http://time.acme.test".parse().expect("valid");
    let to = |port: u16| MailConfig {
        smtp_url: SecretString::from(format!("smtp://127.0.0.1:{port}")),
        from: "time@acme.test".to_owned(),
    };
    let mail = Mail::new(Some(&to(server.port)), Some(&public)).expect("valid");
    assert_eq!(mail.check().await, Some(Ok(())));
    assert!(server.take().is_empty());
    let closed = TcpListener::bind("127.0.0.1:0")
        .await
        .expect("a port")
        .local_addr()
        .expect("it has one")
        .port();
    let mail = Mail::new(Some(&to(closed)), Some(&public)).expect("valid");
    assert_eq!(mail.check().await, Some(Err("connection".to_owned())));
    assert_eq!(Mail::new(None, None).expect("valid").check().await, None);
}

#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl std::io::Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test(flavor = "current_thread")]
async fn no_secret_and_no_address_stands_in_the_log_or_the_audit_or_at_rest() {
    let lines = Lines::default();
    let writer = lines.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_writer(move || writer.clone())
        .finish();
    // Of this thread only: the test's runtime has no other.
    let _guard = tracing::subscriber::set_default(subscriber);
    let server = MailServer::start().await;
    for app in server.apps().await {
        let ada = app.set_up().await;
        server.answer(&["451 canary-words grace@acme.test", "250 fine"]);
        invite(&app, &ada, "grace@acme.test").await;
        deliver(&app).await;
        app.clock.advance_seconds(30);
        deliver(&app).await;
        let invitation = server.take()[0].secret();
        assert_eq!(join(&app, &invitation).await, 201);
        ask_reset(&app, "grace@acme.test").await;
        deliver(&app).await;
        let link = server.take()[0].secret();
        assert_eq!(reset(&app, &link).await, 204);
        let change =
            json!({ "current_password": PASSWORD, "new_password": "canary words of a password" });
        app.post("/api/v1/auth/password", &ada.token, &change)
            .await
            .expect(204);

        let audit: Vec<String> = behind!(app.target(), |c| sqlx::query_scalar(
            "SELECT action || CAST(detail AS TEXT) FROM audit"
        )
        .fetch_all(&mut *c)
        .await
        .expect("reads"));
        let hashes: Vec<Vec<u8>> = behind!(app.target(), |c| {
            sqlx::query_scalar(
            "SELECT token_hash FROM invitations UNION ALL SELECT token_hash FROM password_resets"
        )
        .fetch_all(&mut *c)
        .await
        .expect("reads")
        });
        assert!(hashes.iter().all(|hash| hash.len() == 32));
        let log = String::from_utf8_lossy(&lines.0.lock()).into_owned();
        assert!(
            log.contains("sent a mail") && log.contains("it is tried again"),
            "the log was read"
        );
        let ours: String = log
            .lines()
            .filter(|line| line.contains("workpulse"))
            .collect();
        for canary in [
            &invitation,
            &link,
            "canary",
            "grace@acme.test",
            "seven copper",
            "violet tractor",
            &ada.token,
            &ada.refresh_token,
        ] {
            assert!(!ours.contains(canary), "the log holds {canary}");
            assert!(!audit.concat().contains(canary), "the audit holds {canary}");
        }
        app.close().await;
    }
}
