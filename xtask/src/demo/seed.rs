//! Fills the organization through the front door: set-up, accounts, enrolment, and then
//! every colleague's weeks through `POST /sync`, as their agents would have sent them.

use std::sync::{Mutex, PoisonError};

use anyhow::{Context, Result, anyhow, bail};
use indicatif::{ProgressBar, ProgressStyle};
use shared_types::{
    DeviceId, UserId,
    auth::{
        CreateUser, LoginRequest, LoginResponse, Role, SetupRequest, SetupResponse, SetupStatus,
        TokenDelivery, User, UserPage,
    },
    device::{
        Capabilities, CreateEnrolmentToken, EnrolRequest, EnrolResponse, EnrolmentTokenCreated,
    },
    sync::{
        BATCH_MAX_ITEMS, Outcome, SessionStarted, SyncItem, SyncItemBody, SyncRequest, SyncResponse,
    },
};

use super::{
    api::Api,
    people::{ADMIN, EMPLOYEE, MACHINE, MANAGER, ORGANIZATION, PEOPLE, Person, ZONE},
    rhythm::{self, Due},
    state::{Colleague, Memory},
};
use crate::{clock, stop};

/// Colleagues whose weeks are sent at the same time.
const SENDERS: usize = 4;

/// Logs in and returns the access token.
pub(crate) fn log_in(api: &Api, email: &str, password: &str) -> Result<String> {
    let request = LoginRequest {
        email: email.to_owned(),
        password: password.to_owned(),
        organization_id: None,
        delivery: TokenDelivery::Body,
    };
    let answer: LoginResponse = api.post("/auth/login", None, &request)?;
    Ok(answer
        .tokens
        .context("the log-in gave no tokens")?
        .access_token)
}

/// The organization and its admin; the admin's access token.
pub(crate) fn set_up(api: &Api, memory: &Memory) -> Result<String> {
    let password = memory.state().passwords.admin.clone();
    let status: SetupStatus = api.get("/setup", None)?;
    if status.needed && memory.state().set_up {
        bail!("the database is gone, but demo.json remembers it; start over with --fresh");
    }
    if status.needed {
        let request = SetupRequest {
            organization_name: ORGANIZATION.to_owned(),
            time_zone: ZONE.to_owned(),
            name: ADMIN.0.to_owned(),
            email: ADMIN.1.to_owned(),
            password: password.clone(),
            setup_code: None,
        };
        let _: SetupResponse = api.post("/setup", None, &request)?;
    }
    memory.change(|state| state.set_up = true)?;
    log_in(api, ADMIN.1, &password)
        .context("the database and demo.json do not belong together; start over with --fresh")
}

/// Accounts for everybody, and a device for each colleague.
pub(crate) fn people(api: &Api, memory: &Memory, admin: &str) -> Result<UserId> {
    let known = users(api, admin)?;
    let passwords = memory.state().passwords.clone();
    let account = |name: &str, email: &str, role, password: Option<&String>| {
        account(api, admin, &known, (name, email), role, password)
    };
    for person in &PEOPLE {
        let (role, password) = match person.key {
            MANAGER => (Role::Manager, Some(&passwords.manager)),
            EMPLOYEE => (Role::Employee, Some(&passwords.employee)),
            _ => (Role::Employee, None),
        };
        let user_id = account(person.name, &person.email(), role, password)?;
        let colleague = memory.state().colleagues[person.key].clone();
        let secret = match colleague.device_secret {
            Some(secret) => secret,
            None => enrol(api, admin, user_id, colleague.device_id, person.machine)?,
        };
        memory.change(|state| {
            if let Some(colleague) = state.colleagues.get_mut(person.key) {
                colleague.user_id = Some(user_id);
                colleague.device_secret = Some(secret);
            }
        })?;
    }
    account(MACHINE.0, MACHINE.1, Role::Employee, None)
}

