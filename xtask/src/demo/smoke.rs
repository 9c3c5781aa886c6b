//! Looks at a running demo through the API, as a manager's browser would, and judges it:
//! what was sent must be there to the second, and this machine's row must be alive.

use std::{collections::BTreeMap, time::Duration};

use anyhow::{Context, Result, bail, ensure};
use shared_types::{
    SessionId, UserId,
    activity::ActivityType,
    alert::{AlertKind, AlertPage},
    live::{PersonState, PersonStatus, PresenceSnapshot},
    session::{SessionPage, SessionStatus, WorkSession},
    sync::SyncItemBody,
};

use super::{
    absent,
    api::Api,
    people::{MACHINE, MANAGER, PEOPLE, Person},
    rhythm::{self, Life},
    seed,
    state::Memory,
};
use crate::{
    clock::{self, Stopwatch, spoken},
    stop,
};

/// How long this machine's first minute may take to show: two minutes to close, and a sync.
const MACHINE_LIMIT: Duration = Duration::from_mins(4);
const COLLEAGUES_LIMIT: Duration = Duration::from_mins(2);
/// Who has just come, or is just leaving, is not judged.
const EDGE_SECONDS: i64 = 180;

/// Totals of a session: version, active, idle, not observed.
type Totals = (i64, i64, i64, i64);

/// Judges; an error says what is missing.
pub(crate) fn judge(api: &Api, memory: &Memory, with_machine: bool) -> Result<()> {
    let password = memory.state().passwords.manager.clone();
    let email = format!("{MANAGER}@northwind.example");
    let token = seed::log_in(api, &email, &password).context("the manager's log-in")?;

    let mut sessions = 0;
    for person in &PEOPLE {
        sessions += history(api, memory, &token, person)
            .with_context(|| format!("{}'s history", person.name))?;
    }
    println!(
        "    history: {sessions} finished sessions of {} people, each equal to what was sent",
        PEOPLE.len()
    );

    alerts(api, &token)?;
    println!(
        "    alerts: about no input only of those who have left, though weeks arrived at once"
    );

    let took = until(COLLEAGUES_LIMIT, || colleagues(api, memory, &token))
        .context("the colleagues who are at work")?;
    println!(
        "    live: everyone who is at work is shown at work (after {})",
        spoken(took)
    );
    if with_machine {
        let took = until(MACHINE_LIMIT, || machine(api, &token)).context("this machine's row")?;
        println!(
            "    live: this machine's row is active, with its application (after {})",
            spoken(took)
        );
    }
    Ok(())
}

/// While weeks arrived, the detectors ran: nobody was to be told of what is long past.
fn alerts(api: &Api, token: &str) -> Result<()> {
    let all: AlertPage = api.get("/alerts?limit=200", Some(token))?;
    let idle = all.items.iter().filter(|it| it.kind == AlertKind::Idle);
    let mut names: Vec<_> = idle.map(|it| it.user_name.as_str()).collect();
    names.sort_unstable();
    ensure!(
        names == absent::names(),
        "alerts about no input are of {names:?}"
    );
    Ok(())
}

/// Tries again until it succeeds or the time is over; then its last error counts.
fn until(limit: Duration, attempt: impl Fn() -> Result<()>) -> Result<Duration> {
    let watch = Stopwatch::start();
    loop {
        match attempt() {
            Ok(()) => return Ok(watch.elapsed()),
            Err(error) if watch.elapsed() > limit => {
                return Err(error.context(format!("still so after {}", spoken(limit))));
            }
            Err(_) => {}
        }
        if stop::wait(Duration::from_millis(500)) {
            bail!("interrupted");
        }
    }
}

