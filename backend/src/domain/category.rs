//! Which category a span is of: an organization's rules, ready to be asked. Pure.
//!
//! The first rule that fits decides. Ingest asks for every span, so rules that name an
//! application or a site as it is are found by it; only patterns are tried one by one.

use std::collections::{BTreeSet, HashMap};

use shared_types::{
    CategoryId,
    category::{CategoryKind, CategoryRule, Moved, RULES_MAX},
    glob::{Glob, folded},
};
use uuid::Uuid;

/// An organization's rules under their version.
#[derive(Debug, Clone, Default)]
pub struct Ruleset {
    version: i64,
    rules: Vec<Prepared>,
    /// First rule of each application that is named as it is, and nothing else.
    applications: HashMap<String, usize>,
    /// First rule of each site, and nothing else.
    domains: HashMap<String, usize>,
    /// All others, in their order.
    others: Vec<usize>,
}

#[derive(Debug, Clone)]
struct Prepared {
    application: Option<Glob>,
    title: Option<Glob>,
    domain: Option<String>,
    category: Uuid,
}

/// What was decided about a span or a sum.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Choice {
    /// The category; nil for none.
    pub category: Uuid,
    /// The rule, by its place; absent: none fits.
    pub rule: Option<usize>,
    /// Whether what sums do not hold decided: the title, or the agent. Newer rules cannot
    /// decide anew.
    pub by_title: bool,
}

impl Choice {
    /// What an agent decided by a window of which it keeps nothing else.
    #[must_use]
    pub const fn on_arrival(category: CategoryId) -> Self {
        Self {
            category: category.uuid(),
            rule: None,
            by_title: true,
        }
    }
}

impl Ruleset {
    /// Prepares a list.
    #[must_use]
    pub fn new(version: i64, rules: &[CategoryRule]) -> Self {
        let mut set = Self {
            version,
            ..Self::default()
        };
        for (at, rule) in rules.iter().enumerate() {
            let domain = rule.domain.as_deref().map(site);
            match (&rule.application, &rule.title, &domain) {
                (Some(name), None, None) if !name.contains(['*', '?']) => {
                    let name = folded(name.trim()).into_iter().collect();
                    set.applications.entry(name).or_insert(at);
                }
                (None, None, Some(domain)) => {
                    set.domains.entry(domain.clone()).or_insert(at);
                }
                _ => set.others.push(at),
            }
            set.rules.push(Prepared {
                application: rule.application.as_deref().map(Glob::new),
                title: rule.title.as_deref().map(Glob::new),
                domain,
                category: rule.category_id.uuid(),
            });
        }
        set
    }

    /// Its version; 0 where there never was a list.
    #[must_use]
    pub const fn version(&self) -> i64 {
        self.version
    }

    /// Whether a rule looks at titles.
    #[must_use]
    pub fn looks_at_title(&self, rule: usize) -> bool {
        self.rules[rule].title.is_some()
    }

    /// Decides. `domain` is a host as sums keep it, empty for none; without a title no rule by
    /// title fits.
    #[must_use]
    pub fn choose(&self, application: &str, domain: &str, title: Option<&str>) -> Choice {
        if self.rules.is_empty() {
            return Choice::default();
        }
        let name = folded(application);
        let mut best = None;
        if !self.applications.is_empty() && !application.is_empty() {
            let name: String = name.iter().collect();
            best = self.applications.get(&name).copied();
        }
        if !self.domains.is_empty() {
            let found = sites_above(domain).filter_map(|site| self.domains.get(site));
            best = found.copied().chain(best).min();
        }
        let before = best.unwrap_or(usize::MAX);
        let mut folded_title = None;
        for at in self.others.iter().take_while(|at| **at < before) {
            let rule = &self.rules[*at];
            let named = rule.application.as_ref();
            if named.is_some_and(|glob| application.is_empty() || !glob.fits(&name)) {
                continue;
            }
            let below = rule.domain.as_ref();
            if below.is_some_and(|site| !sites_above(domain).any(|above| above == site)) {
                continue;
            }
            if let Some(glob) = &rule.title {
                let Some(title) = title else { continue };
                if !glob.fits(folded_title.get_or_insert_with(|| folded(title))) {
                    continue;
                }
            }
            best = Some(*at);
            break;
        }
        best.map_or_else(Choice::default, |at| Choice {
            category: self.rules[at].category,
            rule: Some(at),
            by_title: self.rules[at].title.is_some(),
        })
    }
}

