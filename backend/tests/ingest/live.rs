//! From a commit to whoever is connected: in order, without gaps, only what they may see.

use shared_types::{
    UserId,
    activity::ActivityType,
    live::{EventBody, LiveEvent, PersonStatus, ServerFrame},
};
use sqlx::{Connection as _, PgConnection};
use workpulse_server::{
    domain::visibility,
    live::{Feed, FeedItem, Viewer, snapshot, sweep_silent},
    store::DatabaseTarget,
};

use super::fixture::{Device, Engine, NOW, World, minute, on_both_engines, session_id, started};

const ADMIN: visibility::Viewer = visibility::Viewer::SERVER;

fn everyone() -> Viewer {
    Viewer::Person(ADMIN)
}

fn only(user_id: UserId) -> Viewer {
    Viewer::Person(visibility::Viewer {
        user_id,
        role: shared_types::auth::Role::Employee,
    })
}

async fn next_event(feed: &mut Feed) -> LiveEvent {
    let item = tokio::time::timeout(std::time::Duration::from_secs(20), feed.next())
        .await
        .expect("an event comes")
        .expect("the log can be read");
    let FeedItem::Frame(text) = item else {
        panic!("expected a frame, not {item:?}");
    };
    match serde_json::from_str(&text).expect("a frame") {
        ServerFrame::Event { event } => event,
        other => panic!("expected an event, not {other:?}"),
    }
}

async fn follow(world: &World, viewer: Viewer, after: Option<i64>) -> Feed {
    let subscribed = world.hub.subscribe(world.organization, viewer, after).await;
    subscribed.expect("subscribes").0
}

/// Sends a start and the two latest minutes before now.
async fn work(world: &World, device: &Device) {
    let id = session_id();
    world
        .send(
            device,
            &[
                (1, started(id)),
                (2, minute(id, 118, ActivityType::Active)),
                (3, minute(id, 119, ActivityType::Active)),
            ],
        )
        .await
        .expect("applied");
}

on_both_engines! {
    async fn a_commit_reaches_those_who_watch_with_the_state_of_now(world: World) {
        let device = world.new_device().await;
        let mut feed = follow(&world, everyone(), None).await;
        work(&world, &device).await;
        let online = next_event(&mut feed).await;
        assert!(matches!(online.event, EventBody::UserOnline(_)), "{online:?}");
        let update = next_event(&mut feed).await;
        assert_eq!(update.seq, online.seq + 1);
        let EventBody::SessionUpdate(changed) = update.event else { panic!("{update:?}") };
        let person = &changed.people[0];
        assert_eq!(person.user_id, device.user_id);
        assert_eq!((person.status, person.online), (PersonStatus::Active, true));
        assert_eq!(person.application.as_deref(), Some("Editor"));
        assert_eq!(person.since, Some(NOW.plus_seconds(-120)), "two unbroken minutes");
        assert_eq!(person.today.active_seconds, 120);
    }
}

on_both_engines! {
    async fn a_feed_that_comes_back_continues_where_it_was(world: World) {
        let device = world.new_device().await;
        let mut first = follow(&world, everyone(), None).await;
        work(&world, &device).await;
        let seen = next_event(&mut first).await.seq;
        drop(first);
        let other = world.new_device().await;
        work(&world, &other).await;
        let mut second = follow(&world, everyone(), Some(seen)).await;
        let mut people: Vec<UserId> = Vec::new();
        let mut last = seen;
        while !people.contains(&other.user_id) {
            let event = next_event(&mut second).await;
            assert!(event.seq > last, "in order");
            last = event.seq;
            if let EventBody::SessionUpdate(changed) = event.event {
                people.extend(changed.people.iter().map(|p| p.user_id));
            }
        }
        assert!(people.contains(&device.user_id), "what was missed came, too");
        let page = world.hub.page(world.organization, everyone(), seen).await.expect("reads");
        assert_eq!(page.latest_seq, last);
    }
}

