//! Who sees whom: on every route that shows a person, and on open sockets.

use proptest::{prelude::*, strategy::ValueTree as _, test_runner::TestRunner};
use serde_json::json;
use shared_types::{ProjectId, TeamId, UserId, auth::Role};
use uuid::Uuid;
use workpulse_server::{
    clock::{Clock as _, SystemClock},
    domain::visibility::{Group, Membership, Viewer, can_see, sight},
    live::{FeedItem, LiveHub, Viewer as LiveViewer},
    store::{Store, projects, teams, visibility},
};

use crate::{
    groups::{id, project_id},
    harness::{BEGINNING, LoggedIn, TestApp},
    raw::behind,
    socket,
};

/// Whether a viewer is shown a person whose session has this number: the same answer on
/// every route, or the test fails.
async fn shown(app: &TestApp, viewer: &LoggedIn, person: &LoggedIn, session: u32) -> bool {
    let whom = person.user_id.to_string();
    let mut answers = Vec::new();
    for path in [
        format!("/api/v1/sessions?user_id={whom}"),
        format!("/api/v1/sessions/{}", id(session)),
    ] {
        let answer = app.get(&path, &viewer.token).await;
        if answer.status != 200 {
            answer.problem(404, "not-found");
        }
        answers.push((path, answer.status == 200));
    }
    let view = app.get("/api/v1/presence", &viewer.token).await;
    view.expect(200);
    answers.push(("presence".to_owned(), view.text.contains(&whom)));
    assert_eq!(
        view.text.contains(&format!("canary-{session}")),
        view.text.contains(&whom),
        "a person comes with what is theirs: {}",
        view.text
    );
    let events = app.get("/api/v1/events?after=0", &viewer.token).await;
    if events.expect(200)["reset"] == false {
        answers.push(("events".to_owned(), events.text.contains(&whom)));
    }
    for path in ["/api/v1/users", "/api/v1/devices"] {
        let list = app.get(&format!("{path}?limit=200"), &viewer.token).await;
        if list.status == 200 {
            answers.push((path.to_owned(), list.text.contains(&whom)));
        } else {
            list.problem(403, "forbidden");
        }
    }
    let first = answers[0].1;
    assert!(
        answers.iter().all(|(_, shown)| *shown == first),
        "{answers:?}"
    );
    first
}

async fn with_a_device_and_a_session(
    app: &TestApp,
    admin: &LoggedIn,
    name: &str,
    n: u32,
) -> LoggedIn {
    let person = app.person(admin, name, "employee").await;
    app.device(admin, person.user_id).await;
    app.session(&person, n).await;
    person
}

async fn set_role(app: &TestApp, person: &LoggedIn, role: &str) {
    behind!(app.target(), |c| sqlx::query(
        "UPDATE users SET role = $2 WHERE id = $1"
    )
    .bind(person.user_id)
    .bind(role)
    .execute(&mut *c)
    .await
    .map(drop))
    .expect("changed");
    app.state()
        .auth
        .authority
        .changed(person.organization_id, person.user_id)
        .await
        .expect("told");
}