/// A site as sums keep hosts.
fn site(domain: &str) -> String {
    let domain = domain.trim().to_lowercase();
    domain
        .strip_prefix("www.")
        .map(str::to_owned)
        .unwrap_or(domain)
}

/// A host, and every site that it is below; nothing of none.
fn sites_above(domain: &str) -> impl Iterator<Item = &str> {
    let whole = (!domain.is_empty()).then_some(domain);
    std::iter::successors(whole, |site| site.split_once('.').map(|(_, rest)| rest))
}

/// What is wrong with a list, by field, if anything.
#[must_use]
pub fn problem(
    rules: &[CategoryRule],
    known: &BTreeSet<CategoryId>,
) -> Option<(String, &'static str)> {
    if rules.len() > RULES_MAX {
        return Some(("rules".to_owned(), "has at most 1000 rules"));
    }
    rules.iter().enumerate().find_map(|(at, rule)| {
        let (field, message) = rule.problem().or_else(|| {
            (!known.contains(&rule.category_id))
                .then_some(("category_id", "is no category of this organization"))
        })?;
        Some((format!("rules[{at}].{field}"), message))
    })
}

/// What was used, and where it is now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Used {
    /// The application.
    pub application: String,
    /// The site.
    pub domain: String,
    /// The category; nil for none.
    pub category: Uuid,
    /// Active and idle seconds.
    pub worked: i64,
    /// Of these, what a rule by title decided.
    pub titled: i64,
}

/// What a list would change.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Preview {
    /// All active and idle seconds.
    pub worked: i64,
    /// What would come into another category.
    pub moved_seconds: i64,
    /// What stays because a title decided.
    pub titled: i64,
    /// By rule, what it would decide; absent for rules by title.
    pub by_rule: Vec<Option<i64>>,
    /// What would move, most first.
    pub moved: Vec<Moved>,
}

/// Tries a list on what was used. `known` are the categories that there are: what is in another
/// is in none.
#[must_use]
pub fn preview(rules: &Ruleset, used: &[Used], known: &BTreeSet<CategoryId>) -> Preview {
    let shown = |id: Uuid| Some(CategoryId(id)).filter(|id| known.contains(id));
    let mut preview = Preview {
        by_rule: (0..rules.rules.len())
            .map(|at| (!rules.looks_at_title(at)).then_some(0))
            .collect(),
        ..Preview::default()
    };
    for one in used {
        let movable = one.worked - one.titled;
        preview.worked += one.worked;
        preview.titled += one.titled;
        let choice = rules.choose(&one.application, &one.domain, None);
        if let Some(Some(seconds)) = choice.rule.and_then(|at| preview.by_rule.get_mut(at)) {
            *seconds += movable;
        }
        let (before, after) = (shown(one.category), shown(choice.category));
        if before != after && movable > 0 {
            preview.moved_seconds += movable;
            preview.moved.push(Moved {
                application: one.application.clone(),
                domain: one.domain.clone(),
                before,
                after,
                worked_seconds: movable,
            });
        }
    }
    preview.moved.sort_by(|one, other| {
        let named = |moved: &Moved| {
            (
                moved.application.clone(),
                moved.domain.clone(),
                moved.before,
            )
        };
        other
            .worked_seconds
            .cmp(&one.worked_seconds)
            .then_with(|| named(one).cmp(&named(other)))
    });
    preview
}

/// A category that a new organization begins with.
#[derive(Debug, Clone, Copy)]
pub struct Starter {
    /// Its name.
    pub name: &'static str,
    /// What time in it counts as.
    pub kind: CategoryKind,
    /// Its applications, as rules name them.
    pub applications: &'static [&'static str],
    /// Its sites.
    pub domains: &'static [&'static str],
}

impl Starter {
    /// Its rules.
    pub fn rules(&self, id: CategoryId) -> impl Iterator<Item = CategoryRule> {
        let rule = move |application: Option<&str>, domain: Option<&str>| CategoryRule {
            application: application.map(str::to_owned),
            title: None,
            domain: domain.map(str::to_owned),
            category_id: id,
        };
        let applications = self.applications.iter();
        let domains = self.domains.iter();
        // Sites first: a browser is whatever is read in it.
        domains
            .map(move |name| rule(None, Some(name)))
            .chain(applications.map(move |name| rule(Some(name), None)))
    }
}