/// The account of this address, made where there is none.
pub(crate) fn account(
    api: &Api,
    admin: &str,
    known: &[User],
    (name, email): (&str, &str),
    role: Role,
    password: Option<&String>,
) -> Result<UserId> {
    if let Some(user) = known.iter().find(|user| user.email == email) {
        return Ok(user.id);
    }
    let request = CreateUser {
        name: name.to_owned(),
        email: email.to_owned(),
        role,
        password: password.cloned(),
    };
    let user: User = api.post("/users", Some(admin), &request)?;
    Ok(user.id)
}

/// Everybody who has an account.
pub(crate) fn users(api: &Api, admin: &str) -> Result<Vec<User>> {
    let mut users = Vec::new();
    let mut path = "/users?limit=200".to_owned();
    loop {
        let page: UserPage = api.get(&path, Some(admin))?;
        users.extend(page.items);
        match page.next_cursor {
            Some(cursor) => path = format!("/users?limit=200&cursor={cursor}"),
            None => return Ok(users),
        }
    }
}

/// A token for one device of one person, which an agent then enrols with.
pub(crate) fn enrolment_token(api: &Api, admin: &str, user_id: UserId) -> Result<String> {
    let request = CreateEnrolmentToken {
        user_id: Some(user_id),
        mail_domain: None,
        label: String::new(),
        needs_approval: None,
        max_uses: 1,
        expires_in_hours: 1,
    };
    let created: EnrolmentTokenCreated = api.post("/enrolment-tokens", Some(admin), &request)?;
    Ok(created.token)
}

/// A device's credential; the machine is its name and its system.
pub(crate) fn enrol(
    api: &Api,
    admin: &str,
    user_id: UserId,
    device_id: DeviceId,
    machine: (&str, &str),
) -> Result<String> {
    let request = EnrolRequest {
        token: enrolment_token(api, admin, user_id)?,
        device_id,
        name: machine.0.to_owned(),
        os: machine.1.to_owned(),
        agent_version: format!("{} (simulated)", env!("CARGO_PKG_VERSION")),
        capabilities: Capabilities {
            application: true,
            title: true,
            idle: true,
        },
        email: None,
    };
    let answer: EnrolResponse = api.post("/devices/enrol", None, &request)?;
    Ok(answer.device_secret)
}

/// Sends everything up to now that has not been sent, several colleagues at a time.
pub(crate) fn history(api: &Api, memory: &Memory) -> Result<u64> {
    let until = clock::now().as_millis() / 1_000;
    let waiting: u64 = PEOPLE
        .iter()
        .map(|person| unsent(memory, person, until).len() as u64)
        .sum();
    let bar = ProgressBar::new(waiting).with_style(
        ProgressStyle::with_template("    {bar:40} {pos}/{len} items  {per_sec}  {eta} left")
            .expect("the template is well-formed"),
    );
    let queue = Mutex::new(PEOPLE.iter().collect::<Vec<_>>());
    let next = || queue.lock().unwrap_or_else(PoisonError::into_inner).pop();
    let outcome = std::thread::scope(|scope| {
        let senders: Vec<_> = (0..SENDERS)
            .map(|_| {
                scope.spawn(|| -> Result<()> {
                    while let Some(person) = next() {
                        send_until(api, memory, person, until, |items| bar.inc(items as u64))
                            .with_context(|| format!("sending {}'s weeks", person.name))?;
                    }
                    Ok(())
                })
            })
            .collect();
        let ended: Vec<Result<()>> = senders
            .into_iter()
            .map(|sender| {
                sender
                    .join()
                    .unwrap_or_else(|_| Err(anyhow!("a sender panicked")))
            })
            .collect();
        ended.into_iter().collect::<Result<Vec<()>>>()
    });
    bar.finish();
    // What was sent is written down even if another sender failed.
    memory.save()?;
    outcome?;
    memory.change(|state| state.seeded = true)?;
    Ok(waiting)
}

