//! What a policy lets through, and that several policies together let through no more.

use crate::{
    activity::is_clean_text,
    policy::{ExcludedPattern, UrlRule},
    window_rule::{RuleField, WindowAction, WindowRule},
};
use proptest::prelude::*;

use super::*;

fn policy(applications: bool, titles: bool, urls: bool) -> CapturePolicy {
    CapturePolicy {
        applications,
        titles,
        urls,
        excluded_applications: vec!["KeePassXC".into(), " Signal ".into()],
        ..CapturePolicy::careful(1)
    }
}

fn focus(application: &str) -> Focus {
    Focus {
        application: Some(application.into()),
        title: Some("title".into()),
        url: Some("https://example.org/".into()),
        category_id: None,
    }
}

fn pattern(field: PatternField, pattern: &str) -> CapturePolicy {
    CapturePolicy {
        excluded_patterns: vec![ExcludedPattern {
            field,
            pattern: pattern.into(),
        }],
        ..policy(true, true, true)
    }
}

fn rules(rules: &[(&str, UrlAction)]) -> Privacy {
    Privacy::new(&CapturePolicy {
        url_rules: rules
            .iter()
            .map(|(domain, action)| UrlRule {
                domain: (*domain).to_owned(),
                action: *action,
            })
            .collect(),
        ..policy(true, true, true)
    })
}

fn page(url: &str) -> Focus {
    Focus {
        application: Some("Browser".into()),
        title: Some("title".into()),
        url: Some(url.into()),
        category_id: None,
    }
}

#[test]
fn what_is_turned_off_is_not_there() {
    let kept = Privacy::new(&policy(true, false, false)).apply(focus("XTerm"));
    assert_eq!(
        kept,
        Focus {
            application: Some("XTerm".into()),
            ..Focus::default()
        }
    );
    let kept = Privacy::new(&policy(false, true, false)).apply(focus("XTerm"));
    assert_eq!(
        kept,
        Focus {
            title: Some("title".into()),
            ..Focus::default()
        }
    );
}

#[test]
fn of_an_excluded_application_only_the_time_stays() {
    let privacy = Privacy::new(&policy(true, true, true));
    for name in ["keepassxc", "KEEPASSXC", "signal", "Signal ", "Sig\u{0}nal"] {
        assert_eq!(privacy.apply(focus(name)), Focus::default(), "{name}");
    }
    assert_ne!(privacy.apply(focus("keepass")), Focus::default());
}

#[test]
fn the_rule_that_took_something_is_named() {
    let whole = CapturePolicy {
        url_rules: vec![
            UrlRule {
                domain: "bank.example".into(),
                action: UrlAction::Drop,
            },
            UrlRule {
                domain: "mail.example".into(),
                action: UrlAction::HideTitle,
            },
        ],
        ..pattern(PatternField::Title, "*salary*")
    };
    let privacy = Privacy::new(&whole);
    let titled = Focus {
        title: Some("Salary 2026".into()),
        ..focus("Editor")
    };
    for (seen, removal) in [
        (focus("KeePassXC"), Some(Removal::ExcludedApplication)),
        (titled, Some(Removal::ExcludedPattern)),
        (
            page("https://my.bank.example/x"),
            Some(Removal::SiteDropped),
        ),
        (page("https://mail.example/x?y"), Some(Removal::TitleHidden)),
        (focus("Editor"), None),
    ] {
        let (kept, by) = privacy.judge(seen.clone());
        assert_eq!(by, removal, "{seen:?}");
        assert_eq!(kept, privacy.apply(seen));
    }
}

#[test]
fn excluding_works_even_where_names_and_titles_are_not_collected() {
    let privacy = Privacy::new(&policy(false, true, true));
    assert_eq!(privacy.apply(focus("signal")), Focus::default());
    let by_title = CapturePolicy {
        titles: false,
        ..pattern(PatternField::Title, "*title*")
    };
    assert_eq!(Privacy::new(&by_title).apply(focus("X")), Focus::default());
}

