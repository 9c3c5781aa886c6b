//! Categories and their rules.

use shared_types::{
    CategoryId,
    category::{
        Category, CategoryKind, CategoryPage, CategoryRule, CategoryRules, ChangeCategory,
        CreateCategory, Moved, PreviewRules, PutCategoryRules, RulesPreview, RulesProgress,
        RulesState,
    },
    report::KindSeconds,
};

use super::{Golden, at, id};

pub(super) fn category() -> CategoryId {
    id(40)
}

fn rules() -> Vec<CategoryRule> {
    let rule =
        |application: Option<&str>, title: Option<&str>, domain: Option<&str>| CategoryRule {
            application: application.map(str::to_owned),
            title: title.map(str::to_owned),
            domain: domain.map(str::to_owned),
            category_id: category(),
        };
    vec![
        rule(None, None, Some("example.org")),
        rule(Some("Editor*"), Some("*.rs*"), None),
    ]
}

pub(super) fn check(golden: &mut Golden) {
    golden.check("enum_category_kind", &CategoryKind::ALL.to_vec());
    golden.check("enum_rules_state", &RulesState::ALL.to_vec());
    golden.check(
        "category_page",
        &CategoryPage {
            items: vec![Category {
                id: category(),
                name: "Development".to_owned(),
                kind: CategoryKind::Productive,
                created_at: at(0),
            }],
            next_cursor: None,
        },
    );
    golden.check(
        "create_category",
        &CreateCategory {
            name: "Development".to_owned(),
            kind: CategoryKind::Productive,
        },
    );
    golden.check(
        "change_category",
        &ChangeCategory {
            name: None,
            kind: Some(CategoryKind::Neutral),
        },
    );
    golden.check(
        "category_rules",
        &CategoryRules {
            version: 2,
            rules: rules(),
            created_at: Some(at(0)),
            applied_at: None,
        },
    );
    golden.check(
        "put_category_rules",
        &PutCategoryRules {
            version: 1,
            rules: rules(),
        },
    );
    golden.check(
        "preview_rules",
        &PreviewRules {
            rules: rules(),
            days: Some(7),
        },
    );
    golden.check(
        "rules_preview",
        &RulesPreview {
            from: "2026-11-16".to_owned(),
            to: "2026-11-22".to_owned(),
            worked_seconds: 7_200,
            moved_seconds: 600,
            decided_by_title_seconds: 60,
            rule_seconds: vec![Some(600), None],
            moved: vec![Moved {
                application: "Browser".to_owned(),
                domain: "example.org".to_owned(),
                before: None,
                after: Some(category()),
                worked_seconds: 600,
            }],
            left_out: 0,
        },
    );
    golden.check(
        "rules_progress",
        &RulesProgress {
            version: 2,
            state: RulesState::Running,
            people_done: 3,
            people: 10,
            moved_seconds: 600,
            started_at: Some(at(60)),
            applied_at: None,
        },
    );
    golden.check(
        "kind_seconds",
        &KindSeconds {
            productive_seconds: 600,
            neutral_seconds: 300,
            unproductive_seconds: 60,
            uncategorized_seconds: 30,
        },
    );
}
