//! A work session's arithmetic: what a span, a stop or another project changes.
//!
//! Invariant A1: the totals equal the sums of the stored spans, and the version is one
//! more than the number of changes applied. Each stored span is one change, a stop is one,
//! another project is one: so the version does not depend on how items were grouped into batches or commits.

use shared_types::{
    DeviceId, OrganizationId, ProjectId, SessionId, Timestamp, UserId,
    activity::{Activity, ActivityType, UnobservedReason},
    session::{SessionStatus, SessionTotals, WorkSession},
    sync::{RejectReason, SessionStarted},
};

/// A work session as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// The tenant.
    pub organization_id: OrganizationId,
    /// The session.
    pub id: SessionId,
    /// Whose it is.
    pub user_id: UserId,
    /// The device that its spans come from.
    pub device_id: DeviceId,
    /// What is worked on.
    pub project_id: Option<ProjectId>,
    /// When it began.
    pub started_at: Timestamp,
    /// When it ended; running while absent.
    pub ended_at: Option<Timestamp>,
    /// Sum of active spans, seconds.
    pub active_seconds: i64,
    /// Sum of idle spans, seconds.
    pub idle_seconds: i64,
    /// Sum of unobserved spans, seconds.
    pub unobserved_seconds: i64,
    /// End of the latest active span.
    pub last_activity_at: Option<Timestamp>,
    /// The latest span.
    pub latest: Option<Latest>,
    /// One more than the changes applied.
    pub version: i64,
}

/// The latest span of a session, as far as the live page needs it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Latest {
    /// Its end.
    pub ended_at: Timestamp,
    /// Its kind.
    pub activity_type: ActivityType,
    /// Why it was not observed.
    pub reason: Option<UnobservedReason>,
    /// Its application.
    pub application: Option<String>,
    /// Start of the unbroken run of spans with the same kind, reason and application.
    pub since: Timestamp,
}

impl Session {
    /// A session that has just begun: version 1, nothing in it.
    #[must_use]
    pub fn begin(
        organization_id: OrganizationId,
        user_id: UserId,
        device_id: DeviceId,
        item: &SessionStarted,
    ) -> Self {
        Self {
            organization_id,
            id: item.session_id,
            user_id,
            device_id,
            project_id: item.project_id,
            started_at: item.started_at,
            ended_at: None,
            active_seconds: 0,
            idle_seconds: 0,
            unobserved_seconds: 0,
            last_activity_at: None,
            latest: None,
            version: 1,
        }
    }

    /// Adds a span that has passed `span::check` and overlaps no other.
    pub fn add(&mut self, span: &Activity) -> Result<(), RejectReason> {
        let outside = span.started_at < self.started_at
            || self.ended_at.is_some_and(|end| span.ended_at() > end);
        if outside {
            return Err(RejectReason::OutsideSession);
        }
        let seconds = i64::from(span.duration_seconds);
        match span.activity_type {
            ActivityType::Active => self.active_seconds += seconds,
            ActivityType::Idle => self.idle_seconds += seconds,
            ActivityType::Unobserved => self.unobserved_seconds += seconds,
        }
        if span.activity_type == ActivityType::Active {
            self.last_activity_at = self.last_activity_at.max(Some(span.ended_at()));
        }
        self.follow(span);
        self.version += 1;
        Ok(())
    }

    /// Takes over the latest span; late ones change totals but not what is current.
    fn follow(&mut self, span: &Activity) {
        let since = match &self.latest {
            Some(latest) if latest.ended_at > span.started_at => return,
            Some(latest)
                if latest.ended_at == span.started_at
                    && latest.activity_type == span.activity_type
                    && latest.reason == span.reason
                    && latest.application == span.application =>
            {
                latest.since
            }
            _ => span.started_at,
        };
        self.latest = Some(Latest {
            ended_at: span.ended_at(),
            activity_type: span.activity_type,
            reason: span.reason,
            application: span.application.clone(),
            since,
        });
    }

    /// Ends the session.
    ///
    /// # Errors
    /// `Conflict` when it has ended at another time, `OutOfRange` when it would end before
    /// it began or before its last span. Ending it again at the same time is `Ok(false)`.
    pub fn stop(&mut self, at: Timestamp) -> Result<bool, RejectReason> {
        if let Some(ended_at) = self.ended_at {
            return if ended_at == at {
                Ok(false)
            } else {
                Err(RejectReason::Conflict)
            };
        }
        let earliest = self
            .latest
            .as_ref()
            .map_or(self.started_at, |latest| latest.ended_at);
        if at < earliest {
            return Err(RejectReason::OutOfRange);
        }
        self.ended_at = Some(at);
        self.version += 1;
        Ok(true)
    }

    /// Books the session, all of it, on another project or on none; false when it is so
    /// already.
    pub fn book(&mut self, project: Option<ProjectId>) -> bool {
        if self.project_id == project {
            return false;
        }
        self.project_id = project;
        self.version += 1;
        true
    }

    /// Running or ended.
    #[must_use]
    pub fn status(&self) -> SessionStatus {
        if self.ended_at.is_some() {
            SessionStatus::Stopped
        } else {
            SessionStatus::Active
        }
    }

