//! A1 and A4 over days: each is made again from its spans, all devices together, and compared;
//! and no day or hour has more seconds than the clock gave it.
//!
//! One organization at a time, a month of a person at a time: memory stays small however much
//! there is. Days whose spans retention has begun to remove can only be held against the clock.

use std::collections::BTreeMap;

use jiff::{civil::Date, tz::TimeZone};
use shared_types::{SessionId, Timestamp, UserId, live::DayTotals};

use super::Outcome;
use crate::{
    domain::{
        category::Ruleset,
        day::DayBounds,
        remake::is_whole,
        rollup::{DaySpan, hour, whole_day},
    },
    store::{
        StoreError, TenantDb, day::Day, rollup_work, scope::TenantSnapshot,
        sessions::activity_type, sql,
    },
};

/// Days of a person that are in memory at once.
const AT_ONCE: usize = 31;
/// Zones change their clocks at quarters of an hour.
const QUARTER: i64 = 900;

/// What was found, over all organizations.
#[derive(Default)]
pub(super) struct Found {
    differing: Vec<String>,
    too_long: Vec<String>,
}

impl Found {
    pub(super) fn outcomes(self) -> [Outcome; 2] {
        [
            Outcome::of(
                "days of a person",
                "days that are not what their spans make, all devices together",
                self.differing,
            ),
            Outcome::of(
                "time at once",
                "days or hours that have more seconds than the clock gave them",
                self.too_long,
            ),
        ]
    }
}

/// A day as it is kept, or as its spans make it.
#[derive(Debug, Clone, Default)]
struct Kept {
    totals: DayTotals,
    first_input: Option<Timestamp>,
    last_input: Option<Timestamp>,
    hours: BTreeMap<i8, DayTotals>,
}

impl Kept {
    /// Whether this is what the spans make. Hours that do not add up to their day are counted by
    /// a check of their own.
    fn is(&self, made: &Self) -> bool {
        let by_hour: i64 = self.hours.values().map(seconds).sum();
        self.totals == made.totals
            && self.first_input == made.first_input
            && self.last_input == made.last_input
            && (by_hour != seconds(&self.totals) || self.hours == made.hours)
    }
}

/// Looks at one organization.
pub(super) async fn look(
    snapshot: &mut TenantSnapshot,
    found: &mut Found,
) -> Result<(), StoreError> {
    let Some((zone_name, removed_before)) = rollup_work::terms(snapshot.db()).await? else {
        return Ok(());
    };
    let zone = TimeZone::get(&zone_name)
        .map_err(|_| StoreError::Corrupt(format!("time zone {zone_name:?}")))?;
    // Until somebody's days have been made again they need not add up.
    let open = rollup_work::of_organization(snapshot.db()).await?;
    for person in people(snapshot.db()).await? {
        let days = kept(snapshot.db(), person).await?;
        for (day, (of, kept)) in &days {
            match TimeZone::get(of) {
                Ok(of) => too_long(person, *day, &of, kept, found),
                Err(_) => found.differing.push(format!(
                    "user {person}, {day}: nobody knows its zone {of:?}"
                )),
            }
        }
        if open.iter().any(|work| work.user_id == person) {
            continue;
        }
        let Some((first, last)) = reach(snapshot.db(), person, &days, &zone).await? else {
            continue;
        };
        let mut day = first;
        while day <= last {
            let bounds: Vec<DayBounds> =
                std::iter::successors(Some(day), |day| day.tomorrow().ok())
                    .take_while(|day| *day <= last)
                    .take(AT_ONCE)
                    .map(|day| DayBounds::on(day, &zone))
                    .collect();
            compare(
                snapshot.db(),
                person,
                &bounds,
                (&zone, removed_before),
                &days,
                found,
            )
            .await?;
            let Some(next) = bounds.last().and_then(|last| last.date.tomorrow().ok()) else {
                break;
            };
            day = next;
        }
    }
    Ok(())
}

/// Holds a day against the clock of the zone that it was cut in (A4).
fn too_long(person: UserId, day: Date, zone: &TimeZone, kept: &Kept, found: &mut Found) {
    let bounds = DayBounds::on(day, zone);
    let mut room: BTreeMap<i8, i64> = BTreeMap::new();
    let mut at = bounds.start;
    while at < bounds.end {
        let step = (bounds.end.millis_since(at) / 1_000).clamp(1, QUARTER);
        *room.entry(hour(at, zone)).or_default() += step;
        at = at.plus_seconds(step);
    }
    if seconds(&kept.totals) > room.values().sum() {
        found.too_long.push(format!("user {person}, {day}"));
    }
    for (hour, totals) in &kept.hours {
        if seconds(totals) > room.get(hour).copied().unwrap_or(0) {
            found
                .too_long
                .push(format!("user {person}, {day}, hour {hour}"));
        }
    }
}

const fn seconds(totals: &DayTotals) -> i64 {
    totals.active_seconds + totals.idle_seconds + totals.unobserved_seconds
}

async fn people(db: TenantDb<'_>) -> Result<Vec<UserId>, StoreError> {
    let organization = db.organization();
    Ok(sql!(db, |c| sqlx::query_scalar(
        "SELECT id FROM users WHERE organization_id = $1 ORDER BY id"
    )
    .bind(organization)
    .fetch_all(&mut *c)
    .await)?)
}

#[derive(sqlx::FromRow)]
struct DayRow {
    day: Day,
    time_zone: String,
    active_seconds: i64,
    idle_seconds: i64,
    unobserved_seconds: i64,
    first_input_at: Option<Timestamp>,
    last_input_at: Option<Timestamp>,
}

