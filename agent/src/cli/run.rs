//! `workpulse-agent run`

use std::{collections::BTreeMap, process::ExitCode, sync::Arc};

use anyhow::Context as _;
use clap::Args;
use workpulse_agent::{Agent, AgentHandle, SystemClock, enrol, logging};

use super::{Common, Failure, no_keychain};

#[derive(Args)]
pub(super) struct Run {
    /// Seconds between two looks at the desktop, 1 to 30
    #[arg(long, value_name = "SECONDS")]
    sample_interval_seconds: Option<u32>,
    /// Seconds between two contacts with the server, 1 to 3600
    #[arg(long, value_name = "SECONDS")]
    sync_interval_seconds: Option<u32>,
    /// Do not start sessions by itself
    #[arg(long)]
    no_auto_start: bool,
    /// Do not use the keychain
    #[arg(long)]
    no_keychain: bool,
}

pub(super) fn run(common: &Common, args: &Run) -> Result<ExitCode, Failure> {
    let mut values = BTreeMap::new();
    no_keychain(args.no_keychain, &mut values);
    for (key, value) in [
        ("sample_interval_seconds", args.sample_interval_seconds),
        ("sync_interval_seconds", args.sync_interval_seconds),
    ] {
        if let Some(seconds) = value {
            values.insert(key, toml::Value::from(i64::from(seconds)));
        }
    }
    if args.no_auto_start {
        values.insert("session.auto_start", toml::Value::from(false));
    }
    let loaded = common.load_with(values)?;
    let settings = loaded.settings;
    logging::begin("workpulse-agent", settings.log_dir.as_deref())?;
    for sentence in &loaded.overruled {
        tracing::warn!("{sentence}");
    }
    if enrol::load(&settings.data_dir)?.is_none() {
        return Err(Failure::not_enrolled());
    }
    let data_dir = settings.data_dir.clone();
    // Signals first: one that comes during the start must still end it in order.
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .context("the runtime cannot be started")?;
    runtime.block_on(async {
        let ended = end_asked().context("signals cannot be caught")?;
        let agent = Agent::start(settings, Arc::new(SystemClock))?;
        tracing::info!(data_dir = %data_dir.display(), version = env!("CARGO_PKG_VERSION"), "the agent is running");
        tokio::select! {
            name = ended => {
                tracing::info!(signal = name, "the agent is ending");
                agent.shutdown().await;
                tracing::info!("the agent has ended");
                Ok(ExitCode::SUCCESS)
            }
            () = gone(&agent) => Err(Failure::new(1, "the agent's thread ended by itself; everything kept is in the outbox")),
        }
    })
}

/// Ends when the agent's own thread does.
async fn gone(agent: &AgentHandle) {
    let mut status = agent.watch();
    while status.changed().await.is_ok() {}
}

/// Ends with the name of the signal that asks the agent to end.
#[cfg(unix)]
fn end_asked() -> std::io::Result<impl Future<Output = &'static str>> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    // The session's end: the terminal or the desktop goes away.
    let mut hangup = signal(SignalKind::hangup())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => "SIGTERM",
            _ = interrupt.recv() => "SIGINT",
            _ = hangup.recv() => "SIGHUP",
        }
    })
}

#[cfg(not(unix))]
fn end_asked() -> std::io::Result<impl Future<Output = &'static str>> {
    Ok(async {
        // Without a way to be asked, the agent runs until it is ended from outside.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
        "Ctrl-C"
    })
}
