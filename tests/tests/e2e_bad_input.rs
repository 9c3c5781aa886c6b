//! Bad input against the real program, on both engines: each gets the contract's clear error,
//! and nothing that was stored is lost by it.

mod bad_input;

use anyhow::{Result, ensure};
use bad_input::{World, minute_of};
use reqwest::{Method, StatusCode, header};
use serde_json::{Value, json};
use shared_types::{
    DeviceId, EpochId, SessionId,
    auth::Role,
    problem::ProblemCode,
    sync::{
        BATCH_MAX_INFLATED_BYTES, BATCH_MAX_ITEMS, ItemResult, Outcome, RejectReason, SyncItem,
        SyncItemBody, SyncRequest, SyncResponse,
    },
};
use sqlx::{Connection as _, PgConnection};
use workpulse_tests::{
    api::{Refused, refusal},
    database::{Engine, sqlite_file},
    time::{new_id, now},
};

fn expect(refused: &Refused, code: ProblemCode) -> Result<()> {
    let (_, status, _) = code.parts();
    ensure!(refused.code() == Some(code), "not {code:?}: {refused}");
    ensure!(refused.status.as_u16() == status, "{refused}");
    ensure!(
        refused.content_type.starts_with("application/problem+json"),
        "{}",
        refused.content_type
    );
    let problem = refused.problem.as_ref().expect("it has a code");
    ensure!(problem.request_id.is_some(), "no request id: {refused}");
    Ok(())
}

async fn batches_that_cannot_be_read(engine: Engine) -> Result<()> {
    let world = World::new(engine).await?;
    for body in [
        &b""[..],
        b"{",
        b"[]",
        b"null",
        b"\xff\xfe",
        br#"{"items":[]}"#,
        br#"{"device_id":"x","epoch":"y","clock":"z","items":[]}"#,
        br#"{"device_id":1,"epoch":2,"clock":3,"items":4}"#,
    ] {
        let refused = world.refused(body.to_vec(), None).await?;
        let name = String::from_utf8_lossy(body);
        ensure!(
            refused.status.is_client_error() && refused.code().is_some(),
            "{name}: {refused}"
        );
        ensure!(
            refused.status != StatusCode::UNAUTHORIZED,
            "{name}: {refused}"
        );
    }
    // Deeper than any message: on its own, and where an item should be.
    let deep = format!("{}{}", "[".repeat(50_000), "]".repeat(50_000));
    let inside = world.batch(&json!(["DEEP"])).to_string();
    for body in [deep.clone(), inside.replace("\"DEEP\"", &deep)] {
        let refused = world.refused(body.into_bytes(), None).await?;
        ensure!(
            matches!(refused.status.as_u16(), 400 | 422) && refused.code().is_some(),
            "{refused}"
        );
    }
    // What says that it is compressed, and is not.
    for encoding in ["gzip", "zstd"] {
        let refused = world
            .refused(b"not compressed".to_vec(), Some(encoding))
            .await?;
        expect(&refused, ProblemCode::Malformed)?;
    }
    let refused = world.refused(b"{}".to_vec(), Some("br")).await?;
    expect(&refused, ProblemCode::UnsupportedMedia)?;
    world.close().await
}

async fn batches_that_are_too_large(engine: Engine) -> Result<()> {
    let world = World::new(engine).await?;
    let counters = |seq| json!({ "seq": seq, "item": { "counters": { "produced": 1, "stored": 0, "pending": 1 } } });
    let many: Vec<Value> = (5..).map(counters).take(BATCH_MAX_ITEMS + 1).collect();
    let body = world.batch(&Value::from(many)).to_string().into_bytes();
    expect(&world.refused(body, None).await?, ProblemCode::TooLarge)?;

    let plain = vec![b' '; 2 * 1024 * 1024];
    expect(&world.refused(plain, None).await?, ProblemCode::TooLarge)?;

    // Small on the way, and endless once it is opened.
    let bomb = zstd::bulk::compress(&vec![b' '; BATCH_MAX_INFLATED_BYTES + 1], 3)?;
    ensure!(bomb.len() < 100_000, "{} bytes", bomb.len());
    let refused = world.refused(bomb, Some("zstd")).await?;
    expect(&refused, ProblemCode::TooLarge)?;
    world.close().await
}

async fn ids_of_others(engine: Engine) -> Result<()> {
    let world = World::new(engine).await?;
    // Another device's id with this device's secret.
    let mut foreign = world.batch(&json!([]));
    foreign["device_id"] = json!(DeviceId(new_id()));
    let refused = world
        .refused(foreign.to_string().into_bytes(), None)
        .await?;
    ensure!(refused.status.is_client_error(), "{refused}");
    ensure!(refused.code().is_some(), "{refused}");

    // A session that is another person's, and one that does not exist, are answered alike.
    let other = world
        .admin
        .create_user("Otto", "otto@bad.example", Role::Employee, false)
        .await?;
    let token = world.admin.enrolment_token(other.id).await?;
    let api = world.server.api();
    let other_id = DeviceId(new_id());
    let enrolled = api.enrol(&token.token, other_id).await?;
    let other_device = api.with_bearer(&enrolled.device_secret);
    let sessions = [world.session, SessionId(new_id())];
    let batch = SyncRequest {
        device_id: other_id,
        epoch: EpochId(new_id()),
        clock: now(),
        items: (1..)
            .zip(sessions)
            .map(|(seq, session)| SyncItem {
                seq,
                item: SyncItemBody::Activity(minute_of(session, world.began, 5)),
            })
            .collect(),
    };
    let answer: SyncResponse = other_device.sync(&batch).await?;
    for ItemResult {
        seq,
        outcome,
        reason,
    } in answer.results
    {
        ensure!(
            (outcome, reason) == (Outcome::Rejected, Some(RejectReason::UnknownSession)),
            "item {seq}: {outcome:?} {reason:?}"
        );
    }
    world.close().await
}

