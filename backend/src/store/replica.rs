//! A read replica: for reads that are large and may be a few seconds old, such as reports.
//! Never for what gates a write, nor for who may do what.
//!
//! How far it is behind is measured without comparing clocks. Each look notes how far the
//! primary's log was at that moment, and then asks the replica how much of the log it has
//! replayed: what it has replayed was whole at the latest moment noted up to there. A replica
//! that is away, too far behind, no replica at all (it was promoted) or one of another cluster is
//! not asked: its reads go to the primary, and metrics and `doctor` say so.

use std::{collections::VecDeque, fmt, sync::Arc, time::Duration};

use parking_lot::Mutex;
use sqlx::PgPool;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::{
    Store, StoreError,
    raw::{self, Db, Opening, Reader, Snapshot},
};

/// How often the running server looks how far the replica is.
const LOOK: Duration = Duration::from_secs(1);
/// How long a replica may take to answer a look.
const ANSWERS_WITHIN: Duration = Duration::from_secs(2);
/// Moments of the primary that are remembered; a replica behind all of them is behind anyway.
const MARKS: usize = 600;

/// How a replica is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// Nobody has looked yet.
    Unknown,
    /// It has everything that was committed up to this long ago.
    Current(Duration),
    /// It lacks what was committed longer ago than is allowed.
    Behind(Duration),
    /// It cannot be used; why, for people.
    Away(String),
}

impl fmt::Display for Standing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown => write!(f, "nobody has looked yet"),
            Self::Current(lag) => write!(f, "at most {} ms behind the primary", lag.as_millis()),
            Self::Behind(lag) => write!(f, "more than {} s behind the primary", lag.as_secs()),
            Self::Away(why) => write!(f, "{why}"),
        }
    }
}

#[derive(Debug)]
struct Known {
    /// How far the primary's log was, and when.
    marks: VecDeque<(i64, Instant)>,
    /// What was committed until then is on the replica; absent while it is not to be used.
    whole_until: Option<Instant>,
    standing: Standing,
}

/// A replica, and what is known of it.
#[derive(Debug)]
pub(super) struct Replica {
    pub(super) pool: PgPool,
    most_lag: Duration,
    known: Mutex<Known>,
}

impl Replica {
    pub(super) fn new(pool: PgPool, most_lag: Duration) -> Arc<Self> {
        Arc::new(Self {
            pool,
            most_lag,
            known: Mutex::new(Known {
                marks: VecDeque::new(),
                whole_until: None,
                standing: Standing::Unknown,
            }),
        })
    }

    /// Whether it may be read from at this moment. What nobody looks after any more ages by
    /// itself.
    fn is_current(&self) -> bool {
        let whole_until = self.known.lock().whole_until;
        whole_until.is_some_and(|until| until.elapsed() <= self.most_lag)
    }

    fn set_aside(&self, why: String) {
        let mut known = self.known.lock();
        known.whole_until = None;
        known.standing = Standing::Away(why);
    }

    /// Takes down how far the primary is and how far the replica.
    fn note(&self, primary: (i64, Instant), replayed: i64) {
        let mut known = self.known.lock();
        known.marks.push_back(primary);
        if known.marks.len() > MARKS {
            known.marks.pop_front();
        }
        while known.marks.len() > 1 && known.marks[1].0 <= replayed {
            known.marks.pop_front();
        }
        let oldest = known.marks[0];
        let lag = oldest.1.elapsed();
        if oldest.0 > replayed || lag > self.most_lag {
            known.whole_until = None;
            known.standing = Standing::Behind(lag);
        } else {
            known.whole_until = Some(oldest.1);
            known.standing = Standing::Current(lag);
        }
    }

    /// A connection for reading, if the replica may be used and answers.
    pub(super) async fn read(&self, opening: &Opening) -> Option<Reader> {
        if !self.is_current() {
            return count("primary", None);
        }
        match raw::read(&self.pool, opening).await {
            Ok(reader) => count("replica", Some(reader)),
            Err(error) => {
                self.refused(&error);
                count("primary", None)
            }
        }
    }

    /// As [`Self::read`], for several reads of one moment.
    pub(super) async fn snapshot(
        &self,
        begin: &'static str,
        opening: &Opening,
    ) -> Option<Snapshot> {
        if !self.is_current() {
            return count("primary", None);
        }
        match raw::begin(&self.pool, begin, opening).await {
            Ok(transaction) => count("replica", Some(Snapshot::Postgres(transaction))),
            Err(error) => {
                self.refused(&error);
                count("primary", None)
            }
        }
    }

    fn refused(&self, error: &StoreError) {
        tracing::warn!(cause = %error, "the read replica does not answer; the primary is asked instead");
        self.set_aside(format!("it does not answer ({error})"));
    }
}

fn count<T>(from: &'static str, what: Option<T>) -> Option<T> {
    metrics::counter!("workpulse_replica_reads_total", "from" => from).increment(1);
    what
}

impl Store {
    /// How the replica is; `None` where none is configured. Does not look.
    #[must_use]
    pub fn replica_standing(&self) -> Option<Standing> {
        let replica = self.replica()?;
        let known = replica.known.lock();
        Some(match (&known.standing, known.whole_until) {
            // As old as it is now, not as it was when somebody looked.
            (Standing::Current(_), Some(until)) if until.elapsed() > replica.most_lag => {
                Standing::Behind(until.elapsed())
            }
            (standing, _) => standing.clone(),
        })
    }

