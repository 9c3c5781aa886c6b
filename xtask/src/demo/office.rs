//! What the demo's admin and manager have set up besides people: categories with their rules, a
//! webhook, a report that is made each week, and from when on a day is a long one.
//!
//! Made through the front door, once: what somebody changed in a demo stays as they left it.

use anyhow::{Context, Result};
use shared_types::{
    CategoryId,
    account::{Organization, UpdateOrganization},
    category::{
        Category, CategoryKind, CategoryPage, CategoryRule, CategoryRules, CreateCategory,
        PutCategoryRules,
    },
    export::ExportFormat,
    hours::Weekday,
    report::GroupBy,
    report_schedule::{Every, ReportSchedule, ReportScheduleTerms, ReportSchedules},
    webhook::{ChangeWebhook, CreateWebhook, WebhookCreated, WebhookKind, WebhookPage},
};

use super::api::Api;

/// Seconds worked on a day from which on it is a long one: the contract's hours and no more, so
/// that the demo shows one on most days.
const LONG_DAY: i64 = 27_000;
/// What a new organization has.
const FIRST_LONG_DAY: i64 = 32_400;

/// A category, what it counts as where it is a new one, and the applications that the rules which
/// an organization begins with do not know.
const CATEGORIES: [(&str, CategoryKind, &[&str]); 7] = [
    ("Customer care", CategoryKind::Productive, &["Zendesk"]),
    (
        "Design",
        CategoryKind::Productive,
        &["Krita", "DaVinci Resolve"],
    ),
    (
        "Development",
        CategoryKind::Productive,
        &["IntelliJ IDEA", "Linear"],
    ),
    (
        "Documents",
        CategoryKind::Productive,
        &["Notion", "Notes", "Power BI*"],
    ),
    ("Chat and meetings", CategoryKind::Neutral, &["Google Meet"]),
    ("Entertainment", CategoryKind::Unproductive, &["Spotify"]),
    (
        "Social media",
        CategoryKind::Unproductive,
        &["WhatsApp", "Telegram*", "Discord"],
    ),
];

/// Everything that is not there yet.
pub(crate) fn furnish(api: &Api, admin: &str, manager: &str) -> Result<()> {
    long_day(api, admin).context("the long day")?;
    categories(api, admin).context("the categories")?;
    webhook(api, admin).context("the webhook")?;
    schedule(api, manager).context("the weekly report")
}

/// Only while it is as it was made.
fn long_day(api: &Api, admin: &str) -> Result<()> {
    let organization: Organization = api.get("/organization", Some(admin))?;
    if organization.overtime_alert_seconds != FIRST_LONG_DAY {
        return Ok(());
    }
    let change = UpdateOrganization {
        overtime_alert_seconds: Some(LONG_DAY),
        ..UpdateOrganization::default()
    };
    api.patch("/organization", admin, &change)
}

fn categories(api: &Api, admin: &str) -> Result<()> {
    let rules: CategoryRules = api.get("/category-rules", Some(admin))?;
    let known: CategoryPage = api.get("/categories", Some(admin))?;
    if known.items.iter().any(|one| one.name == CATEGORIES[0].0) {
        return Ok(());
    }
    // In reverse: the first is the mark that all of this was done.
    let mut found = rules.rules;
    for (name, kind, applications) in CATEGORIES.into_iter().rev() {
        let index = known.items.iter().position(|one| one.name == name);
        let id = if let Some(index) = index {
            known.items[index].id
        } else {
            let request = CreateCategory {
                name: name.to_owned(),
                kind,
            };
            let made: Category = api.post("/categories", Some(admin), &request)?;
            made.id
        };
        found.extend(applications.iter().map(|pattern| rule(pattern, id)));
    }
    let request = PutCategoryRules {
        version: rules.version,
        rules: found,
    };
    api.put("/category-rules", admin, &request)
}

fn rule(application: &str, category_id: CategoryId) -> CategoryRule {
    CategoryRule {
        application: Some(application.to_owned()),
        title: None,
        domain: None,
        category_id,
    }
}

/// Turned off at once: a demo sends nothing to anybody.
fn webhook(api: &Api, admin: &str) -> Result<()> {
    let known: WebhookPage = api.get("/webhooks", Some(admin))?;
    if !known.items.is_empty() {
        return Ok(());
    }
    let request = CreateWebhook {
        url: "https://chat.northwind.example/hooks/workpulse".to_owned(),
        label: "Alerts to the support channel".to_owned(),
        kinds: vec![WebhookKind::AlertOpened, WebhookKind::AlertResolved],
    };
    let created: WebhookCreated = api.post("/webhooks", Some(admin), &request)?;
    let off = ChangeWebhook {
        on: Some(false),
        ..ChangeWebhook::default()
    };
    api.patch(&format!("/webhooks/{}", created.webhook.id), admin, &off)
}

fn schedule(api: &Api, manager: &str) -> Result<()> {
    let known: ReportSchedules = api.get("/report-schedules", Some(manager))?;
    if !known.items.is_empty() {
        return Ok(());
    }
    let request = ReportScheduleTerms {
        name: "The week, by person".to_owned(),
        every: Every::Week,
        weekday: Some(Weekday::Monday),
        at: "07:00".parse().expect("a reading of the clock"),
        group_by: GroupBy::Person,
        format: ExportFormat::Xlsx,
        user_id: None,
        team_id: None,
        project_id: None,
        compare: true,
        by_mail: false,
        enabled: true,
    };
    api.post::<ReportSchedule>("/report-schedules", Some(manager), &request)
        .map(drop)
}
