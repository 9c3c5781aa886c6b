//! Export and erasure of one person, driven by the register: each table is filled with texts
//! that can be told apart, and then looked for.

use std::{
    collections::BTreeMap,
    io::Read as _,
    sync::atomic::{AtomicU64, Ordering},
};

use serde_json::{Value, json};
use shared_types::UserId;
use tokio::sync::mpsc;
use uuid::Uuid;
use workpulse_server::{
    clock::{Clock as _, SystemClock},
    domain::personal_data::{Column, Data, Erased, Kind, TABLES, Table, Whose},
    rights::{erase, export},
    store::{DatabaseTarget, audit, checks},
};

use crate::{
    harness::{LoggedIn, TestApp},
    meddle::meddle,
    raw::behind,
};

/// A text that stands in one column of one person only.
fn canary(tag: &str, table: &Table, column: &Column) -> String {
    format!("canary-{tag}-{}-{}", table.name, column.name)
}

struct Filler<'a> {
    app: &'a TestApp,
    person: &'a LoggedIn,
    tag: &'static str,
    stream: i64,
}

impl Filler<'_> {
    fn is_file(&self) -> bool {
        matches!(self.app.target(), DatabaseTarget::File(_))
    }

    fn id(&self, id: Uuid) -> String {
        if self.is_file() {
            format!("x'{}'", id.simple())
        } else {
            format!("'{id}'::uuid")
        }
    }

    fn value(&self, table: &Table, column: &Column) -> String {
        let text = canary(self.tag, table, column);
        let own = match table.whose {
            Whose::Person(own) | Whose::Through(own, ..) => Some(own),
            Whose::Any(all) => all.iter().find_map(|one| match one {
                Whose::Person(own) => Some(*own),
                _ => None,
            }),
            _ => None,
        };
        match (table.name, column.name) {
            // What their CHECKs ask for.
            ("activity_logs", "activity_type") => return "'unobserved'".to_owned(),
            ("mails", "invitation_id" | "alert_id" | "export_id")
            | ("enrolment_tokens", "mail_domain") => {
                return "NULL".to_owned();
            }
            ("notes", "ends_at") if self.is_file() => return "1795200060000".to_owned(),
            ("notes", "ends_at") => return "'2026-11-20T18:41:00Z'".to_owned(),
            // The file that its pieces name by the same id.
            ("exports", "id") => return self.id(self.person.user_id.uuid()),
            // The person's address is how the row is found.
            ("invitations", "email") => return format!("'{}'", self.address()),
            (_, "organization_id") => return self.id(self.person.organization_id.uuid()),
            ("sync_streams", "id") | (_, "stream_id") => return self.stream.to_string(),
            (_, name) if Some(name) == own => return self.id(self.person.user_id.uuid()),
            _ => {}
        }
        match column.kind {
            Kind::Id => self.id(SystemClock.new_uuid()),
            Kind::Instant if self.is_file() => "1795200000000".to_owned(),
            Kind::Instant => "'2026-11-20T18:40:00Z'".to_owned(),
            Kind::Number => "1".to_owned(),
            Kind::Flag => if self.is_file() { "1" } else { "true" }.to_owned(),
            Kind::Day => "'2026-11-20'".to_owned(),
            // What a device says of itself must read as that, and add up.
            Kind::Json if column.name == "counters" => {
                let dropped = BTreeMap::from([(text, 1)]);
                format!(
                    "'{}'",
                    json!({ "produced": 1, "stored": 0, "pending": 0, "dropped": dropped })
                )
            }
            Kind::Json => format!("'{}'", json!({ "is": text })),
            Kind::Bytes if self.is_file() => format!("x'{}'", hex::encode(&text)),
            Kind::Bytes => format!("'\\x{}'::bytea", hex::encode(&text)),
            Kind::Text => format!("'{text}'"),
            Kind::Word(words) => format!("'{}'", words[0]),
        }
    }

    /// The person's address, a canary itself.
    fn address(&self) -> String {
        format!("canary-{}-users-email", self.tag)
    }

    /// A row in every table that has rows of people.
    async fn fill(&self) {
        let mut statements = Vec::new();
        for table in TABLES.iter().filter(|table| table.is_personal()) {
            if table.name == "users" {
                let texts = table
                    .columns
                    .iter()
                    .filter(|column| column.kind == Kind::Text);
                let settings: Vec<String> = texts
                    .map(|column| format!("{} = {}", column.name, self.value(table, column)))
                    .collect();
                let id = self.id(self.person.user_id.uuid());
                statements.push(format!(
                    "UPDATE users SET {} WHERE id = {id}",
                    settings.join(", ")
                ));
                continue;
            }
            let names: Vec<&str> = table.columns.iter().map(|column| column.name).collect();
            let values: Vec<String> = table
                .columns
                .iter()
                .map(|column| self.value(table, column))
                .collect();
            let overriding = if self.is_file() {
                ""
            } else {
                "OVERRIDING SYSTEM VALUE"
            };
            statements.push(format!(
                "INSERT INTO {} ({}) {overriding} VALUES ({})",
                table.name,
                names.join(", "),
                values.join(", ")
            ));
        }
        let statements: Vec<&str> = statements.iter().map(String::as_str).collect();
        meddle(self.app.target(), &statements).await;
    }
}

