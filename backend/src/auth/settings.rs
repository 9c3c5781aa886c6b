//! Changing an organization's settings.

use serde_json::json;
use shared_types::{
    OrganizationId, UserId,
    account::{Organization, UpdateOrganization},
};

use crate::{
    clock::Clock,
    domain::mail_domain,
    store::{
        Store, StoreError,
        audit::{self, Entry},
        settings, standing,
    },
};

/// Most mail domains that an organization names.
pub const MOST_DOMAINS: usize = 50;

/// A field that cannot be set so: its name, and what it should be.
pub type FieldProblem = (&'static str, &'static str);

/// What is wrong with an update, all fields at once.
#[must_use]
pub fn problems(update: &UpdateOrganization) -> Vec<FieldProblem> {
    let mut wrong = Vec::new();
    if let Some(name) = &update.name {
        let length = name.trim().chars().count();
        if !(1..=200).contains(&length) || name.chars().any(char::is_control) {
            wrong.push((
                "name",
                "must have 1 to 200 characters, and no control characters",
            ));
        }
    }
    if let Some(domains) = &update.registration_domains
        && (domains.len() > MOST_DOMAINS
            || domains
                .iter()
                .any(|domain| mail_domain::normal(domain).is_none()))
    {
        wrong.push((
            "registration_domains",
            "must be at most 50 mail domains such as example.org",
        ));
    }
    if update
        .retention_days
        .is_some_and(|days| !(1..=3_650).contains(&days))
    {
        wrong.push(("retention_days", "must be 1 to 3650"));
    }
    wrong
}

/// Changes the settings; those in force afterwards, or `None` when there is no such organization.
/// The caller has looked at [`problems`].
pub async fn change(
    store: &Store,
    clock: &dyn Clock,
    organization: OrganizationId,
    actor: Option<UserId>,
    update: &UpdateOrganization,
) -> Result<Option<Organization>, StoreError> {
    let now = clock.now();
    let mut tx = store.tenant(organization).begin().await?;
    standing::lock(&mut tx).await?;
    let Some(before) = settings::find(tx.db()).await? else {
        return Ok(None);
    };
    let mut then = before.clone();
    if let Some(name) = &update.name {
        name.trim().clone_into(&mut then.name);
    }
    if let Some(domains) = &update.registration_domains {
        let mut domains: Vec<String> = domains
            .iter()
            .filter_map(|domain| mail_domain::normal(domain))
            .collect();
        domains.sort();
        domains.dedup();
        then.registration_domains = domains;
    }
    then.registration_open = update.registration_open.unwrap_or(then.registration_open);
    then.devices_need_approval = update
        .devices_need_approval
        .unwrap_or(then.devices_need_approval);
    then.retention_days = update.retention_days.unwrap_or(then.retention_days);
    if then != before {
        settings::set(&mut tx, &then).await?;
        let entry = Entry {
            actor,
            action: "organization.changed",
            subject: None,
            detail: json!({
                "renamed": then.name != before.name,
                "registration_open": then.registration_open,
                "registration_domains": then.registration_domains,
                "devices_need_approval": then.devices_need_approval,
                "retention_days": then.retention_days,
            }),
        };
        audit::append(&mut tx, &entry, now).await?;
        tx.commit().await?;
    }
    Ok(Some(then))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_wrong_settings_are_named_at_once() {
        let update = UpdateOrganization {
            name: Some(" \u{7}".to_owned()),
            registration_domains: Some(vec!["acme.test".to_owned(), "no domain".to_owned()]),
            retention_days: Some(0),
            ..UpdateOrganization::default()
        };
        let wrong: Vec<&str> = problems(&update).iter().map(|(field, _)| *field).collect();
        assert_eq!(wrong, ["name", "registration_domains", "retention_days"]);
        assert!(problems(&UpdateOrganization::default()).is_empty());
    }
}
