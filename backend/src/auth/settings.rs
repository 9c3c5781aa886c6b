//! Changing an organization's settings.

use jiff::{civil::Date, tz::TimeZone};
use serde_json::json;
use shared_types::{
    OrganizationId, Timestamp, UserId,
    account::{Organization, UpdateOrganization},
    alert::QuietHours,
};

use crate::{
    clock::Clock,
    domain::{mail_domain, remake},
    store::{
        Store, StoreError, TenantTx,
        audit::{self, Entry},
        day::Day,
        retention, rollup_work, settings, standing,
    },
};

/// Most mail domains that an organization names.
pub const MOST_DOMAINS: usize = 50;

const ZONE: &str = "must be an IANA time zone such as Europe/Berlin";

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
    if let Some(zone) = &update.time_zone
        && TimeZone::get(zone).is_err()
    {
        wrong.push(("time_zone", ZONE));
    }
    alert_problems(update, &mut wrong);
    wrong
}

/// What is wrong with when whom is told of what.
fn alert_problems(update: &UpdateOrganization, wrong: &mut Vec<FieldProblem>) {
    let within = |value: Option<i64>, least| value.is_none_or(|it| (least..=86_400).contains(&it));
    if !within(update.idle_alert_seconds, 60) {
        wrong.push(("idle_alert_seconds", "must be 60 to 86400"));
    }
    if !within(update.overtime_alert_seconds, 3_600) {
        wrong.push(("overtime_alert_seconds", "must be 3600 to 86400"));
    }
    if let Some(hours) = &update.quiet_hours
        && (hours.len() > QuietHours::MOST || hours.iter().any(|one| !one.is_valid()))
    {
        wrong.push((
            "quiet_hours",
            "must be at most 50 stretches, each with 1 to 7 weekdays and two different times, the first before 24:00, the second after 00:00",
        ));
    }
}

/// Quiet hours as they are kept: each day once, in order; no stretch twice.
fn tidy(hours: &[QuietHours]) -> Vec<QuietHours> {
    let mut kept: Vec<QuietHours> = Vec::new();
    for one in hours {
        let mut one = one.clone();
        one.weekdays.sort_unstable();
        one.weekdays.dedup();
        if !kept.contains(&one) {
            kept.push(one);
        }
    }
    kept
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
    if let Some(zone) = &update.time_zone {
        zone.clone_into(&mut then.time_zone);
    }
    then.idle_alert_seconds = update.idle_alert_seconds.unwrap_or(then.idle_alert_seconds);
    then.overtime_alert_seconds = update
        .overtime_alert_seconds
        .unwrap_or(then.overtime_alert_seconds);
    if let Some(hours) = &update.quiet_hours {
        then.quiet_hours = tidy(hours);
    }
    then.alert_mail = update.alert_mail.unwrap_or(then.alert_mail);
    if then != before {
        settings::set(&mut tx, &then).await?;
        if then.time_zone != before.time_zone {
            cut_anew(&mut tx, &then.time_zone, now).await?;
        }
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
                "time_zone": then.time_zone,
                "idle_alert_seconds": then.idle_alert_seconds,
                "overtime_alert_seconds": then.overtime_alert_seconds,
                "quiet_hours": then.quiet_hours,
                "alert_mail": then.alert_mail,
            }),
        };
        audit::append(&mut tx, &entry, now).await?;
        tx.commit().await?;
    }
    Ok(Some(then))
}

/// Has all days made again in another zone, as far as their spans are there.
async fn cut_anew(tx: &mut TenantTx, zone_name: &str, now: Timestamp) -> Result<(), StoreError> {
    let zone = TimeZone::get(zone_name)
        .map_err(|_| StoreError::Corrupt(format!("time zone {zone_name:?}")))?;
    if let Some((_, Some(removed_before))) = rollup_work::terms(tx.db()).await? {
        // What was removed ended with a day of the old zone: sums are checked from the first day
        // of the new one on that is whole.
        let first = remake::first_whole(removed_before, &zone);
        retention::note(tx, &first).await?;
    }
    rollup_work::ask(tx, remake::Reason::Zone, Day(Date::ZERO), now).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use shared_types::hours::Weekday;

    use super::*;

    fn hours(weekdays: &[Weekday], from: &str, to: &str) -> QuietHours {
        QuietHours {
            weekdays: weekdays.to_vec(),
            from: from.parse().expect("a time"),
            to: to.parse().expect("a time"),
        }
    }

    #[test]
    fn quiet_hours_that_are_none_are_refused_and_days_are_kept_once() {
        let monday = [Weekday::Monday];
        let refused = |hours: Vec<QuietHours>| {
            let update = UpdateOrganization {
                quiet_hours: Some(hours),
                ..UpdateOrganization::default()
            };
            !problems(&update).is_empty()
        };
        for (from, to) in [("08:00", "08:00"), ("24:00", "08:00"), ("08:00", "00:00")] {
            assert!(refused(vec![hours(&monday, from, to)]), "{from} {to}");
        }
        assert!(!refused(vec![hours(&monday, "00:00", "24:00")]));
        assert!(refused(vec![hours(&monday, "20:00", "07:00"); 51]));
        let twice = [Weekday::Sunday, Weekday::Monday, Weekday::Sunday];
        let night = hours(&twice, "20:00", "07:00");
        let kept = tidy(&[night.clone(), night]);
        let days = [Weekday::Monday, Weekday::Sunday];
        assert_eq!(kept, [hours(&days, "20:00", "07:00")]);
    }

    #[test]
    fn all_wrong_settings_are_named_at_once() {
        let update = UpdateOrganization {
            name: Some(" \u{7}".to_owned()),
            registration_domains: Some(vec!["acme.test".to_owned(), "no domain".to_owned()]),
            retention_days: Some(0),
            time_zone: Some("Mars/Olympus".to_owned()),
            idle_alert_seconds: Some(59),
            overtime_alert_seconds: Some(86_401),
            quiet_hours: Some(vec![hours(&[], "20:00", "07:00")]),
            ..UpdateOrganization::default()
        };
        let wrong: Vec<&str> = problems(&update).iter().map(|(field, _)| *field).collect();
        let all = [
            "name",
            "registration_domains",
            "retention_days",
            "time_zone",
            "idle_alert_seconds",
            "overtime_alert_seconds",
            "quiet_hours",
        ];
        assert_eq!(wrong, all);
        assert!(problems(&UpdateOrganization::default()).is_empty());
    }
}
