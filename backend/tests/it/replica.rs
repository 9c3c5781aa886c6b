//! Reads from a real standby: used while it is current, left alone when it is not.

use std::{path::Path, time::Duration};

use serde_json::Value;
use shared_types::OrganizationId;
use sqlx::{Connection as _, PgConnection};
use workpulse_server::{
    auth::accounts::{self, NewOrganization},
    clock::{Clock as _, SystemClock},
    store::{DatabaseTarget, Standing, Store, organizations},
};

use crate::{
    cluster::Cluster,
    harness::postgres_url,
    start_up::{command, place, until},
};

async fn run(url: &str, statement: &str) {
    let mut connection = PgConnection::connect(url).await.expect("answers");
    sqlx::raw_sql(sqlx::AssertSqlSafe(statement.to_owned()))
        .execute(&mut connection)
        .await
        .expect(statement);
}

/// The organization's name where large reads go, read in each of the two ways.
async fn names(store: &Store, organization: OrganizationId) -> [Option<String>; 2] {
    let tenant = store.tenant(organization);
    let mut reader = tenant.replica_read().await.expect("somebody answers");
    let found = organizations::find(reader.db()).await.expect("read");
    drop(reader);
    let mut view = tenant.replica_snapshot().await.expect("somebody answers");
    let again = organizations::find(view.db()).await.expect("read");
    [found, again].map(|found| found.map(|found| found.name))
}

/// The same while nothing changes: both ways say the same.
async fn name(store: &Store, organization: OrganizationId) -> Option<String> {
    let [one, other] = names(store, organization).await;
    assert_eq!(one, other);
    one
}

async fn current(store: &Store) {
    until(async || {
        let standing = store.look_at_replica().await.expect("the primary answers");
        matches!(standing, Some(Standing::Current(_)))
    })
    .await;
}

fn doctor(data: &Path, primary: &str, replica: &str) -> Value {
    let output = command(data, &["doctor", "--output", "json"])
        .env("DATABASE_URL", primary)
        .env("WORKPULSE_REPLICA_URL", replica)
        .output()
        .expect("the binary runs");
    let findings: Value = serde_json::from_slice(&output.stdout).expect("json");
    let findings = findings.as_array().expect("a list");
    let finding = findings.iter().find(|one| one["check"] == "replica");
    finding.expect("it looks at the replica").clone()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn large_reads_go_to_a_standby_as_long_as_it_follows_and_to_the_primary_otherwise() {
    if postgres_url().is_none() {
        return;
    }
    let primary = Cluster::start().await;
    let mut standby = primary.standby().await;
    let open = async |most_lag| {
        Store::open(&DatabaseTarget::Url(primary.url()), 4)
            .await
            .expect("it opens")
            .with_replica(&standby.url(), 4, most_lag)
            .expect("an address")
    };
    let most_lag = Duration::from_secs(1);
    let (store, strict) = (open(Duration::from_mins(10)).await, open(most_lag).await);
    store.migrate().await.expect("migrated");
    let organization = NewOrganization {
        name: "Before",
        time_zone: "UTC",
    };
    let acme = accounts::create_organization(&store, &SystemClock, organization)
        .await
        .expect("made");
    // Nobody has looked: the replica is not trusted.
    assert_eq!(store.replica_standing(), Some(Standing::Unknown));
    assert_eq!(name(&store, acme).await.as_deref(), Some("Before"));
    current(&store).await;
    // The standby stands still from here on: it can be told from the primary.
    run(&standby.url(), "SELECT pg_wal_replay_pause()").await;
    let rename = |to| format!("UPDATE organizations SET name = '{to}'");
    run(&primary.url(), &rename("After")).await;
    assert_eq!(name(&store, acme).await.as_deref(), Some("Before"));
    // The wall stands there, too.
    let nobody = OrganizationId(SystemClock.new_uuid());
    assert_eq!(name(&store, nobody).await, None);
    let mut reader = store.tenant(acme).read().await.expect("the primary");
    let found = organizations::find(reader.db()).await.expect("read");
    assert_eq!(found.expect("it is there").name, "After");
    drop(reader);

    // Too far behind for who wants it no older than a second.
    until(async || {
        let standing = strict.look_at_replica().await.expect("the primary answers");
        matches!(standing, Some(Standing::Behind(lag)) if lag > most_lag)
    })
    .await;
    assert_eq!(name(&strict, acme).await.as_deref(), Some("After"));
    run(&standby.url(), "SELECT pg_wal_replay_resume()").await;
    until(async || {
        store.look_at_replica().await.expect("the primary answers");
        // The standby follows between the two reads as well.
        let names = names(&store, acme).await;
        names.iter().all(|name| name.as_deref() == Some("After"))
    })
    .await;
    current(&strict).await;
    assert_eq!(name(&store, acme).await.as_deref(), Some("After"));

    let (_parent, data) = place();
    let finding = doctor(&data, &primary.url(), &standby.url());
    assert_eq!(finding["verdict"], "ok", "{finding}");
    // The primary itself is no replica: asking it would only be more work for it.
    let finding = doctor(&data, &primary.url(), &primary.url());
    assert_eq!(finding["verdict"], "warning", "{finding}");

    // Gone in the middle: the read that notices is answered by the primary.
    standby.stop();
    run(&primary.url(), &rename("Alone")).await;
    assert_eq!(name(&store, acme).await.as_deref(), Some("Alone"));
    let standing = store.replica_standing();
    assert!(matches!(standing, Some(Standing::Away(_))), "{standing:?}");
    let finding = doctor(&data, &primary.url(), &standby.url());
    assert_eq!(finding["verdict"], "warning", "{finding}");
    standby.run().await;
    current(&store).await;
    // Promoted: it has a history of its own now.
    run(&standby.url(), "SELECT pg_promote()").await;
    run(&standby.url(), &rename("Elsewhere")).await;
    let standing = store.look_at_replica().await.expect("the primary answers");
    assert!(matches!(standing, Some(Standing::Away(_))), "{standing:?}");
    assert_eq!(name(&store, acme).await.as_deref(), Some("Alone"));
    store.close().await;
    strict.close().await;
}
