//! The worker: decides what is due, claims it, takes over from the dead.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
    time::Duration,
};

use jiff::tz::TimeZone;
use parking_lot::Mutex;
use shared_types::{OrganizationId, Timestamp};
use tokio::sync::{Notify, Semaphore};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use uuid::Uuid;

use super::{
    Definition, Due, Per,
    reckoning::{Reckoning, WorkClock},
};
use crate::{
    clock::{Clock as _, SharedClock},
    config::JobsConfig,
    domain::schedule::{Rhythm, decide},
    failpoint,
    live::LiveHub,
    store::{
        Store, StoreError, job_list,
        jobs::{self, Candidate, Lease, LeaseWindow, NewJob, Next},
        organizations,
    },
};

/// The longest lease that may be configured; one that ends further ahead than twice this was
/// written by a wrong clock, and does not count.
const LONGEST_LEASE: Duration = Duration::from_secs(45);
/// How often the worker looks for what waits.
const LOOK: Duration = Duration::from_secs(1);
/// How long organizations and their zones are remembered while nothing is due.
const REMEMBER: Duration = Duration::from_secs(15);
/// How often a start is tried: each waits a second for a connection.
const DECLARATIONS: u32 = 15;
/// What waits is looked at in steps of this many.
const PAGE: i64 = 50;

/// How a worker works.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// How long a job is a worker's without being renewed. A dead worker's job waits as long.
    pub lease: Duration,
    /// Jobs at once.
    pub at_once: usize,
    /// By whose clock it works.
    pub reckoning: Reckoning,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            lease: Duration::from_secs(30),
            at_once: 4,
            reckoning: Reckoning::Given,
        }
    }
}

impl From<JobsConfig> for Options {
    fn from(config: JobsConfig) -> Self {
        Self {
            lease: config.lease.min(LONGEST_LEASE),
            reckoning: Reckoning::Database,
            ..Self::default()
        }
    }
}

/// Makes the schedules known. A database that is only busy, with a server that starts beside this
/// process, say, is asked again: a worker that gave up at once would be gone for good.
async fn declare(store: &Store, definitions: &[Definition]) -> Result<(), StoreError> {
    for _ in 1..DECLARATIONS {
        match super::declare(store, definitions).await {
            Err(error) if error.is_transient() => {
                tracing::warn!(%error, "the database is busy; trying again");
            }
            other => return other,
        }
    }
    super::declare(store, definitions).await
}

/// A job that this worker has taken.
#[derive(Debug)]
pub struct Claim {
    pub(super) definition: Definition,
    pub(super) due: Due,
    pub(super) lease: Lease,
    pub(super) attempt: i64,
}

impl Claim {
    /// The schedule's name.
    #[must_use]
    pub fn schedule(&self) -> &'static str {
        self.definition.name
    }

    /// The occurrence.
    #[must_use]
    pub fn due_at(&self) -> Timestamp {
        self.due.at
    }
}

/// A worker. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Worker(pub(super) Arc<Inner>);

pub(super) struct Inner {
    pub(super) store: Store,
    pub(super) live: LiveHub,
    pub(super) clock: Arc<WorkClock>,
    definitions: Vec<(Definition, Rhythm)>,
    pub(super) options: Options,
    slots: Arc<Semaphore>,
    /// What this worker is at: not to be taken from itself, whatever the clock does.
    pub(super) at_work: Mutex<HashSet<Uuid>>,
    /// Something has ended: there may be more.
    again: Notify,
}

impl std::fmt::Debug for Inner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Worker")
            .field("options", &self.options)
            .finish_non_exhaustive()
    }
}