fn unsent(memory: &Memory, person: &Person, until: i64) -> Vec<Due> {
    let (life, after) = {
        let state = memory.state();
        (state.life(person), state.colleagues[person.key].sent_until)
    };
    rhythm::due(life, after, until)
}

/// Sends one colleague's items up to `until`, in batches. Not written to disk here: what is
/// sent again after a crash carries the same numbers and changes nothing.
pub(crate) fn send_until(
    api: &Api,
    memory: &Memory,
    person: &Person,
    until: i64,
    sent: impl Fn(usize),
) -> Result<()> {
    let items = unsent(memory, person, until);
    let mut rest = items.as_slice();
    while !rest.is_empty() {
        stop::check()?;
        let (batch, later) = rest.split_at(batch_length(rest));
        post(api, memory, person, batch)?;
        let reached = if later.is_empty() {
            until
        } else {
            batch[batch.len() - 1].at
        };
        if let Some(colleague) = memory.state().colleagues.get_mut(person.key) {
            colleague.next_seq += i64::try_from(batch.len()).expect("a batch is small");
            colleague.sent_until = reached;
        }
        sent(batch.len());
        rest = later;
    }
    Ok(())
}

/// As many as one batch carries, never parting items of the same second: only seconds are
/// remembered.
fn batch_length(items: &[Due]) -> usize {
    if items.len() <= BATCH_MAX_ITEMS {
        return items.len();
    }
    (1..=BATCH_MAX_ITEMS)
        .rev()
        .find(|&end| items[end - 1].at < items[end].at)
        .unwrap_or(BATCH_MAX_ITEMS)
}

/// One batch; none of its items may be refused. An empty one is a sign of life.
pub(crate) fn post(api: &Api, memory: &Memory, person: &Person, batch: &[Due]) -> Result<()> {
    let colleague = memory.state().colleagues[person.key].clone();
    deliver(api, &colleague, batch)
}

/// The same for any simulated device. Sessions are booked on the project of whoever works there.
pub(crate) fn deliver(api: &Api, colleague: &Colleague, batch: &[Due]) -> Result<()> {
    let secret = colleague
        .device_secret
        .as_ref()
        .context("the device is not enrolled")?;
    let request = SyncRequest {
        device_id: colleague.device_id,
        epoch: colleague.epoch,
        clock: clock::now(),
        items: batch
            .iter()
            .zip(colleague.next_seq..)
            .map(|(due, seq)| SyncItem {
                seq,
                item: booked(&due.body, colleague),
            })
            .collect(),
    };
    let answer: SyncResponse = api.post("/sync", Some(secret), &request)?;
    if answer.results.len() != batch.len() {
        bail!(
            "{} items were sent and {} answered",
            batch.len(),
            answer.results.len()
        );
    }
    match answer
        .results
        .iter()
        .find(|result| result.outcome == Outcome::Rejected)
    {
        Some(result) => {
            let reason = result
                .reason
                .map_or("no reason", shared_types::sync::RejectReason::as_str);
            bail!("the server refused item {}: {reason}", result.seq)
        }
        None => Ok(()),
    }
}

fn booked(body: &SyncItemBody, colleague: &Colleague) -> SyncItemBody {
    match body {
        SyncItemBody::SessionStarted(start) => SyncItemBody::SessionStarted(SessionStarted {
            project_id: colleague.project_id,
            ..start.clone()
        }),
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared_types::sync::Counters;

    #[test]
    fn a_batch_never_parts_items_of_one_second() {
        let due = |at| Due {
            at,
            body: SyncItemBody::Counters(Counters::default()),
        };
        let mut items: Vec<Due> = (0..999).map(due).collect();
        items.extend([due(999), due(999), due(1_000)]);
        assert_eq!(batch_length(&items), 999);
        assert_eq!(batch_length(&items[..1_000]), 1_000);
    }
}