async fn wrong_tokens(engine: Engine) -> Result<()> {
    let world = World::new(engine).await?;
    let api = world.server.api();
    let body = world.batch(&json!([]));
    for bearer in [None, Some("nonsense"), Some("wpd_0000"), Some("a.b.c")] {
        let caller = bearer.map_or_else(|| api.clone(), |bearer| api.with_bearer(bearer));
        let answer = caller
            .request(Method::POST, "/sync")
            .json(&body)
            .send()
            .await?;
        ensure!(
            answer.headers().contains_key(header::WWW_AUTHENTICATE),
            "no challenge"
        );
        expect(&refusal(answer).await, ProblemCode::Unauthenticated)?;
    }
    // A person's token is no device's, and the other way round.
    let answer = world
        .admin
        .request(Method::POST, "/sync")
        .json(&body)
        .send()
        .await?;
    let refused = refusal(answer).await;
    ensure!(matches!(refused.status.as_u16(), 401 | 403), "{refused}");
    let answer = world.device.request(Method::GET, "/users").send().await?;
    let refused = refusal(answer).await;
    ensure!(matches!(refused.status.as_u16(), 401 | 403), "{refused}");

    // An enrolment token that is used up.
    let user = world
        .admin
        .create_user("Uwe", "uwe@bad.example", Role::Employee, false)
        .await?;
    let token = world.admin.enrolment_token(user.id).await?;
    api.enrol(&token.token, DeviceId(new_id())).await?;
    let error = api
        .enrol(&token.token, DeviceId(new_id()))
        .await
        .expect_err("used up");
    expect(
        error.downcast_ref().expect("a refusal"),
        ProblemCode::TokenSpent,
    )?;
    world.close().await
}

macro_rules! on_both {
    ($($name:ident => $sqlite:ident, $postgres:ident;)*) => {
        $(
            #[tokio::test]
            async fn $sqlite() {
                $name(Engine::Sqlite).await.unwrap();
            }
            #[tokio::test]
            async fn $postgres() {
                $name(Engine::Postgres).await.unwrap();
            }
        )*
    };
}

on_both! {
    batches_that_cannot_be_read =>
        a_batch_that_cannot_be_read_changes_nothing_on_sqlite,
        a_batch_that_cannot_be_read_changes_nothing_on_postgres;
    batches_that_are_too_large =>
        a_batch_that_is_too_large_is_413_and_changes_nothing_on_sqlite,
        a_batch_that_is_too_large_is_413_and_changes_nothing_on_postgres;
    ids_of_others =>
        what_belongs_to_others_is_unknown_on_sqlite,
        what_belongs_to_others_is_unknown_on_postgres;
    wrong_tokens =>
        a_wrong_token_is_401_with_a_challenge_on_sqlite,
        a_wrong_token_is_401_with_a_challenge_on_postgres;
    newer_databases =>
        a_newer_database_is_left_alone_on_sqlite,
        a_newer_database_is_left_alone_on_postgres;
}

async fn newer_databases(engine: Engine) -> Result<()> {
    let world = World::new(engine).await?;
    let plan = world.server.plan().clone();
    world.server.stop().await?;
    let newer = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
                 VALUES (9999, 'from the future', true, '', 0)";
    match world.storage.url() {
        None => {
            let db = rusqlite::Connection::open(sqlite_file(&plan.data_dir))?;
            db.execute(newer, [])?;
        }
        Some(url) => {
            let mut db = PgConnection::connect(&url).await?;
            sqlx::query(newer).execute(&mut db).await?;
        }
    }
    for arguments in [
        &["serve"][..],
        &["migrate"][..],
        &["admin", "list-organizations"][..],
    ] {
        let said = plan.fails(arguments, &plan.data_dir)?;
        ensure!(
            said.contains("9999") && said.contains("newer"),
            "{arguments:?}: {said}"
        );
    }
    // The same data, once the newer program is gone again: everything is as it was.
    let older = "DELETE FROM _sqlx_migrations WHERE version = 9999";
    match world.storage.url() {
        None => {
            let db = rusqlite::Connection::open(sqlite_file(&plan.data_dir))?;
            db.execute(older, [])?;
        }
        Some(url) => {
            let mut db = PgConnection::connect(&url).await?;
            sqlx::query(older).execute(&mut db).await?;
        }
    }
    let server = plan.start().await?;
    World { server, ..world }.close().await
}
