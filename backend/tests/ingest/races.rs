//! A2 and the order of events: what happens between two writers.

use shared_types::{OrganizationId, SessionId, activity::ActivityType, sync::Outcome};
use workpulse_server::store::events::{self, Subject};

use super::fixture::{Engine, NOW, World, minute, on_both_engines, one, session_id, started};
use crate::raw::Raw;

/// Another instance changes a session: one more version, in a transaction that is still open.
async fn change_elsewhere(world: &World, session: SessionId) -> Raw {
    let mut raw = Raw::open(&world.target).await;
    let text = "UPDATE work_sessions SET version = version + 1 WHERE id = $1";
    match &mut raw {
        Raw::Sqlite(c) => {
            sqlx::query("BEGIN IMMEDIATE")
                .execute(&mut *c)
                .await
                .expect("begins");
            sqlx::query(text).bind(session).execute(c).await.map(drop)
        }
        Raw::Postgres(c) => {
            sqlx::query("BEGIN").execute(&mut *c).await.expect("begins");
            sqlx::query(text).bind(session).execute(c).await.map(drop)
        }
    }
    .expect("changes");
    raw
}

async fn commit(mut raw: Raw) {
    match &mut raw {
        Raw::Sqlite(c) => sqlx::query("COMMIT").execute(c).await.map(drop),
        Raw::Postgres(c) => sqlx::query("COMMIT").execute(c).await.map(drop),
    }
    .expect("commits");
    raw.close().await;
}

/// Returns when the committer has read the session and waits for the row that is being
/// changed elsewhere. SQLite has one writer at a time, so there it waits before it reads.
async fn writer_waits_for_it(world: &World) {
    let Raw::Postgres(mut connection) = Raw::open(&world.target).await else {
        return;
    };
    loop {
        let waiting: i64 = sqlx::query_scalar(
            "SELECT count(*) FROM pg_stat_activity \
             WHERE datname = current_database() AND wait_event_type = 'Lock'",
        )
        .fetch_one(&mut connection)
        .await
        .expect("the server tells");
        if waiting > 0 {
            return;
        }
        tokio::task::yield_now().await;
    }
}

on_both_engines! {
    async fn a_session_that_moved_on_is_read_again_and_never_overwritten(world: World) {
        let (device, id) = (world.new_device().await, session_id());
        world.send(&device, &[(1, started(id))]).await.expect("applied");
        let elsewhere = change_elsewhere(&world, id).await;
        let items = [(2, minute(id, 0, ActivityType::Active))];
        let (answer, ()) = tokio::join!(
            world.send(&device, &items),
            async {
                writer_waits_for_it(&world).await;
                commit(elsewhere).await;
            },
        );
        assert_eq!(answer.expect("applied").results[0].outcome, Outcome::Stored);
        assert_eq!(world.totals(id).await, (60, 0, 0, 3), "both changes count");
    }
}

on_both_engines! {
    async fn many_writers_of_one_session_lose_no_change(world: World) {
        let laptop = world.new_device().await;
        let desktop = world.device(world.organization, laptop.user_id).await;
        let id = session_id();
        world.send(&laptop, &[(1, started(id))]).await.expect("applied");
        let writes = (0..30_i64).map(|n| {
            let device = if n % 2 == 0 { &laptop } else { &desktop };
            let kind = ActivityType::ALL[usize::try_from(n % 3).expect("small")];
            let items = vec![(n + 2, minute(id, n, kind))];
            let world = &world;
            async move { world.send(device, &items).await.expect("applied") }
        });
        futures_util::future::join_all(writes).await;
        assert_eq!(world.totals(id).await, (600, 600, 600, 31));
        world.assert_accounts_balance().await;
    }
}

async fn numbers(world: &World, organization: OrganizationId) -> Vec<i64> {
    let tenant = world.store.tenant(organization);
    let mut reader = tenant.read().await.expect("the database is there");
    let events = events::after(reader.db(), 0, 100).await.expect("reads");
    events.iter().map(|event| event.seq).collect()
}

on_both_engines! {
    async fn an_event_is_never_seen_before_one_with_a_smaller_number(world: World) {
        let (device, id) = (world.new_device().await, session_id());
        // A commit that is held back has the smaller number.
        let mut held_back = world.store.tenant(world.organization).begin().await.expect("the database is there");
        let subject = Subject { users: vec![device.user_id], ..Subject::default() };
        let first = events::append(&mut held_back, "USER_OFFLINE", &subject, NOW)
            .await.expect("appends");
        let items = [(1, started(id))];
        let sending = world.send(&device, &items);
        tokio::pin!(sending);
        // The other writer cannot overtake: until the first has committed, nothing is seen.
        for _ in 0..50 {
            tokio::select! {
                biased;
                answer = &mut sending => panic!("overtook the event that is held back: {answer:?}"),
                seen = numbers(&world, world.organization) => assert!(seen.is_empty(), "{seen:?}"),
            }
        }
        held_back.commit().await.expect("commits");
        sending.await.expect("applied");
        let seen = numbers(&world, world.organization).await;
        assert_eq!(seen[0], first);
        assert_eq!(seen, (first..first + i64::try_from(seen.len()).expect("small")).collect::<Vec<_>>());
        let (count,): (i64,) = one!(world, "SELECT seq FROM event_counters WHERE organization_id = $1", world.organization);
        assert_eq!(Some(&count), seen.last());
    }
}
