//! The project of a session, and what a project adds up to.

use std::time::Duration;

use jiff::{civil::Date, tz::TimeZone};
use serde_json::json;
use shared_types::{
    OrganizationId, ProjectId, SessionId, UserId,
    audit::LookAt,
    project::{BookedTime, PersonBooked, ProjectTotals},
};

use super::{GroupError, projects};
use crate::{
    clock::Clock,
    domain::{
        day::DayBounds,
        session::Session,
        visibility::{Actor, Viewer, may_sum},
    },
    store::{
        Store, StoreError, TenantDb,
        audit::{self, Entry, Looked},
        bookings, events, presence, sessions, visibility,
    },
};

/// How often a change of a session that keeps changing is tried.
const ATTEMPTS: u64 = 4;
/// Days of the longest range of totals.
pub const LONGEST_RANGE: i64 = 3_660;

/// Books a session on another project, or on none: one's own, or that of a person whom one
/// sees, while it runs or after. All of the session moves. The same again changes nothing.
///
/// What comes back is the session as it is: for somebody else's, that is a look at it, and is
/// written down as one whether it was changed or not.
///
/// # Errors
/// [`GroupError::Missing`] when the viewer does not see the session; [`GroupError::Archived`]
/// and [`GroupError::NotBookable`] when the project does not take it. When the session keeps
/// changing under this: [`StoreError::Contended`], and the same request may be sent again.
pub async fn book(
    store: &Store,
    clock: &dyn Clock,
    organization: OrganizationId,
    viewer: Viewer,
    session: SessionId,
    project: Option<ProjectId>,
) -> Result<Session, GroupError> {
    for attempt in 1..=ATTEMPTS {
        if let Some(session) =
            try_book(store, clock, organization, viewer, session, project).await?
        {
            return Ok(session);
        }
        // Full jitter, so that two who write the same session do not meet again.
        let noise = clock.new_uuid().as_u128() % u128::from(attempt * 40);
        tokio::time::sleep(Duration::from_millis(u64::try_from(noise).unwrap_or(0))).await;
    }
    Err(StoreError::Contended.into())
}

/// `None` when the session moved on between reading and writing.
async fn try_book(
    store: &Store,
    clock: &dyn Clock,
    organization: OrganizationId,
    viewer: Viewer,
    id: SessionId,
    project: Option<ProjectId>,
) -> Result<Option<Session>, GroupError> {
    let now = clock.now();
    let mut tx = store.tenant(organization).begin().await?;
    let mut session = sessions::find(tx.db(), id)
        .await?
        .ok_or(GroupError::Missing)?;
    let whose = session.user_id;
    if whose != viewer.user_id && !visibility::can_see(tx.db(), viewer, whose).await? {
        return Err(GroupError::Missing);
    }
    let (before, expected) = (session.project_id, session.version);
    let look = Looked {
        viewer: Some((viewer.user_id, viewer.role)),
        at: LookAt::Session,
        people: &[whose],
        detail: json!({ "session_id": id }),
    };
    if !session.book(project) {
        audit::looked(&mut tx, &look, now, clock.new_uuid()).await?;
        tx.commit().await?;
        return Ok(Some(session));
    }
    if let Some(project) = project {
        check(tx.db(), project, whose).await?;
    }
    if !bookings::book(&mut tx, &session, expected).await? {
        return Ok(None);
    }
    audit::looked(&mut tx, &look, now, clock.new_uuid()).await?;
    if whose != viewer.user_id {
        let entry = Entry {
            actor: Some(viewer.user_id),
            action: "session.project_changed",
            subject: Some(whose),
            detail: json!({ "session_id": id, "before": before, "project_id": project }),
        };
        audit::append(&mut tx, &entry, now).await?;
    }
    let subject = events::Subject {
        users: vec![whose],
        ..events::Subject::default()
    };
    events::append(&mut tx, "SESSION_UPDATE", &subject, now).await?;
    tx.commit().await?;
    Ok(Some(session))
}

/// Whether a person may book time on a project from now on.
///
/// # Errors
/// [`GroupError::NotBookable`] when it is unknown or not open to them, [`GroupError::Archived`].
pub async fn check(
    mut db: TenantDb<'_>,
    project: ProjectId,
    person: UserId,
) -> Result<(), GroupError> {
    let found = bookings::bookable(db.again(), project, person)
        .await?
        .filter(|found| found.open)
        .ok_or(GroupError::NotBookable)?;
    if !found.archived {
        return Ok(());
    }
    let named = crate::store::projects::find(db, person, project).await?;
    Err(GroupError::Archived {
        name: named.map(|found| found.project.name).unwrap_or_default(),
    })
}

/// Which days, and which page of people.
#[derive(Debug, Clone, Copy)]
pub struct Range {
    /// First day, in the organization's zone.
    pub from: Date,
    /// Last day.
    pub to: Date,
    /// Behind this person.
    pub after: Option<UserId>,
    /// At most so many people.
    pub limit: usize,
}

/// What was booked on a project: by person, of those whom the actor sees, and together. True
/// beside it when there are more people behind this page.
///
/// # Errors
/// [`GroupError::Missing`] when the actor may not know of the project, [`GroupError::Range`].
pub async fn totals(
    store: &Store,
    organization: OrganizationId,
    actor: Actor,
    project: ProjectId,
    range: Range,
) -> Result<(ProjectTotals, bool), GroupError> {
    let days = range
        .to
        .since((jiff::Unit::Day, range.from))
        .map_or(-1, |span| i64::from(span.get_days()));
    if !(0..LONGEST_RANGE).contains(&days) {
        return Err(GroupError::Range(LONGEST_RANGE));
    }
    let mut view = store.tenant(organization).snapshot().await?;
    projects::find(view.db(), actor, project).await?;
    let zone_name = presence::zone_name(view.db())
        .await?
        .ok_or(GroupError::Missing)?;
    let zone = TimeZone::get(&zone_name)
        .map_err(|_| StoreError::Corrupt(format!("time zone {zone_name:?}")))?;
    let sight = visibility::visible_people(view.db(), actor.viewer()).await?;
    let (start, end) = (
        DayBounds::on(range.from, &zone).start,
        DayBounds::on(range.to, &zone).end,
    );
    let everybody = bookings::totals(view.db(), project, start, end).await?;
    drop(view);

    let mut total = BookedTime::default();
    let mut unseen = 0;
    let mut people = Vec::new();
    let mut more = false;
    for booked in everybody {
        let time = booked.time();
        total.sessions += time.sessions;
        total.active_seconds += time.active_seconds;
        total.idle_seconds += time.idle_seconds;
        total.unobserved_seconds += time.unobserved_seconds;
        if !sight.sees(booked.user_id) {
            unseen += 1;
        } else if range.after.is_some_and(|after| booked.user_id <= after) {
            // On a page before this one.
        } else if people.len() == range.limit {
            more = true;
        } else {
            people.push(PersonBooked {
                user_id: booked.user_id,
                name: booked.name,
                time,
            });
        }
    }
    let totals = ProjectTotals {
        project_id: project,
        from: range.from.to_string(),
        to: range.to.to_string(),
        people,
        total: may_sum(unseen).then_some(total),
        next_cursor: None,
    };
    Ok((totals, more))
}