    fn replica(&self) -> Option<&Arc<Replica>> {
        match self {
            Self::Sqlite(_) => None,
            Self::Postgres(engine) => engine.replica.as_ref(),
        }
    }

    /// Looks once how far the replica is; `None` where none is configured.
    ///
    /// # Errors
    /// When the primary does not answer: nothing can be said of the replica then.
    pub async fn look_at_replica(&self) -> Result<Option<Standing>, StoreError> {
        let Some(replica) = self.replica() else {
            return Ok(None);
        };
        // The moment first: what is committed by then is in the log up to what is read after.
        let moment = Instant::now();
        let (written, cluster): (i64, i64) = {
            let mut reader = self.system().read().await?;
            let Db::Postgres(connection) = reader.db().raw() else {
                return Ok(None);
            };
            sqlx::query_as(
                "SELECT CAST(pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0') AS BIGINT), system_identifier \
                 FROM pg_control_system()",
            )
            .fetch_one(connection)
            .await?
        };
        let asked = async {
            let mut connection = replica.pool.acquire().await?;
            sqlx::query_as::<_, (bool, Option<i64>, i64)>(
                "SELECT pg_is_in_recovery(), CAST(pg_wal_lsn_diff(pg_last_wal_replay_lsn(), '0/0') AS BIGINT), \
                        system_identifier \
                 FROM pg_control_system()",
            )
            .fetch_one(&mut *connection)
            .await
        };
        match tokio::time::timeout(ANSWERS_WITHIN, asked).await {
            Ok(Ok((_, _, other))) if other != cluster => {
                replica.set_aside(
                    "it is no replica of this database: it belongs to another cluster".to_owned(),
                );
            }
            Ok(Ok((true, Some(replayed), _))) => replica.note((written, moment), replayed),
            Ok(Ok(_)) => {
                replica.set_aside("it is no replica (any more): it takes writes itself".to_owned());
            }
            Ok(Err(error)) => replica.set_aside(format!("it does not answer ({error})")),
            Err(_) => replica.set_aside(format!(
                "it does not answer within {} s",
                ANSWERS_WITHIN.as_secs()
            )),
        }
        Ok(self.replica_standing())
    }

    /// Looks how far the replica is until cancelled, and says so in the log (when it changes)
    /// and in metrics. Returns at once where none is configured.
    pub async fn watch_replica(&self, stop: CancellationToken) {
        if self.replica().is_none() {
            return;
        }
        let mut used = None;
        let mut ticks = tokio::time::interval(LOOK);
        ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Skip);
        loop {
            tokio::select! {
                () = stop.cancelled() => return,
                _ = ticks.tick() => {}
            }
            if let Err(error) = self.look_at_replica().await {
                tracing::debug!(cause = %error, "could not compare the read replica with the primary");
            }
            let Some(standing) = self.replica_standing() else {
                return;
            };
            let now_used = matches!(standing, Standing::Current(_));
            metrics::gauge!("workpulse_replica_used").set(f64::from(u8::from(now_used)));
            if let Standing::Current(lag) | Standing::Behind(lag) = &standing {
                metrics::gauge!("workpulse_replica_lag_seconds").set(lag.as_secs_f64());
            }
            if used != Some(now_used) {
                if now_used {
                    tracing::info!("reports are read from the replica: {standing}");
                } else {
                    tracing::warn!("reports are read from the primary; the replica: {standing}");
                }
                used = Some(now_used);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use sqlx::postgres::PgPoolOptions;

    use super::*;

    fn replica() -> Arc<Replica> {
        let pool = PgPoolOptions::new()
            .connect_lazy("postgres://nobody@127.0.0.1:1/none")
            .expect("an address");
        Replica::new(pool, Duration::from_secs(10))
    }

    fn look(replica: &Replica, written: i64, replayed: i64) -> Standing {
        replica.note((written, Instant::now()), replayed);
        replica.known.lock().standing.clone()
    }

    #[tokio::test(start_paused = true)]
    async fn a_replica_is_as_old_as_the_latest_moment_that_it_has_whole() {
        let replica = replica();
        let second = Duration::from_secs(1);
        assert!(!replica.is_current(), "nobody has looked");
        // It lacks what was there when we began to look: nothing can be said for it.
        assert_eq!(look(&replica, 100, 90), Standing::Behind(Duration::ZERO));
        tokio::time::advance(second).await;
        assert_eq!(look(&replica, 200, 150), Standing::Current(second));
        tokio::time::advance(second).await;
        // Nothing is written: whole up to the present.
        assert_eq!(look(&replica, 200, 200), Standing::Current(Duration::ZERO));
        for n in 1..=10 {
            tokio::time::advance(second).await;
            let lag = u32::try_from(n).expect("small");
            assert_eq!(
                look(&replica, 200 + n, 200),
                Standing::Current(second * lag)
            );
            assert!(replica.is_current());
        }
        tokio::time::advance(second).await;
        assert_eq!(look(&replica, 300, 200), Standing::Behind(second * 11));
        assert!(!replica.is_current());
        assert_eq!(look(&replica, 300, 300), Standing::Current(Duration::ZERO));
        // What nobody looks at any more is not trusted for longer than is allowed.
        tokio::time::advance(second * 10).await;
        assert!(replica.is_current());
        tokio::time::advance(second).await;
        assert!(!replica.is_current());
    }
}
