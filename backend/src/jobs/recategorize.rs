//! Lets the sums of past days follow an organization's newest rules of categories. Each minute.
//!
//! Goes from person to person by id, and begins behind the last one where it was interrupted.
//! What has moved stays moved when it is looked at again, so an attempt may end anywhere. Rules
//! that are written meanwhile end the work on older ones.

use std::time::Duration;

use jiff::{ToSpan as _, civil::Date};
use shared_types::{OrganizationId, UserId};

use super::{Context, Due, JobError, JobResult, Outcome};
use crate::{
    domain::category::Ruleset,
    store::{
        categories, months,
        recategorize::{self, Place},
    },
};

/// Days of a person that one transaction holds.
const DAYS_AT_ONCE: i64 = 100;
/// How often, and how long apart, is looked whether older transactions have ended.
const LOOKS: u32 = 300;
const PAUSE: Duration = Duration::from_millis(100);

/// How the work on a list ended.
enum End {
    /// All sums follow it.
    Applied,
    /// There is a newer one.
    Overtaken,
    /// A transaction from before the list has not ended.
    Waiting,
}

pub(super) async fn run(context: Context, _: Due) -> JobResult {
    let organizations = {
        let mut reader = context.store.system().read().await?;
        recategorize::waiting(reader.db()).await?
    };
    let (mut applied, mut left) = (0, 0);
    for organization in organizations {
        loop {
            match work(&context, organization).await? {
                End::Applied => applied += 1,
                End::Overtaken => continue,
                End::Waiting => left += 1,
            }
            break;
        }
    }
    Ok(Outcome::Done(if left == 0 {
        format!("{applied} lists of rules applied")
    } else {
        format!("{applied} lists of rules applied, {left} wait for a long transaction to end")
    }))
}

async fn work(context: &Context, organization: OrganizationId) -> Result<End, JobError> {
    let tenant = context.store.tenant(organization);
    let latest = {
        let mut reader = tenant.read().await?;
        categories::latest(reader.db()).await?
    };
    let Some(latest) = latest.filter(|latest| latest.applied_at.is_none()) else {
        return Ok(End::Applied);
    };
    // What was planned by older rules and is not committed yet would not be seen here.
    if !older_have_ended(context).await? {
        return Ok(End::Waiting);
    }
    let version = latest.version;
    let mut tx = tenant.begin().await?;
    recategorize::begin(&mut tx, version, context.clock.now()).await?;
    tx.commit().await?;
    let rules = Ruleset::new(version, &latest.rules);
    let (mut reached, mut done) = (latest.reached, latest.people_done);
    loop {
        let next = {
            let mut reader = tenant.read().await?;
            recategorize::next_person(reader.db(), reached).await?
        };
        let Some(person) = next else { break };
        if !one(context, organization, &rules, person).await? {
            return Ok(End::Overtaken);
        }
        reached = Some(person);
        done += 1;
        context.step(format!("{done} people done")).await?;
    }
    let mut tx = tenant.begin().await?;
    recategorize::finish(&mut tx, version, context.clock.now()).await?;
    tx.commit().await?;
    Ok(End::Applied)
}

/// Waits, for a while, until every transaction that writes at this moment has ended.
async fn older_have_ended(context: &Context) -> Result<bool, JobError> {
    let mark = {
        let mut reader = context.store.system().read().await?;
        recategorize::mark(reader.db()).await?
    };
    let Some(mark) = mark else { return Ok(true) };
    for _ in 0..LOOKS {
        {
            let mut reader = context.store.system().read().await?;
            if recategorize::passed(reader.db(), mark).await? {
                return Ok(true);
            }
        }
        context.step("waiting for older transactions").await?;
        tokio::time::sleep(PAUSE).await;
    }
    Ok(false)
}

/// One person's days; false when there are newer rules.
async fn one(
    context: &Context,
    organization: OrganizationId,
    rules: &Ruleset,
    person: UserId,
) -> Result<bool, JobError> {
    let tenant = context.store.tenant(organization);
    let days = {
        let mut reader = tenant.read().await?;
        recategorize::days_of(reader.db(), person).await?
    };
    for days in days.into_iter().flat_map(pieces) {
        let mut tx = tenant.begin().await?;
        recategorize::lock(&mut tx, person, days).await?;
        // Behind the lock: whoever writes newer rules comes to these days after us.
        if !recategorize::is_latest(tx.db(), rules.version()).await? {
            return Ok(false);
        }
        let mut moved = 0;
        for (application, domain, category, seconds) in
            recategorize::movable(tx.db(), person, days).await?
        {
            let choice = rules.choose(&application, &domain, None);
            if choice.category == category {
                continue;
            }
            let place = Place {
                application: &application,
                domain: &domain,
                category,
            };
            recategorize::shift(&mut tx, person, days, place, choice.category).await?;
            moved += seconds;
        }
        if moved > 0 {
            months::uncount(&mut tx, person, days).await?;
            recategorize::count(&mut tx, rules.version(), moved).await?;
            tx.commit().await?;
        }
        context.unless_stopped()?;
    }
    let mut tx = tenant.begin().await?;
    recategorize::pass(&mut tx, rules.version(), person).await?;
    tx.commit().await?;
    Ok(true)
}

/// A range of days in pieces.
fn pieces((first, last): (Date, Date)) -> impl Iterator<Item = (Date, Date)> {
    let next = move |from: Date| {
        let begin = from.checked_add(DAYS_AT_ONCE.days()).ok()?;
        (begin <= last).then_some(begin)
    };
    std::iter::successors(Some(first), move |from| next(*from)).map(move |from| {
        let end = from.checked_add((DAYS_AT_ONCE - 1).days());
        (from, end.map_or(last, |end| end.min(last)))
    })
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn pieces_of_a_range_follow_each_other_and_leave_nothing_out() {
        for length in [0, 1, 98, 99, 100, 101, 365] {
            let first = date(2026, 1, 1);
            let last = first.checked_add(length.days()).expect("a day");
            let all: Vec<_> = pieces((first, last)).collect();
            assert_eq!((all[0].0, all[all.len() - 1].1), (first, last), "{length}");
            for pair in all.windows(2) {
                assert_eq!(pair[0].1.tomorrow().expect("a day"), pair[1].0);
            }
        }
    }
}
