//! People's states, as events and snapshots carry them.

use std::collections::BTreeMap;

use jiff::tz::TimeZone;
use shared_types::{
    AlertId, OrganizationId, Timestamp, UserId,
    live::{
        AlertEvent, CurrentSession, EventBody, LiveEvent, PeopleChanged, PersonState, PersonStatus,
        PolicyChanged, PresenceSnapshot,
    },
};

use crate::{
    domain::{
        day::DayBounds,
        presence::{is_online, status},
        visibility::{Sight, Viewer},
    },
    store::{
        Store, StoreError, TenantDb,
        day::Day,
        events::{self, StoredEvent},
        presence::{self, PersonRecord},
        scope::TenantSnapshot,
        visibility,
    },
};

/// Up to this many people are read one by one; for more, everyone is read at once.
const ONE_BY_ONE: usize = 8;

/// The organization's present: instant, zone, day.
#[derive(Debug, Clone)]
pub struct Clockwork {
    /// The present.
    pub now: Timestamp,
    /// IANA name of the zone.
    pub zone_name: String,
    /// The organization's current day.
    pub day: DayBounds,
}

impl Clockwork {
    /// Reads the organization's zone; `None` when there is no such organization.
    pub async fn read(db: TenantDb<'_>, now: Timestamp) -> Result<Option<Self>, StoreError> {
        let Some(zone_name) = presence::zone_name(db).await? else {
            return Ok(None);
        };
        let zone = TimeZone::get(&zone_name)
            .map_err(|_| StoreError::Corrupt(format!("time zone {zone_name:?}")))?;
        Ok(Some(Self {
            now,
            day: DayBounds::of(now, &zone),
            zone_name,
        }))
    }
}

/// A person's state from what the database knows of them.
fn state(record: PersonRecord, now: Timestamp) -> PersonState {
    let online = is_online(record.last_contact_at, now);
    let keyboard_only = record.last_contact_at.is_none();
    let (status, reason) = status(record.running.as_ref(), online || keyboard_only);
    let latest = record.running.as_ref().and_then(|s| s.latest.as_ref());
    let since = match status {
        PersonStatus::NotWorking => None,
        PersonStatus::Offline => record.last_contact_at,
        _ => latest
            .map(|latest| latest.since)
            .or(record.running.as_ref().map(|s| s.started_at)),
    };
    PersonState {
        user_id: record.user_id,
        name: record.name,
        status,
        reason,
        online,
        application: latest.and_then(|latest| latest.application.clone()),
        since,
        session: record.running.as_ref().map(|session| CurrentSession {
            id: session.id,
            started_at: session.started_at,
            project_id: session.project_id,
            version: session.version,
        }),
        today: record.today,
        hours: record.hours,
        last_contact_at: record.last_contact_at,
    }
}

/// Everyone whom the viewer sees, as of now, with the event number to follow on from.
pub async fn snapshot(
    store: &Store,
    organization: OrganizationId,
    viewer: Viewer,
    now: Timestamp,
) -> Result<Option<PresenceSnapshot>, StoreError> {
    // One moment for all reads: a state is never newer than the number beside it says, nor
    // than whom the viewer sees.
    let mut view = store.tenant(organization).snapshot().await?;
    let Some(clockwork) = Clockwork::read(view.db(), now).await? else {
        return Ok(None);
    };
    let seq = events::latest_seq(view.db()).await?;
    let day = Day(clockwork.day.date);
    let people = match visibility::visible_people(view.db(), viewer).await? {
        Sight::Everyone => presence::everyone(view.db(), day)
            .await?
            .into_iter()
            .map(|record| state(record, now))
            .collect(),
        Sight::Only(people) => {
            let people: Vec<UserId> = people.into_iter().collect();
            let mut states = states_of(view.db(), &people, day, now).await?;
            states.sort_by(|a, b| (&a.name, a.user_id).cmp(&(&b.name, b.user_id)));
            states
        }
    };
    Ok(Some(PresenceSnapshot {
        seq,
        server_time: now,
        time_zone: clockwork.zone_name,
        day: day.to_string(),
        people,
    }))
}

/// What stored events say.
#[derive(Debug, Default)]
pub(super) struct Expanded {
    /// What viewers are told of, in order.
    pub(super) events: Vec<LiveEvent>,
    /// Whose sight may have changed, and the number that says so.
    pub(super) sight: BTreeMap<UserId, i64>,
}

