//! What a group asks of the database: collected once, pure, for both engines.

use std::collections::BTreeSet;

use shared_types::{
    DeviceId, EpochId, OrganizationId, ProjectId, SessionId, Timestamp, UserId, sync::SyncItemBody,
};

use crate::ingest::{
    Batch, Source,
    plan::{Loaded, session_of},
};

/// What can be asked before the streams are known.
#[derive(Debug, Default)]
pub(super) struct Keys {
    pub(super) organizations: BTreeSet<OrganizationId>,
    pub(super) streams: BTreeSet<StreamKey>,
    pub(super) sessions: BTreeSet<(OrganizationId, SessionId)>,
    pub(super) projects: BTreeSet<(OrganizationId, ProjectId, UserId)>,
}

/// A stream, by what a batch says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct StreamKey {
    pub(super) device_id: DeviceId,
    pub(super) epoch: EpochId,
    pub(super) organization_id: OrganizationId,
    pub(super) user_id: UserId,
    pub(super) is_contact: bool,
}

impl StreamKey {
    /// When a new stream was last in contact; a keyboard's never is.
    pub(super) fn first_contact(&self, now: Timestamp) -> Timestamp {
        if self.is_contact {
            now
        } else {
            Timestamp::UNIX_EPOCH
        }
    }
}

impl Keys {
    pub(super) fn of(batches: &[Batch]) -> Self {
        let mut keys = Self::default();
        for batch in batches {
            let organization = batch.organization_id;
            keys.organizations.insert(organization);
            keys.streams.insert(StreamKey {
                device_id: batch.device_id,
                epoch: batch.epoch,
                organization_id: organization,
                user_id: batch.user_id,
                is_contact: batch.source == Source::Agent,
            });
            // Neighbours nearly always speak of the same session.
            let mut last = None;
            for body in batch.items.iter().filter_map(|item| item.body.as_ref()) {
                if let SyncItemBody::SessionStarted(started) = body
                    && let Some(project) = started.project_id
                {
                    keys.projects.insert((organization, project, batch.user_id));
                }
                let session = session_of(body);
                if session != last
                    && let Some(session) = session
                {
                    keys.sessions.insert((organization, session));
                }
                last = session;
            }
        }
        keys
    }
}

/// What can be asked once the streams are known; empty in the ordinary case.
#[derive(Debug, Default)]
pub(super) struct Lookups {
    /// Numbers that are sent again: stream, number.
    pub(super) resent: Vec<(i64, i64)>,
    /// Time around spans that do not simply follow: device, person, from, to.
    pub(super) around: Vec<((OrganizationId, DeviceId), UserId, Timestamp, Timestamp)>,
}

impl Lookups {
    pub(super) fn of(batches: &[Batch], loaded: &Loaded) -> Self {
        let mut lookups = Self::default();
        for batch in batches {
            let Some(stream) =
                loaded
                    .streams
                    .get(&(batch.organization_id, batch.device_id, batch.epoch))
            else {
                continue;
            };
            let device_end = loaded
                .device_ends
                .get(&(batch.organization_id, batch.device_id))
                .copied();
            let mut around: Option<(Timestamp, Timestamp)> = None;
            for item in &batch.items {
                if stream.handled.contains(item.seq) {
                    lookups.resent.push((stream.id, item.seq));
                } else if let Some(SyncItemBody::Activity(span)) = &item.body
                    && device_end.is_some_and(|end| span.started_at < end)
                {
                    // A minute back, because a span is at most that long.
                    let from = span.started_at.plus_seconds(-60);
                    let to = span.ended_at();
                    around = Some(around.map_or((from, to), |(a, b)| (a.min(from), b.max(to))));
                }
            }
            if let Some((from, to)) = around {
                lookups.around.push((
                    (batch.organization_id, batch.device_id),
                    batch.user_id,
                    from,
                    to,
                ));
            }
        }
        lookups
    }
}
