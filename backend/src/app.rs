//! Puts the parts together: from a database and a configuration to something that answers
//! requests. Used by `serve` and by tests; nothing below it knows it.

use std::{sync::Arc, time::Duration};

use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{
    auth::Auth,
    clock::SharedClock,
    config::Config,
    http::state::{AppState, Shared},
    ingest::{IngestHandle, IngestOptions},
    jobs::{self, Worker},
    live::{self, LiveHub},
    mail::Mail,
    store::Store,
    webhooks::Webhooks,
};

/// How often what can only be looked at is written down as figures.
const FIGURES: Duration = Duration::from_secs(5);
const LAGS: Duration = Duration::from_mins(1);
/// How often it is written when people were last heard of.
const WRITE_SEEN: Duration = Duration::from_mins(1);

/// A server without its listeners.
#[derive(Debug)]
pub struct App {
    /// What handlers reach.
    pub state: AppState,
    tasks: TaskTracker,
    /// Cancelled when nothing is committed any more: then the last is told to other instances.
    committed: CancellationToken,
}

impl App {
    /// Starts ingest and builds the state. The database must be migrated.
    ///
    /// # Errors
    /// When the secret is too short, or the database cannot be written.
    pub async fn start(
        store: Store,
        clock: SharedClock,
        config: Config,
        secret: &str,
        setup_code: Option<String>,
    ) -> anyhow::Result<Self> {
        let live = LiveHub::new(store.clone(), clock.clone(), config.live.look);
        let mail = Mail::new(config.mail.as_ref(), config.http.public_url.as_ref())?;
        let auth = Auth::new(store.clone(), clock.clone(), secret, setup_code)?;
        let options = IngestOptions {
            committers: usize::try_from(config.database.committers)?,
            ..IngestOptions::default()
        };
        let announce = live.clone();
        let ingest = IngestHandle::start(&store, clock.clone(), options, move |organizations| {
            for organization in organizations {
                announce.wake(*organization);
            }
        })
        .await?;
        let state = AppState::new(Shared {
            store,
            clock,
            config: Arc::new(config),
            auth,
            ingest,
            live,
            mail,
            leaving: CancellationToken::new(),
            shutdown: CancellationToken::new(),
        });
        Ok(Self {
            state,
            tasks: TaskTracker::new(),
            committed: CancellationToken::new(),
        })
    }

    /// Runs what each instance must see to by itself: other instances' changes, silent devices.
    pub fn spawn_upkeep(&self) {
        self.spawn_figures();
        self.spawn_lags();
        self.spawn_across();
        let state = self.state.clone();
        self.tasks.spawn(async move {
            let stop = state.shutdown.clone();
            state.auth.authority.watch(stop).await;
        });
        let state = self.state.clone();
        self.tasks.spawn(every(live::SWEEP, state.shutdown.clone(), async move || {
            let now = state.clock.now();
            if let Err(error) = live::sweep_silent(&state.store, &state.live, now).await {
                tracing::warn!(cause = %error, "could not look for silent devices; trying again in 5 s");
            }
        }));
        let state = self.state.clone();
        self.tasks.spawn(async move {
            let stop = state.shutdown.clone();
            state.mail.run(&state.store, &*state.clock, stop).await;
        });
        let state = self.state.clone();
        self.tasks
            .spawn(every(WRITE_SEEN, state.shutdown.clone(), async move || {
                write_seen(&state).await;
            }));
    }

    /// Tells other instances of commits, hears theirs, looks after the read replica.
    fn spawn_across(&self) {
        let instance = self.state.clock.new_uuid();
        let state = self.state.clone();
        let committed = self.committed.clone();
        self.tasks
            .spawn(async move { state.live.tell(instance, committed).await });
        let state = self.state.clone();
        self.tasks.spawn(async move {
            let stop = state.shutdown.clone();
            state.live.hear(instance, stop).await;
        });
        let state = self.state.clone();
        self.tasks.spawn(async move {
            let stop = state.shutdown.clone();
            state.store.watch_replica(stop).await;
        });
    }

