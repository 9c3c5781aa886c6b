//! `worker`: scheduled jobs in a process of their own.
//!
//! Serves nobody but who asks how it is: `/metrics`, `/health/live`, `/health/ready` on one
//! address. Leaves the schema alone: a server or `migrate` brings it up to date.

use std::{sync::Arc, time::Duration};

use axum::{Router, extract::State, routing::get};
use clap::Args;
use http::StatusCode;
use tokio_util::sync::CancellationToken;

use super::{
    process::{StopSignals, bind, fold, metrics_router},
    service_manager,
    settings::DataFlags,
};
use crate::{
    clock::{Clock as _, SystemClock},
    config::data_dir,
    http::server,
    jobs::{self, Worker},
    live::LiveHub,
    store::{Store, organizations},
    telemetry,
    webhooks::Webhooks,
};

/// How long the database may take to answer before the worker calls itself not ready.
const BOUND: Duration = Duration::from_secs(1);

/// How the worker works.
#[derive(Debug, Args)]
pub(super) struct WorkerFlags {
    /// Address of metrics and health, or off; port 0 takes a free one [env: `WORKPULSE_METRICS_LISTEN`; default: 127.0.0.1:3001]
    #[arg(long, value_name = "ADDRESS")]
    metrics_listen: Option<String>,
    /// How long a dead worker's job waits, 3 to 45 [env: `WORKPULSE_JOB_LEASE_SECONDS`; default: 30]
    #[arg(long, value_name = "SECONDS")]
    job_lease_seconds: Option<String>,
}

pub(super) async fn run(data: &DataFlags, flags: WorkerFlags) -> anyhow::Result<()> {
    let loaded = data.load(
        [
            ("metrics_listen", flags.metrics_listen),
            ("job_lease_seconds", flags.job_lease_seconds),
        ]
        .into_iter()
        .filter_map(|(name, value)| Some((name, value?)))
        .collect(),
    )?;
    let config = loaded.config;
    telemetry::init_logs(&config.log)?;
    let figures = telemetry::init_metrics()?;
    data_dir::prepare(&config.data_dir)?;
    let listener = match config.http.metrics_listen {
        Some(address) => Some(bind(address, "--metrics-listen").await?),
        None => None,
    };
    let store = config.database.open().await?;
    store.require_current().await?;
    let clock = Arc::new(SystemClock);
    let live = LiveHub::new(store.clone(), clock.clone(), config.live.look);
    let instance = clock.new_uuid();
    let worker = Worker::new(
        store.clone(),
        live.clone(),
        clock,
        jobs::all(),
        config.jobs.into(),
    )
    .await?;

    let webhooks = Webhooks::new(config.webhooks.networks)?;

    let mut signals = StopSignals::listen()?;
    let stop = CancellationToken::new();
    // Later than the rest: the last job's events are told, too.
    let told = CancellationToken::new();
    let address = listener
        .as_ref()
        .map(tokio::net::TcpListener::local_addr)
        .transpose()?;
    let answers = listener.map(|listener| {
        let router = metrics_router(figures.clone()).merge(health(store.clone()));
        tokio::spawn(server::serve(listener, router, stop.clone()))
    });
    let upkeep = tokio::spawn(fold(figures, stop.clone()));
    // What a job commits is told to the servers; nobody listens here.
    let telling = tokio::spawn({
        let told = told.clone();
        async move { live.tell(instance, told).await }
    });
    let watching = tokio::spawn({
        let (store, stop) = (store.clone(), stop.clone());
        async move { store.watch_replica(stop).await }
    });
    let sending = tokio::spawn({
        let (store, stop) = (store.clone(), stop.clone());
        async move { webhooks.run(store, Arc::new(SystemClock), stop).await }
    });
    let working = tokio::spawn({
        let stop = stop.clone();
        async move { worker.run(stop).await }
    });
    tracing::info!(metrics_address = ?address, engine = store.engine(), "ready: working on scheduled jobs");
    tokio::spawn(service_manager::watchdog(stop.clone()));
    service_manager::ready("working on scheduled jobs");

    signals.next().await?;
    tracing::info!("stopping: running jobs have 8 s to reach a good place");
    service_manager::stopping();
    stop.cancel();
    working.await?;
    told.cancel();
    telling.await?;
    watching.await?;
    sending.await?;
    if let Some(answers) = answers {
        answers.await?;
    }
    upkeep.await?;
    store.close().await;
    tracing::info!("stopped");
    Ok(())
}

fn health(store: Store) -> Router {
    Router::new()
        .route("/health/live", get(async || "ok\n"))
        .route("/health/ready", get(ready))
        .with_state(store)
}

async fn ready(State(store): State<Store>) -> (StatusCode, &'static str) {
    let ask = async {
        let mut reader = store.system().read().await?;
        organizations::any(reader.db()).await
    };
    match tokio::time::timeout(BOUND, ask).await {
        Ok(Ok(_)) => (StatusCode::OK, "ok\n"),
        _ => (
            StatusCode::SERVICE_UNAVAILABLE,
            "the database does not answer\n",
        ),
    }
}