on_both_engines! {
    async fn a_number_that_the_log_does_not_reach_asks_for_a_new_snapshot(world: World) {
        let mut feed = follow(&world, everyone(), Some(77)).await;
        assert_eq!(feed.next().await.expect("reads"), FeedItem::Reset(0));
        let page = world.hub.page(world.organization, everyone(), 77).await.expect("reads");
        assert!(page.reset);
    }
}

on_both_engines! {
    async fn an_employee_sees_only_themselves_and_a_device_nobody(world: World) {
        let (me, other) = (world.new_device().await, world.new_device().await);
        let mut mine = follow(&world, only(me.user_id), None).await;
        let mut devices = follow(&world, Viewer::Device, None).await;
        work(&world, &other).await;
        work(&world, &me).await;
        let event = next_event(&mut mine).await;
        let EventBody::UserOnline(changed) = event.event else { panic!("{event:?}") };
        assert!(changed.people.iter().all(|p| p.user_id == me.user_id));
        let mut tx = world.store.tenant(world.organization).begin().await.expect("the database is there");
        let subject = workpulse_server::store::events::Subject { policy_version: Some(2), ..Default::default() };
        workpulse_server::store::events::append(&mut tx, "POLICY_CHANGED", &subject, NOW)
            .await.expect("appends");
        tx.commit().await.expect("commits");
        let event = next_event(&mut devices).await;
        assert!(matches!(event.event, EventBody::PolicyChanged(_)), "the first that it is shown: {event:?}");
    }
}

on_both_engines! {
    async fn a_device_that_falls_silent_is_announced_once_and_shown_offline(world: World) {
        let device = world.new_device().await;
        work(&world, &device).await;
        world.clock.advance_seconds(149);
        assert_eq!(sweep_silent(&world.store, &world.hub, NOW.plus_seconds(149)).await.expect("sweeps"), 0);
        world.clock.advance_seconds(2);
        let later = NOW.plus_seconds(151);
        assert_eq!(sweep_silent(&world.store, &world.hub, later).await.expect("sweeps"), 1);
        assert_eq!(sweep_silent(&world.store, &world.hub, later).await.expect("sweeps"), 0);
        let view = snapshot(&world.store, world.organization, ADMIN, later).await.expect("reads").expect("is there");
        assert_eq!(view.people[0].status, PersonStatus::Offline);
        assert!(!view.people[0].online);
        world.send(&device, &[]).await.expect("a heartbeat");
        let view = snapshot(&world.store, world.organization, ADMIN, later).await.expect("reads").expect("is there");
        assert_eq!(view.people[0].status, PersonStatus::Active);
        assert_eq!(view.day, "2026-11-20");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn however_many_instances_look_for_silence_each_is_announced_once() {
    let world = World::new(Engine::Postgres).await;
    let device = world.new_device().await;
    work(&world, &device).await;
    let DatabaseTarget::Url(url) = &world.target else {
        unreachable!("it is PostgreSQL")
    };
    let mut owner = PgConnection::connect(url).await.expect("answers");
    // The device has had many outboxes: many rows, one person, and more than one step of them.
    sqlx::raw_sql(
        "INSERT INTO sync_streams (organization_id, user_id, device_id, epoch, last_sync_at, online)
         SELECT organization_id, user_id, device_id, gen_random_uuid(), last_sync_at, TRUE
         FROM sync_streams, generate_series(1, 300)",
    )
    .execute(&mut owner)
    .await
    .expect("made");
    for round in 1..=12_i64 {
        let later = NOW.plus_seconds(151 + round);
        let sweeps = (0..4).map(|n| {
            let (store, hub) = (world.store.clone(), world.hub.clone());
            // Clocks of instances differ.
            tokio::spawn(async move { sweep_silent(&store, &hub, later.plus_seconds(n)).await })
        });
        let mut announced = 0;
        for sweep in sweeps.collect::<Vec<_>>() {
            announced += sweep.await.expect("no panic").expect("no deadlock");
        }
        assert_eq!(announced, 1, "round {round}");
        sqlx::raw_sql("UPDATE sync_streams SET online = TRUE")
            .execute(&mut owner)
            .await
            .expect("in contact again");
    }
}
