//! Several policies for one person: the strictest combination.
//!
//! Pure. Strictest means that the least is collected and the least is permitted: what any part
//! forbids, the whole forbids. So a team's policy can only tighten the organization's, and the
//! order of the parts does not matter.

use crate::{
    hours,
    policy::{CapturePolicy, PauseRule},
    window_rule::{Dropped, RuleField, WindowAction},
};

impl CapturePolicy {
    /// What a person in both is subject to. The version is this policy's.
    #[must_use]
    pub fn strictest(self, other: &Self) -> Self {
        let tell_more: Vec<Dropped> = self
            .told_beyond(other)
            .chain(other.told_beyond(&self))
            .collect();
        let mut whole = Self {
            version: self.version,
            applications: self.applications && other.applications,
            titles: self.titles && other.titles,
            urls: self.urls && other.urls,
            excluded_applications: together(
                self.excluded_applications,
                &other.excluded_applications,
            ),
            excluded_patterns: together(self.excluded_patterns, &other.excluded_patterns),
            url_rules: together(self.url_rules, &other.url_rules),
            window_rules: together(self.window_rules, &other.window_rules),
            working_hours: match (self.working_hours, &other.working_hours) {
                (Some(mine), Some(theirs)) => Some(hours::both(&mine, theirs)),
                // With itself: the same time, in its normal form.
                (Some(hours), None) => Some(hours::both(&hours, &hours)),
                (None, Some(hours)) => Some(hours::both(hours, hours)),
                (None, None) => None,
            },
            pause: PauseRule {
                allowed: self.pause.allowed && other.pause.allowed,
                longest_seconds: match (self.pause.longest_seconds, other.pause.longest_seconds) {
                    (Some(mine), Some(theirs)) => Some(mine.min(theirs)),
                    (mine, theirs) => mine.or(theirs),
                },
            },
            idle_after_seconds: self.idle_after_seconds.min(other.idle_after_seconds),
            session_gap_seconds: self.session_gap_seconds.min(other.session_gap_seconds),
            auto_start: self.auto_start && other.auto_start,
            record_while_pending: self.record_while_pending && other.record_while_pending,
            ask_on_return: self.ask_on_return && other.ask_on_return,
            needs: together(self.needs, &other.needs),
        };
        if !tell_more.is_empty() {
            let (mut patterns, mut sites) = (Vec::new(), Vec::new());
            for rule in tell_more {
                match rule {
                    Dropped::Pattern(rule) => patterns.push(rule),
                    Dropped::Site(rule) => sites.push(rule),
                }
            }
            whole.excluded_patterns = together(whole.excluded_patterns, &patterns);
            whole.url_rules = together(whole.url_rules, &sites);
            let named = whole.needs.clone();
            whole.needs = together(named, &whole.clone().with_needs().needs);
        }
        whole
    }

    /// A category tells something of what it was found by. Where another part neither has the
    /// rule nor collects what it looks at, it would tell more than that part allows: of such
    /// windows only the time is kept.
    fn told_beyond<'a>(&'a self, part: &'a Self) -> impl Iterator<Item = Dropped> + 'a {
        self.window_rules
            .iter()
            .filter(|rule| rule.action == WindowAction::CategoryOnly)
            .filter(|rule| {
                !match rule.field {
                    RuleField::Application => part.applications,
                    RuleField::Title => part.titles,
                    RuleField::Domain => part.urls,
                } && !part.window_rules.contains(rule)
            })
            .map(crate::window_rule::WindowRule::as_dropped)
    }
}

