//! `admin set-alerts`: when there is an alert, and when nobody is told.

use std::str::FromStr;

use clap::Args;
use shared_types::{
    OrganizationId,
    account::UpdateOrganization,
    alert::QuietHours,
    hours::{TimeOfDay, Weekday},
};

use super::{OutputFlag, joining::show_settings, organizations::chosen};
use crate::{auth::settings, clock::SystemClock, config::Config, store::Store};

/// What is to change; the rest stays.
#[derive(Debug, Args)]
pub(in crate::cli) struct SetAlerts {
    /// Which organization; not needed when there is only one
    #[arg(long)]
    organization: Option<OrganizationId>,
    /// After how many seconds without input in a running session there is an alert, 60 to 86400
    #[arg(long)]
    idle_seconds: Option<i64>,
    /// After how many seconds worked on a day there is an alert, 3600 to 86400
    #[arg(long)]
    overtime_seconds: Option<i64>,
    /// Hours in which nobody is told, by the organization's clock, such as `mon-fri 20:00-07:00`
    /// or `sat,sun 00:00-24:00`; more than once for several. They replace those that are there
    #[arg(long, value_name = "HOURS")]
    quiet: Vec<Quiet>,
    /// No quiet hours
    #[arg(long, conflicts_with = "quiet")]
    never_quiet: bool,
    /// Whether alerts are mailed to the managers concerned
    #[arg(long)]
    mail: Option<bool>,
    #[command(flatten)]
    output: OutputFlag,
}

/// Quiet hours as they are typed.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Quiet(QuietHours);

const FORM: &str =
    "expected days and times, such as `mon-fri 20:00-07:00` or `sat,sun 00:00-24:00`";

impl FromStr for Quiet {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (days, times) = text.trim().split_once(' ').ok_or(FORM)?;
        let (from, to) = times.trim().split_once('-').ok_or(FORM)?;
        let time = |text: &str| text.trim().parse::<TimeOfDay>().map_err(|_| FORM);
        let mut weekdays = Vec::new();
        for part in days.split(',') {
            let (first, last) = part.split_once('-').unwrap_or((part, part));
            let (mut day, last) = (place(first).ok_or(FORM)?, place(last).ok_or(FORM)?);
            // `sat-mon` goes over the end of the week.
            loop {
                weekdays.push(Weekday::ALL[day]);
                if day == last {
                    break;
                }
                day = (day + 1) % Weekday::ALL.len();
            }
        }
        weekdays.sort_unstable();
        weekdays.dedup();
        Ok(Self(QuietHours {
            weekdays,
            from: time(from)?,
            to: time(to)?,
        }))
    }
}

/// A weekday's place in the week, by its first three letters or its name.
fn place(text: &str) -> Option<usize> {
    let text = text.trim().to_lowercase();
    Weekday::ALL.iter().position(|day| {
        let name = day.name().to_lowercase();
        text == name || text == name[..3]
    })
}

/// Quiet hours as `set-alerts` reads them.
pub(super) fn quiet_text(hours: &[QuietHours]) -> String {
    let stretches: Vec<String> = hours
        .iter()
        .map(|one| {
            let days: Vec<String> = one
                .weekdays
                .iter()
                .map(|day| day.name()[..3].to_lowercase())
                .collect();
            format!("{} {}-{}", days.join(","), one.from, one.to)
        })
        .collect();
    stretches.join("; ")
}

pub(super) async fn set(store: &Store, config: &Config, flags: SetAlerts) -> anyhow::Result<()> {
    let organization = chosen(store, flags.organization).await?;
    let quiet_hours = (flags.never_quiet || !flags.quiet.is_empty())
        .then(|| flags.quiet.into_iter().map(|quiet| quiet.0).collect());
    let update = UpdateOrganization {
        idle_alert_seconds: flags.idle_seconds,
        overtime_alert_seconds: flags.overtime_seconds,
        quiet_hours,
        alert_mail: flags.mail,
        ..UpdateOrganization::default()
    };
    if let Some((field, message)) = settings::problems(&update).first() {
        anyhow::bail!("{field} {message}. Nothing was changed.");
    }
    anyhow::ensure!(
        flags.mail != Some(true) || config.mail.is_some(),
        "no mail server is configured: set smtp_url, mail_from and public_url first. Nothing was changed."
    );
    let settings = settings::change(store, &SystemClock, organization, None, &update)
        .await?
        .ok_or_else(|| anyhow::anyhow!("the organization is gone. Nothing was changed."))?;
    show_settings(flags.output.output, &settings)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quiet_hours_are_read_as_they_are_written() {
        for (typed, shown) in [
            ("mon-wed 20:00-07:00", "mon,tue,wed 20:00-07:00"),
            ("Saturday,sun 00:00-24:00", "sat,sun 00:00-24:00"),
            ("sat-mon 12:00-13:00", "mon,sat,sun 12:00-13:00"),
        ] {
            let Quiet(hours) = typed.parse().expect("is one");
            let text = quiet_text(std::slice::from_ref(&hours));
            assert_eq!(text, shown);
            assert_eq!(text.parse(), Ok(Quiet(hours)));
        }
        for bad in [
            "",
            "mon",
            "mon 20:00",
            "foo 20:00-07:00",
            "mon 20-07",
            "mon- 20:00-07:00",
        ] {
            assert_eq!(bad.parse::<Quiet>(), Err(FORM), "{bad}");
        }
    }
}