/// Two people whose rows are everywhere, and an admin.
async fn two_people(app: &TestApp) -> (LoggedIn, LoggedIn, LoggedIn) {
    let ada = app.set_up().await;
    let eve = app.person(&ada, "Eve", "employee").await;
    let max = app.person(&ada, "Max", "employee").await;
    for (person, tag, stream) in [(&eve, "eve", 4_242), (&max, "max", 4_343)] {
        let filler = Filler {
            app,
            person,
            tag,
            stream,
        };
        filler.fill().await;
    }
    (ada, eve, max)
}

/// The files of an export.
async fn files(app: &TestApp, path: &str, person: &LoggedIn) -> BTreeMap<String, String> {
    let request = app
        .request(reqwest::Method::GET, path)
        .bearer_auth(&person.token);
    let answer = request.send().await.expect("answers");
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.headers()["content-type"], "application/zip");
    assert_eq!(answer.headers()["cache-control"], "no-store");
    let bytes = answer.bytes().await.expect("the whole of it");
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).expect("a zip file");
    (0..archive.len())
        .map(|at| {
            let mut file = archive.by_index(at).expect("a file");
            let mut text = String::new();
            file.read_to_string(&mut text).expect("text");
            (file.name().expect("a name").into_owned(), text)
        })
        .collect()
}

/// Everything that the database holds, as text: the file itself, or each row of each table.
async fn everything(app: &TestApp) -> String {
    match app.target() {
        DatabaseTarget::File(path) => {
            let mut bytes = std::fs::read(path).expect("the file is there");
            let mut log = path.clone().into_os_string();
            log.push("-wal");
            bytes.extend(std::fs::read(log).unwrap_or_default());
            String::from_utf8_lossy(&bytes).into_owned()
        }
        DatabaseTarget::Url(_) => {
            let mut owner = app.owner().await;
            let mut all = String::new();
            for table in TABLES {
                let text = format!("SELECT t::text FROM {} t", table.name);
                let rows: Vec<String> = sqlx::query_scalar(sqlx::AssertSqlSafe(text))
                    .fetch_all(&mut owner)
                    .await
                    .expect("reads");
                all.push_str(&rows.join("\n"));
            }
            all
        }
    }
}

fn contains(haystack: &str, text: &str) -> bool {
    haystack.contains(text) || haystack.contains(&hex::encode(text))
}

fn canaries(tag: &'static str) -> impl Iterator<Item = (String, &'static Table, &'static Column)> {
    TABLES
        .iter()
        .filter(|table| table.is_personal())
        .flat_map(move |table| {
            let texts = table.columns.iter().filter(|column| {
                matches!(column.kind, Kind::Text | Kind::Json | Kind::Bytes)
                    && (table.name != "users" || column.kind == Kind::Text)
                    && ![
                        ("invitations", "email"),
                        ("enrolment_tokens", "mail_domain"),
                    ]
                    .contains(&(table.name, column.name))
            });
            texts.map(move |column| (canary(tag, table, column), table, column))
        })
}

async fn erase_eve(app: &TestApp, ada: &LoggedIn, eve: UserId, email: &str) {
    let body = json!({ "email": email });
    let path = format!("/api/v1/users/{eve}/erase");
    let answer = app.post(&path, &ada.token, &body).await.expect(202);
    assert_eq!(answer["finished_at"], Value::Null);
}

async fn unfinished(app: &TestApp) -> i64 {
    behind!(app.target(), |c| sqlx::query_scalar(
        "SELECT count(*) FROM erasures WHERE finished_at IS NULL OR closed_at IS NULL"
    )
    .fetch_one(&mut *c)
    .await)
    .expect("reads")
}

