//! What is worth a notification: a pure function of two looks at the agent.
//!
//! Few and quiet: the person is told what they would otherwise learn too late, once each, and
//! never what an icon says well enough. Nothing in a text comes from a window's title.

use jiff::{Timestamp, tz::TimeZone};

use crate::{
    facts::{Doing, Facts, Work},
    words::moment,
};

/// A notification.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct News {
    /// One line.
    pub title: String,
    /// What it means, and what to do.
    pub text: String,
}

/// What became true between two looks.
#[must_use]
pub fn between(before: &Facts, after: &Facts, now: Timestamp, zone: &TimeZone) -> Option<News> {
    let news = |title: &str, text: String| {
        Some(News {
            title: title.to_owned(),
            text,
        })
    };
    if after.offers.notice_due && !before.offers.notice_due {
        return news(
            "Read what is recorded",
            "Nothing is recorded until you have read the notice and accepted it. Open WorkPulse."
                .to_owned(),
        );
    }
    if let Some(trouble) = &after.trouble
        && before.trouble.is_none()
    {
        return news("WorkPulse needs attention", trouble.clone());
    }
    if let Some(away) = after.offers.away
        && before.offers.away != after.offers.away
    {
        return news(
            "Welcome back",
            format!(
                "You were away from {} to {}. If it was a break or a meeting, say so in WorkPulse's menu.",
                moment(away.from, now, zone),
                moment(away.to, now, zone)
            ),
        );
    }
    if is_idle(after) && !is_idle(before) {
        return news(
            "No input for a while",
            "Your time counts as idle from your last input on, until you are back.".to_owned(),
        );
    }
    None
}

fn is_idle(facts: &Facts) -> bool {
    matches!(
        facts.work,
        Work::Working {
            doing: Doing::Idle,
            ..
        }
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::{Away, Connection, Offers, Today};

    fn facts(doing: Doing) -> Facts {
        Facts {
            work: Work::Working {
                since: Timestamp::UNIX_EPOCH,
                doing,
            },
            connection: Connection::Connecting,
            today: Today::default(),
            pending: 0,
            trouble: None,
            note: None,
            offers: Offers::default(),
        }
    }

    fn title(before: &Facts, after: &Facts) -> Option<String> {
        between(before, after, Timestamp::UNIX_EPOCH, &TimeZone::UTC).map(|it| it.title)
    }

    #[test]
    fn idle_reaches_the_person_when_it_begins_and_not_again() {
        let (active, idle) = (facts(Doing::NotTold), facts(Doing::Idle));
        assert_eq!(
            title(&active, &idle).as_deref(),
            Some("No input for a while")
        );
        assert_eq!(title(&idle, &idle), None);
        assert_eq!(title(&idle, &active), None);
    }

    #[test]
    fn who_comes_back_is_asked_once() {
        let idle = facts(Doing::Idle);
        let mut back = facts(Doing::NotTold);
        back.offers.away = Some(Away {
            from: Timestamp::UNIX_EPOCH,
            to: Timestamp::UNIX_EPOCH,
        });
        assert_eq!(title(&idle, &back).as_deref(), Some("Welcome back"));
        assert_eq!(title(&back, &back), None);
        assert_eq!(title(&back, &facts(Doing::NotTold)), None, "answered");
    }

    #[test]
    fn trouble_is_told_when_it_begins() {
        let fine = facts(Doing::NotTold);
        let mut bad = facts(Doing::NotTold);
        bad.trouble = Some("The disk is full.".to_owned());
        assert_eq!(
            title(&fine, &bad).as_deref(),
            Some("WorkPulse needs attention")
        );
        assert_eq!(title(&bad, &bad), None);
    }
}
