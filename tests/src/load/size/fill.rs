//! Filling a database: the people, then day by day what all of them did, as it would have
//! arrived.

use std::{collections::BTreeMap, time::Duration};

use anyhow::{Context, Result, ensure};
use jiff::tz::TimeZone;
use tokio::time::Instant;
use uuid::Uuid;

use super::{
    day::{Person, Rows, Spread, working_days, write},
    sink::Sink,
};
use crate::time::{new_id, now};

/// How often somebody is told how far it is.
const TELL: Duration = Duration::from_secs(5);

/// What was filled.
#[derive(Debug)]
pub struct Filled {
    /// The people.
    pub people: Vec<Uuid>,
    /// The days that have something, oldest first.
    pub days: Vec<String>,
    /// Activities.
    pub activities: u64,
    /// Activities a second.
    pub per_second: f64,
}

/// Fills the organization, whose days are UTC's, by the plan.
///
/// # Errors
/// When the database does not take the rows.
pub async fn fill(
    mut sink: Sink,
    organization: Uuid,
    spread: Spread,
    say: &dyn Fn(&str),
) -> Result<Filled> {
    let mut people = people(&mut sink, organization, spread.people).await?;
    let today = jiff::Timestamp::from(now()).to_zoned(TimeZone::UTC).date();
    let begun = Instant::now();
    let (mut done, mut told, mut days) = (0_u64, begun, Vec::new());
    for date in working_days(today) {
        if done == spread.activities {
            break;
        }
        let mut rows = Rows::default();
        for (number, person) in (0_u64..).zip(&mut people) {
            let minutes = spread.minutes.min(spread.activities - done);
            write(&mut rows, person, number, date, new_id(), minutes);
            done += minutes;
        }
        sink.write(&rows).await.with_context(|| date.to_string())?;
        days.push(date.to_string());
        if days.len().is_power_of_two() {
            sink.plan_again().await?;
        }
        if told.elapsed() >= TELL || done == spread.activities {
            told = Instant::now();
            say(&progress(done, spread.activities, begun.elapsed()));
        }
    }
    ensure!(done == spread.activities, "the year was too short");
    let took = begun.elapsed();
    let (id, _) = sink.literals();
    let ends: Vec<String> = people
        .iter()
        .map(|person| {
            let (seq, user) = (person.seq, id(person.user));
            format!("UPDATE sync_streams SET watermark = {seq} WHERE user_id = {user}")
        })
        .collect();
    sink.run(&ends).await?;
    say("statistics");
    sink.finish().await?;
    Ok(Filled {
        people: people.iter().map(|person| person.user).collect(),
        days,
        activities: done,
        per_second: rate(done, took),
    })
}

#[expect(clippy::cast_precision_loss, reason = "fewer than 2^52")]
fn rate(done: u64, took: Duration) -> f64 {
    done as f64 / took.as_secs_f64().max(0.001)
}

fn progress(done: u64, all: u64, took: Duration) -> String {
    let per_second = rate(done, took);
    let left = rate(all - done, Duration::from_secs(1)) / per_second;
    format!(
        "filled {done} of {all} activities ({} %), {per_second:.0} a second, about {left:.0} s left",
        done * 100 / all
    )
}

/// Accounts, devices and streams.
async fn people(sink: &mut Sink, organization: Uuid, count: u64) -> Result<Vec<Person>> {
    let (id, time) = sink.literals();
    let (owner, then) = (id(organization), time(now().as_millis()));
    let mut people: BTreeMap<Uuid, Person> = BTreeMap::new();
    let mut statements = Vec::new();
    for number in 0..count {
        let (user, device) = (new_id(), new_id());
        let person = Person {
            organization,
            user,
            device,
            stream: 0,
            seq: 0,
        };
        people.insert(user, person);
        let (user, device, epoch) = (id(user), id(device), id(new_id()));
        statements.push(format!(
            "INSERT INTO users (organization_id, id, email, name, role, status, created_at, authority_changed_at) \
             VALUES ({owner}, {user}, 'filled{number}@load.example', 'Person {number}', 'employee', 'active', {then}, {then})"
        ));
        statements.push(format!(
            "INSERT INTO devices (organization_id, id, user_id, kind, name, os, agent_version, capabilities, created_at) \
             VALUES ({owner}, {device}, {user}, 'agent', 'desk', 'Debian 12', '0.1.0', '{{}}', {then})"
        ));
        statements.push(format!(
            "INSERT INTO sync_streams (organization_id, user_id, device_id, epoch, last_sync_at, online) \
             VALUES ({owner}, {user}, {device}, {epoch}, {then}, FALSE)"
        ));
    }
    for chunk in statements.chunks(600) {
        sink.run(chunk).await.context("accounts and devices")?;
    }
    for (user, stream) in sink.streams().await? {
        if let Some(person) = people.get_mut(&user) {
            person.stream = stream;
        }
    }
    ensure!(
        people.values().all(|person| person.stream > 0),
        "a person has no stream"
    );
    Ok(people.into_values().collect())
}
