//! What a policy lets through, and that several policies together let through no more.

use crate::{
    activity::is_clean_text,
    policy::{ExcludedPattern, UrlRule},
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

fn some_policy() -> impl Strategy<Value = CapturePolicy> {
    (
        any::<[bool; 3]>(),
        proptest::collection::vec("[ab]{1,2}", 0..2),
        proptest::collection::vec(("[ab*?]{1,3}", any::<bool>()), 0..3),
        proptest::collection::vec(("(a|b|a\\.b|c)", any::<bool>()), 0..3),
    )
        .prop_map(|(on, names, patterns, rules)| CapturePolicy {
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
        let kept = Privacy::new(&policy(true, true, true)).apply(Focus { application, title, url });
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
        application in "[ab]{0,3}", title in "[ab]{0,3}", url in "https://(a|b|a\\.b|c)/(p|q)?"
    ) {
        let seen = Focus { application: Some(application), title: Some(title), url: Some(url) };
        let whole = Privacy::new(&first.clone().strictest(&second)).apply(seen.clone());
        for part in [first, second] {
            let kept = Privacy::new(&part).apply(seen.clone());
            prop_assert!(whole.application.is_none() || whole.application == kept.application);
            prop_assert!(whole.title.is_none() || whole.title == kept.title);
            // A site stands in an address that is kept whole.
            let inside = |site: &String| kept.url.as_ref().is_some_and(|url| url.starts_with(site));
            prop_assert!(whole.url.as_ref().is_none_or(inside));
        }
    }
}
