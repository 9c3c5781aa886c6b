//! `serve`: listens until it is told to stop.

use std::sync::Arc;

use anyhow::Context as _;
use clap::Args;
use metrics_exporter_prometheus::PrometheusHandle;
use secrecy::ExposeSecret as _;
use serde_json::json;
use tokio::net::TcpListener;

use super::{
    process::{StopSignals, bind, fold, metrics_router},
    service_manager,
    settings::DataFlags,
};
use crate::{
    app::App,
    clock::{Clock as _, SystemClock},
    config::{Config, data_dir, sources::ConfigError},
    http::{pipeline, server, tls::Certificates},
    store::{Store, organizations},
    telemetry,
};

/// How the server listens.
#[derive(Debug, Args)]
pub(super) struct ServeFlags {
    /// Address of API and dashboard; port 0 takes a free one [env: `WORKPULSE_LISTEN`; default: 127.0.0.1:3000]
    #[arg(long, value_name = "ADDRESS")]
    listen: Option<String>,
    /// Address of the metrics, or off [env: `WORKPULSE_METRICS_LISTEN`; default: 127.0.0.1:3001]
    #[arg(long, value_name = "ADDRESS")]
    metrics_listen: Option<String>,
    /// How browsers reach the server, such as <https://time.example.org> [env: `WORKPULSE_PUBLIC_URL`]
    #[arg(long, value_name = "URL")]
    public_url: Option<String>,
    /// Certificate in PEM, with those that lead to its authority; the server then speaks TLS itself [env: `WORKPULSE_TLS_CERT`]
    #[arg(long, value_name = "FILE")]
    tls_cert: Option<String>,
    /// Its private key in PEM; both are read again when they change, or on SIGHUP [env: `WORKPULSE_TLS_KEY`]
    #[arg(long, value_name = "FILE")]
    tls_key: Option<String>,
    /// File with the mail server's address, such as <smtps://user:password@mail.example.org> [env: `WORKPULSE_SMTP_URL_FILE`, or `WORKPULSE_SMTP_URL`]
    #[arg(long, value_name = "FILE")]
    smtp_url_file: Option<String>,
    /// The sender of mails, such as "`WorkPulse` <workpulse@example.org>" [env: `WORKPULSE_MAIL_FROM`]
    #[arg(long, value_name = "SENDER")]
    mail_from: Option<String>,
    /// Proxies whose X-Forwarded-For is believed, with commas [env: `WORKPULSE_TRUSTED_PROXIES`]
    #[arg(long, value_name = "NETWORKS")]
    trusted_proxies: Option<String>,
    /// Ingest's transactions at once on PostgreSQL, 1 to 16 [env: `WORKPULSE_COMMITTERS`; default: 2]
    #[arg(long, value_name = "N")]
    committers: Option<String>,
    /// File with the signing secret [env: `WORKPULSE_SECRET_FILE`, or `WORKPULSE_SECRET`; default: made in the data directory]
    #[arg(long, value_name = "FILE")]
    secret_file: Option<String>,
    /// Leave scheduled jobs to processes that run `workpulse-server worker`
    #[arg(long)]
    no_worker: bool,
    /// Refuse to start when the database lacks migrations, instead of applying them
    #[arg(long)]
    no_migrate: bool,
}

pub(super) async fn run(data: &DataFlags, flags: ServeFlags) -> anyhow::Result<()> {
    let (no_migrate, no_worker) = (flags.no_migrate, flags.no_worker);
    let loaded = data.load(
        [
            ("listen", flags.listen),
            ("metrics_listen", flags.metrics_listen),
            ("public_url", flags.public_url),
            ("tls_cert", flags.tls_cert),
            ("tls_key", flags.tls_key),
            ("smtp_url_file", flags.smtp_url_file),
            ("mail_from", flags.mail_from),
            ("trusted_proxies", flags.trusted_proxies),
            ("committers", flags.committers),
            ("secret_file", flags.secret_file),
        ]
        .into_iter()
        .filter_map(|(name, value)| Some((name, value?)))
        .collect(),
    )?;
    let config = loaded.config;
    telemetry::init_logs(&config.log)?;
    let figures = telemetry::init_metrics()?;
    data_dir::prepare(&config.data_dir)?;
    let secret = match loaded.secret {
        Some(secret) => secret,
        None => data_dir::secret(&config.data_dir)?,
    };
    let certificates = match &config.http.tls {
        Some(files) => Some(Certificates::load(files).map_err(|error| {
            ConfigError(format!(
                "tls_cert and tls_key cannot be used: {error}. Nothing was started."
            ))
        })?),
        None => None,
    };
    // Ports first: a second server on the same machine must not touch the first one's database.
    let listener = bind(config.http.listen, "--listen").await?;
    let metrics_listener = match config.http.metrics_listen {
        Some(address) => Some(bind(address, "--metrics-listen").await?),
        None => None,
    };

    let store = config.database.open().await?;
    if no_migrate {
        store.require_current().await?;
    } else {
        let report = store.migrate().await?;
        if report.applied > 0 {
            tracing::info!(
                schema_version = report.version,
                steps = report.applied,
                "migrated the database"
            );
        }
    }
    let setup_code = setup_code(&store, &config).await?;
    let signals = StopSignals::listen()?;
    let app = App::start(
        store,
        Arc::new(SystemClock),
        config,
        secret.expose_secret(),
        setup_code,
    )
    .await?;
    app.spawn_upkeep();
    if !no_worker {
        app.spawn_jobs().await?;
    }
    serve(
        app,
        signals,
        listener,
        metrics_listener,
        certificates,
        figures,
    )
    .await
}

