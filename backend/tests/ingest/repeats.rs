//! D2: sending anything again, in any order, over any number of connections, changes nothing.

use proptest::{prelude::*, test_runner::TestRunner};
use shared_types::{
    EpochId,
    sync::{Outcome, SyncItemBody},
};
use workpulse_server::clock::{Clock as _, SystemClock};

use super::fixture::{Engine, World, session_id, whole_session};

/// Cuts into the items: from, length. Overlapping, repeated, in any order.
fn cuts(items: usize) -> impl Strategy<Value = Vec<(usize, usize)>> {
    prop::collection::vec((0..items, 1..items), 1..24)
}

async fn sent_in_pieces_at_once(world: &World, cuts: &[(usize, usize)]) {
    let (device, id) = (world.new_device().await, session_id());
    let items = whole_session(id, 20);
    // A span cannot come before its session: the start goes first, as agents send it.
    world.send(&device, &items[..1]).await.expect("applied");
    let spans: Vec<(i64, SyncItemBody)> = items[1..21].to_vec();
    let pieces = cuts.iter().map(|(from, length)| {
        let to = (from + length).min(spans.len());
        world.send(&device, &spans[*from..to])
    });
    for answer in futures_util::future::join_all(pieces).await {
        let answer = answer.expect("applied");
        for result in answer.results {
            assert_ne!(result.outcome, Outcome::Rejected, "{result:?}");
        }
    }
    // Whatever the pieces left out, and everything once more.
    let whole = world.send(&device, &items).await.expect("applied");
    assert_eq!(whole.watermark, 22);
    let before = world.totals(id).await;
    assert_eq!(before, (420, 420, 360, 22));
    let again = world.send(&device, &items).await.expect("applied");
    assert!(
        again
            .results
            .iter()
            .all(|r| r.outcome == Outcome::Duplicate)
    );
    assert_eq!(world.totals(id).await, before);
    world.assert_accounts_balance().await;
}

fn property(engine: Engine, cases: u32) {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(4)
        .enable_all()
        .build()
        .expect("a runtime");
    let world = runtime.block_on(World::new(engine));
    let mut runner = TestRunner::new(ProptestConfig::with_cases(cases));
    runner
        .run(&cuts(20), |cuts| {
            runtime.block_on(sent_in_pieces_at_once(&world, &cuts));
            Ok(())
        })
        .expect("holds for every order");
}

#[test]
fn any_pieces_in_any_order_give_the_same_accounts_on_sqlite() {
    property(Engine::Sqlite, 40);
}

#[test]
fn any_pieces_in_any_order_give_the_same_accounts_on_postgres() {
    property(Engine::Postgres, 40);
}

/// A profile that was copied, or a laptop that changed hands: the same device and epoch, under
/// another organization's credential.
async fn a_stream_of_another_organization_is_left_alone(engine: Engine) {
    let world = World::new(engine).await;
    let (theirs, id) = (world.new_device().await, session_id());
    let items = whole_session(id, 3);
    world.send(&theirs, &items).await.expect("applied");
    let before = world.totals(id).await;

    let organization = world.new_organization().await;
    let person = world.person(organization).await;
    let mut copied = world.device_with_id(organization, person, theirs.id).await;
    copied.epoch = theirs.epoch;
    let other = session_id();
    let answer = world
        .send(&copied, &whole_session(other, 3))
        .await
        .expect("answered, not failed");
    assert!(answer.new_epoch && answer.results.is_empty(), "{answer:?}");
    assert_eq!(answer.watermark, 0);
    assert_eq!(world.totals(id).await, before);

    // Under a new epoch the same items are stored, whatever the other one has recorded.
    copied.epoch = EpochId(SystemClock.new_uuid());
    let answer = world
        .send(&copied, &whole_session(other, 3))
        .await
        .expect("applied");
    assert!(!answer.new_epoch);
    assert!(
        answer
            .results
            .iter()
            .all(|result| result.outcome == Outcome::Stored),
        "{answer:?}"
    );
    assert_eq!(world.totals(other).await, before);
    assert_eq!(world.totals(id).await, before);
    world.assert_accounts_balance().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_stream_of_another_organization_is_left_alone_on_sqlite() {
    a_stream_of_another_organization_is_left_alone(Engine::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_stream_of_another_organization_is_left_alone_on_postgres() {
    a_stream_of_another_organization_is_left_alone(Engine::Postgres).await;
}