    /// Writes down what can only be looked at: queues, pools. Figures that count begin at 0, so
    /// that a dashboard tells "nothing happened" from "nobody counts".
    fn spawn_figures(&self) {
        for gauge in [
            "workpulse_sockets",
            "workpulse_notices_listening",
            "workpulse_replica_used",
            "workpulse_replica_lag_seconds",
        ] {
            metrics::gauge!(gauge).set(0.0);
        }
        metrics::counter!("workpulse_notices_sent_total").absolute(0);
        metrics::counter!("workpulse_notices_received_total").absolute(0);
        for from in ["primary", "replica"] {
            metrics::counter!("workpulse_replica_reads_total", "from" => from).absolute(0);
        }
        metrics::counter!("workpulse_ingest_failed_batches_total").absolute(0);
        metrics::counter!("workpulse_ingest_stored_items_total").absolute(0);
        for why in ["full", "share"] {
            metrics::counter!("workpulse_ingest_refused_batches_total", "why" => why).absolute(0);
        }
        let state = self.state.clone();
        self.tasks
            .spawn(every(FIGURES, state.shutdown.clone(), async move || {
                #[expect(clippy::cast_precision_loss, reason = "a gauge's value")]
                let number = |count: usize| count as f64;
                metrics::gauge!("workpulse_ingest_queue_batches")
                    .set(number(state.ingest.waiting()));
                for (pool, open, idle) in state.store.pools() {
                    metrics::gauge!("workpulse_db_connections_open", "pool" => pool)
                        .set(f64::from(open));
                    metrics::gauge!("workpulse_db_connections_idle", "pool" => pool)
                        .set(number(idle));
                }
            }));
    }

    /// Writes down how far days are behind.
    fn spawn_lags(&self) {
        let state = self.state.clone();
        self.tasks
            .spawn(every(LAGS, state.shutdown.clone(), async move || {
                if let Err(error) = jobs::lag::report(&state.store, state.clock.now()).await {
                    tracing::debug!(cause = %error, "could not look how far days are behind");
                }
            }));
    }

    /// Works on scheduled jobs and sends to webhooks, beside whoever else does.
    ///
    /// # Errors
    /// When the database cannot be written, or this machine has no certificates to trust.
    pub async fn spawn_jobs(&self) -> anyhow::Result<()> {
        let state = &self.state;
        let webhooks = Webhooks::new(state.config.webhooks.networks.clone())?;
        let worker = Worker::new(
            state.store.clone(),
            state.live.clone(),
            state.clock.clone(),
            jobs::all(),
            state.config.jobs.into(),
        )
        .await?;
        let stop = state.shutdown.clone();
        self.tasks.spawn(async move { worker.run(stop).await });
        let (store, clock) = (state.store.clone(), state.clock.clone());
        let stop = state.shutdown.clone();
        self.tasks
            .spawn(async move { webhooks.run(store, clock, stop).await });
        Ok(())
    }

    /// Applies what ingest has taken, ends upkeep, closes the database. Call it when no request
    /// is in flight any more.
    pub async fn stop(self) {
        self.state.shutdown.cancel();
        self.state.ingest.shutdown().await;
        self.committed.cancel();
        self.tasks.close();
        self.tasks.wait().await;
        write_seen(&self.state).await;
        self.state.store.close().await;
    }
}

async fn write_seen(state: &AppState) {
    let (seen, now) = (&state.auth.last_seen, state.clock.now());
    if let Err(error) = seen.write(&state.store, now).await {
        tracing::warn!(cause = %error, "could not write when people were last heard of; trying again in a minute");
    }
}

async fn every(period: Duration, stop: CancellationToken, work: impl AsyncFn()) {
    let mut ticks = tokio::time::interval(period);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Skip);
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            _ = ticks.tick() => work().await,
        }
    }
}
