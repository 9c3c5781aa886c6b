//! A machine that is enrolled by its person's address and has to wait: what it records
//! meanwhile arrives once it is approved, each item exactly once, on both engines.

use std::{collections::BTreeMap, path::Path, time::Duration};

use anyhow::{Context, Result, ensure};
use reqwest::Method;
use shared_types::{
    UserId,
    activity::Activity,
    auth::Role,
    device::{CreateEnrolmentToken, DevicePage, DeviceStatus, EnrolmentTokenCreated},
    sync::SyncItemBody,
};
use uuid::Uuid;
use workpulse_tests::{
    agent::AgentPlan,
    api::Api,
    database::{Engine, Storage, cluster_from_environment, sqlite_file},
    desktop::Desktop,
    oracle::{kept, stored},
    server::{ServerPlan, program},
    time::wait_for,
};

const PATIENCE: Duration = Duration::from_mins(1);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_device_recorded_while_it_waited_arrives_once_it_is_approved() {
    run().await.unwrap();
}

async fn run() -> Result<()> {
    let dir = tempfile::tempdir()?;
    let desktop = Desktop::start(&["Alpha"]).await?;
    for engine in Engine::ALL {
        wait_and_approve(engine, dir.path(), &desktop)
            .await
            .with_context(|| engine.name())?;
    }
    Ok(())
}

async fn wait_and_approve(engine: Engine, dir: &Path, desktop: &Desktop) -> Result<()> {
    let dir = dir.join(engine.name());
    std::fs::create_dir_all(&dir)?;
    let cluster = match engine {
        Engine::Sqlite => None,
        Engine::Postgres => Some(cluster_from_environment()?),
    };
    let storage = Storage::create(engine, cluster.as_deref(), "e2e").await?;
    let plan = ServerPlan::new(
        program("workpulse-server")?,
        dir.join("server"),
        storage.url(),
    )?;
    let server = plan.start().await?;
    let (_, admin) = server
        .api()
        .set_up("Observatory", "ada@lab.example")
        .await?;
    let erin = admin
        .create_user("Erin Employee", "erin@lab.example", Role::Employee, false)
        .await?
        .id;

    let agent_plan = AgentPlan {
        program: program("workpulse-agent")?,
        data_dir: dir.join("agent"),
        display: desktop.display().to_owned(),
    };
    let token = office_token(&admin).await?;
    let refused = agent_plan.enrol_for(&plan.address(), &token, Some("nobody@lab.example"));
    let said = refused.err().context("nobody works there")?.to_string();
    ensure!(said.contains("enrols no device for this address"), "{said}");
    agent_plan.enrol_for(&plan.address(), &token, Some("Erin@lab.example"))?;

    // Two sessions, and a kill between them.
    let agent = agent_plan.run()?;
    work(&agent_plan, desktop).await?;
    agent_plan.tell("stop")?;
    agent.kill()?;
    let agent = agent_plan.run()?;
    wait_for("the agent listens", PATIENCE, || async {
        Ok(agent_plan.tell("start").ok())
    })
    .await?;
    work(&agent_plan, desktop).await?;
    let status = agent_plan.status()?;
    ensure!(status["device_pending"] == true, "{status:#}");
    ensure!(status["state"] == "needs_attention", "{status:#}");
    agent_plan.tell("stop")?;

    let waiting = devices(&admin, "?pending=true").await?;
    ensure!(waiting.items.len() == 1, "{waiting:#?}");
    let device = &waiting.items[0];
    ensure!(device.status == DeviceStatus::Pending && device.user_id == erin);
    let before = read(&plan, &storage, erin).await?;
    ensure!(before.sessions.is_empty() && before.spans.is_empty());
    ensure!(kept::read(&agent_plan.outbox())?.stored == 0);

    plan.admin(&["approve-device", "--device", &device.id.to_string()], "")?;
    wait_for("the backlog arrives", PATIENCE, || async {
        agent_plan.tell("sync")?;
        let kept = kept::read(&agent_plan.outbox())?;
        Ok((kept.pending == 0).then_some(()))
    })
    .await?;
    let kept = kept::read(&agent_plan.outbox())?;
    ensure!(kept.rejected.is_empty() && kept.dropped == 0, "{kept:#?}");
    ensure!(
        kept.produced == kept.stored && kept.produced >= 6,
        "{kept:#?}"
    );
    let arrived = read(&plan, &storage, erin).await?;
    ensure!(arrived.sessions.len() == 2, "{:#?}", arrived.sessions);
    ensure!(arrived.sessions.iter().all(|it| it.ended_at.is_some()));
    let made: BTreeMap<(Uuid, i64), Activity> = kept
        .items
        .into_iter()
        .filter_map(|(key, item)| match item {
            SyncItemBody::Activity(span) => Some((key, span)),
            _ => None,
        })
        .collect();
    ensure!(
        arrived.spans.len() == made.len(),
        "a span is there twice or never"
    );
    ensure!(arrived.spans.into_iter().collect::<BTreeMap<_, _>>() == made);
    let status = agent_plan.status()?;
    ensure!(status["device_pending"] == false, "{status:#}");

    drop(agent);
    let status = server.stop().await?;
    ensure!(status.success(), "the server ended with {status}");
    storage.remove().await
}

/// A token for everybody at the lab; nobody says that its devices need no approval.
async fn office_token(admin: &Api) -> Result<String> {
    let request = CreateEnrolmentToken {
        user_id: None,
        mail_domain: Some("lab.example".to_owned()),
        label: "the lab".to_owned(),
        needs_approval: None,
        max_uses: 10,
        expires_in_hours: 1,
    };
    let created: EnrolmentTokenCreated = admin
        .call(Method::POST, "/enrolment-tokens", &request)
        .await?;
    Ok(created.token)
}

async fn devices(admin: &Api, query: &str) -> Result<DevicePage> {
    admin.get(&format!("/devices{query}")).await
}

/// Types until a session has some active seconds.
async fn work(agent: &AgentPlan, desktop: &Desktop) -> Result<()> {
    let known = agent.status()?["today"]["active_seconds"]
        .as_i64()
        .unwrap_or(0);
    wait_for("some seconds of work", PATIENCE, || async {
        desktop.press_key()?;
        let status = agent.status()?;
        let active = status["today"]["active_seconds"].as_i64().unwrap_or(0);
        Ok((active >= known + 3 && status["session"].is_object()).then_some(()))
    })
    .await
}

async fn read(plan: &ServerPlan, storage: &Storage, user: UserId) -> Result<stored::Stored> {
    match storage.url() {
        Some(url) => stored::postgres(&url, user).await,
        None => stored::sqlite(&sqlite_file(&plan.data_dir), user),
    }
}
