//! A person's day as an agent would have seen it: sessions, and spans that add up to them.
//!
//! Pure: the same person, date and seed always give the same day, so that a run that was
//! interrupted goes on with the same numbers, and sending twice changes nothing. It must not
//! know clocks, files or the server.
//!
//! Invariants, each tested as a property: a span lies inside one UTC minute, spans follow
//! each other without gap or overlap, and their sum is the session's length to the second.

use jiff::{
    Timestamp as Instant, ToSpan,
    civil::{Date, Weekday},
    tz::TimeZone,
};
use shared_types::{
    SessionId, Timestamp,
    activity::{Activity, ActivityType, UnobservedReason},
    sync::{SessionStarted, SessionStopped, SyncItemBody},
};

use super::{
    day_in_making::Day,
    people::{Break, Person},
};

/// Something that an agent has to say, and the second from which on it can say it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Due {
    /// Unix seconds: a span is known when it has ended.
    pub(crate) at: i64,
    /// What is said.
    pub(crate) body: SyncItemBody,
}

/// What a stretch of a day is made of.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum What {
    Active(&'static str),
    Idle(&'static str),
    Unobserved(UnobservedReason),
    /// In no session.
    Away,
}

/// A stretch of a day: Unix seconds, end exclusive.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stretch {
    pub(super) from: i64,
    pub(super) until: i64,
    pub(super) what: What,
}

/// A person's life with an agent: from `since` (Unix seconds) on, the same for the same seed.
#[derive(Clone, Copy)]
pub(crate) struct Life<'a> {
    /// Whose.
    pub(crate) person: &'a Person,
    /// Makes the days.
    pub(crate) seed: u64,
    /// Sessions that began before are not part of it: nobody would know their beginning.
    pub(crate) since: i64,
}

/// Everything that became known in `after < at <= until`, in order.
///
/// Cutting a range anywhere gives the same items in the same order.
pub(crate) fn due(life: Life<'_>, after: i64, until: i64) -> Vec<Due> {
    let zone = zone(life.person);
    let date = |second| local_date(&zone, second);
    let (Some(mut day), Some(last)) = (date(after).yesterday().ok(), date(until).tomorrow().ok())
    else {
        return Vec::new();
    };
    let mut found = Vec::new();
    while day <= last {
        let items = day_items(life, day);
        found.extend(
            items
                .into_iter()
                .filter(|item| after < item.at && item.at <= until),
        );
        let Ok(next) = day.tomorrow() else { break };
        day = next;
    }
    found
}

/// Whether the person is in a session at this second.
pub(crate) fn at_work(person: &Person, seed: u64, second: i64) -> bool {
    let zone = zone(person);
    let today = local_date(&zone, second);
    stretches(person, seed, today).iter().any(|stretch| {
        stretch.what != What::Away && stretch.from <= second && second < stretch.until
    })
}

/// Stretches without input of at least this many seconds that are known by `until`, the latest
/// first: what a person may have something to say about.
pub(crate) fn silences(life: Life<'_>, after: i64, until: i64, least: i64) -> Vec<(i64, i64)> {
    let mut found: Vec<(i64, i64)> = Vec::new();
    for due in due(life, after, until) {
        let SyncItemBody::Activity(span) = due.body else {
            continue;
        };
        if span.activity_type == ActivityType::Active {
            continue;
        }
        let from = span.started_at.as_millis() / 1_000;
        match found.last_mut() {
            Some((_, end)) if *end == from => *end = due.at,
            _ => found.push((from, due.at)),
        }
    }
    found.retain(|(from, end)| end - from >= least);
    found.reverse();
    found
}

/// A desk that was left: work until `left`, and from then on no input, in one session.
pub(crate) fn left_desk(
    session_id: SessionId,
    (from, left, until): (i64, i64, i64),
    app: &'static str,
) -> Vec<Due> {
    let start = Due {
        at: from,
        body: SyncItemBody::SessionStarted(SessionStarted {
            session_id,
            project_id: None,
            started_at: timestamp(from),
        }),
    };
    std::iter::once(start)
        .chain(stretch(session_id, (from, left), What::Active(app)))
        .chain(no_input(session_id, left, until, app))
        .collect()
}