#[derive(sqlx::FromRow)]
struct HourRow {
    day: Day,
    hour: i64,
    active_seconds: i64,
    idle_seconds: i64,
    unobserved_seconds: i64,
}

/// A person's days as they are kept, each with its zone.
async fn kept(
    mut db: TenantDb<'_>,
    person: UserId,
) -> Result<BTreeMap<Date, (String, Kept)>, StoreError> {
    let organization = db.organization();
    let rows: Vec<DayRow> = sql!(db.again(), |c| {
        sqlx::query_as(
            "SELECT day, time_zone, active_seconds, idle_seconds, unobserved_seconds,
             first_input_at, last_input_at
         FROM daily_summaries WHERE organization_id = $1 AND user_id = $2",
        )
        .bind(organization)
        .bind(person)
        .fetch_all(&mut *c)
        .await
    })?;
    let hours: Vec<HourRow> = sql!(db, |c| {
        sqlx::query_as(
            "SELECT day, CAST(hour AS BIGINT) AS hour, active_seconds, idle_seconds, unobserved_seconds
         FROM hour_days WHERE organization_id = $1 AND user_id = $2",
        )
        .bind(organization)
        .bind(person)
        .fetch_all(&mut *c)
        .await
    })?;
    let mut days: BTreeMap<Date, (String, Kept)> = rows
        .into_iter()
        .map(|row| {
            let kept = Kept {
                totals: DayTotals {
                    active_seconds: row.active_seconds,
                    idle_seconds: row.idle_seconds,
                    unobserved_seconds: row.unobserved_seconds,
                },
                first_input: row.first_input_at,
                last_input: row.last_input_at,
                hours: BTreeMap::new(),
            };
            (row.day.0, (row.time_zone, kept))
        })
        .collect();
    for row in hours {
        let totals = DayTotals {
            active_seconds: row.active_seconds,
            idle_seconds: row.idle_seconds,
            unobserved_seconds: row.unobserved_seconds,
        };
        if seconds(&totals) > 0
            && let Some((_, kept)) = days.get_mut(&row.day.0)
        {
            let hour = i8::try_from(row.hour).unwrap_or(i8::MAX);
            kept.hours.insert(hour, totals);
        }
    }
    Ok(days)
}

/// The first and the last day on which a person has spans or something is kept of them.
async fn reach(
    db: TenantDb<'_>,
    person: UserId,
    days: &BTreeMap<Date, (String, Kept)>,
    zone: &TimeZone,
) -> Result<Option<(Date, Date)>, StoreError> {
    let organization = db.organization();
    let (first, last): (Option<Timestamp>, Option<Timestamp>) = sql!(db, |c| sqlx::query_as(
        "SELECT min(started_at), max(started_at) FROM activity_logs
         WHERE user_id = $1 AND organization_id = $2"
    )
    .bind(person)
    .bind(organization)
    .fetch_one(&mut *c)
    .await)?;
    let spans = [first, last].into_iter().flatten();
    let all: Vec<Date> = spans
        .map(|at| DayBounds::of(at, zone).date)
        .chain(days.keys().next().copied())
        .chain(days.keys().next_back().copied())
        .collect();
    Ok(all.iter().min().copied().zip(all.iter().max().copied()))
}

#[derive(sqlx::FromRow)]
struct SpanRow {
    stream_id: i64,
    session_id: SessionId,
    activity_type: String,
    started_at: Timestamp,
    duration_seconds: i64,
}

/// Makes some days of a person again and compares them with what is kept.
async fn compare(
    db: TenantDb<'_>,
    person: UserId,
    bounds: &[DayBounds],
    (zone, removed_before): (&TimeZone, Option<Timestamp>),
    days: &BTreeMap<Date, (String, Kept)>,
    found: &mut Found,
) -> Result<(), StoreError> {
    let (Some(first), Some(last)) = (bounds.first(), bounds.last()) else {
        return Ok(());
    };
    let organization = db.organization();
    let rows: Vec<SpanRow> = sql!(db, |c| {
        sqlx::query_as(
            "SELECT stream_id, session_id, activity_type, started_at, duration_seconds
         FROM activity_logs
         WHERE user_id = $1 AND started_at >= $2 AND started_at < $3 AND organization_id = $4
         ORDER BY started_at",
        )
        .bind(person)
        .bind(first.start)
        .bind(last.end)
        .bind(organization)
        .fetch_all(&mut *c)
        .await
    })?;
    let mut rows = rows.into_iter().peekable();
    let nothing = Kept::default();
    for day in bounds {
        let mut spans = Vec::new();
        while let Some(row) = rows.next_if(|row| row.started_at < day.end) {
            spans.push(DaySpan {
                stream_id: row.stream_id,
                session_id: row.session_id,
                kind: activity_type(&row.activity_type)?,
                start: row.started_at,
                seconds: row.duration_seconds,
                application: None,
                url: None,
                title: None,
                category_id: None,
            });
        }
        if !is_whole(day, removed_before) {
            continue;
        }
        let (totals, rollup) = whole_day(&spans, zone, &Ruleset::default());
        let made = Kept {
            totals,
            first_input: rollup.first_input,
            last_input: rollup.last_input,
            hours: rollup.hours,
        };
        let kept = days.get(&day.date).map_or(&nothing, |(_, kept)| kept);
        if !kept.is(&made) {
            found.differing.push(format!(
                "user {person}, {}: {} is kept, {} is right",
                day.date,
                told(kept),
                told(&made)
            ));
        }
    }
    Ok(())
}

/// For a person at a command line.
fn told(kept: &Kept) -> String {
    let DayTotals {
        active_seconds,
        idle_seconds,
        unobserved_seconds,
    } = kept.totals;
    format!("{active_seconds}/{idle_seconds}/{unobserved_seconds} s")
}
