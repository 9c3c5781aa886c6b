//! What a day's minutes add up to: by clock hour, by application and site, by session. Pure.
//!
//! Reports read these sums and never the minutes. Where several devices share a day, an instant
//! counts once: active beats idle, idle beats unobserved, and of two devices that were active
//! the one whose span began later has it. A session's own seconds are not joined: they are what
//! the session says. What was used is put into its category by the rules of that moment.

use std::{cmp::Reverse, collections::BTreeMap};

use jiff::tz::TimeZone;
use shared_types::{
    CategoryId, SessionId, Timestamp,
    activity::{Activity, ActivityType},
    live::DayTotals,
};
use url::Url;
use uuid::Uuid;

use super::category::{Choice, Ruleset};

/// What was used.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Usage {
    /// Its name; empty when it is not known or was not kept.
    pub application: String,
    /// Host of the address; empty without one.
    pub domain: String,
    /// The category; nil for none.
    pub category: Uuid,
}

/// What is kept of a span's window.
#[derive(Debug, Clone, Copy, Default)]
pub struct Kept<'s> {
    /// Its application.
    pub application: Option<&'s str>,
    /// Its title.
    pub title: Option<&'s str>,
    /// Its page's address.
    pub url: Option<&'s str>,
    /// The category, where nothing else is kept.
    pub category: Option<CategoryId>,
}

impl<'s> From<&'s Activity> for Kept<'s> {
    fn from(span: &'s Activity) -> Self {
        Self {
            application: span.application.as_deref(),
            title: span.title.as_deref(),
            url: span.url.as_deref(),
            category: span.category_id,
        }
    }
}

impl<'s> From<&'s DaySpan> for Kept<'s> {
    fn from(span: &'s DaySpan) -> Self {
        Self {
            application: span.application.as_deref(),
            title: span.title.as_deref(),
            url: span.url.as_deref(),
            category: span.category_id,
        }
    }
}

impl Usage {
    /// What a span was spent with, and whether what sums do not hold decided the category: its
    /// title, or the agent, by a window of which nothing else was kept. An agent's category
    /// that is none of the organization's counts as none wherever sums are read.
    #[must_use]
    pub fn of(kept: Kept<'_>, rules: &Ruleset) -> (Self, bool) {
        let application = kept.application.unwrap_or_default().to_owned();
        let domain = kept.url.and_then(host).unwrap_or_default();
        let choice = kept.category.map_or_else(
            || rules.choose(&application, &domain, kept.title),
            Choice::on_arrival,
        );
        let usage = Self {
            application,
            domain,
            category: choice.category,
        };
        (usage, choice.by_title)
    }
}

/// Seconds of what was used.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Used {
    /// With input.
    pub active_seconds: i64,
    /// Without.
    pub idle_seconds: i64,
    /// Of those with input, what a title put into the category.
    pub titled_active_seconds: i64,
    /// Of those without, likewise.
    pub titled_idle_seconds: i64,
}

impl Used {
    fn count(&mut self, kind: ActivityType, seconds: i64, by_title: bool) {
        let titled = if by_title { seconds } else { 0 };
        match kind {
            ActivityType::Active => {
                self.active_seconds += seconds;
                self.titled_active_seconds += titled;
            }
            ActivityType::Idle => {
                self.idle_seconds += seconds;
                self.titled_idle_seconds += titled;
            }
            ActivityType::Unobserved => {}
        }
    }
}

/// The host of a web address, without `www.`; `None` where there is none.
#[must_use]
pub fn host(address: &str) -> Option<String> {
    let url = Url::parse(address).ok()?;
    let host = url.host_str()?;
    Some(host.strip_prefix("www.").unwrap_or(host).to_lowercase())
}

/// The clock hour of an instant, 0 to 23. An hour that a time change repeats is one hour here.
#[must_use]
pub fn hour(instant: Timestamp, zone: &TimeZone) -> i8 {
    zone.to_datetime(jiff::Timestamp::from(instant)).hour()
}

/// Sums of one person's day.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rollup {
    /// By clock hour.
    pub hours: BTreeMap<i8, DayTotals>,
    /// By what was used; active and idle seconds alone.
    pub usage: BTreeMap<Usage, Used>,
    /// By session.
    pub sessions: BTreeMap<SessionId, DayTotals>,
    /// Begin of the first active span.
    pub first_input: Option<Timestamp>,
    /// End of the last active span.
    pub last_input: Option<Timestamp>,
}

impl Rollup {
    /// Adds a span of the only device.
    pub fn add(&mut self, span: &Activity, zone: &TimeZone, rules: &Ruleset) {
        let (kind, seconds) = (span.activity_type, i64::from(span.duration_seconds));
        count(
            self.hours.entry(hour(span.started_at, zone)).or_default(),
            kind,
            seconds,
        );
        count(
            self.sessions.entry(span.session_id).or_default(),
            kind,
            seconds,
        );
        if kind != ActivityType::Unobserved {
            self.used(span.into(), (kind, seconds), rules);
        }
        self.input(kind, span.started_at, span.ended_at());
    }