    /// What an answer to a batch says of it.
    #[must_use]
    pub fn totals(&self) -> SessionTotals {
        SessionTotals {
            session_id: self.id,
            status: self.status(),
            version: self.version,
            project_id: self.project_id,
            total_active_seconds: self.active_seconds,
            total_idle_seconds: self.idle_seconds,
            total_unobserved_seconds: self.unobserved_seconds,
        }
    }

    /// What the session routes answer.
    #[must_use]
    pub fn to_wire(&self) -> WorkSession {
        WorkSession {
            id: self.id,
            user_id: self.user_id,
            device_id: Some(self.device_id),
            project_id: self.project_id,
            status: self.status(),
            started_at: self.started_at,
            ended_at: self.ended_at,
            total_active_seconds: self.active_seconds,
            total_idle_seconds: self.idle_seconds,
            total_unobserved_seconds: self.unobserved_seconds,
            last_activity_at: self.last_activity_at,
            version: self.version,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;

    const START: Timestamp = Timestamp::from_millis(1_790_000_040_000);

    fn session() -> Session {
        Session::begin(
            OrganizationId(Uuid::nil()),
            UserId(Uuid::nil()),
            DeviceId(Uuid::nil()),
            &SessionStarted {
                session_id: SessionId(Uuid::nil()),
                project_id: None,
                started_at: START,
            },
        )
    }

    fn span(from: i64, seconds: u32, activity_type: ActivityType, application: &str) -> Activity {
        Activity {
            session_id: SessionId(Uuid::nil()),
            activity_type,
            reason: (activity_type == ActivityType::Unobserved).then_some(UnobservedReason::Locked),
            started_at: START.plus_seconds(from),
            duration_seconds: seconds,
            application: Some(application.into()),
            title: None,
            url: None,
            category_id: None,
        }
    }

    proptest! {
        #[test]
        fn totals_and_version_do_not_depend_on_the_order_of_arrival(
            kinds in prop::collection::vec(0_usize..3, 1..40),
            order in any::<u64>(),
        ) {
            let spans: Vec<_> = (0_i64..)
                .zip(&kinds)
                .map(|(minute, kind)| span(minute * 60, 60, ActivityType::ALL[*kind], "Editor"))
                .collect();
            let mut shuffled = spans.clone();
            let length = shuffled.len();
            for i in 0..length {
                let j = usize::try_from((order >> (i % 48)) % 64).expect("small") % length;
                shuffled.swap(i, j);
            }
            let (mut straight, mut mixed) = (session(), session());
            for span in &spans { straight.add(span).expect("inside"); }
            for span in &shuffled { mixed.add(span).expect("inside"); }
            prop_assert_eq!(straight.totals(), mixed.totals());
            prop_assert_eq!(straight.last_activity_at, mixed.last_activity_at);
            prop_assert_eq!(straight.version, 1 + i64::try_from(length).expect("small"));
            let sum = straight.active_seconds + straight.idle_seconds + straight.unobserved_seconds;
            prop_assert_eq!(sum, 60 * i64::try_from(length).expect("small"));
        }
    }

    #[test]
    fn since_holds_through_an_unbroken_run_and_moves_with_a_change() {
        let mut session = session();
        session
            .add(&span(0, 60, ActivityType::Active, "Editor"))
            .expect("inside");
        session
            .add(&span(60, 30, ActivityType::Active, "Editor"))
            .expect("inside");
        assert_eq!(session.latest.as_ref().map(|l| l.since), Some(START));
        session
            .add(&span(90, 30, ActivityType::Active, "Mail"))
            .expect("inside");
        assert_eq!(
            session.latest.as_ref().map(|l| l.since),
            Some(START.plus_seconds(90))
        );
        session
            .add(&span(180, 60, ActivityType::Active, "Mail"))
            .expect("inside");
        assert_eq!(
            session.latest.as_ref().map(|l| l.since),
            Some(START.plus_seconds(180)),
            "a gap breaks the run"
        );
    }

    #[test]
    fn stopping_twice_changes_nothing_and_at_another_time_is_a_conflict() {
        let mut session = session();
        session
            .add(&span(0, 60, ActivityType::Active, "Editor"))
            .expect("inside");
        assert_eq!(
            session.stop(START.plus_seconds(30)),
            Err(RejectReason::OutOfRange)
        );
        assert_eq!(session.stop(START.plus_seconds(60)), Ok(true));
        assert_eq!(session.version, 3);
        assert_eq!(session.stop(START.plus_seconds(60)), Ok(false));
        assert_eq!(
            session.stop(START.plus_seconds(90)),
            Err(RejectReason::Conflict)
        );
        assert_eq!(session.version, 3);
        assert_eq!(
            session.add(&span(60, 1, ActivityType::Active, "Editor")),
            Err(RejectReason::OutsideSession)
        );
    }

    #[test]
    fn another_project_is_one_change_and_the_same_again_is_none() {
        let mut session = session();
        let project = Some(ProjectId(Uuid::from_u128(1)));
        assert!(session.book(project));
        assert!(!session.book(project));
        assert_eq!((session.project_id, session.version), (project, 2));
        assert!(session.book(None));
        assert_eq!((session.project_id, session.version), (None, 3));
    }
}
