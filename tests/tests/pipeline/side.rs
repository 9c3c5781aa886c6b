//! A server, an agent behind a failing network, and a manager at a browser.

use std::{path::Path, sync::Arc, time::Duration};

use anyhow::{Context, Result, ensure};
use shared_types::{UserId, auth::Role};
use workpulse_tests::{
    agent::{Agent, AgentPlan},
    api::{Api, PASSWORD},
    database::{Engine, Storage, cluster_from_environment, sqlite_file},
    oracle::{
        judge,
        kept::{self, Kept},
        schedule::Schedule,
        stored::{self, Stored},
    },
    proxy::Proxy,
    server::{Server, ServerPlan, program},
    time::wait_for,
};

use super::watch::Watch;

const PERSON: &str = "Erin Employee";

/// One engine's part.
pub(crate) struct Side {
    engine: Engine,
    storage: Storage,
    plan: ServerPlan,
    server: Option<Server>,
    agent_plan: AgentPlan,
    agent: Option<Agent>,
    proxy: Arc<Proxy>,
    watch: Option<Watch>,
    admin_email: String,
    user: UserId,
}

impl Side {
    /// Starts and sets up everything; the agent runs, the manager looks.
    pub(crate) async fn start(
        engine: Engine,
        dir: &Path,
        display: &str,
        idle_after_seconds: u32,
    ) -> Result<Self> {
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
        let server = plan.start().await.context(engine.name())?;
        let admin_email = format!("ada@{}.example", engine.name());
        let (_, admin) = server.api().set_up("Observatory", &admin_email).await?;
        admin
            .change_policy(|policy| policy.idle_after_seconds = idle_after_seconds)
            .await?;
        let manager_email = format!("mara@{}.example", engine.name());
        let manager = admin
            .create_user("Mara Manager", &manager_email, Role::Manager, true)
            .await?
            .id;
        let employee = format!("erin@{}.example", engine.name());
        let user = admin
            .create_user(PERSON, &employee, Role::Employee, false)
            .await?
            .id;
        admin.team("Observers", manager, &[user]).await?;
        let token = admin.enrolment_token(user).await?.token;

        let proxy = Arc::new(Proxy::start(([127, 0, 0, 1], plan.port).into()).await?);
        proxy.duplicate(true);
        let agent_plan = AgentPlan {
            program: program("workpulse-agent")?,
            data_dir: dir.join("agent"),
            display: display.to_owned(),
        };
        agent_plan.enrol(&proxy.url(), &token)?;
        let agent = agent_plan.run()?;
        let watch = Watch::start(
            &dir.join("browser"),
            &plan.address(),
            &manager_email,
            PASSWORD,
            PERSON,
            Arc::clone(&proxy),
        )
        .await
        .context("the manager's browser")?;
        Ok(Self {
            engine,
            storage,
            plan,
            server: Some(server),
            agent_plan,
            agent: Some(agent),
            proxy,
            watch: Some(watch),
            admin_email,
            user,
        })
    }

    /// SIGKILL for the agent, and a new one at once.
    pub(crate) fn kill_agent(&mut self) -> Result<()> {
        self.agent.take().context("an agent")?.kill()?;
        self.agent = Some(self.agent_plan.run()?);
        Ok(())
    }

    /// SIGKILL for the server, and a new one on the same data at the same address.
    pub(crate) async fn kill_server(&mut self) -> Result<()> {
        self.server.take().context("a server")?.kill()?;
        self.server = Some(self.plan.start().await?);
        if let Some(watch) = &self.watch {
            watch.server_was_restarted();
        }
        Ok(())
    }

    /// The next answer that says "stored" breaks inside its body.
    pub(crate) fn cut_answer(&self) {
        // Behind the head of any answer, and before the end of any.
        self.proxy.cut_next_answer_at(600);
    }

    pub(crate) fn black_hole(&self, on: bool) {
        self.proxy.black_hole(on);
    }

    /// Whether what the manager saw was wrong so far.
    pub(crate) fn check_watch(&self) -> Result<()> {
        match &self.watch {
            Some(watch) => watch.check(),
            None => Ok(()),
        }
    }

    /// How many items the agent holds that the server has not acknowledged.
    pub(crate) fn pending(&self) -> Result<i64> {
        Ok(kept::read(&self.agent_plan.outbox())?.pending)
    }