/// More of the same: no input from `from` until `until`.
pub(crate) fn no_input(
    session_id: SessionId,
    from: i64,
    until: i64,
    app: &'static str,
) -> impl Iterator<Item = Due> {
    stretch(session_id, (from, until), What::Idle(app))
}

fn stretch(
    session_id: SessionId,
    (from, until): (i64, i64),
    what: What,
) -> impl Iterator<Item = Due> {
    spans(session_id, Stretch { from, until, what })
}

fn zone(person: &Person) -> TimeZone {
    TimeZone::get(person.zone).expect("the zones of the people are in the bundled database")
}

fn local_date(zone: &TimeZone, second: i64) -> Date {
    zone.to_datetime(Instant::from_second(second).expect("a second of these years"))
        .date()
}

/// One local day's items, in order.
fn day_items(life: Life<'_>, date: Date) -> Vec<Due> {
    let Life {
        person,
        seed,
        since,
    } = life;
    let mut random = random(person, seed, date, "sessions");
    let stretches = stretches(person, seed, date);
    let mut items = Vec::new();
    for session in stretches.split(|stretch| stretch.what == What::Away) {
        let (Some(first), Some(last)) = (session.first(), session.last()) else {
            continue;
        };
        let session_id = session_id(first.from, &mut random);
        if first.from < since {
            continue;
        }
        items.push(Due {
            at: first.from,
            body: SyncItemBody::SessionStarted(SessionStarted {
                session_id,
                project_id: None,
                started_at: timestamp(first.from),
            }),
        });
        for stretch in session {
            items.extend(spans(session_id, *stretch));
        }
        items.push(Due {
            at: last.until,
            body: SyncItemBody::SessionStopped(SessionStopped {
                session_id,
                stopped_at: timestamp(last.until),
            }),
        });
    }
    items
}

/// A stretch cut at the minutes.
fn spans(session_id: SessionId, stretch: Stretch) -> impl Iterator<Item = Due> {
    let mut from = stretch.from;
    std::iter::from_fn(move || {
        if from >= stretch.until {
            return None;
        }
        let until = stretch.until.min((from.div_euclid(60) + 1) * 60);
        let (activity_type, reason, application) = match stretch.what {
            What::Active(app) => (ActivityType::Active, None, Some(app)),
            What::Idle(app) => (ActivityType::Idle, None, Some(app)),
            What::Unobserved(reason) => (ActivityType::Unobserved, Some(reason), None),
            What::Away => unreachable!("sessions are split where nobody is in one"),
        };
        let activity = Activity {
            session_id,
            activity_type,
            reason,
            started_at: timestamp(from),
            duration_seconds: u32::try_from(until - from).expect("at most a minute"),
            application: application.map(str::to_owned),
            title: None,
            url: None,
            category_id: None,
        };
        from = until;
        Some(Due {
            at: until,
            body: SyncItemBody::Activity(activity),
        })
    })
}

const fn timestamp(second: i64) -> Timestamp {
    Timestamp::from_millis(second * 1_000)
}

fn session_id(second: i64, random: &mut fastrand::Rng) -> SessionId {
    let mut bytes = [0_u8; 10];
    random.fill(&mut bytes);
    let millis = u64::try_from(second * 1_000).unwrap_or(0);
    SessionId(uuid::Builder::from_unix_timestamp_millis(millis, &bytes).into_uuid())
}

/// Numbers that depend on the person, the day and the purpose only, on every machine.
fn random(person: &Person, seed: u64, date: Date, purpose: &str) -> fastrand::Rng {
    let text = format!("{} {date} {purpose}", person.key);
    let mixed = text.bytes().fold(seed, |state, byte| {
        (state.rotate_left(7) ^ u64::from(byte)).wrapping_mul(0x9E37_79B9_7F4A_7C15)
    });
    fastrand::Rng::with_seed(mixed)
}

