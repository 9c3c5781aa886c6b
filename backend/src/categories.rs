//! What people do to categories and their rules, on the API and on the command line alike: one
//! transaction each, with its audit row.
//!
//! Who may is for the caller. Must not know HTTP. What arrives follows new rules at once; the
//! sums of past days come to follow them by a job.

use std::collections::BTreeSet;

use jiff::{ToSpan as _, civil::Date, tz::TimeZone};
use serde_json::json;
use shared_types::{
    CategoryId, Timestamp, UserId,
    category::{
        CATEGORIES_MAX, Category, CategoryKind, CategoryRule, CategoryRules, RulesPreview,
        RulesProgress, RulesState,
    },
    policy::CapturePolicy,
};

use crate::{
    clock::Clock,
    domain::{
        category::{Ruleset, STARTERS, preview, problem},
        day::DayBounds,
    },
    policies::Actor,
    store::{
        Store, StoreError, TenantTx,
        audit::{self, Entry},
        categories::{self, Latest},
        policies, presence,
    },
};

/// Items of a preview.
const SHOWN: usize = 200;
/// Days that a preview looks at, unless told.
const PREVIEW_DAYS: i64 = 30;

/// Why something was not done. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum CategoryError {
    /// Another category has the name.
    #[error("there is a category with the name {0:?} already")]
    NameTaken(String),
    /// There is no such category.
    #[error("there is no such category")]
    Missing,
    /// Rules name it.
    #[error("{0} rules name this category: take them out of the list first")]
    InUse(usize),
    /// Capture policies name it.
    #[error("{0} rules of capture policies reduce windows to this category: take them out first")]
    InPolicies(usize),
    /// An organization has no more.
    #[error("an organization has at most {CATEGORIES_MAX} categories")]
    TooMany,
    /// Field and rule.
    #[error("{0} {1}")]
    Invalid(String, &'static str),
    /// Somebody else wrote a list since.
    #[error("the rules have changed since you read them")]
    Changed,
    /// The database said no.
    #[error(transparent)]
    Store(#[from] StoreError),
}

fn taken(name: &str) -> impl FnOnce(StoreError) -> CategoryError {
    move |error| {
        if error.is_unique_violation() {
            CategoryError::NameTaken(name.to_owned())
        } else {
            error.into()
        }
    }
}

async fn written(
    tx: &mut TenantTx,
    actor: Option<UserId>,
    (action, detail): (&'static str, serde_json::Value),
    now: Timestamp,
) -> Result<(), StoreError> {
    let entry = Entry {
        actor,
        action,
        subject: None,
        detail,
    };
    audit::append(tx, &entry, now).await?;
    Ok(())
}

/// Gives a new organization the categories and rules to begin with.
pub async fn begin(tx: &mut TenantTx, clock: &dyn Clock) -> Result<(), StoreError> {
    let now = clock.now();
    let mut rules = Vec::new();
    for starter in STARTERS {
        let id = CategoryId(clock.new_uuid());
        let category = Category {
            id,
            name: starter.name.to_owned(),
            kind: starter.kind,
            created_at: now,
        };
        categories::insert(tx, &category).await?;
        rules.extend(starter.rules(id));
    }
    categories::add(tx, 1, &rules, now, Some(now)).await
}

/// Makes a category.
///
/// # Errors
/// [`CategoryError::NameTaken`], [`CategoryError::TooMany`].
pub async fn create(
    store: &Store,
    clock: &dyn Clock,
    actor: Actor,
    name: &str,
    kind: CategoryKind,
) -> Result<Category, CategoryError> {
    let now = clock.now();
    let category = Category {
        id: CategoryId(clock.new_uuid()),
        name: name.trim().to_owned(),
        kind,
        created_at: now,
    };
    let mut tx = store.tenant(actor.organization).begin().await?;
    categories::lock(&mut tx).await?;
    let known = categories::ids(tx.db()).await?.len();
    if i64::try_from(known).is_ok_and(|known| known >= CATEGORIES_MAX) {
        return Err(CategoryError::TooMany);
    }
    categories::insert(&mut tx, &category)
        .await
        .map_err(taken(&category.name))?;
    let detail = json!({ "category_id": category.id, "name": category.name, "kind": kind });
    written(&mut tx, actor.user, ("category.created", detail), now).await?;
    tx.commit().await?;
    Ok(category)
}

/// Changes a category; what is absent stays. The same again changes nothing.
///
/// # Errors
/// [`CategoryError::Missing`], [`CategoryError::NameTaken`].
pub async fn change(
    store: &Store,
    clock: &dyn Clock,
    actor: Actor,
    id: CategoryId,
    (name, kind): (Option<&str>, Option<CategoryKind>),
) -> Result<Category, CategoryError> {
    let now = clock.now();
    let mut tx = store.tenant(actor.organization).begin().await?;
    let before = categories::find(tx.db(), id)
        .await?
        .ok_or(CategoryError::Missing)?;
    let after = Category {
        name: name.map_or_else(|| before.name.clone(), |name| name.trim().to_owned()),
        kind: kind.unwrap_or(before.kind),
        ..before.clone()
    };
    if after == before {
        return Ok(before);
    }
    let there = categories::change(&mut tx, &after)
        .await
        .map_err(taken(&after.name))?;
    if !there {
        return Err(CategoryError::Missing);
    }
    let shown = |one: &Category| json!({ "name": one.name, "kind": one.kind });
    let detail = json!({ "category_id": id, "before": shown(&before), "after": shown(&after) });
    written(&mut tx, actor.user, ("category.changed", detail), now).await?;
    tx.commit().await?;
    Ok(after)
}

/// Removes a category that no rule names, of the list or of a capture policy. What titles had
/// put into it is in none, and so is what agents say of it until they have a newer policy.
///
/// # Errors
/// [`CategoryError::Missing`], [`CategoryError::InUse`], [`CategoryError::InPolicies`].
pub async fn remove(
    store: &Store,
    clock: &dyn Clock,
    actor: Actor,
    id: CategoryId,
) -> Result<(), CategoryError> {
    let now = clock.now();
    let mut tx = store.tenant(actor.organization).begin().await?;
    categories::lock(&mut tx).await?;
    let category = categories::find(tx.db(), id)
        .await?
        .ok_or(CategoryError::Missing)?;
    let latest = categories::latest(tx.db()).await?;
    let rules = latest.iter().flat_map(|latest| &latest.rules);
    let naming = rules.filter(|rule| rule.category_id == id).count();
    if naming > 0 {
        return Err(CategoryError::InUse(naming));
    }
    let policies = policies::all(tx.db()).await?;
    let reducing = policies.iter().flat_map(CapturePolicy::categories);
    let reducing = reducing.filter(|category| *category == id).count();
    if reducing > 0 {
        return Err(CategoryError::InPolicies(reducing));
    }
    categories::remove(&mut tx, id).await?;
    let detail = json!({ "category_id": id, "name": category.name, "kind": category.kind });
    written(&mut tx, actor.user, ("category.deleted", detail), now).await?;
    tx.commit().await?;
    Ok(())
}

/// A list as people read it.
#[must_use]
pub fn shown(latest: Option<Latest>) -> CategoryRules {
    latest.map_or(
        CategoryRules {
            version: 0,
            rules: Vec::new(),
            created_at: None,
            applied_at: None,
        },
        |latest| CategoryRules {
            version: latest.version,
            rules: latest.rules,
            created_at: Some(latest.created_at),
            applied_at: latest.applied_at,
        },
    )
}

/// How far the sums follow the newest list.
#[must_use]
pub fn progress(latest: Option<&Latest>) -> RulesProgress {
    let Some(latest) = latest else {
        return RulesProgress {
            version: 0,
            state: RulesState::Applied,
            people_done: 0,
            people: 0,
            moved_seconds: 0,
            started_at: None,
            applied_at: None,
        };
    };
    RulesProgress {
        version: latest.version,
        state: match (latest.started_at, latest.applied_at) {
            (_, Some(_)) => RulesState::Applied,
            (Some(_), None) => RulesState::Running,
            (None, None) => RulesState::Waiting,
        },
        people_done: latest.people_done,
        people: latest.people.max(latest.people_done),
        moved_seconds: latest.moved_seconds,
        started_at: latest.started_at,
        applied_at: latest.applied_at,
    }
}

/// Replaces the list. `version` is the one that was read.
///
/// # Errors
/// [`CategoryError::Changed`], [`CategoryError::Invalid`].
pub async fn put_rules(
    store: &Store,
    clock: &dyn Clock,
    actor: Actor,
    version: i64,
    rules: Vec<CategoryRule>,
) -> Result<CategoryRules, CategoryError> {
    let now = clock.now();
    let mut tx = store.tenant(actor.organization).begin().await?;
    categories::lock(&mut tx).await?;
    valid(&rules, &categories::ids(tx.db()).await?)?;
    let before = shown(categories::latest(tx.db()).await?);
    if before.version != version {
        return Err(CategoryError::Changed);
    }
    if before.rules == rules && version > 0 {
        return Ok(before);
    }
    let next = version + 1;
    let added = categories::add(&mut tx, next, &rules, now, None).await;
    match added {
        Err(error) if error.is_unique_violation() => return Err(CategoryError::Changed),
        other => other?,
    }
    let detail = json!({
        "version": next, "rules": rules.len(), "rules_before": before.rules.len(),
    });
    written(&mut tx, actor.user, ("category_rules.changed", detail), now).await?;
    tx.commit().await?;
    Ok(CategoryRules {
        version: next,
        rules,
        created_at: Some(now),
        applied_at: None,
    })
}

fn valid(rules: &[CategoryRule], known: &BTreeSet<CategoryId>) -> Result<(), CategoryError> {
    match problem(rules, known) {
        None => Ok(()),
        Some((field, message)) => Err(CategoryError::Invalid(field, message)),
    }
}

/// Tries a list on what was used lately: what it would change, and whose days were looked at.
///
/// # Errors
/// [`CategoryError::Invalid`].
pub async fn try_rules(
    store: &Store,
    clock: &dyn Clock,
    actor: Actor,
    rules: &[CategoryRule],
    days: Option<i64>,
) -> Result<(RulesPreview, Vec<UserId>), CategoryError> {
    let mut view = store.tenant(actor.organization).snapshot().await?;
    let known = categories::ids(view.db()).await?;
    valid(rules, &known)?;
    let missing = || StoreError::Corrupt("an organization is missing".to_owned());
    let zone = presence::zone_name(view.db()).await?.ok_or_else(missing)?;
    let zone =
        TimeZone::get(&zone).map_err(|_| StoreError::Corrupt(format!("time zone {zone:?}")))?;
    let today = DayBounds::of(clock.now(), &zone).date;
    let back = days.unwrap_or(PREVIEW_DAYS) - 1;
    let from = today.checked_sub(back.days()).unwrap_or(Date::MIN);
    let used = categories::used_since(view.db(), from).await?;
    let people = categories::worked_since(view.db(), from).await?;
    let mut found = preview(&Ruleset::new(0, rules), &used, &known);
    let left_out = found.moved.len().saturating_sub(SHOWN);
    found.moved.truncate(SHOWN);
    let answer = RulesPreview {
        from: from.to_string(),
        to: today.to_string(),
        worked_seconds: found.worked,
        moved_seconds: found.moved_seconds,
        decided_by_title_seconds: found.titled,
        rule_seconds: found.by_rule,
        moved: found.moved,
        left_out: i64::try_from(left_out).unwrap_or(i64::MAX),
    };
    Ok((answer, people))
}