/// Every finished session of a colleague: there, and equal. Says how many.
fn history(api: &Api, memory: &Memory, token: &str, person: &Person) -> Result<usize> {
    let (life, sent_until, user_id) = {
        let state = memory.state();
        let colleague = &state.colleagues[person.key];
        let user_id = colleague.user_id.context("the account is not known")?;
        (state.life(person), colleague.sent_until, user_id)
    };
    let expected = expected(life, sent_until);
    let found = stored(api, token, user_id)?;
    for (id, totals) in &expected {
        let Some(session) = found.get(id) else {
            bail!("session {id} is not on the server");
        };
        ensure!(
            session.status == SessionStatus::Stopped,
            "session {id} is still running"
        );
        let stored = (
            session.version,
            session.total_active_seconds,
            session.total_idle_seconds,
            session.total_unobserved_seconds,
        );
        ensure!(
            stored == *totals,
            "session {id}: sent {totals:?}, stored {stored:?}"
        );
    }
    Ok(expected.len())
}

/// Totals of the sessions that have ended by `until`, as they were sent.
fn expected(life: Life<'_>, until: i64) -> BTreeMap<SessionId, Totals> {
    let mut open: BTreeMap<SessionId, Totals> = BTreeMap::new();
    let mut ended = BTreeMap::new();
    for due in rhythm::due(life, life.since, until) {
        match due.body {
            SyncItemBody::SessionStarted(start) => {
                open.insert(start.session_id, (1, 0, 0, 0));
            }
            SyncItemBody::Activity(span) => {
                let totals = open.entry(span.session_id).or_default();
                totals.0 += 1;
                let seconds = i64::from(span.duration_seconds);
                match span.activity_type {
                    ActivityType::Active => totals.1 += seconds,
                    ActivityType::Idle => totals.2 += seconds,
                    ActivityType::Unobserved => totals.3 += seconds,
                }
            }
            SyncItemBody::SessionStopped(stop) => {
                if let Some(mut totals) = open.remove(&stop.session_id) {
                    totals.0 += 1;
                    ended.insert(stop.session_id, totals);
                }
            }
            SyncItemBody::Counters(_) => {}
        }
    }
    ended
}

fn stored(api: &Api, token: &str, user_id: UserId) -> Result<BTreeMap<SessionId, WorkSession>> {
    let mut sessions = BTreeMap::new();
    let first = format!("/sessions?user_id={user_id}&limit=200");
    let mut path = first.clone();
    loop {
        let page: SessionPage = api.get(&path, Some(token))?;
        sessions.extend(page.items.into_iter().map(|session| (session.id, session)));
        match page.next_cursor {
            Some(cursor) => path = format!("{first}&cursor={cursor}"),
            None => return Ok(sessions),
        }
    }
}

fn presence(api: &Api, token: &str) -> Result<Vec<PersonState>> {
    let snapshot: PresenceSnapshot = api.get("/presence", Some(token))?;
    Ok(snapshot.people)
}

fn row<'a>(people: &'a [PersonState], name: &str) -> Result<&'a PersonState> {
    people
        .iter()
        .find(|person| person.name == name)
        .with_context(|| format!("{name} is not on the live page"))
}

fn colleagues(api: &Api, memory: &Memory, token: &str) -> Result<()> {
    let people = presence(api, token)?;
    let now = clock::now().as_millis() / 1_000;
    let seed = memory.state().seed;
    for person in &PEOPLE {
        let row = row(&people, person.name)?;
        let at_work = |second| rhythm::at_work(person, seed, second);
        if at_work(now - EDGE_SECONDS) && at_work(now) && at_work(now + EDGE_SECONDS) {
            ensure!(
                row.online && row.session.is_some() && row.status != PersonStatus::NotWorking,
                "{} is at work, but shown as {:?}",
                person.name,
                row.status
            );
        }
    }
    Ok(())
}

fn machine(api: &Api, token: &str) -> Result<()> {
    let people = presence(api, token)?;
    let row = row(&people, MACHINE.0)?;
    ensure!(
        row.online
            && row.status == PersonStatus::Active
            && row.application.is_some()
            && row.today.active_seconds > 0,
        "it is {:?} (online: {}, application: {:?}, {} active seconds today)",
        row.status,
        row.online,
        row.application,
        row.today.active_seconds
    );
    Ok(())
}