    fn used(&mut self, kept: Kept<'_>, (kind, seconds): (ActivityType, i64), rules: &Ruleset) {
        let (usage, by_title) = Usage::of(kept, rules);
        let used = self.usage.entry(usage).or_default();
        used.count(kind, seconds, by_title);
    }

    fn input(&mut self, kind: ActivityType, from: Timestamp, to: Timestamp) {
        if kind == ActivityType::Active {
            self.first_input = Some(self.first_input.map_or(from, |first| first.min(from)));
            self.last_input = self.last_input.max(Some(to));
        }
    }
}

/// A stored span of a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DaySpan {
    /// The outbox that it came from; decides between spans that began at once.
    pub stream_id: i64,
    /// Its session.
    pub session_id: SessionId,
    /// Its kind.
    pub kind: ActivityType,
    /// Its first instant.
    pub start: Timestamp,
    /// Its length in seconds.
    pub seconds: i64,
    /// With what.
    pub application: Option<String>,
    /// In which window.
    pub title: Option<String>,
    /// Where.
    pub url: Option<String>,
    /// The category, where nothing else of the window was kept.
    pub category_id: Option<CategoryId>,
}

/// A whole day from its spans, all devices, each second counted once.
///
/// Begins are cut to the second. A device's spans stay apart by that, for their lengths are
/// whole seconds, and every sum is exact: hours and usage add up to the totals.
#[must_use]
pub fn whole_day(spans: &[DaySpan], zone: &TimeZone, rules: &Ruleset) -> (DayTotals, Rollup) {
    let mut rollup = Rollup::default();
    let mut totals = DayTotals::default();
    let mut edges = Vec::with_capacity(spans.len() * 2);
    for (at, span) in spans
        .iter()
        .enumerate()
        .filter(|(_, span)| span.seconds > 0)
    {
        count(
            rollup.sessions.entry(span.session_id).or_default(),
            span.kind,
            span.seconds,
        );
        rollup.input(span.kind, span.start, span.start.plus_seconds(span.seconds));
        let from = span.start.as_millis().div_euclid(1_000);
        edges.push((from, at, true));
        edges.push((from + span.seconds, at, false));
    }
    edges.sort_unstable();
    // As many as devices: a handful.
    let mut open: Vec<usize> = Vec::new();
    let mut reached = 0;
    for (second, at, begins) in edges {
        let best = open.iter().min_by_key(|at| {
            let span = &spans[**at];
            (rank(span.kind), Reverse((span.start, span.stream_id)))
        });
        if let Some(span) = best.map(|best| &spans[*best])
            && second > reached
        {
            let seconds = second - reached;
            let begin = Timestamp::from_millis(reached * 1_000);
            count(&mut totals, span.kind, seconds);
            count(
                rollup.hours.entry(hour(begin, zone)).or_default(),
                span.kind,
                seconds,
            );
            if span.kind != ActivityType::Unobserved {
                rollup.used(span.into(), (span.kind, seconds), rules);
            }
        }
        reached = second;
        if begins {
            open.push(at);
        } else {
            open.retain(|other| *other != at);
        }
    }
    (totals, rollup)
}

fn count(totals: &mut DayTotals, kind: ActivityType, seconds: i64) {
    match kind {
        ActivityType::Active => totals.active_seconds += seconds,
        ActivityType::Idle => totals.idle_seconds += seconds,
        ActivityType::Unobserved => totals.unobserved_seconds += seconds,
    }
}