on_both_engines! {
    async fn a_manager_sees_those_whom_they_manage_and_an_employee_themself(app) {
        let ada = app.set_up().await;
        let mona = app.person(&ada, "Mona", "manager").await;
        let otto = app.person(&ada, "Otto", "manager").await;
        let eve = with_a_device_and_a_session(app, &ada, "Eve", 1).await;
        let finn = with_a_device_and_a_session(app, &ada, "Finn", 2).await;
        let (engines, looms) = (app.team(&ada, "Engines").await, app.team(&ada, "Looms").await);
        for (team, manager, member) in [(&engines, &mona, &eve), (&looms, &otto, &finn)] {
            app.put_in(&ada, team, manager.user_id, true).await.expect(204);
            app.put_in(&ada, team, member.user_id, false).await.expect(204);
        }
        assert!(shown(app, &ada, &eve, 1).await && shown(app, &ada, &finn, 2).await, "an admin: everyone");
        assert!(shown(app, &mona, &eve, 1).await, "her team");
        assert!(!shown(app, &mona, &finn, 2).await, "another team of the organization");
        assert!(!shown(app, &otto, &eve, 1).await);
        assert!(shown(app, &eve, &eve, 1).await, "oneself");
        assert!(!shown(app, &finn, &eve, 1).await, "a peer");
        let stranger = app.another_organization("grace@other.test").await;
        assert!(!shown(app, &stranger, &eve, 1).await, "an admin elsewhere");

        // Members of the same team do not see each other, nor their manager.
        app.put_in(&ada, &engines, finn.user_id, false).await.expect(204);
        assert!(!shown(app, &finn, &eve, 1).await);
        app.take_out(&ada, &engines, finn.user_id).await.expect(204);

        app.take_out(&ada, &engines, eve.user_id).await.expect(204);
        assert!(!shown(app, &mona, &eve, 1).await, "a former member");
        app.put_in(&ada, &engines, eve.user_id, false).await.expect(204);
        assert!(shown(app, &mona, &eve, 1).await);
        app.put_in(&ada, &engines, mona.user_id, false).await.expect(204);
        assert!(!shown(app, &mona, &eve, 1).await, "a member now, no manager");
        app.put_in(&ada, &engines, mona.user_id, true).await.expect(204);
        set_role(app, &mona, "employee").await;
        assert!(!shown(app, &mona, &eve, 1).await, "a demoted manager");
        set_role(app, &mona, "manager").await;
        app.delete(&engines, &ada.token).await.expect(204);
        assert!(!shown(app, &mona, &eve, 1).await, "the team is gone");

        let project = app.project(&ada, "Website").await;
        app.put_in(&ada, &project, mona.user_id, true).await.expect(204);
        app.put_in(&ada, &project, eve.user_id, false).await.expect(204);
        assert!(shown(app, &mona, &eve, 1).await, "her project");
        assert!(!shown(app, &mona, &finn, 2).await);
    }

    async fn nobody_gains_sight_by_what_managers_do(app) {
        let ada = app.set_up().await;
        let mona = app.person(&ada, "Mona", "manager").await;
        let otto = app.person(&ada, "Otto", "manager").await;
        let eve = with_a_device_and_a_session(app, &ada, "Eve", 1).await;
        let finn = with_a_device_and_a_session(app, &ada, "Finn", 2).await;
        let (engines, looms) = (app.team(&ada, "Engines").await, app.team(&ada, "Looms").await);
        app.put_in(&ada, &engines, mona.user_id, true).await.expect(204);
        app.put_in(&ada, &engines, eve.user_id, false).await.expect(204);
        app.put_in(&ada, &looms, otto.user_id, true).await.expect(204);
        app.put_in(&ada, &looms, finn.user_id, false).await.expect(204);
        let (own, theirs) = (app.project(&mona, "Monas").await, app.project(&otto, "Ottos").await);

        // A stranger into one's own project: as if they were not there.
        let random = app.put_in(&mona, &own, SystemClock.new_uuid().into(), false).await;
        let stranger = app.put_in(&mona, &own, finn.user_id, false).await;
        assert_eq!(random.problem(404, "not-found"), stranger.problem(404, "not-found"));
        // Oneself, or a friend, as manager of another team or project.
        for team in [&looms, &engines] {
            app.put_in(&mona, team, mona.user_id, true).await.problem(403, "forbidden");
            app.put_in(&mona, team, eve.user_id, true).await.problem(403, "forbidden");
            app.put_in(&mona, team, finn.user_id, false).await.problem(403, "forbidden");
            app.take_out(&mona, team, eve.user_id).await.problem(403, "forbidden");
        }
        for (person, manager) in [(&mona, true), (&mona, false), (&eve, false)] {
            app.put_in(&mona, &theirs, person.user_id, manager).await.problem(404, "not-found");
        }
        // Who manages one's own project is not for its manager to say.
        app.put_in(&mona, &own, eve.user_id, true).await.problem(403, "forbidden");
        app.take_out(&mona, &own, mona.user_id).await.problem(403, "forbidden");
        app.put_in(&mona, &own, mona.user_id, false).await.problem(403, "forbidden");
        for person in [&eve, &finn] {
            app.put_in(person, &own, person.user_id, true).await.problem(404, "not-found");
        }

        // What a manager may: whom they see, as a member. It shows them to nobody.
        app.put_in(&mona, &own, eve.user_id, false).await.expect(204);
        app.put_in(&ada, &own, otto.user_id, true).await.expect(204);
        assert!(!shown(app, &otto, &eve, 1).await, "not to another manager of the project");
        let members = app.get(&format!("{own}/members"), &otto.token).await;
        members.expect(200);
        assert!(!members.text.contains(&eve.user_id.to_string()), "{}", members.text);
        app.take_out(&otto, &own, eve.user_id).await.problem(404, "not-found");
        app.take_out(&ada, &engines, eve.user_id).await.expect(204);
        assert!(!shown(app, &mona, &eve, 1).await, "nor to herself, after an admin took them out of the team");
        app.take_out(&mona, &own, eve.user_id).await.problem(404, "not-found");
        // Booking on it, they do.
        let start = json!({ "session_id": id(3), "project_id": project_id(&own) });
        app.post("/api/v1/sessions/start", &eve.token, &start).await.expect(201);
        // An admin's word shows them; a manager's changes nothing about that.
        app.put_in(&ada, &own, eve.user_id, false).await.expect(204);
        assert!(shown(app, &mona, &eve, 1).await && shown(app, &otto, &eve, 1).await);
        app.put_in(&otto, &own, eve.user_id, false).await.expect(204);
        assert!(shown(app, &mona, &eve, 1).await);
        app.take_out(&otto, &own, eve.user_id).await.expect(204);
        assert!(!shown(app, &mona, &eve, 1).await);
    }

    async fn who_falls_out_of_sight_disappears_from_an_open_socket(app) {
        let ada = app.set_up().await;
        let mona = app.person(&ada, "Mona", "manager").await;
        let eve = app.person(&ada, "Eve", "employee").await;
        let team = app.team(&ada, "Engines").await;
        app.put_in(&ada, &team, mona.user_id, true).await.expect(204);
        let mut hers = socket::open(app, &mona.token, None).await;
        let mut everyones = socket::open(app, &ada.token, None).await;
        assert_eq!(hers.frame().await["frame"], "hello");
        assert_eq!(everyones.frame().await["frame"], "hello");

        app.put_in(&ada, &team, eve.user_id, false).await.expect(204);
        assert_eq!(hers.frame().await["frame"], "reset", "somebody came into sight");
        app.session(&eve, 1).await;
        let seen = hers.frame().await;
        assert_eq!(seen["event"]["event"]["data"]["people"][0]["name"], "Eve");

        app.take_out(&ada, &team, eve.user_id).await.expect(204);
        let reset = loop {
            let frame = hers.frame().await;
            if frame["frame"] == "reset" {
                break frame;
            }
        };
        let view = app.get("/api/v1/presence", &mona.token).await.expect(200);
        assert_eq!(view["people"].as_array().expect("a list").len(), 1);
        app.session(&eve, 2).await;
        app.session(&mona, 3).await;
        let frame = hers.frame().await;
        assert!(frame["event"]["seq"].as_i64() > reset["seq"].as_i64(), "{frame}");
        let people = frame["event"]["event"]["data"]["people"].as_array().expect("a list").clone();
        assert_eq!(people.iter().map(|p| &p["name"]).collect::<Vec<_>>(), ["Mona"], "of Eve, nothing");
        // Those who see everyone are not disturbed by any of it.
        let mut names = Vec::new();
        while !names.contains(&json!("Mona")) {
            let frame = everyones.frame().await;
            assert_eq!(frame["frame"], "event", "{frame}");
            names.extend(frame["event"]["event"]["data"]["people"].as_array().expect("a list").iter().map(|p| p["name"].clone()));
        }
        assert!(names.contains(&json!("Eve")));
    }

    async fn a_client_that_was_away_during_a_change_takes_a_new_snapshot(app) {
        let ada = app.set_up().await;
        let mona = app.person(&ada, "Mona", "manager").await;
        let eve = app.person(&ada, "Eve", "employee").await;
        let team = app.team(&ada, "Engines").await;
        app.put_in(&ada, &team, mona.user_id, true).await.expect(204);
        app.put_in(&ada, &team, eve.user_id, false).await.expect(204);
        app.session(&eve, 1).await;
        let before = app.get("/api/v1/presence", &mona.token).await.expect(200)["seq"].as_i64().expect("a number");
        app.take_out(&ada, &team, eve.user_id).await.expect(204);
        app.session(&eve, 2).await;
        let mut socket = socket::open(app, &mona.token, Some(before)).await;
        assert_eq!(socket.frame().await["frame"], "hello");
        assert_eq!(socket.frame().await["frame"], "reset");
        app.session(&mona, 3).await;
        let frame = socket.frame().await;
        assert!(!frame.to_string().contains(&eve.user_id.to_string()), "{frame}");
        let page = app.get(&format!("/api/v1/events?after={before}"), &mona.token).await.expect(200);
        assert_eq!((&page["reset"], &page["items"]), (&json!(true), &json!([])));
        let page = app.get(&format!("/api/v1/events?after={before}"), &ada.token).await.expect(200);
        assert_eq!(page["reset"], false, "whom it does not concern reads on");
    }

    async fn a_page_of_events_is_not_cut_short_by_what_others_see(app) {
        let ada = app.set_up().await;
        let mona = app.person(&ada, "Mona", "manager").await;
        app.session(&ada, 1).await;
        let path = format!("/api/v1/sessions/{}/project", id(1));
        let made = app.post("/api/v1/projects", &ada.token, &json!({ "name": "P" })).await.expect(201);
        // More events than are read at once, none of them Mona's, and then one that is; kinds
        // alternate, so that they are not merged.
        let mut tx = app.state().store.tenant(ada.organization_id).begin().await.expect("begins");
        let subject = workpulse_server::store::events::Subject { users: vec![ada.user_id], ..Default::default() };
        for n in 0..205 {
            let kind = if n % 2 == 0 { "USER_ONLINE" } else { "SESSION_UPDATE" };
            workpulse_server::store::events::append(&mut tx, kind, &subject, BEGINNING).await.expect("appended");
        }
        tx.commit().await.expect("committed");
        app.put(&path, &ada.token, &json!({ "project_id": made["id"] })).await.expect(200);
        app.session(&mona, 2).await;
        let page = app.get("/api/v1/events?after=0", &mona.token).await.expect(200);
        assert_eq!(page["items"][0]["event"]["data"]["people"][0]["name"], "Mona", "{page}");
    }

    async fn a_change_made_by_one_instance_bites_on_the_sockets_of_another(app) {
        let ada = app.set_up().await;
        let mona = app.person(&ada, "Mona", "manager").await;
        let eve = app.person(&ada, "Eve", "employee").await;
        let team = app.team(&ada, "Engines").await;
        app.put_in(&ada, &team, mona.user_id, true).await.expect(204);
        app.put_in(&ada, &team, eve.user_id, false).await.expect(204);
        let store = Store::open(app.target(), 2).await.expect("opens");
        let elsewhere = LiveHub::new(store.clone(), app.clock.clone(), std::time::Duration::from_secs(1));
        let viewer = Viewer { user_id: mona.user_id, role: Role::Manager };
        let (mut feed, _) = elsewhere
            .subscribe(ada.organization_id, LiveViewer::Person(viewer), None)
            .await
            .expect("subscribes");
        let mut next = async || {
            tokio::time::timeout(std::time::Duration::from_secs(30), feed.next())
                .await
                .expect("something comes")
                .expect("the log can be read")
        };
        app.session(&eve, 1).await;
        assert!(matches!(next().await, FeedItem::Frame(text) if text.contains("canary-1") || text.contains("Eve")));
        app.take_out(&ada, &team, eve.user_id).await.expect(204);
        while !matches!(next().await, FeedItem::Reset(_)) {}
        app.session(&eve, 2).await;
        app.session(&mona, 3).await;
        let FeedItem::Frame(text) = next().await else { panic!("no frame") };
        assert!(text.contains("Mona") && !text.contains("Eve"), "{text}");
        drop(feed);
        store.close().await;
    }

    async fn the_database_and_the_rule_agree_on_who_sees_whom(app) {
        let ada = app.set_up().await;
        let organization = ada.organization_id;
        let mut people = vec![ada.user_id];
        for n in 0..6 {
            let request = json!({ "name": format!("P{n}"), "email": format!("p{n}@acme.test"), "role": "employee" });
            let made = app.post("/api/v1/users", &ada.token, &request).await.expect(201);
            people.push(made["id"].as_str().expect("an id").parse().expect("an id"));
        }
        let mut groups = Vec::new();
        for n in 0..3 {
            let team: TeamId = address_id(&app.team(&ada, &format!("T{n}")).await).into();
            let project: ProjectId = address_id(&app.project(&ada, &format!("P{n}")).await).into();
            groups.extend([Group::Team(team), Group::Project(project)]);
        }
        let mut runner = TestRunner::deterministic();
        let layout = prop::collection::vec(
            (0..groups.len(), 0..people.len(), any::<bool>(), any::<bool>()), 0..20);
        for _ in 0..25 {
            let rows = layout.new_tree(&mut runner).expect("a layout").current();
            let memberships = write(app, &ada, &groups, &people, &rows).await;
            let mut reader = app.state().store.tenant(organization).read().await.expect("reads");
            for viewer in &people {
                for role in [Role::Admin, Role::Manager, Role::Employee] {
                    let viewer = Viewer { user_id: *viewer, role };
                    let whole = visibility::visible_people(reader.db(), viewer).await.expect("reads");
                    assert_eq!(whole, sight(viewer, &memberships), "{viewer:?} in {memberships:?}");
                    for person in &people {
                        let one = visibility::can_see(reader.db(), viewer, *person).await.expect("reads");
                        assert_eq!(one, can_see(viewer, *person, &memberships), "{viewer:?} {person} in {memberships:?}");
                    }
                    let nobody = UserId(SystemClock.new_uuid());
                    assert!(!visibility::can_see(reader.db(), viewer, nobody).await.expect("reads"));
                }
            }
        }
    }
}

