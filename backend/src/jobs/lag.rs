//! How far days are behind, as figures for an operator: those that are over and not closed, and
//! those that wait to be made again.

use jiff::tz::TimeZone;
use shared_types::Timestamp;

use crate::{
    domain::summary,
    store::{Store, StoreError, rollup_work, summaries},
};

/// Seconds by which days are behind.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Lag {
    /// Since the end of the oldest day that is over and not closed; what came late counts from
    /// the end of its day, too.
    pub summaries: i64,
    /// Since the oldest request to make days again that is not done.
    pub rollups: i64,
}

/// How far days are behind now, over all organizations.
///
/// # Errors
/// When the database cannot be read.
pub async fn measure(store: &Store, now: Timestamp) -> Result<Lag, StoreError> {
    let mut reader = store.system().read().await?;
    let mut lag = Lag::default();
    for oldest in summaries::oldest(reader.db()).await? {
        let zone = TimeZone::get(&oldest.time_zone)
            .map_err(|_| StoreError::Corrupt(format!("time zone {:?}", oldest.time_zone)))?;
        lag.summaries = lag
            .summaries
            .max(summary::lag_seconds(oldest.day.0, &zone, now));
    }
    for (_, asked_at) in rollup_work::open(reader.db()).await? {
        lag.rollups = lag.rollups.max(now.millis_since(asked_at) / 1_000);
    }
    Ok(lag)
}

/// Writes it down.
pub(crate) async fn report(store: &Store, now: Timestamp) -> Result<(), StoreError> {
    let lag = measure(store, now).await?;
    #[expect(clippy::cast_precision_loss, reason = "a gauge's value")]
    let seconds = |lag: i64| lag as f64;
    metrics::gauge!("workpulse_summaries_lag_seconds").set(seconds(lag.summaries));
    metrics::gauge!("workpulse_rollups_lag_seconds").set(seconds(lag.rollups));
    Ok(())
}