    /// The person stops working.
    pub(crate) async fn finish(&mut self) -> Result<()> {
        let plan = &self.agent_plan;
        // An agent that was killed a moment ago may not listen yet.
        wait_for(
            "the agent takes the command",
            Duration::from_secs(20),
            || async { plan.tell("stop").map(Some) },
        )
        .await
    }

    /// Waits until everything has arrived, and judges it.
    pub(crate) async fn judge(
        &mut self,
        schedule: &Schedule,
        settle: Duration,
    ) -> Result<Vec<String>> {
        let outbox = self.agent_plan.outbox();
        let mut complaints: Vec<String> = Vec::new();
        let settled = wait_for("the outbox is empty", settle, || async {
            let kept = kept::read(&outbox)?;
            Ok((kept.pending == 0 && kept.produced > 0).then_some(()))
        })
        .await;
        complaints.extend(settled.err().map(|error| format!("{error:#}")));
        let kept = kept::read(&outbox)?;
        let stored = self.read_stored().await?;
        complaints.extend(judge(schedule, &kept, &stored));
        complaints.extend(self.faults_happened(&kept));
        complaints.extend(self.seen_from_outside(schedule, &stored).await?);
        for session in &stored.sessions {
            let [active, idle, unobserved] = session.totals;
            println!(
                "{}: {} rows; {active} s active, {idle} s idle, {unobserved} s unobserved; version {}; {} batches sent twice; tolerance {} s",
                self.engine.name(),
                stored.spans.len(),
                session.version,
                self.proxy.doubled(),
                schedule.tolerance_seconds()
            );
        }
        Ok(complaints
            .into_iter()
            .map(|complaint| format!("{}: {complaint}", self.engine.name()))
            .collect())
    }

    async fn read_stored(&self) -> Result<Stored> {
        match self.storage.url() {
            Some(url) => stored::postgres(&url, self.user).await,
            None => stored::sqlite(&sqlite_file(&self.plan.data_dir), self.user),
        }
    }

    /// A test whose faults did not happen proves nothing.
    fn faults_happened(&self, kept: &Kept) -> Vec<String> {
        let mut missing = Vec::new();
        if self.proxy.doubled() == 0 {
            missing.push("no batch was sent twice".to_owned());
        }
        if self.proxy.cut_is_armed() {
            missing.push("no answer was cut".to_owned());
        }
        if kept.items.len() < 3 {
            missing.push(format!("only {} items were made", kept.items.len()));
        }
        missing
    }

    /// The API, the live page and the database say the same.
    async fn seen_from_outside(
        &mut self,
        schedule: &Schedule,
        stored: &Stored,
    ) -> Result<Vec<String>> {
        let [session] = stored.sessions.as_slice() else {
            return Ok(Vec::new());
        };
        let mut complaints = Vec::new();
        let server = self.server.as_ref().context("a server")?;
        let (_, admin): (_, Api) = server.api().log_in(&self.admin_email, PASSWORD).await?;
        let told = admin.session(session.id).await?;
        let totals = [
            told.total_active_seconds,
            told.total_idle_seconds,
            told.total_unobserved_seconds,
        ];
        if totals != session.totals || told.version != session.version {
            complaints.push(format!("the API tells {told:?}, stored is {session:?}"));
        }
        let presence = admin.presence().await?;
        let person = presence.people.iter().find(|it| it.user_id == self.user);
        let today = person.context("the person is present")?.today;
        let today = [
            today.active_seconds,
            today.idle_seconds,
            today.unobserved_seconds,
        ];
        if today != stored.days {
            complaints.push(format!(
                "today is {today:?}, the days are {:?}",
                stored.days
            ));
        }
        if let Some(watch) = self.watch.take() {
            // A stretch that ends with a fault may reach the page together with the next one.
            let moves = schedule.focus.len().saturating_sub(1);
            complaints.extend(watch.finish(today, moves).await?);
        }
        Ok(complaints)
    }

    /// Ends everything and removes the database.
    pub(crate) async fn close(mut self) -> Result<()> {
        drop(self.watch.take());
        drop(self.agent.take());
        if let Some(server) = self.server.take() {
            let status = server.stop().await?;
            ensure!(status.success(), "the server ended with {status}");
        }
        self.storage.remove().await
    }
}