async fn serve(
    app: App,
    mut signals: StopSignals,
    listener: TcpListener,
    metrics_listener: Option<TcpListener>,
    certificates: Option<Arc<Certificates>>,
    figures: PrometheusHandle,
) -> anyhow::Result<()> {
    let state = app.state.clone();
    let address = listener.local_addr()?;
    let metrics_address = metrics_listener
        .as_ref()
        .map(TcpListener::local_addr)
        .transpose()?;
    let data = state.config.data_dir.clone();
    data_dir::announce(
        &data,
        &json!({ "address": address, "metrics_address": metrics_address, "pid": std::process::id() }),
    )?;
    let router = pipeline::service(state.clone());
    let scheme = if certificates.is_some() {
        "https"
    } else {
        "http"
    };
    if let Some(certificates) = certificates.clone() {
        let stop = state.shutdown.clone();
        tokio::spawn(async move { certificates.watch(stop).await });
    }
    let requests = tokio::spawn(server::serve_with(
        listener,
        router,
        certificates,
        state.shutdown.clone(),
    ));
    tokio::spawn(service_manager::watchdog(state.shutdown.clone()));
    let metrics = metrics_listener.map(|listener| {
        tokio::spawn(server::serve(
            listener,
            metrics_router(figures.clone()),
            state.shutdown.clone(),
        ))
    });
    let upkeep = tokio::spawn(fold(figures, state.shutdown.clone()));
    tracing::info!(%address, metrics_address = ?metrics_address, engine = state.store.engine(), "ready: {scheme}://{address}");
    service_manager::ready(&format!("serving {scheme}://{address}"));

    signals.next().await?;
    let drain = state.config.http.drain;
    if !drain.is_zero() {
        tracing::info!(
            "leaving: not ready any more, and serving for {} s; a second signal stops at once",
            drain.as_secs()
        );
        service_manager::stopping();
        state.leaving.cancel();
        tokio::select! {
            () = tokio::time::sleep(drain) => {}
            again = signals.next() => again?,
        }
    }
    tracing::info!("stopping: requests in flight have 20 s to finish");
    service_manager::stopping();
    state.shutdown.cancel();
    requests.await?;
    if let Some(metrics) = metrics {
        metrics.await?;
    }
    upkeep.await?;
    app.stop().await;
    if let Err(error) = data_dir::retract(&data) {
        tracing::warn!(cause = %error, "could not remove server.json");
    }
    tracing::info!("stopped");
    Ok(())
}

/// Whoever reaches a server first would own it: beyond this machine, they must be able to read
/// its log.
async fn setup_code(store: &Store, config: &Config) -> anyhow::Result<Option<String>> {
    let mut reader = store.system().read().await?;
    let needed = !organizations::any(reader.db()).await?;
    drop(reader);
    let reachable = !config.http.listen.ip().is_loopback()
        || config.http.public_url.is_some()
        || !config.http.trusted_proxies.is_empty();
    if !needed || !reachable {
        return Ok(None);
    }
    // The random tail of an id: 62 bits are out of reach within the limits on attempts.
    let id = SystemClock.new_uuid().simple().to_string();
    let code = id.get(16..).context("an id has 32 digits")?.to_owned();
    tracing::warn!(setup_code = %code, "this server has no organization yet and can be reached from other machines: set-up asks for this code");
    Ok(Some(code))
}