/// Stored events as they go out, with the present states of the people concerned. Runs of
/// one kind become one event with the last number: states are of now anyway.
pub(super) async fn expand(
    view: &mut TenantSnapshot,
    stored: Vec<StoredEvent>,
    now: Timestamp,
) -> Result<Expanded, StoreError> {
    let mut expanded = Expanded::default();
    let Some(clockwork) = Clockwork::read(view.db(), now).await? else {
        return Ok(expanded);
    };
    let day = Day(clockwork.day.date);
    for stored in merge(stored) {
        if stored.kind == visibility::SIGHT_CHANGED {
            let viewers = stored.subject.users.into_iter();
            expanded
                .sight
                .extend(viewers.map(|viewer| (viewer, stored.seq)));
            continue;
        }
        let body = match stored.kind.as_str() {
            kind @ ("USER_ONLINE" | "USER_OFFLINE" | "SESSION_UPDATE") => {
                let people = states_of(view.db(), &stored.subject.users, day, now).await?;
                let changed = PeopleChanged { people };
                match kind {
                    "USER_ONLINE" => EventBody::UserOnline(changed),
                    "USER_OFFLINE" => EventBody::UserOffline(changed),
                    _ => EventBody::SessionUpdate(changed),
                }
            }
            "POLICY_CHANGED" => EventBody::PolicyChanged(PolicyChanged {
                version: stored.subject.policy_version.unwrap_or_default(),
            }),
            kind => {
                let (Some(alert_id), Some(&user_id)) =
                    (stored.subject.alert_id, stored.subject.users.first())
                else {
                    return Err(StoreError::Corrupt(format!("event kind {kind:?}")));
                };
                alert(kind, alert_id, user_id)?
            }
        };
        expanded.events.push(LiveEvent {
            seq: stored.seq,
            at: stored.created_at,
            event: body,
        });
    }
    Ok(expanded)
}

fn alert(kind: &str, alert_id: AlertId, user_id: UserId) -> Result<EventBody, StoreError> {
    let alert = AlertEvent { alert_id, user_id };
    match kind {
        "INACTIVE_ALERT" => Ok(EventBody::InactiveAlert(alert)),
        "OVERTIME_ALERT" => Ok(EventBody::OvertimeAlert(alert)),
        "ALERT_RESOLVED" => Ok(EventBody::AlertResolved(alert)),
        kind => Err(StoreError::Corrupt(format!("event kind {kind:?}"))),
    }
}

fn merge(stored: Vec<StoredEvent>) -> Vec<StoredEvent> {
    let mut merged: Vec<StoredEvent> = Vec::new();
    for event in stored {
        match merged.last_mut() {
            Some(last) if last.kind == event.kind && event.subject.alert_id.is_none() => {
                last.seq = event.seq;
                last.created_at = event.created_at;
                last.subject.policy_version =
                    event.subject.policy_version.or(last.subject.policy_version);
                for user in event.subject.users {
                    if !last.subject.users.contains(&user) {
                        last.subject.users.push(user);
                    }
                }
            }
            _ => merged.push(event),
        }
    }
    merged
}

async fn states_of(
    mut db: TenantDb<'_>,
    users: &[UserId],
    day: Day,
    now: Timestamp,
) -> Result<Vec<PersonState>, StoreError> {
    let records = if users.len() > ONE_BY_ONE {
        let wanted: std::collections::HashSet<UserId> = users.iter().copied().collect();
        let mut everyone = presence::everyone(db, day).await?;
        everyone.retain(|record| wanted.contains(&record.user_id));
        everyone
    } else {
        let mut found = Vec::new();
        for user in users {
            found.extend(presence::person(db.again(), *user, day).await?);
        }
        found
    };
    Ok(records.into_iter().map(|r| state(r, now)).collect())
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::store::events::Subject;

    fn event(seq: i64, kind: &str, user: u128) -> StoredEvent {
        StoredEvent {
            seq,
            kind: kind.into(),
            subject: Subject {
                users: vec![UserId(Uuid::from_u128(user))],
                ..Subject::default()
            },
            created_at: Timestamp::from_millis(seq),
        }
    }

    #[test]
    fn a_run_of_one_kind_goes_out_once_under_its_last_number() {
        let merged = merge(vec![
            event(1, "SESSION_UPDATE", 1),
            event(2, "SESSION_UPDATE", 2),
            event(3, "SESSION_UPDATE", 1),
            event(4, "USER_OFFLINE", 1),
            event(5, "SESSION_UPDATE", 1),
        ]);
        let shape: Vec<_> = merged
            .iter()
            .map(|e| (e.seq, e.kind.as_str(), e.subject.users.len()))
            .collect();
        assert_eq!(
            shape,
            [
                (3, "SESSION_UPDATE", 2),
                (4, "USER_OFFLINE", 1),
                (5, "SESSION_UPDATE", 1)
            ]
        );
    }
}
