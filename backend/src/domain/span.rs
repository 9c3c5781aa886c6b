//! Whether a span may be stored: the contract's A3 and limits, item by item.

use shared_types::{
    Timestamp,
    activity::{
        APPLICATION_MAX_CHARS, Activity, ActivityType, TITLE_MAX_CHARS, URL_MAX_CHARS,
        is_clean_text,
    },
    sync::RejectReason,
};

/// How far a device's clock may run ahead of the server's.
pub const FUTURE_TOLERANCE_SECONDS: i64 = 120;

/// The instants between which an item may lie.
#[derive(Debug, Clone, Copy)]
pub struct Window {
    /// Nothing older is kept (the organization's retention).
    pub oldest: Timestamp,
    /// The server's clock plus [`FUTURE_TOLERANCE_SECONDS`].
    pub newest: Timestamp,
}

impl Window {
    /// The window of an organization that keeps activity for `retention_days`.
    #[must_use]
    pub fn at(now: Timestamp, retention_days: i64) -> Self {
        Self {
            oldest: now.plus_seconds(-retention_days.saturating_mul(86_400)),
            newest: now.plus_seconds(FUTURE_TOLERANCE_SECONDS),
        }
    }

    /// An instant must be of whole seconds and inside the window.
    pub fn check(&self, instant: Timestamp) -> Result<(), RejectReason> {
        if instant.as_millis().rem_euclid(1_000) != 0 {
            return Err(RejectReason::OutOfRange);
        }
        if instant < self.oldest {
            return Err(RejectReason::TooOld);
        }
        if instant > self.newest {
            return Err(RejectReason::Future);
        }
        Ok(())
    }
}

/// Checks what can be said of a span without knowing its session.
pub fn check(span: &Activity, window: &Window) -> Result<(), RejectReason> {
    if !(1..=60).contains(&span.duration_seconds) {
        return Err(RejectReason::OutOfRange);
    }
    if (span.activity_type == ActivityType::Unobserved) != span.reason.is_some() {
        return Err(RejectReason::OutOfRange);
    }
    // A category stands alone: it is there because nothing else may be.
    let told = [&span.application, &span.title, &span.url];
    if span.category_id.is_some()
        && (span.activity_type == ActivityType::Unobserved || told.iter().any(|it| it.is_some()))
    {
        return Err(RejectReason::OutOfRange);
    }
    window.check(span.started_at)?;
    if span.ended_at() > window.newest {
        return Err(RejectReason::Future);
    }
    if span.started_at.minute() != span.ended_at().plus_millis(-1).minute() {
        return Err(RejectReason::CrossesMinute);
    }
    let texts = [
        (&span.application, APPLICATION_MAX_CHARS),
        (&span.title, TITLE_MAX_CHARS),
        (&span.url, URL_MAX_CHARS),
    ];
    if texts
        .iter()
        .any(|(text, max)| text.as_ref().is_some_and(|text| !is_clean_text(text, *max)))
    {
        return Err(RejectReason::BadText);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use shared_types::{SessionId, activity::UnobservedReason};
    use uuid::Uuid;

    use super::*;

    const NOW: Timestamp = Timestamp::from_millis(1_790_000_040_000);

    fn span() -> Activity {
        Activity {
            session_id: SessionId(Uuid::nil()),
            activity_type: ActivityType::Active,
            reason: None,
            started_at: NOW.plus_seconds(-60),
            duration_seconds: 60,
            application: Some("Editor".into()),
            title: None,
            url: None,
            category_id: None,
        }
    }

    fn refused(change: impl FnOnce(&mut Activity)) -> Option<RejectReason> {
        let mut span = span();
        change(&mut span);
        check(&span, &Window::at(NOW, 30)).err()
    }

    #[test]
    fn a_whole_minute_is_accepted() {
        assert_eq!(NOW.as_millis() % 60_000, 0, "the example begins a minute");
        assert_eq!(refused(|_| ()), None);
    }

    #[test]
    fn each_broken_rule_has_its_reason() {
        use RejectReason as R;
        let cases: [(&str, Option<R>, Option<R>); 11] = [
            (
                "no length",
                refused(|s| s.duration_seconds = 0),
                Some(R::OutOfRange),
            ),
            (
                "too long",
                refused(|s| s.duration_seconds = 61),
                Some(R::OutOfRange),
            ),
            (
                "over the minute",
                refused(|s| s.started_at = s.started_at.plus_seconds(1)),
                Some(R::CrossesMinute),
            ),
            (
                "part of a second",
                refused(|s| s.started_at = s.started_at.plus_millis(1)),
                Some(R::OutOfRange),
            ),
            (
                "three minutes ahead",
                refused(|s| s.started_at = NOW.plus_seconds(180)),
                Some(R::Future),
            ),
            (
                "ends ahead",
                refused(|s| {
                    s.started_at = NOW.plus_seconds(120);
                    s.duration_seconds = 1;
                }),
                Some(R::Future),
            ),
            (
                "older than is kept",
                refused(|s| s.started_at = NOW.plus_seconds(-31 * 86_400)),
                Some(R::TooOld),
            ),
            (
                "unobserved for no reason",
                refused(|s| s.activity_type = ActivityType::Unobserved),
                Some(R::OutOfRange),
            ),
            (
                "active for a reason",
                refused(|s| s.reason = Some(UnobservedReason::Locked)),
                Some(R::OutOfRange),
            ),
            (
                "long application",
                refused(|s| s.application = Some("x".repeat(257))),
                Some(R::BadText),
            ),
            (
                "control character",
                refused(|s| s.title = Some("a\nb".into())),
                Some(R::BadText),
            ),
        ];
        for (name, found, expected) in cases {
            assert_eq!(found, expected, "{name}");
        }
    }

    #[test]
    fn a_category_stands_alone() {
        let category = |s: &mut Activity| s.category_id = Some(Uuid::from_u128(1).into());
        assert_eq!(
            refused(|s| {
                category(s);
                s.application = None;
            }),
            None
        );
        let beside: [fn(&mut Activity); 4] = [
            |_| (),
            |s| (s.application, s.title) = (None, Some("Salary".into())),
            |s| (s.application, s.url) = (None, Some("https://bank.example/".into())),
            |s| {
                s.application = None;
                s.activity_type = ActivityType::Unobserved;
                s.reason = Some(UnobservedReason::Locked);
            },
        ];
        for change in beside {
            let found = refused(|s| {
                category(s);
                change(s);
            });
            assert_eq!(found, Some(RejectReason::OutOfRange));
        }
    }

    #[test]
    fn limits_count_characters_and_not_bytes() {
        assert_eq!(refused(|s| s.title = Some("😀".repeat(1_024))), None);
    }
}
