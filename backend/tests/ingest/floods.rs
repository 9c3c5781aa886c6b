//! One organization floods: it gets its share, and another's batches pass.

use std::{
    future::{Future as _, poll_fn},
    sync::Arc,
    task::Poll,
    time::Duration,
};

use shared_types::sync::{Outcome, SyncResponse};
use tokio::task::JoinHandle;
use workpulse_server::{
    ingest::{IngestError, IngestHandle, IngestOptions},
    store::{Store, SystemTx},
};

use super::fixture::{Device, Engine, World, on_both_engines, session_id, started};
use crate::raw::Raw;

/// Nobody can write until it is let go.
enum Held {
    Sqlite(SystemTx),
    Postgres(Raw),
}

async fn hold(world: &World) -> Held {
    if let Store::Sqlite(_) = &world.store {
        return Held::Sqlite(world.store.system().begin().await.expect("begun"));
    }
    let mut raw = Raw::open(&world.target).await;
    if let Raw::Postgres(c) = &mut raw {
        sqlx::raw_sql("BEGIN; LOCK TABLE sync_streams IN ACCESS EXCLUSIVE MODE")
            .execute(c)
            .await
            .expect("locked");
    }
    Held::Postgres(raw)
}

async fn let_go(held: Held) {
    match held {
        Held::Sqlite(tx) => drop(tx),
        Held::Postgres(raw) => raw.close().await,
    }
}

type Sending = JoinHandle<Result<SyncResponse, IngestError>>;

/// Sends a batch: it stands in the queue when this returns.
async fn send(ingest: &Arc<IngestHandle>, device: &Device) -> Sending {
    let (ingest, batch) = (
        Arc::clone(ingest),
        device.batch(&[(1, started(session_id()))]),
    );
    let mut sending = Box::pin(async move { ingest.submit(batch).await });
    let first = poll_fn(|cx| Poll::Ready(sending.as_mut().poll(cx))).await;
    assert!(first.is_pending(), "answered although nobody can write");
    tokio::spawn(sending)
}

/// Waits until so many wait: one less than were sent, as the committer has one in its hands.
async fn waiting(ingest: &IngestHandle, wanted: usize) {
    let seen = async {
        while ingest.waiting() != wanted {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    };
    if tokio::time::timeout(Duration::from_mins(1), seen)
        .await
        .is_err()
    {
        panic!("{} wait instead of {wanted}", ingest.waiting());
    }
}

on_both_engines! {
    async fn an_organization_that_floods_is_told_to_wait_and_another_s_batch_is_taken(world: World) {
        let options = IngestOptions { committers: 1, queue: 8 };
        let ingest = IngestHandle::start(&world.store, world.clock.clone(), options, |_| {}).await.expect("starts");
        let ingest = Arc::new(ingest);
        let mut flood = Vec::new();
        for _ in 0..6 {
            flood.push(world.new_device().await);
        }
        let other = world.new_organization().await;
        let person = world.person(other).await;
        let quiet = world.device(other, person).await;

        let held = hold(&world).await;
        // The first is in the committer's hands, and stays there.
        let mut sent = vec![send(&ingest, &flood[0]).await];
        waiting(&ingest, 0).await;
        for (n, device) in flood[1..5].iter().enumerate() {
            sent.push(send(&ingest, device).await);
            waiting(&ingest, n + 1).await;
        }
        let refused = ingest.submit(flood[5].batch(&[(1, started(session_id()))])).await;
        assert_eq!(refused.expect_err("half of the room is taken"), IngestError::Share);
        let passes = send(&ingest, &quiet).await;
        waiting(&ingest, 5).await;
        let_go(held).await;
        for one in sent.into_iter().chain([passes]) {
            let answer = one.await.expect("no panic").expect("applied");
            assert_eq!(answer.results[0].outcome, Outcome::Stored);
        }
        // Who was told to wait comes in now.
        ingest.submit(flood[5].batch(&[(1, started(session_id()))])).await.expect("applied");
        world.assert_accounts_balance().await;
        ingest.shutdown().await;
    }
}
