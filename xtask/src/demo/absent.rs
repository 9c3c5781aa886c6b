//! Two people who have left their desks, so that there is something to be told of at any hour: of
//! one the alert stays open, the other's is resolved by the manager, and so is a long day.
//!
//! Their agents go on, as those of forgotten laptops do. A demo that was off for a while ends the
//! session where it stopped, and they leave their desks once more.

use anyhow::{Context, Result};
use shared_types::{
    SessionId,
    alert::{Alert, AlertKind, AlertPage, ResolveAlert},
    auth::Role,
    sync::{SessionStopped, SyncItemBody},
};

use super::{
    api::Api,
    groups,
    rhythm::{self, Due},
    seed,
    state::{Absent, Colleague, Memory, new_id},
};
use crate::clock;

/// Somebody who has left.
struct Left {
    key: &'static str,
    name: &'static str,
    machine: (&'static str, &'static str),
    app: &'static str,
    /// Minutes of work before.
    worked: i64,
    /// Minutes without input until now.
    silent: i64,
    /// What the manager writes who resolves it.
    resolved: Option<&'static str>,
}

const LEFT: [Left; 2] = [
    Left {
        key: "ines.carvalho",
        name: "Ines Carvalho",
        machine: ("lis-support-1", "Windows 11"),
        app: "Zendesk",
        worked: 64,
        silent: 23,
        resolved: None,
    },
    Left {
        key: "milan.horvat",
        name: "Milan Horvat",
        machine: ("zag-support-1", "Linux Mint 22"),
        app: "LibreOffice Calc",
        worked: 95,
        silent: 41,
        resolved: Some("Inventory in the store room, agreed this morning."),
    },
];
const LONG_DAY_NOTE: &str = "Agreed beforehand. The hours are taken off on Friday.";

/// A demo that was off for longer than this finds them back at work, and gone again.
const GAP: i64 = 3 * 3_600;

/// Who has left, by name.
pub(crate) fn names() -> Vec<&'static str> {
    let mut names: Vec<_> = LEFT.iter().map(|left| left.name).collect();
    names.sort_unstable();
    names
}

/// Accounts, devices, and the sessions that they have left.
pub(crate) fn leave(api: &Api, memory: &Memory, admin: &str) -> Result<()> {
    let known = seed::users(api, admin)?;
    let now = clock::now().as_millis() / 60_000 * 60;
    for left in &LEFT {
        let email = format!("{}@northwind.example", left.key);
        let person = (left.name, email.as_str());
        let user_id = seed::account(api, admin, &known, person, Role::Employee, None)?;
        groups::into_support(api, admin, user_id)?;
        let mut absent = match memory.state().absent.get(left.key).cloned() {
            Some(absent) => absent,
            None => Absent {
                device: Colleague::new(clock::now(), 0)?,
                session: None,
            },
        };
        absent.device.user_id = Some(user_id);
        // Written down before the server learns of it: the device enrols under the same id again.
        keep(memory, left, &absent)?;
        if absent.device.device_secret.is_none() {
            let device = absent.device.device_id;
            let secret = seed::enrol(api, admin, user_id, device, left.machine)?;
            absent.device.device_secret = Some(secret);
        }
        if now - absent.device.sent_until > GAP {
            let ended = absent.session.map(|session_id| stop(session_id, &absent));
            let session_id = SessionId(new_id(clock::now())?);
            let away = now - left.silent * 60;
            let day = (away - left.worked * 60, away, now);
            let items: Vec<Due> = ended
                .into_iter()
                .chain(rhythm::left_desk(session_id, day, left.app))
                .collect();
            send(api, &mut absent.device, &items, now)?;
            absent.session = Some(session_id);
        }
        keep(memory, left, &absent)?;
    }
    Ok(())
}

fn stop(session_id: SessionId, absent: &Absent) -> Due {
    let at = absent.device.sent_until;
    let stopped_at = shared_types::Timestamp::from_millis(at * 1_000);
    Due {
        at,
        body: SyncItemBody::SessionStopped(SessionStopped {
            session_id,
            stopped_at,
        }),
    }
}

fn keep(memory: &Memory, left: &Left, absent: &Absent) -> Result<()> {
    memory.change(|state| {
        state.absent.insert(left.key.to_owned(), absent.clone());
    })
}

/// What has passed since, and a sign of life.
pub(crate) fn go_on(api: &Api, memory: &Memory, now: i64) -> Result<()> {
    for left in &LEFT {
        let Some(mut absent) = memory.state().absent.get(left.key).cloned() else {
            continue;
        };
        let Some(session_id) = absent.session else {
            continue;
        };
        let until = now.div_euclid(60) * 60;
        let items: Vec<Due> =
            rhythm::no_input(session_id, absent.device.sent_until, until, left.app).collect();
        send(api, &mut absent.device, &items, until)?;
        memory.state().absent.insert(left.key.to_owned(), absent);
    }
    Ok(())
}

fn send(api: &Api, device: &mut Colleague, items: &[Due], until: i64) -> Result<()> {
    seed::deliver(api, device, items)?;
    device.next_seq += i64::try_from(items.len()).context("a day's items")?;
    device.sent_until = until;
    Ok(())
}

/// The manager's morning: resolves what they know about, and leaves the rest open. The detectors
/// have run by now.
pub(crate) fn resolve_some(api: &Api, manager: &str) -> Result<()> {
    let open: AlertPage = api.get("/alerts?state=open&limit=200", Some(manager))?;
    for left in &LEFT {
        let theirs = open
            .items
            .iter()
            .find(|alert| alert.kind == AlertKind::Idle && alert.user_name == left.name);
        if let (Some(note), Some(alert)) = (left.resolved, theirs) {
            resolve(api, manager, alert, note)?;
        }
    }
    let mut long_days = open
        .items
        .iter()
        .filter(|alert| alert.kind == AlertKind::Overtime);
    // One stays, where there are several.
    if let (Some(alert), Some(_)) = (long_days.next(), long_days.next()) {
        resolve(api, manager, alert, LONG_DAY_NOTE)?;
    }
    Ok(())
}

fn resolve(api: &Api, manager: &str, alert: &Alert, note: &str) -> Result<()> {
    let request = ResolveAlert {
        note: Some(note.to_owned()),
    };
    let path = format!("/alerts/{}/resolve", alert.id);
    api.post::<Alert>(&path, Some(manager), &request).map(drop)
}