impl Worker {
    /// A worker over these jobs, whose schedules it makes known.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn new(
        store: Store,
        live: LiveHub,
        clock: SharedClock,
        definitions: Vec<Definition>,
        options: Options,
    ) -> Result<Self, StoreError> {
        declare(&store, &definitions).await?;
        let definitions = definitions
            .into_iter()
            .map(|definition| {
                let rhythm = definition
                    .expression
                    .parse()
                    .expect("expressions are constants that a test parses");
                (definition, rhythm)
            })
            .collect();
        Ok(Self(Arc::new(Inner {
            store,
            live,
            clock: Arc::new(WorkClock::new(clock, options.reckoning)),
            definitions,
            options,
            slots: Arc::new(Semaphore::new(options.at_once)),
            at_work: Mutex::default(),
            again: Notify::new(),
        })))
    }

    /// Works until `stop`, then gives back what it has not finished.
    pub async fn run(&self, stop: CancellationToken) {
        let tasks = TaskTracker::new();
        // When there is nothing due before this, planning need not look.
        let mut quiet_until: Option<Timestamp> = None;
        let mut planned = tokio::time::Instant::now();
        while !stop.is_cancelled() {
            let now = self.0.clock.now();
            if quiet_until.is_none_or(|until| now >= until) || planned.elapsed() >= REMEMBER {
                planned = tokio::time::Instant::now();
                quiet_until = match self.plan().await {
                    Ok(next) => next,
                    Err(error) => {
                        tracing::warn!(cause = %error, "could not decide what is due; trying again in a second");
                        None
                    }
                };
            }
            if let Err(error) = self.claim_and_spawn(&tasks, &stop).await {
                tracing::warn!(cause = %error, "could not look for jobs; trying again in a second");
            }
            tokio::select! {
                () = stop.cancelled() => {}
                () = self.0.again.notified() => {}
                () = tokio::time::sleep(LOOK) => {}
            }
        }
        tasks.close();
        tasks.wait().await;
    }

    async fn claim_and_spawn(
        &self,
        tasks: &TaskTracker,
        stop: &CancellationToken,
    ) -> Result<(), StoreError> {
        while !stop.is_cancelled()
            && let Ok(slot) = Arc::clone(&self.0.slots).try_acquire_owned()
            && let Some(claim) = self.claim().await?
        {
            let (worker, stop) = (self.clone(), stop.clone());
            tasks.spawn(async move {
                worker.execute(claim, &stop).await;
                drop(slot);
                worker.0.again.notify_one();
            });
        }
        Ok(())
    }

    /// Decides what is due and queues it; when the next occurrence is due.
    pub async fn plan(&self) -> Result<Option<Timestamp>, StoreError> {
        let inner = &*self.0;
        let (enabled, decided, organizations, waiting) = {
            let mut reader = inner.store.system().read().await?;
            inner.clock.compare(reader.db()).await?;
            (
                jobs::enabled(reader.db()).await?,
                jobs::decided(reader.db()).await?,
                organizations::list(reader.db()).await?,
                job_list::oldest_waiting(reader.db()).await?,
            )
        };
        let now = inner.clock.now();
        self.report_lag(&waiting, now);
        let enabled: HashSet<String> = enabled.into_iter().collect();
        let decided: HashMap<(String, String), Timestamp> = decided
            .into_iter()
            .map(|(schedule, scope, until)| ((schedule, scope), until))
            .collect();
        let zones: Vec<(String, TimeZone)> = organizations
            .into_iter()
            .filter_map(|organization| {
                let zone = TimeZone::get(&organization.time_zone).ok()?;
                Some((organization.id.to_string(), zone))
            })
            .collect();
        let server = [(String::new(), TimeZone::UTC)];
        let mut soonest: Option<Timestamp> = None;
        for (definition, rhythm) in &inner.definitions {
            if !enabled.contains(definition.name) {
                continue;
            }
            let scopes: &[(String, TimeZone)] = match definition.per {
                Per::Server => &server,
                Per::Organization => &zones,
            };
            for (scope, zone) in scopes {
                let known = decided
                    .get(&(definition.name.to_owned(), scope.clone()))
                    .copied();
                let next = self
                    .plan_scope(definition, rhythm, scope, zone, known, now)
                    .await?;
                soonest = soonest.into_iter().chain(next).min();
            }
        }
        Ok(soonest)
    }

    async fn plan_scope(
        &self,
        definition: &Definition,
        rhythm: &Rhythm,
        scope: &str,
        zone: &TimeZone,
        decided: Option<Timestamp>,
        now: Timestamp,
    ) -> Result<Option<Timestamp>, StoreError> {
        let inner = &*self.0;
        let Some(from) = decided else {
            let mut tx = inner.store.system().begin().await?;
            jobs::begin_scope(&mut tx, definition.name, scope, now).await?;
            tx.commit().await?;
            return Ok(rhythm.next(now, zone));
        };
        let Some(decision) = decide(rhythm, definition.catch_up, zone, from, now) else {
            return Ok(rhythm.next(now, zone));
        };
        let mut tx = inner.store.system().begin().await?;
        if jobs::move_on(&mut tx, definition.name, scope, from, decision.until).await? {
            if decision.supersedes {
                let window = window(now);
                jobs::supersede(&mut tx, definition.name, scope, decision.until, window).await?;
            }
            for due_at in &decision.queue {
                let job = NewJob {
                    id: inner.clock.new_uuid(),
                    schedule: definition.name,
                    scope,
                    due_at: *due_at,
                    by_hand: false,
                };
                jobs::queue(&mut tx, job).await?;
            }
            failpoint::reach("job.before_planned");
            tx.commit().await?;
            failpoint::reach("job.planned");
        }
        // There may be more to decide: look again at once.
        Ok(Some(now))
    }

    fn report_lag(&self, waiting: &[(String, Timestamp)], now: Timestamp) {
        for (definition, _) in &self.0.definitions {
            let oldest = waiting
                .iter()
                .find(|(schedule, _)| schedule == definition.name);
            #[expect(
                clippy::cast_precision_loss,
                reason = "a lag needs no more than 52 bits"
            )]
            let seconds = oldest.map_or(0.0, |(_, due)| {
                now.millis_since(*due).max(0) as f64 / 1_000.0
            });
            metrics::gauge!("workpulse_job_lag_seconds", "schedule" => definition.name)
                .set(seconds);
        }
    }

    /// Takes the oldest job that waits, if any.
    pub async fn claim(&self) -> Result<Option<Claim>, StoreError> {
        let inner = &*self.0;
        let (window, candidates) = {
            let mut reader = inner.store.system().read().await?;
            inner.clock.compare(reader.db()).await?;
            let window = window(inner.clock.now());
            (window, jobs::waiting(reader.db(), window, PAGE).await?)
        };
        for candidate in candidates {
            if inner.at_work.lock().contains(&candidate.id) {
                continue;
            }
            // A schedule that only a newer version knows is a newer worker's.
            let Some((definition, _)) = inner
                .definitions
                .iter()
                .find(|(known, _)| known.name == candidate.schedule)
            else {
                continue;
            };
            if let Some(claim) = self.try_claim(definition, candidate, window).await? {
                return Ok(Some(claim));
            }
        }
        Ok(None)
    }

    async fn try_claim(
        &self,
        definition: &Definition,
        candidate: Candidate,
        window: LeaseWindow,
    ) -> Result<Option<Claim>, StoreError> {
        let inner = &*self.0;
        let Some(due) = self.due(&candidate).await? else {
            return Ok(None);
        };
        let lease = Lease {
            job: candidate.id,
            owner: inner.clock.new_uuid(),
        };
        let until = window.now.plus_millis(millis(inner.options.lease));
        let mut tx = inner.store.system().begin().await?;
        let Some(attempt) = jobs::claim(&mut tx, lease.job, lease.owner, window, until).await?
        else {
            return Ok(None);
        };
        if attempt > definition.attempts {
            // Each attempt ended with its worker: one more would end this one.
            let error = format!(
                "the worker ended in the middle of it, {} times",
                attempt - 1
            );
            jobs::fail(&mut tx, lease, window.now, &error, Next::GivenUp).await?;
            tx.commit().await?;
            tracing::error!(schedule = definition.name, due_at = %due.at, "a job was given up: {error}");
            return Ok(None);
        }
        tx.commit().await?;
        failpoint::reach("job.claimed");
        Ok(Some(Claim {
            definition: definition.clone(),
            due,
            lease,
            attempt,
        }))
    }

    /// The occurrence; `None` when its organization cannot be found.
    async fn due(&self, candidate: &Candidate) -> Result<Option<Due>, StoreError> {
        if candidate.scope.is_empty() {
            return Ok(Some(Due {
                at: candidate.due_at,
                organization: None,
                zone: TimeZone::UTC,
            }));
        }
        let id: OrganizationId = candidate
            .scope
            .parse()
            .map_err(|_| StoreError::Corrupt(format!("a job's scope {:?}", candidate.scope)))?;
        let organization = {
            let mut reader = self.0.store.tenant(id).read().await?;
            organizations::find(reader.db()).await?
        };
        let zone = organization.and_then(|found| TimeZone::get(&found.time_zone).ok());
        Ok(zone.map(|zone| Due {
            at: candidate.due_at,
            organization: Some(id),
            zone,
        }))
    }

    /// Decides, then works on everything that waits, one after the other; how many jobs ran.
    /// For tests, and for whoever wants one turn of the wheel.
    pub async fn turn(&self) -> Result<usize, StoreError> {
        let stop = CancellationToken::new();
        while self
            .plan()
            .await?
            .is_some_and(|next| next <= self.0.clock.now())
        {}
        let mut ran = 0;
        while let Some(claim) = self.claim().await? {
            self.execute(claim, &stop).await;
            ran += 1;
        }
        Ok(ran)
    }
}

fn window(now: Timestamp) -> LeaseWindow {
    LeaseWindow {
        now,
        latest: now.plus_millis(millis(LONGEST_LEASE * 2)),
    }
}

pub(super) fn millis(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}