/// The day from the first input to the last, without a gap; nothing on a day off.
fn stretches(person: &Person, seed: u64, date: Date) -> Vec<Stretch> {
    let rhythm = &person.rhythm;
    let weekday = date.weekday();
    if !rhythm.days.contains(&weekday) || day_off(person, date) {
        return Vec::new();
    }
    let mut random = random(person, seed, date, "day");
    let midnight = date
        .to_zoned(zone(person))
        .expect("the dates of the demo are in the calendar")
        .timestamp()
        .as_second();
    // Hours are counted on the wall: on the day of a time change midnight plus so many
    // minutes would be an hour off.
    let wall = |minute: u32| -> i64 {
        let time = date.at(0, 0, 0, 0) + i64::from(minute).minutes();
        zone(person)
            .to_zoned(time)
            .map_or(midnight + i64::from(minute) * 60, |zoned| {
                zoned.timestamp().as_second()
            })
    };
    let wander = i64::from(rhythm.wander) * 60;
    let from = wall(rhythm.from) + random.i64(-wander..=wander);
    let long = rhythm.long_days.contains(&weekday);
    let usual = if long {
        rhythm.long_until
    } else {
        rhythm.until
    };
    let until = wall(usual) + random.i64(-wander..=wander);
    let fixed = fixed_stretches(person, weekday, &wall, &mut random);

    let mut day = Day {
        person,
        random,
        done: Vec::new(),
        now: from,
    };
    for stretch in fixed {
        // What would begin before the previous one has ended begins when it has.
        let start = stretch.from.max(day.now);
        let end = stretch.until.min(until);
        if end - start < 120 || start >= until - 600 {
            continue;
        }
        day.work(start);
        match stretch.what {
            What::Active(app) => day.meeting(app, end),
            what => day.push(end, what),
        }
    }
    day.work(until);
    day.done
}

/// Breaks and meetings of a day, by their start.
fn fixed_stretches(
    person: &Person,
    weekday: Weekday,
    wall: &dyn Fn(u32) -> i64,
    random: &mut fastrand::Rng,
) -> Vec<Stretch> {
    let rhythm = &person.rhythm;
    let mut fixed = Vec::new();
    if let Some((at, minutes, kind)) = rhythm.lunch {
        let from = wall(at) + random.i64(-480..=480);
        let until = from + i64::from(minutes) * 60 - random.i64(0..=300);
        let what = match kind {
            Break::Locked => What::Unobserved(UnobservedReason::Locked),
            Break::Asleep => What::Unobserved(UnobservedReason::Asleep),
            Break::Away => What::Away,
        };
        fixed.push(Stretch { from, until, what });
    }
    if let Some((at, minutes)) = rhythm.nap {
        let from = wall(at);
        let until = from + i64::from(minutes) * 60 + random.i64(0..=240);
        fixed.push(Stretch {
            from,
            until,
            what: What::Unobserved(UnobservedReason::Asleep),
        });
    }
    for meeting in rhythm
        .meetings
        .iter()
        .filter(|meeting| meeting.days.contains(&weekday))
    {
        let from = wall(meeting.at) + random.i64(-90..=150);
        let until = from + i64::from(meeting.minutes) * 60 + random.i64(-240..=360);
        fixed.push(Stretch {
            from,
            until,
            what: What::Active(meeting.app),
        });
    }
    fixed.sort_by_key(|stretch| stretch.from);
    fixed
}

fn day_off(person: &Person, date: Date) -> bool {
    let (every, which, day): (i8, i8, Weekday) = person.rhythm.day_off;
    let week = date.iso_week_date().week();
    date.weekday() == day && week % every == which
}

#[cfg(test)]
#[path = "rhythm_tests.rs"]
mod tests;