#[test]
fn a_pattern_is_compared_with_the_whole_text_not_with_what_is_kept_of_it() {
    let privacy = Privacy::new(&pattern(PatternField::Title, "* - KeePass"));
    let titled = |title: String| Focus {
        title: Some(title),
        ..focus("X")
    };
    let long = "x".repeat(TITLE_MAX_CHARS + 100);
    assert_eq!(
        privacy.apply(titled(format!("{long} - keepass"))),
        Focus::default()
    );
    assert_ne!(
        privacy.apply(titled(format!("{long} - Editor"))),
        Focus::default()
    );
    for hidden in [
        "a - Kee\u{200}Pass",
        "a - Kee\u{7}Pass",
        "a - KeePass\u{202e} ",
        " a - KEEPASS",
    ] {
        let kept = privacy.apply(titled(hidden.into()));
        // U+0200 is a letter like any other: that title is another one.
        assert_eq!(
            kept == Focus::default(),
            !hidden.contains('\u{200}'),
            "{hidden}"
        );
    }
    // Nobody compares a megabyte; it is not kept either.
    assert_eq!(
        privacy.apply(titled("x".repeat(1_000_000))),
        Focus::default()
    );
}

#[test]
fn what_was_cut_under_a_policy_of_before_cannot_be_judged_and_goes() {
    let cut = Focus {
        title: Some("x".repeat(TITLE_MAX_CHARS)),
        ..focus("X")
    };
    let privacy = Privacy::new(&pattern(PatternField::Title, "*KeePass"));
    assert_eq!(privacy.apply_again(cut.clone()), Focus::default());
    assert_eq!(
        Privacy::new(&policy(true, true, true)).apply_again(cut.clone()),
        cut
    );
    assert_eq!(privacy.apply_again(focus("X")), focus("X"));
}

#[test]
fn a_domain_is_itself_and_what_lies_below_it_however_it_is_written() {
    let privacy = rules(&[("bank.example", UrlAction::Drop)]);
    for dropped in [
        "https://bank.example/",
        "https://www.bank.example/account?id=1",
        "HTTPS://WWW.BANK.EXAMPLE:8443/",
        "https://user:pw@bank.example/",
        "https://bank.example./",
        "bank.example/account",
        "  https://bank.example",
        "https://b%61nk.example/",
        "wss://bank.example/feed",
        // An address that cannot be read may be any.
        "https://[bank.example/",
        "https://",
    ] {
        assert_eq!(privacy.apply(page(dropped)), Focus::default(), "{dropped}");
    }
    for kept in [
        "https://notbank.example/",
        "https://bank.example.evil.test/",
        "https://evil.test/bank.example",
        "https://bank.example@evil.test/",
        "about:blank",
    ] {
        assert_eq!(privacy.apply(page(kept)).url.as_deref(), Some(kept));
    }
}

#[test]
fn where_titles_are_hidden_application_and_site_remain() {
    let privacy = rules(&[("mail.example", UrlAction::HideTitle)]);
    let kept = privacy.apply(page("https://me:pw@mail.example:8443/inbox/4?token=x#y"));
    assert_eq!(
        kept,
        Focus {
            application: Some("Browser".into()),
            title: None,
            url: Some("https://mail.example:8443/".into()),
            category_id: None,
        }
    );
}

#[test]
fn of_several_rules_the_strictest_holds() {
    let both = [
        ("a.example", UrlAction::Drop),
        ("example", UrlAction::HideTitle),
    ];
    let reversed: Vec<_> = both.into_iter().rev().collect();
    for privacy in [rules(&both), rules(&reversed)] {
        assert_eq!(
            privacy.apply(page("https://x.a.example/")),
            Focus::default()
        );
        assert_eq!(privacy.apply(page("https://b.example/p")).title, None);
    }
}

#[test]
fn a_rule_from_the_future_leaves_time_only() {
    let privacy = Privacy::new(&CapturePolicy {
        needs: vec!["a_rule_from_the_future".into()],
        ..policy(true, true, true)
    });
    assert_eq!(privacy.apply(focus("XTerm")), Focus::default());
}

fn category(n: u128) -> CategoryId {
    CategoryId(uuid::Uuid::from_u128(n))
}

fn hides(field: RuleField, pattern: &str) -> WindowRule {
    WindowRule {
        field,
        pattern: pattern.into(),
        action: WindowAction::HideTitle,
        category_id: None,
    }
}

fn reduces(field: RuleField, pattern: &str, to: u128) -> WindowRule {
    WindowRule {
        action: WindowAction::CategoryOnly,
        category_id: Some(category(to)),
        ..hides(field, pattern)
    }
}

fn windows(rules: &[WindowRule]) -> CapturePolicy {
    CapturePolicy {
        window_rules: rules.to_vec(),
        ..policy(true, true, true)
    }
}

fn only(n: u128) -> Focus {
    Focus {
        category_id: Some(category(n)),
        ..Focus::default()
    }
}

