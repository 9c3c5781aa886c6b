//! What a group of batches changes: pure, from what is stored to what is to be written.
//!
//! Owns the contract's D1 to D5 and A1 to A3 as decisions. Must not know the engines.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap, hash_map::Entry},
    sync::Arc,
};

use shared_types::{
    DeviceId, OrganizationId, SessionId, Timestamp, UserId,
    activity::{Activity, ActivityType},
    live::DayTotals,
    sync::{ItemResult, Outcome, RejectReason, SyncItemBody, SyncResponse},
};

use super::{
    batch::{Batch, Item, Source},
    plan::{
        DayChange, Inconsistent, Loaded, NewEvent, NewSpan, Occupied, Plan, Rules, Stream,
        StreamChange, session_of,
    },
};
use crate::domain::{
    day::DayBounds,
    handled::Handled,
    rollup::Rollup,
    session::Session,
    span::{self, Window},
};

/// Plans a group.
///
/// # Errors
/// [`Inconsistent`] when the engine has not loaded what a batch needs.
pub fn plan(now: Timestamp, batches: &[Batch], loaded: Loaded) -> Result<Plan<'_>, Inconsistent> {
    let mut planner = Planner {
        now,
        loaded,
        plan: Plan::default(),
        versions: HashMap::new(),
        touched: Vec::new(),
        changes: 0,
        streams: HashMap::new(),
        days: BTreeMap::new(),
        updated: BTreeMap::new(),
        online: BTreeMap::new(),
        started: BTreeMap::new(),
        stopped: BTreeMap::new(),
        last_day: None,
    };
    for batch in batches {
        let answer = planner.batch(batch)?;
        planner.plan.answers.push(answer);
    }
    Ok(planner.finish())
}

type DayKey = (OrganizationId, UserId, Timestamp);
type People = BTreeMap<OrganizationId, BTreeSet<UserId>>;
type Sessions = BTreeMap<OrganizationId, Vec<SessionId>>;

struct Planner<'b> {
    now: Timestamp,
    loaded: Loaded,
    plan: Plan<'b>,
    /// Sessions changed in this group: the version each had before; absent for new ones.
    versions: HashMap<(OrganizationId, SessionId), Option<i64>>,
    /// The same, in the order of their first change.
    touched: Vec<(OrganizationId, SessionId)>,
    /// Rises with every change of any session.
    changes: u64,
    streams: HashMap<i64, usize>,
    days: BTreeMap<DayKey, DayChange>,
    updated: People,
    online: People,
    started: Sessions,
    stopped: Sessions,
    /// The day that the last span lay in: neighbours nearly always share it.
    last_day: Option<(OrganizationId, DayBounds)>,
}

impl<'b> Planner<'b> {
    fn batch(&mut self, batch: &'b Batch) -> Result<SyncResponse, Inconsistent> {
        let rules = self
            .loaded
            .organizations
            .get(&batch.organization_id)
            .cloned()
            .ok_or(Inconsistent("a batch's organization is missing"))?;
        let key = (batch.organization_id, batch.device_id, batch.epoch);
        let Some(mut stream) = self.loaded.streams.remove(&key) else {
            return Ok(taken(batch, &rules, self.now));
        };
        let window = Window::at(self.now, rules.retention_days);

        let mut results = Vec::with_capacity(batch.items.len());
        let mut sessions = Vec::new();
        let mut new_epoch = false;
        let mut change = StreamChange {
            id: stream.id,
            handled: Handled::default(),
            last_span_end: None,
            counters: None,
            is_contact: batch.source == Source::Agent,
        };
        let changes_before = self.changes;
        for item in &batch.items {
            let mut left_out = None;
            let verdict = if stream.handled.contains(item.seq) {
                self.again(batch, &stream, item)
            } else {
                let verdict = self.first(batch, &rules, &window, &mut change, item, &mut left_out);
                if batch.source == Source::Agent || verdict.is_ok() {
                    stream.handled.insert(item.seq);
                    if let Err(reason) = verdict {
                        self.plan.refusals.push((stream.id, item.seq, reason));
                    }
                }
                verdict
            };
            new_epoch |= verdict == Err(RejectReason::Conflict)
                && matches!(item.body, Some(SyncItemBody::Activity(_)));
            if let Some(id) = item.body.as_ref().and_then(session_of)
                && !sessions.contains(&id)
            {
                sessions.push(id);
            }
            results.push(ItemResult {
                seq: item.seq,
                outcome: verdict.unwrap_or(Outcome::Rejected),
                reason: verdict.err().or(left_out),
            });
        }
        if self.changes != changes_before {
            remember(&mut self.updated, batch);
        }
        if batch.source == Source::Agent && !stream.online {
            stream.online = true;
            remember(&mut self.online, batch);
        }

        let answer = SyncResponse {
            epoch: batch.epoch,
            results,
            watermark: stream.handled.watermark(),
            server_time: self.now,
            policy_version: rules.policy_version,
            sessions: sessions
                .into_iter()
                .filter_map(|id| {
                    self.own_session(batch, id)
                        .map(super::super::domain::session::Session::totals)
                })
                .collect(),
            resend_from: stream
                .handled
                .has_gap()
                .then(|| stream.handled.watermark() + 1),
            new_epoch,
        };
        change.handled = stream.handled.clone();
        self.record_stream(change);
        self.loaded.streams.insert(key, stream);
        Ok(answer)
    }