on_both_engines! {
    async fn an_export_has_everything_of_one_person_and_nothing_of_another(app) {
        let (ada, eve, max) = two_people(app).await;
        app.get(&format!("/api/v1/users/{}/timeline?date=2026-11-22", eve.user_id), &ada.token).await.expect(200);
        let own = files(app, "/api/v1/me/export", &eve).await;
        let theirs = files(app, &format!("/api/v1/users/{}/export", eve.user_id), &ada).await;
        let names: Vec<_> = own.keys().cloned().collect();
        assert_eq!(names, theirs.keys().cloned().collect::<Vec<_>>());
        let all: String = own.values().chain(theirs.values()).map(String::as_str).collect();
        for (text, table, column) in canaries("eve") {
            let exported = matches!(column.data, Data::Personal(_) | Data::Key);
            assert_eq!(contains(&all, &text), exported, "{text}");
            if exported {
                let file = table.export.expect("a file");
                for name in [format!("{file}.json"), format!("{file}.csv")] {
                    assert!(own[&name].contains(&text), "{name} lacks {text}");
                }
            }
        }
        for (text, ..) in canaries("max") {
            assert!(!contains(&all, &text), "{text}");
        }
        assert!(!all.contains(&max.user_id.to_string()) && !all.contains("canary-max"));
        assert!(own["who_looked_at_you.json"].contains("\"Ada\""), "whoever was shown one's data is named");

        let manifest: Value = serde_json::from_str(&own["manifest.json"]).expect("JSON");
        assert_eq!(manifest["schema_version"], 1);
        assert_eq!(manifest["user_id"], json!(eve.user_id));
        for file in manifest["files"].as_array().expect("a list") {
            let name = file["file"].as_str().expect("a text");
            let rows: Vec<Value> = serde_json::from_str(&own[&format!("{name}.json")]).unwrap_or_else(|e| panic!("{name}: {e}"));
            assert_eq!(file["rows"], rows.len(), "{name}");
            let mut reader = csv::Reader::from_reader(own[&format!("{name}.csv")].as_bytes());
            assert_eq!(reader.records().flatten().count(), rows.len(), "{name}");
        }
        assert_eq!(names.len(), manifest["files"].as_array().expect("a list").len() * 2 + 1);
    }

    async fn formulas_in_titles_arrive_as_text_in_the_csv(app) {
        let ada = app.set_up().await;
        let filler = Filler { app, person: &ada, tag: "ada", stream: 7 };
        filler.fill().await;
        meddle(app.target(), &["UPDATE activity_logs SET title = '=HYPERLINK(\"http://evil.test\")', application = '@cmd'"]).await;
        let ada = LoggedIn { token: ada.token.clone(), ..ada };
        let files = files(app, "/api/v1/me/export", &ada).await;
        assert!(files["activity.csv"].contains("'=HYPERLINK") && files["activity.csv"].contains("'@cmd"));
        assert!(files["activity.json"].contains("\"=HYPERLINK"), "JSON is what it was");
    }

    async fn an_erasure_leaves_nothing_of_the_person_anywhere(app) {
        let (ada, eve, max) = two_people(app).await;
        let device = app.device(&ada, eve.user_id).await;
        app.get("/api/v1/presence", &ada.token).await.expect(200);
        let email = "canary-eve-users-email";
        let before = everything(app).await;
        for (text, ..) in canaries("eve") {
            assert!(contains(&before, &text), "{text} was put there");
        }
        drop(before);
        erase_eve(app, &ada, eve.user_id, email).await;

        // Cut off at once, before anything was removed.
        app.get("/api/v1/me", &eve.token).await.problem(401, "unauthenticated");
        app.get("/api/v1/policy", &device.secret).await.problem(403, "device-revoked");
        app.get(&format!("/api/v1/users/{}/timeline?date=2026-11-22", eve.user_id), &ada.token).await.problem(404, "not-found");
        let users = app.get("/api/v1/users", &ada.token).await;
        assert!(!users.text.contains(&eve.user_id.to_string()), "{}", users.text);

        let store = &app.state().store;
        erase::run_due(store, &*app.clock, 1, || false).await.expect("erased");
        let after = everything(app).await;
        for (text, table, column) in canaries("eve") {
            let stays = table.name == "devices" && column.name == "secret_hash"
                || table.name == "audit_names" && column.name == "commitment";
            assert_eq!(contains(&after, &text), stays, "{text}");
        }
        assert!(!contains(&after, "eve@acme.test"), "the first address is gone, too");
        for (text, ..) in canaries("max") {
            assert!(contains(&after, &text), "{text} is another's and stays");
        }
        drop(after);
        // What is left holds together, and the machine is still told clearly.
        for outcome in checks::run(store).await.expect("the checks run") {
            let known = ["session totals", "session versions", "days of a person", "handled numbers", "audit"];
            // Max's rows are made up, and do not add up.
            if !known.contains(&outcome.name) {
                assert_eq!(outcome.found, 0, "{}: {:?}", outcome.counts, outcome.places);
            }
        }
        app.post("/api/v1/sync", &device.secret, &json!({})).await.problem(403, "device-revoked");
        let again = json!({ "email": email });
        app.post(&format!("/api/v1/users/{}/erase", eve.user_id), &ada.token, &again).await.problem(404, "not-found");

        // What was under way when the person was cut off goes as well.
        assert_eq!(unfinished(app).await, 1, "not closed yet");
        let stray = Filler { app, person: &eve, tag: "eve", stream: 4_545 };
        let late: Vec<String> = TABLES.iter().filter(|t| ["activity_logs", "sync_streams"].contains(&t.name)).map(|table| {
            let names: Vec<&str> = table.columns.iter().map(|c| c.name).collect();
            let values: Vec<String> = table.columns.iter().map(|c| stray.value(table, c)).collect();
            let overriding = if stray.is_file() { "" } else { "OVERRIDING SYSTEM VALUE" };
            format!("INSERT INTO {} ({}) {overriding} VALUES ({})", table.name, names.join(", "), values.join(", "))
        }).collect();
        meddle(app.target(), &late.iter().map(String::as_str).collect::<Vec<_>>()).await;
        app.clock.advance_seconds(erase::SETTLES_SECONDS);
        erase::run_due(store, &*app.clock, 100, || false).await.expect("erased");
        assert_eq!(unfinished(app).await, 0);
        store.forget_removed().await.expect("folded");
        assert!(!contains(&everything(app).await, "canary-eve-activity_logs-title"));
        assert_eq!(erase::run_due(store, &*app.clock, 100, || false).await.expect("nothing"), 0, "a closed one is left alone");
        let _ = max;
    }

    async fn an_erasure_that_was_cut_short_is_finished_by_whoever_comes_next(app) {
        let (ada, eve, _) = two_people(app).await;
        erase_eve(app, &ada, eve.user_id, "canary-eve-users-email").await;
        let store = &app.state().store;
        let mut rounds = 0;
        while unfinished(app).await > 0 {
            rounds += 1;
            // Killed after as many transactions as rounds: each gets one further.
            let left = AtomicU64::new(rounds);
            let stop = || left.fetch_sub(1, Ordering::Relaxed) == 0;
            erase::run_due(store, &*app.clock, 1, stop).await.expect("goes on");
            if rounds > 40 {
                app.clock.advance_seconds(erase::SETTLES_SECONDS);
            }
            assert!(rounds < 200, "it never ends");
        }
        assert!(rounds > 5, "it was cut short {rounds} times");
        assert!(!contains(&everything(app).await, "canary-eve-activity_logs-title"));
    }

    async fn nobody_erases_the_wrong_person_or_the_last_admin(app) {
        let ada = app.set_up().await;
        let eve = app.person(&ada, "Eve", "employee").await;
        let mona = app.person(&ada, "Mona", "manager").await;
        let path = |id: UserId| format!("/api/v1/users/{id}/erase");
        let right = json!({ "email": "Eve@acme.test" });
        let wrong = json!({ "email": "ada@acme.test" });
        app.post(&path(eve.user_id), &ada.token, &wrong).await.problem(422, "validation");
        app.post(&path(eve.user_id), &mona.token, &right).await.problem(403, "forbidden");
        app.post(&path(eve.user_id), &eve.token, &right).await.problem(403, "forbidden");
        let grace = app.another_organization("grace@other.test").await;
        app.post(&path(eve.user_id), &grace.token, &right).await.problem(404, "not-found");
        app.post(&path(ada.user_id), &ada.token, &wrong).await.problem(409, "conflict");
        app.get("/api/v1/me", &eve.token).await.expect(200);
        app.get("/api/v1/me", &ada.token).await.expect(200);
        assert_eq!(unfinished(app).await, 0);
        let rows = app.get("/api/v1/audit?action=user.erased", &ada.token).await.expect(200);
        assert_eq!(rows["items"], json!([]), "what is refused is not written down");
        // With another admin it goes, and is written down; the address counts in any case.
        app.add_admin(ada.organization_id, "second@acme.test").await;
        app.post(&path(eve.user_id), &ada.token, &right).await.expect(202);
        let rows = app.get("/api/v1/audit?action=user.erased", &ada.token).await.expect(200);
        assert_eq!(rows["items"][0]["subject_id"], json!(eve.user_id));
        app.post(&path(ada.user_id), &ada.token, &wrong).await.expect(202);
        app.get("/api/v1/me", &ada.token).await.problem(401, "unauthenticated");
    }

    async fn the_chain_of_the_audit_outlives_those_whom_it_names(app) {
        let ada = app.set_up().await;
        let mona = app.person(&ada, "Mona", "manager").await;
        let eve = app.person(&ada, "Eve", "employee").await;
        app.get(&format!("/api/v1/sessions?user_id={}", eve.user_id), &ada.token).await.expect(200);
        app.add_admin(ada.organization_id, "second@acme.test").await;
        let second = app.log_in("second@acme.test").await;
        app.get(&format!("/api/v1/sessions?user_id={}", eve.user_id), &second.token).await.expect(200);
        let body = json!({ "email": "second@acme.test" });
        app.post(&format!("/api/v1/users/{}/erase", second.user_id), &ada.token, &body).await.expect(202);
        erase::run_all(&app.state().store, &*app.clock, || false).await.expect("erased");
        let mut reader = app.state().store.tenant(ada.organization_id).read().await.expect("reads");
        assert_eq!(audit::verify(reader.db()).await.expect("verifies").broken, None);
        drop(reader);
        let looks = app.get("/api/v1/me/looks", &eve.token).await.expect(200);
        assert_eq!(looks["items"][0]["viewer_name"], Value::Null, "an erased viewer has no name any more");
        assert_eq!(looks["items"][1]["viewer_name"], "Ada");
        let _ = mona;
    }

    async fn a_long_export_waits_for_its_reader_in_small_pieces(app) {
        let ada = app.set_up().await;
        Filler { app, person: &ada, tag: "ada", stream: 7 }.fill().await;
        let many = match app.target() {
            DatabaseTarget::File(_) => "WITH RECURSIVE n (i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < 40000)
                INSERT INTO activity_logs (stream_id, seq, organization_id, user_id, session_id, activity_type, started_at, duration_seconds, title)
                SELECT stream_id, n.i, organization_id, user_id, session_id, 'active', started_at + n.i * 60000, 60, hex(randomblob(40)) FROM activity_logs, n",
            DatabaseTarget::Url(_) => "INSERT INTO activity_logs (stream_id, seq, organization_id, user_id, session_id, activity_type, started_at, duration_seconds, title)
                SELECT stream_id, n.i, organization_id, user_id, session_id, 'active', started_at + n.i * interval '1 minute', 60, md5(n.i::text) || md5(n.i::text || 'x') || md5(n.i::text || 'y')
                FROM activity_logs, generate_series(2, 40000) AS n (i)",
        };
        meddle(app.target(), &[many]).await;
        let store = app.state().store.clone();
        let (organization, person, now) = (ada.organization_id, ada.user_id, app.clock.now());
        let (pieces, mut receiver) = mpsc::channel(export::PIECES);
        let writing = tokio::spawn(async move {
            export::write(&store, organization, person, now, pieces).await
        });
        // Nobody reads yet: it fills the few places there are, and waits.
        while receiver.len() < export::PIECES {
            tokio::task::yield_now().await;
        }
        assert!(!writing.is_finished(), "all of it in {} pieces", export::PIECES);
        let (mut bytes, mut largest, mut count) = (Vec::new(), 0, 0);
        while let Some(piece) = receiver.recv().await {
            let piece = piece.expect("whole");
            assert!(receiver.len() <= export::PIECES);
            largest = largest.max(piece.len());
            count += 1;
            bytes.extend_from_slice(&piece);
        }
        writing.await.expect("ends").expect("well");
        assert!(count > 2 * export::PIECES && largest < 256 * 1024, "{count} pieces, the largest of {largest} bytes");
        let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).expect("a zip file");
        let mut text = String::new();
        archive.by_name("activity.csv").expect("there").read_to_string(&mut text).expect("text");
        assert_eq!(text.lines().count(), 40_001);

        // Whoever goes away ends it.
        let store = app.state().store.clone();
        let (pieces, receiver) = mpsc::channel(export::PIECES);
        drop(receiver);
        let ended = export::write(&store, organization, person, now, pieces).await;
        assert!(matches!(ended, Err(export::ExportError::Abandoned)), "{ended:?}");
    }
}

#[test]
fn every_table_with_people_is_emptied_or_says_why_not() {
    for table in TABLES.iter().filter(|table| table.is_personal()) {
        assert!(
            !matches!(table.erased, Erased::Stays(_)),
            "{} holds personal data and stays",
            table.name
        );
    }
}