fn address_id(address: &str) -> Uuid {
    project_id(address).parse().expect("an id")
}

/// Replaces all memberships by these: group, person, whether they manage it, whether an admin
/// put them there.
async fn write(
    app: &TestApp,
    admin: &LoggedIn,
    groups: &[Group],
    people: &[UserId],
    rows: &[(usize, usize, bool, bool)],
) -> Vec<Membership> {
    let mut tx = app
        .state()
        .store
        .tenant(admin.organization_id)
        .begin()
        .await
        .expect("begins");
    for group in groups {
        for person in people {
            match group {
                Group::Team(id) => teams::remove_member(&mut tx, *id, *person).await,
                Group::Project(id) => projects::remove_member(&mut tx, *id, *person).await,
            }
            .expect("removed");
        }
    }
    let mut memberships: Vec<Membership> = Vec::new();
    for (group, person, is_manager, by_admin) in rows {
        let one = Membership {
            group: groups[*group],
            user_id: people[*person],
            is_manager: *is_manager,
            gives_sight: *by_admin || matches!(groups[*group], Group::Team(_)),
        };
        match one.group {
            Group::Team(id) => {
                teams::set_member(&mut tx, id, one.user_id, one.is_manager, BEGINNING).await
            }
            Group::Project(id) => {
                let state = projects::MemberState {
                    is_manager: one.is_manager,
                    gives_sight: one.gives_sight,
                };
                projects::set_member(&mut tx, id, one.user_id, state, BEGINNING).await
            }
        }
        .expect("added");
        memberships.retain(|m| (m.group, m.user_id) != (one.group, one.user_id));
        memberships.push(one);
    }
    tx.commit().await.expect("commits");
    memberships
}