    /// A number that has not been handled before.
    fn first(
        &mut self,
        batch: &'b Batch,
        rules: &Rules,
        window: &Window,
        change: &mut StreamChange<'b>,
        item: &'b Item,
        left_out: &mut Option<RejectReason>,
    ) -> Result<Outcome, RejectReason> {
        match item.body.as_ref().ok_or(RejectReason::Malformed)? {
            SyncItemBody::SessionStarted(started) => {
                window.check(started.started_at)?;
                let key = (batch.organization_id, started.session_id);
                if let Some(session) = self.loaded.sessions.get(&key) {
                    // The same start under another number: an outbox that was salvaged.
                    return if session.user_id != batch.user_id {
                        Err(RejectReason::UnknownSession)
                    } else if session.started_at == started.started_at {
                        Ok(Outcome::Duplicate)
                    } else {
                        Err(RejectReason::Conflict)
                    };
                }
                let mut session = Session::begin(
                    batch.organization_id,
                    batch.user_id,
                    batch.device_id,
                    started,
                );
                if let Some(project) = started.project_id
                    && !self.loaded.projects.contains(&(
                        batch.organization_id,
                        project,
                        batch.user_id,
                    ))
                {
                    if batch.source == Source::Keyboard {
                        return Err(RejectReason::UnknownProject);
                    }
                    // Without its start, every minute behind it would be refused: an agent
                    // offline does not know that the project was archived meanwhile.
                    session.project_id = None;
                    *left_out = Some(RejectReason::UnknownProject);
                }
                self.versions.insert(key, None);
                self.touched.push(key);
                self.changes += 1;
                self.loaded.sessions.insert(key, session);
                self.started.entry(key.0).or_default().push(key.1);
                Ok(Outcome::Stored)
            }
            SyncItemBody::Activity(activity) => {
                self.activity(batch, rules, window, change, item.seq, activity)
            }
            SyncItemBody::SessionStopped(stopped) => {
                window.check(stopped.stopped_at)?;
                let at = stopped.stopped_at;
                let changed =
                    self.change_session(batch, stopped.session_id, |session| session.stop(at))?;
                Ok(if changed {
                    let ended = self.stopped.entry(batch.organization_id).or_default();
                    ended.push(stopped.session_id);
                    Outcome::Stored
                } else {
                    Outcome::Duplicate
                })
            }
            SyncItemBody::Counters(counters) => {
                change.counters = Some(counters);
                Ok(Outcome::Stored)
            }
        }
    }