fn titled(title: &str) -> Focus {
    Focus {
        title: Some(title.into()),
        ..focus("Editor")
    }
}

#[test]
fn a_title_is_hidden_by_application_title_and_domain() {
    for rule in [
        hides(RuleField::Application, "edi*"),
        hides(RuleField::Title, "*SALARY*"),
        hides(RuleField::Domain, "example.org"),
    ] {
        let seen = Focus {
            url: Some("https://www.example.org/inbox?token=x".into()),
            ..titled("The salary of Ada")
        };
        let (kept, by) = Privacy::new(&windows(&[rule])).judge(seen);
        assert_eq!(by, Some(Removal::TitleHidden));
        assert_eq!(kept.application.as_deref(), Some("Editor"));
        assert_eq!(kept.title, None);
        assert_eq!(kept.url.as_deref(), Some("https://www.example.org/"));
    }
}

#[test]
fn of_a_window_that_is_reduced_only_the_category_stays() {
    for rule in [
        reduces(RuleField::Application, "edi*", 1),
        reduces(RuleField::Title, "*salary*", 1),
        reduces(RuleField::Domain, "example.org", 1),
    ] {
        // Whether or not what it looks at is collected.
        for on in [true, false] {
            let policy = CapturePolicy {
                applications: on,
                titles: on,
                urls: on,
                ..windows(std::slice::from_ref(&rule))
            };
            let (kept, by) = Privacy::new(&policy).judge(titled("Salary"));
            assert_eq!((kept, by), (only(1), Some(Removal::CategoryOnly)));
        }
        let kept = Privacy::new(&windows(&[rule])).apply(Focus {
            application: Some("Mail".into()),
            title: Some("Lunch".into()),
            ..Focus::default()
        });
        assert_eq!(kept.application.as_deref(), Some("Mail"));
        assert_eq!(kept.category_id, None);
    }
}

#[test]
fn of_rules_that_fit_the_strictest_holds_in_any_order() {
    let by_title = reduces(RuleField::Title, "*salary*", 1);
    let by_application = reduces(RuleField::Application, "editor", 1);
    let another = reduces(RuleField::Domain, "example.org", 2);
    let hidden = hides(RuleField::Application, "editor");
    let cases: [(Vec<&WindowRule>, Focus); 5] = [
        (vec![&by_title, &by_application], only(1)),
        (vec![&by_title, &another], Focus::default()),
        (vec![&by_title, &by_application, &another], Focus::default()),
        // A category by application or site says no more than what stays anyway.
        (vec![&hidden, &by_application], only(1)),
        // One by title would tell what the hidden title is about.
        (vec![&hidden, &by_title], Focus::default()),
    ];
    for (rules, kept) in cases {
        let rules: Vec<WindowRule> = rules.into_iter().cloned().collect();
        let reversed: Vec<WindowRule> = rules.iter().rev().cloned().collect();
        for rules in [rules, reversed] {
            let privacy = Privacy::new(&windows(&rules));
            assert_eq!(privacy.apply(titled("Salary")), kept, "{rules:?}");
        }
    }
    let dropped = CapturePolicy {
        window_rules: vec![by_title],
        ..pattern(PatternField::Application, "editor")
    };
    assert_eq!(
        Privacy::new(&dropped).apply(titled("Salary")),
        Focus::default()
    );
}

#[test]
fn what_cannot_be_compared_fits_window_rules_too() {
    let long = "x".repeat(1_000_000);
    let hidden = Privacy::new(&windows(&[hides(RuleField::Title, "*salary*")]));
    assert_eq!(hidden.apply(titled(&long)).title, None);
    let reduced = Privacy::new(&windows(&[reduces(RuleField::Title, "*salary*", 1)]));
    assert_eq!(reduced.apply(titled(&long)), only(1));
    let by_domain = Privacy::new(&windows(&[reduces(RuleField::Domain, "bank.example", 1)]));
    assert_eq!(
        by_domain.apply(page("https://[bank.example/")),
        Focus::default()
    );
    assert_eq!(
        by_domain.apply(page("about:blank")).url.as_deref(),
        Some("about:blank")
    );
    let cut = titled(&"x".repeat(TITLE_MAX_CHARS));
    assert_eq!(reduced.apply_again(cut.clone()), Focus::default());
    assert_eq!(by_domain.apply_again(cut.clone()), cut);
}