fn together<T: Clone + Ord>(mut mine: Vec<T>, theirs: &[T]) -> Vec<T> {
    mine.extend_from_slice(theirs);
    mine.sort_unstable();
    mine.dedup();
    mine
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{
        hours::{TimeOfDay, Weekday, WorkingHours, week},
        policy::{ExcludedPattern, PatternField, UrlAction, UrlRule},
        window_rule::WindowRule,
    };

    fn some_window_rule() -> impl Strategy<Value = WindowRule> {
        let fields = prop::sample::select(vec![
            RuleField::Application,
            RuleField::Title,
            RuleField::Domain,
        ]);
        (fields, "[a-c]{1,2}", proptest::option::of(1_u128..3)).prop_map(
            |(field, pattern, category)| WindowRule {
                field,
                pattern,
                action: category.map_or(WindowAction::HideTitle, |_| WindowAction::CategoryOnly),
                category_id: category.map(|n| uuid::Uuid::from_u128(n).into()),
            },
        )
    }

    fn some_policy() -> impl Strategy<Value = CapturePolicy> {
        let switches = any::<[bool; 7]>();
        let lists = (
            proptest::collection::vec("[a-c]{1,2}", 0..3),
            proptest::collection::vec(("[a-c*]{1,3}", any::<bool>()), 0..3),
            proptest::collection::vec(("[a-c]{1,2}", any::<bool>()), 0..3),
            proptest::collection::vec(some_window_rule(), 0..3),
        );
        let hours = proptest::option::of(proptest::collection::vec(
            (0_usize..7, 0_u16..700, 700_u16..1_440),
            0..5,
        ));
        let pause = proptest::option::of(60_u32..90_000);
        (switches, lists, hours, pause, 10_u32..3_600, 60_u32..86_400).prop_map(
            |(
                on,
                (applications, patterns, rules, window_rules),
                hours,
                longest_seconds,
                idle,
                gap,
            )| {
                CapturePolicy {
                    version: 1,
                    applications: on[0],
                    titles: on[1],
                    urls: on[2],
                    auto_start: on[3],
                    record_while_pending: on[4],
                    ask_on_return: on[6],
                    window_rules,
                    pause: PauseRule {
                        allowed: on[5],
                        longest_seconds,
                    },
                    excluded_applications: applications,
                    excluded_patterns: patterns
                        .into_iter()
                        .map(|(pattern, title)| ExcludedPattern {
                            field: if title {
                                PatternField::Title
                            } else {
                                PatternField::Application
                            },
                            pattern,
                        })
                        .collect(),
                    url_rules: rules
                        .into_iter()
                        .map(|(domain, drop)| UrlRule {
                            domain,
                            action: if drop {
                                UrlAction::Drop
                            } else {
                                UrlAction::HideTitle
                            },
                        })
                        .collect(),
                    working_hours: hours.map(|hours| {
                        hours
                            .into_iter()
                            .map(|(day, from, to)| WorkingHours {
                                day: Weekday::ALL[day],
                                from: TimeOfDay::from_minutes(from),
                                to: TimeOfDay::from_minutes(to),
                            })
                            .collect()
                    }),
                    idle_after_seconds: idle,
                    session_gap_seconds: gap,
                    needs: Vec::new(),
                }
                .with_needs()
            },
        )
    }

    /// Everything that `strict` lets through or permits, `part` does too.
    fn is_no_looser(strict: &CapturePolicy, part: &CapturePolicy) -> bool {
        let implies = |mine: bool, theirs: bool| !mine || theirs;
        let inside = |minute: u32, policy: &CapturePolicy| {
            policy.working_hours.as_ref().is_none_or(|hours| {
                week(hours)
                    .iter()
                    .any(|(from, to)| (*from..*to).contains(&minute))
            })
        };
        let longest = |policy: &CapturePolicy| {
            if policy.pause.allowed {
                policy.pause.longest_seconds.unwrap_or(u32::MAX)
            } else {
                0
            }
        };
        implies(strict.applications, part.applications)
            && implies(strict.titles, part.titles)
            && implies(strict.urls, part.urls)
            && implies(strict.auto_start, part.auto_start)
            && implies(strict.record_while_pending, part.record_while_pending)
            && implies(strict.ask_on_return, part.ask_on_return)
            && part
                .excluded_applications
                .iter()
                .all(|it| strict.excluded_applications.contains(it))
            && part
                .excluded_patterns
                .iter()
                .all(|it| strict.excluded_patterns.contains(it))
            && part
                .url_rules
                .iter()
                .all(|it| strict.url_rules.contains(it))
            && part
                .window_rules
                .iter()
                .all(|it| strict.window_rules.contains(it))
            && part.needs.iter().all(|it| strict.needs.contains(it))
            && (0..crate::hours::WEEK_MINUTES)
                .step_by(7)
                .all(|minute| implies(inside(minute, strict), inside(minute, part)))
            && longest(strict) <= longest(part)
            && strict.idle_after_seconds <= part.idle_after_seconds
            && strict.session_gap_seconds <= part.session_gap_seconds
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(128))]

        #[test]
        fn the_strictest_is_never_looser_than_any_part(
            first in some_policy(), others in proptest::collection::vec(some_policy(), 0..4)
        ) {
            let whole = others.iter().fold(first.clone(), CapturePolicy::strictest);
            for part in others.iter().chain([&first]) {
                prop_assert!(is_no_looser(&whole, part), "{whole:#?} is looser than {part:#?}");
            }
            prop_assert_eq!(whole.unusable(), None);
        }

        #[test]
        fn neither_order_nor_repetition_matters(one in some_policy(), other in some_policy()) {
            let whole = one.clone().strictest(&other);
            prop_assert_eq!(&whole, &other.clone().strictest(&one));
            prop_assert_eq!(&whole.clone().strictest(&one), &whole);
            prop_assert_eq!(&whole.clone().strictest(&other), &whole);
        }
    }
}