const fn rank(kind: ActivityType) -> u8 {
    match kind {
        ActivityType::Active => 0,
        ActivityType::Idle => 1,
        ActivityType::Unobserved => 2,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use shared_types::category::CategoryRule;

    use super::*;

    fn berlin() -> TimeZone {
        TimeZone::get("Europe/Berlin").expect("a zone")
    }

    #[test]
    fn a_site_is_its_host() {
        assert_eq!(
            host("https://www.Example.org/a?b").as_deref(),
            Some("example.org")
        );
        assert_eq!(host("about:blank"), None);
        assert_eq!(host("not an address"), None);
    }

    #[test]
    fn an_hour_that_comes_twice_is_one_hour() {
        for instant in ["2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z"] {
            assert_eq!(hour(instant.parse().expect("an instant"), &berlin()), 2);
        }
    }

    fn rules() -> Ruleset {
        let rule = |application: Option<&str>, title: Option<&str>, category| CategoryRule {
            application: application.map(str::to_owned),
            title: title.map(str::to_owned),
            domain: None,
            category_id: CategoryId(Uuid::from_u128(category)),
        };
        let rules = [
            rule(None, Some("*private*"), 1),
            rule(Some("mail"), None, 2),
            rule(Some("editor"), None, 1),
        ];
        Ruleset::new(1, &rules)
    }

    #[test]
    fn a_category_that_stands_alone_is_decided_whatever_the_rules_say() {
        let category = CategoryId(Uuid::from_u128(7));
        let alone = Kept {
            category: Some(category),
            ..Kept::default()
        };
        for rules in [rules(), Ruleset::default()] {
            let (usage, decided) = Usage::of(alone, &rules);
            assert_eq!((usage.category, decided), (category.uuid(), true));
            assert_eq!((usage.application, usage.domain), Default::default());
        }
    }

    fn sum<'t>(all: impl Iterator<Item = &'t DayTotals>) -> (i64, i64, i64) {
        all.fold((0, 0, 0), |sum, one| {
            (
                sum.0 + one.active_seconds,
                sum.1 + one.idle_seconds,
                sum.2 + one.unobserved_seconds,
            )
        })
    }

    /// Two devices' minutes, each cut in up to two spans, that lie across each other.
    fn devices() -> impl Strategy<Value = Vec<DaySpan>> {
        let minute = (0_usize..3, 0_usize..3, 1_i64..59, 0_usize..5);
        prop::collection::vec((0_i64..1_000, prop::collection::vec(minute, 0..8)), 1..4).prop_map(
            |devices| {
                let mut spans = Vec::new();
                for (device, (phase, minutes)) in devices.into_iter().enumerate() {
                    for (number, (first, second, cut, application)) in
                        minutes.into_iter().enumerate()
                    {
                        let begin = 1_790_000_040_000
                            + i64::try_from(number).expect("small") * 60_000
                            + phase;
                        for (kind, from, seconds) in [(first, 0, cut), (second, cut, 59 - cut)] {
                            // Of a fifth of all nothing but a category is kept.
                            let alone = application == 4;
                            spans.push(DaySpan {
                                stream_id: i64::try_from(device).expect("small"),
                                session_id: SessionId::from(Uuid::from_u128(device as u128 + 1)),
                                kind: ActivityType::ALL[kind],
                                start: Timestamp::from_millis(begin + from * 1_000),
                                seconds,
                                application: ["Editor", "Mail", "Browser"]
                                    .get(application)
                                    .map(|name| (*name).to_owned()),
                                title: (number % 2 == 1 && !alone)
                                    .then(|| "A private matter".to_owned()),
                                url: None,
                                category_id: alone.then(|| Uuid::from_u128(7).into()),
                            });
                        }
                    }
                }
                spans
            },
        )
    }

    proptest! {
        #[test]
        fn every_second_is_counted_once_and_all_sums_agree(spans in devices()) {
            let (totals, rollup) = whole_day(&spans, &berlin(), &rules());
            let mut counted: BTreeMap<(u8, Usage, bool), i64> = BTreeMap::new();
            let mut kinds = [0_i64; 3];
            for second in 1_790_000_000_i64..1_790_000_700 {
                let best = spans
                    .iter()
                    .filter(|span| {
                        let from = span.start.as_millis().div_euclid(1_000);
                        span.seconds > 0 && from <= second && second < from + span.seconds
                    })
                    .min_by_key(|span| (rank(span.kind), Reverse((span.start, span.stream_id))));
                if let Some(best) = best {
                    kinds[usize::from(rank(best.kind))] += 1;
                    if best.kind != ActivityType::Unobserved {
                        let (usage, by_title) = Usage::of(best.into(), &rules());
                        *counted.entry((rank(best.kind), usage, by_title)).or_default() += 1;
                    }
                }
            }
            let all = (kinds[0], kinds[1], kinds[2]);
            prop_assert_eq!(sum([&totals].into_iter()), all);
            prop_assert_eq!(sum(rollup.hours.values()), all);
            for (usage, one) in &rollup.usage {
                let of = |kind: u8, by_title: bool| {
                    counted.get(&(kind, usage.clone(), by_title)).copied().unwrap_or(0)
                };
                prop_assert_eq!(one.active_seconds, of(0, true) + of(0, false));
                prop_assert_eq!(one.idle_seconds, of(1, true) + of(1, false));
                prop_assert_eq!((one.titled_active_seconds, one.titled_idle_seconds), (of(0, true), of(1, true)));
            }
            let used = |of: fn(&Used) -> i64| rollup.usage.values().map(of).sum::<i64>();
            prop_assert_eq!((used(|u| u.active_seconds), used(|u| u.idle_seconds)), (all.0, all.1));
        }

        #[test]
        fn one_device_adds_up_to_what_the_whole_day_gives(spans in devices()) {
            let spans: Vec<DaySpan> = spans
                .into_iter()
                .filter(|span| span.stream_id == 0 && span.seconds > 0)
                .collect();
            let mut added = Rollup::default();
            for span in &spans {
                added.add(
                    &Activity {
                        session_id: span.session_id,
                        activity_type: span.kind,
                        reason: None,
                        started_at: span.start,
                        duration_seconds: u32::try_from(span.seconds).expect("small"),
                        application: span.application.clone(),
                        title: span.title.clone(),
                        url: None,
                        category_id: span.category_id,
                    },
                    &berlin(),
                    &rules(),
                );
            }
            prop_assert_eq!(whole_day(&spans, &berlin(), &rules()).1, added);
        }
    }
}