    fn activity(
        &mut self,
        batch: &Batch,
        rules: &Rules,
        window: &Window,
        change: &mut StreamChange<'b>,
        seq: i64,
        activity: &'b Activity,
    ) -> Result<Outcome, RejectReason> {
        span::check(activity, window)?;
        if self.own_session(batch, activity.session_id).is_none() {
            return Err(RejectReason::UnknownSession);
        }
        if let Some(taken) = self.overlapping((batch.organization_id, batch.device_id), activity) {
            let same = taken
                == (
                    activity.started_at,
                    Occupied {
                        end: activity.ended_at(),
                        session_id: activity.session_id,
                        activity_type: activity.activity_type,
                    },
                );
            // The same span under another number: an outbox that was salvaged.
            return if same {
                Ok(Outcome::Duplicate)
            } else {
                Err(RejectReason::Overlap)
            };
        }
        self.change_session(batch, activity.session_id, |session| session.add(activity))?;

        self.occupy((batch.organization_id, batch.device_id), activity);
        change.last_span_end = change.last_span_end.max(Some(activity.ended_at()));
        self.add_to_day(batch, rules, activity);
        self.plan.spans.push(NewSpan {
            stream_id: change.id,
            seq,
            organization_id: batch.organization_id,
            user_id: batch.user_id,
            activity,
        });
        Ok(Outcome::Stored)
    }

    /// A number that has been handled: the answer of the first time, or a conflict.
    fn again(&self, batch: &Batch, stream: &Stream, item: &Item) -> Result<Outcome, RejectReason> {
        let key = (stream.id, item.seq);
        let in_this_group = self
            .plan
            .refusals
            .iter()
            .find(|refusal| (refusal.0, refusal.1) == key)
            .map(|refusal| refusal.2);
        if let Some(reason) = in_this_group.or_else(|| self.loaded.refused.get(&key).copied()) {
            return Err(reason);
        }
        let same = match &item.body {
            None => false,
            Some(SyncItemBody::Counters(_)) => true,
            Some(SyncItemBody::Activity(activity)) => {
                let stored = self.loaded.resent.get(&key).or_else(|| {
                    let mut spans = self.plan.spans.iter().rev();
                    spans
                        .find(|span| (span.stream_id, span.seq) == key)
                        .map(|span| span.activity)
                });
                // Absent: retention has removed it, or the same span has another number.
                stored.is_none_or(|stored| stored == activity)
            }
            Some(SyncItemBody::SessionStarted(started)) => self
                .own_session(batch, started.session_id)
                .is_none_or(|session| session.started_at == started.started_at),
            Some(SyncItemBody::SessionStopped(stopped)) => self
                .own_session(batch, stopped.session_id)
                .is_none_or(|session| session.ended_at == Some(stopped.stopped_at)),
        };
        if same {
            Ok(Outcome::Duplicate)
        } else {
            Err(RejectReason::Conflict)
        }
    }

    fn own_session(&self, batch: &Batch, id: SessionId) -> Option<&Session> {
        self.loaded
            .sessions
            .get(&(batch.organization_id, id))
            .filter(|session| session.user_id == batch.user_id)
    }

    fn change_session<T>(
        &mut self,
        batch: &Batch,
        id: SessionId,
        change: impl FnOnce(&mut Session) -> Result<T, RejectReason>,
    ) -> Result<T, RejectReason> {
        let key = (batch.organization_id, id);
        let session = self
            .loaded
            .sessions
            .get_mut(&key)
            .filter(|session| session.user_id == batch.user_id)
            .ok_or(RejectReason::UnknownSession)?;
        let before = session.version;
        let outcome = change(session)?;
        if session.version != before {
            self.changes += 1;
            if let Entry::Vacant(unchanged) = self.versions.entry(key) {
                unchanged.insert(Some(before));
                self.touched.push(key);
            }
        }
        Ok(outcome)
    }

    /// The first stretch of the device's time that the span would overlap.
    fn overlapping(
        &self,
        device: (OrganizationId, DeviceId),
        span: &Activity,
    ) -> Option<(Timestamp, Occupied)> {
        if self
            .loaded
            .device_ends
            .get(&device)
            .is_none_or(|end| *end <= span.started_at)
        {
            return None;
        }
        // Stretches are disjoint, so the last one that begins before the span's end is the
        // only one that can reach into it.
        self.loaded
            .neighbours
            .get(&device)?
            .range(..span.ended_at())
            .next_back()
            .filter(|(_, taken)| taken.end > span.started_at)
            .map(|(start, taken)| (*start, *taken))
    }

