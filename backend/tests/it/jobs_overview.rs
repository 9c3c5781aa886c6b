//! What an admin is shown of scheduled work.

use shared_types::job::RunState;
use workpulse_server::jobs::{self, Definition, JobError, Options, Outcome, Worker};

use crate::harness::TestApp;

on_both_engines! {
    async fn an_admin_sees_their_own_runs_in_full_and_of_others_nothing(app) {
        let ada = app.set_up().await;
        let grace = app.another_organization("grace@other.test").await;
        let unlucky = grace.organization_id;
        let everybodys = Definition::new("everybodys", "0 * * * *", |_, _| async {
            Ok(Outcome::Done("7 rows of everybody".to_owned()))
        });
        let mut each_ones = Definition::new("each_ones", "@midnight", move |_, due| async move {
            if due.organization == Some(unlucky) {
                return Err(JobError::Failed("it went wrong".to_owned()));
            }
            Ok(Outcome::Done("3 rows".to_owned()))
        })
        .per_organization();
        each_ones.attempts = 1;
        let definitions = vec![everybodys, each_ones];
        let worker = worker(app, definitions.clone()).await;
        worker.turn().await.expect("it begins");
        app.clock.advance_seconds(86_400);
        worker.turn().await.expect("it works");

        let store = &app.state().store;
        let now = app.clock_now();
        let seen = async |organization| {
            jobs::overview(store, organization, &definitions, now).await.expect("read")
        };
        let adas = seen(ada.organization_id).await;
        assert_eq!(adas[0].name, "each_ones");
        let run = adas[0].last_run.as_ref().expect("it ran");
        assert_eq!((run.state, run.attempts), (RunState::Done, 1));
        assert_eq!((run.outcome.as_deref(), run.error.as_deref()), (Some("3 rows"), None));
        assert_eq!((adas[0].own, adas[0].failed, adas[0].waiting_since), (true, 0, None));
        // Midnight in Berlin, which is 23:00 in winter.
        let due = adas[0].next_due_at.expect("it is turned on");
        assert!(due > now && due.to_string().contains("T23:00:00"), "{due}");
        let run = adas[1].last_run.as_ref().expect("it ran");
        assert_eq!((run.state, &run.outcome, &run.error), (RunState::Done, &None, &None));
        assert!(!adas[1].own);

        let graces = seen(unlucky).await;
        let run = graces[0].last_run.as_ref().expect("it was given up");
        assert_eq!((run.state, graces[0].failed), (RunState::Failed, 1));
        assert_eq!((run.outcome.as_deref(), run.error.as_deref()), (None, Some("it went wrong")));
    }

    async fn the_route_lists_every_schedule_of_this_version_for_admins(app) {
        let ada = app.set_up().await;
        let ben = app.person(&ada, "Ben", "manager").await;
        let listed = app.get("/api/v1/jobs", &ada.token).await.expect(200);
        let items = listed["items"].as_array().expect("a list");
        let names: Vec<&str> = items.iter().map(|item| item["name"].as_str().expect("a text")).collect();
        let mut known: Vec<&str> = jobs::all().iter().map(|job| job.name).collect();
        known.sort_unstable();
        assert_eq!(names, known);
        assert!(names.contains(&"retention") && names.contains(&"erasure"));
        assert!(items.iter().all(|item| item["enabled"] == true && item["next_due_at"].is_string()));
        app.get("/api/v1/jobs", &ben.token).await.problem(403, "forbidden");
    }
}

async fn worker(app: &TestApp, definitions: Vec<Definition>) -> Worker {
    let state = app.state();
    Worker::new(
        state.store.clone(),
        state.live.clone(),
        state.clock.clone(),
        definitions,
        Options::default(),
    )
    .await
    .expect("the schedules are written")
}