#[test]
fn a_category_stays_only_while_some_rule_gives_it() {
    let rule = reduces(RuleField::Title, "*salary*", 1);
    let privacy = Privacy::new(&windows(&[rule]));
    assert_eq!(privacy.apply_again(only(1)), only(1));
    assert_eq!(privacy.apply_again(only(2)), Focus::default());
    let none = Privacy::new(&policy(true, true, true));
    assert_eq!(none.apply_again(only(1)), Focus::default());
    let future = CapturePolicy {
        needs: vec!["a_rule_from_the_future".into()],
        ..windows(&[reduces(RuleField::Application, "*", 1)])
    };
    assert_eq!(
        Privacy::new(&future).apply(focus("Editor")),
        Focus::default()
    );
}

fn some_window_rule() -> impl Strategy<Value = WindowRule> {
    let fields = prop_oneof![
        ("[ab*?]{1,3}", any::<bool>()).prop_map(|(pattern, title)| {
            (
                if title {
                    RuleField::Title
                } else {
                    RuleField::Application
                },
                pattern,
            )
        }),
        "(a|b|a\\.b|c)".prop_map(|domain| (RuleField::Domain, domain)),
    ];
    (fields, proptest::option::of(1_u128..3)).prop_map(|((field, pattern), to)| {
        to.map_or_else(|| hides(field, &pattern), |to| reduces(field, &pattern, to))
    })
}

fn some_policy() -> impl Strategy<Value = CapturePolicy> {
    (
        any::<[bool; 3]>(),
        proptest::collection::vec("[ab]{1,2}", 0..2),
        proptest::collection::vec(("[ab*?]{1,3}", any::<bool>()), 0..3),
        proptest::collection::vec(("(a|b|a\\.b|c)", any::<bool>()), 0..3),
        proptest::collection::vec(some_window_rule(), 0..4),
    )
        .prop_map(|(on, names, patterns, rules, window_rules)| CapturePolicy {
            window_rules,
            applications: on[0],
            titles: on[1],
            urls: on[2],
            excluded_applications: names,
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
            ..CapturePolicy::careful(1)
        })
}

proptest! {
    #[test]
    fn whatever_the_desktop_says_what_is_kept_is_clean(
        application in any::<Option<String>>(), title in any::<Option<String>>(), url in any::<Option<String>>()
    ) {
        let kept = Privacy::new(&policy(true, true, true)).apply(Focus { application, title, url, category_id: None });
        for (text, max) in [
            (kept.application, APPLICATION_MAX_CHARS), (kept.title, TITLE_MAX_CHARS), (kept.url, URL_MAX_CHARS),
        ] {
            prop_assert!(text.is_none_or(|text| !text.is_empty() && is_clean_text(&text, max)));
        }
    }

    #[test]
    fn no_address_makes_it_panic(url in any::<String>()) {
        let _ = rules(&[("a.example", UrlAction::HideTitle)]).apply(page(&url));
    }

    #[test]
    fn the_strictest_of_several_policies_keeps_nothing_that_one_of_them_forbids(
        first in some_policy(), second in some_policy(),
        application in "[ab]{1,3}", title in "[ab]{1,3}", url in "https://(a|b|a\\.b|c)/(p|q)?"
    ) {
        let seen = Focus {
            application: Some(application), title: Some(title), url: Some(url), category_id: None,
        };
        let all_rules = [first.window_rules.clone(), second.window_rules.clone()].concat();
        let whole = Privacy::new(&first.clone().strictest(&second)).apply(seen.clone());
        for part in [first, second] {
            let kept = Privacy::new(&part).apply(seen.clone());
            prop_assert!(whole.application.is_none() || whole.application == kept.application);
            prop_assert!(whole.title.is_none() || whole.title == kept.title);
            // A site stands in an address that is kept whole.
            let inside = |site: &String| kept.url.as_ref().is_some_and(|url| url.starts_with(site));
            prop_assert!(whole.url.as_ref().is_none_or(inside));
            if whole.category_id.is_none() || whole.category_id == kept.category_id {
                continue;
            }
            // A category that this part does not tell was found by what it keeps anyway.
            for rule in &all_rules {
                let fits = Privacy::new(&windows(std::slice::from_ref(rule))).judge(seen.clone()).1
                    == Some(Removal::CategoryOnly);
                let told = match rule.field {
                    RuleField::Application => kept.application.is_some(),
                    RuleField::Title => kept.title.is_some(),
                    RuleField::Domain => kept.url.is_some(),
                };
                prop_assert!(!fits || told, "{rule:?} tells what is not kept");
            }
        }
    }
}