    fn occupy(&mut self, device: (OrganizationId, DeviceId), span: &Activity) {
        let end = self
            .loaded
            .device_ends
            .entry(device)
            .or_insert(span.ended_at());
        *end = (*end).max(span.ended_at());
        self.loaded.neighbours.entry(device).or_default().insert(
            span.started_at,
            Occupied {
                end: span.ended_at(),
                session_id: span.session_id,
                activity_type: span.activity_type,
            },
        );
    }

    fn add_to_day(&mut self, batch: &Batch, rules: &Rules, span: &Activity) {
        let day = match self.last_day {
            Some((organization, day))
                if organization == batch.organization_id && day.contains(span.started_at) =>
            {
                day
            }
            _ => DayBounds::of(span.started_at, &rules.zone),
        };
        self.last_day = Some((batch.organization_id, day));
        let change = self
            .days
            .entry((batch.organization_id, batch.user_id, day.start))
            .or_insert_with(|| DayChange {
                organization_id: batch.organization_id,
                user_id: batch.user_id,
                day,
                zone_name: rules.zone_name.clone(),
                zone: rules.zone.clone(),
                categories: Arc::clone(&rules.categories),
                device_id: Some(batch.device_id),
                totals: DayTotals::default(),
                rollup: Rollup::default(),
            });
        if change.device_id != Some(batch.device_id) {
            change.device_id = None;
        }
        change.rollup.add(span, &change.zone, &rules.categories);
        let seconds = i64::from(span.duration_seconds);
        match span.activity_type {
            ActivityType::Active => change.totals.active_seconds += seconds,
            ActivityType::Idle => change.totals.idle_seconds += seconds,
            ActivityType::Unobserved => change.totals.unobserved_seconds += seconds,
        }
    }

    /// One change for each stream, also when several of its batches are in the group.
    fn record_stream(&mut self, change: StreamChange<'b>) {
        if let Some(&at) = self.streams.get(&change.id) {
            let known = &mut self.plan.streams[at];
            known.handled = change.handled;
            known.last_span_end = known.last_span_end.max(change.last_span_end);
            known.counters = change.counters.or(known.counters);
            known.is_contact |= change.is_contact;
        } else {
            self.streams.insert(change.id, self.plan.streams.len());
            self.plan.streams.push(change);
        }
    }

    fn finish(mut self) -> Plan<'b> {
        for key in self.touched {
            let (Some(session), Some(before)) =
                (self.loaded.sessions.remove(&key), self.versions.get(&key))
            else {
                continue;
            };
            match before {
                None => self.plan.new_sessions.push(session),
                Some(version) => self.plan.changed_sessions.push((session, *version)),
            }
        }
        self.plan.days.extend(self.days.into_values());
        let events = [
            ("USER_ONLINE", self.online),
            ("SESSION_UPDATE", self.updated),
        ];
        for (kind, people) in events {
            for (organization_id, users) in people {
                let mut told = NewEvent {
                    organization_id,
                    kind,
                    users: users.into_iter().collect(),
                    started: Vec::new(),
                    stopped: Vec::new(),
                };
                if kind == "SESSION_UPDATE" {
                    told.started = self.started.remove(&organization_id).unwrap_or_default();
                    told.stopped = self.stopped.remove(&organization_id).unwrap_or_default();
                }
                self.plan.events.push(told);
            }
        }
        self.plan
    }
}

fn remember(people: &mut People, batch: &Batch) {
    people
        .entry(batch.organization_id)
        .or_default()
        .insert(batch.user_id);
}

/// The answer to a batch whose device and epoch are somebody else's stream: a copied profile,
/// enrolled elsewhere. Nothing is applied and nothing refused; under another epoch the same
/// items are welcome. That somebody's stream is not touched.
fn taken(batch: &Batch, rules: &Rules, now: Timestamp) -> SyncResponse {
    SyncResponse {
        epoch: batch.epoch,
        results: Vec::new(),
        watermark: 0,
        server_time: now,
        policy_version: rules.policy_version,
        sessions: Vec::new(),
        resend_from: None,
        new_epoch: true,
    }
}