/// What a new organization begins with: a first guess, to be changed by those who know better.
pub const STARTERS: [Starter; 7] = [
    Starter {
        name: "Development",
        kind: CategoryKind::Productive,
        applications: &[
            "code",
            "code - *",
            "visual studio*",
            "devenv*",
            "jetbrains*",
            "idea*",
            "*intellij*",
            "clion*",
            "goland*",
            "phpstorm*",
            "pycharm*",
            "webstorm*",
            "rustrover*",
            "android studio",
            "xcode",
            "eclipse*",
            "*terminal*",
            "konsole",
            "xterm",
            "powershell*",
        ],
        domains: &["github.com", "gitlab.com", "stackoverflow.com"],
    },
    Starter {
        name: "Documents",
        kind: CategoryKind::Productive,
        applications: &[
            "winword*",
            "excel*",
            "powerpnt*",
            "microsoft word*",
            "microsoft excel*",
            "microsoft powerpoint*",
            "libreoffice*",
            "soffice*",
            "onenote*",
            "notion*",
            "obsidian*",
            "acrobat*",
            "evince",
            "okular",
        ],
        domains: &["docs.google.com", "sharepoint.com", "notion.so"],
    },
    Starter {
        name: "Design",
        kind: CategoryKind::Productive,
        applications: &[
            "figma*",
            "*photoshop*",
            "*illustrator*",
            "gimp*",
            "inkscape*",
            "blender*",
        ],
        domains: &["figma.com"],
    },
    Starter {
        name: "Mail and calendar",
        kind: CategoryKind::Neutral,
        applications: &["*outlook*", "*thunderbird*", "evolution"],
        domains: &[
            "mail.google.com",
            "calendar.google.com",
            "outlook.office.com",
            "outlook.live.com",
        ],
    },
    Starter {
        name: "Chat and meetings",
        kind: CategoryKind::Neutral,
        applications: &[
            "slack*", "*teams*", "zoom*", "webex*", "skype*", "element*", "discord*",
        ],
        domains: &[
            "slack.com",
            "teams.microsoft.com",
            "meet.google.com",
            "zoom.us",
        ],
    },
    Starter {
        name: "Social media",
        kind: CategoryKind::Unproductive,
        applications: &[],
        domains: &[
            "facebook.com",
            "instagram.com",
            "tiktok.com",
            "x.com",
            "twitter.com",
            "reddit.com",
        ],
    },
    Starter {
        name: "Entertainment",
        kind: CategoryKind::Unproductive,
        applications: &["steam*", "spotify*"],
        domains: &[
            "youtube.com",
            "netflix.com",
            "spotify.com",
            "twitch.tv",
            "primevideo.com",
        ],
    },
];

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn id(n: u128) -> CategoryId {
        CategoryId(Uuid::from_u128(n))
    }

    fn rule(
        application: Option<&str>,
        title: Option<&str>,
        domain: Option<&str>,
        category: u128,
    ) -> CategoryRule {
        CategoryRule {
            application: application.map(str::to_owned),
            title: title.map(str::to_owned),
            domain: domain.map(str::to_owned),
            category_id: id(category),
        }
    }

    /// The definition, without regard to cost.
    fn slowly(
        rules: &[CategoryRule],
        application: &str,
        domain: &str,
        title: Option<&str>,
    ) -> Option<usize> {
        rules.iter().position(|rule| {
            rule.application.as_ref().is_none_or(|pattern| {
                !application.is_empty() && Glob::new(pattern).fits(&folded(application))
            }) && rule.title.as_ref().is_none_or(|pattern| {
                title.is_some_and(|title| Glob::new(pattern).fits(&folded(title)))
            }) && rule
                .domain
                .as_ref()
                .is_none_or(|name| domain == name || domain.ends_with(&format!(".{name}")))
        })
    }

    fn rules() -> impl Strategy<Value = Vec<CategoryRule>> {
        let text = || proptest::option::of("[ab*]{1,2}");
        let domain = proptest::option::of("[ab](\\.[ab]){0,2}");
        let one =
            (text(), text(), domain, 1_u128..4).prop_map(|(application, title, domain, n)| {
                CategoryRule {
                    application,
                    title,
                    domain,
                    category_id: id(n),
                }
            });
        prop::collection::vec(one, 0..12)
    }

    proptest! {
        #[test]
        fn the_first_rule_that_fits_decides_however_it_is_found(
            rules in rules(), application in "[abAB]{0,2}", domain in "([ab]\\.){0,3}[ab]?",
            title in proptest::option::of("[ab]{0,2}"),
        ) {
            let domain = domain.trim_end_matches('.');
            let found = Ruleset::new(1, &rules).choose(&application, domain, title.as_deref());
            let first = slowly(&rules, &application, domain, title.as_deref());
            prop_assert_eq!(found.rule, first);
            let category = first.map_or(Uuid::nil(), |at| rules[at].category_id.uuid());
            prop_assert_eq!(found.category, category);
            prop_assert_eq!(found.by_title, first.is_some_and(|at| rules[at].title.is_some()));
        }
    }

    #[test]
    fn a_site_is_its_subdomains_too_and_nothing_that_only_ends_alike() {
        let set = Ruleset::new(1, &[rule(None, None, Some("WWW.Example.org"), 1)]);
        let chosen = |domain: &str| set.choose("Browser", domain, None).category;
        assert_eq!(chosen("example.org"), id(1).uuid());
        assert_eq!(chosen("docs.example.org"), id(1).uuid());
        assert_eq!(chosen("badexample.org"), Uuid::nil());
        assert_eq!(chosen("org"), Uuid::nil());
        assert_eq!(chosen(""), Uuid::nil());
    }

    #[test]
    fn a_preview_leaves_what_a_title_decided_where_it_is() {
        let set = Ruleset::new(
            2,
            &[
                rule(None, Some("*invoice*"), None, 3),
                rule(Some("editor"), None, None, 1),
            ],
        );
        let used = |application: &str, category: u128, worked, titled| Used {
            application: application.to_owned(),
            domain: String::new(),
            category: Uuid::from_u128(category),
            worked,
            titled,
        };
        let all = [
            used("Editor", 0, 100, 0),
            used("Editor", 1, 50, 0),
            used("Editor", 2, 30, 20),
            // In a category that is no more, which is in none.
            used("Mail", 9, 40, 0),
        ];
        let known = BTreeSet::from([id(1), id(2), id(3)]);
        let found = preview(&set, &all, &known);
        assert_eq!(
            (found.worked, found.moved_seconds, found.titled),
            (220, 110, 20)
        );
        assert_eq!(found.by_rule, [None, Some(160)]);
        let moved: Vec<_> = found
            .moved
            .iter()
            .map(|moved| (moved.before, moved.after, moved.worked_seconds))
            .collect();
        assert_eq!(
            moved,
            [(None, Some(id(1)), 100), (Some(id(2)), Some(id(1)), 10)]
        );
    }

    #[test]
    fn a_wrong_rule_is_named_by_its_place() {
        let known = BTreeSet::from([id(1)]);
        let fine = rule(Some("a"), None, None, 1);
        assert_eq!(problem(std::slice::from_ref(&fine), &known), None);
        let found = problem(&[fine.clone(), rule(Some("b"), None, None, 2)], &known);
        assert_eq!(found.expect("wrong").0, "rules[1].category_id");
        assert_eq!(
            problem(&vec![fine; RULES_MAX + 1], &known)
                .expect("wrong")
                .0,
            "rules"
        );
    }

    #[test]
    fn what_an_organization_begins_with_is_valid_and_decides() {
        let mut all = Vec::new();
        let mut known = BTreeSet::new();
        for (n, starter) in (1..).zip(STARTERS) {
            known.insert(id(n));
            all.extend(starter.rules(id(n)));
        }
        assert_eq!(problem(&all, &known), None);
        let set = Ruleset::new(1, &all);
        let kind = |application: &str, domain: &str| {
            let at = set.choose(application, domain, None).category.as_u128();
            (at > 0).then(|| STARTERS[usize::try_from(at).expect("small") - 1].kind)
        };
        assert_eq!(kind("Code", ""), Some(CategoryKind::Productive));
        assert_eq!(
            kind("firefox", "m.youtube.com"),
            Some(CategoryKind::Unproductive)
        );
        assert_eq!(
            kind("gnome-terminal-server", ""),
            Some(CategoryKind::Productive)
        );
        assert_eq!(kind("firefox", ""), None);
    }
}
