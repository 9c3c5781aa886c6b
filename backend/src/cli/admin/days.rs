//! `admin set-time-zone`, `admin remake-days`.

use clap::Args;
use jiff::civil::Date;
use serde_json::json;
use shared_types::{OrganizationId, account::UpdateOrganization};

use super::{OutputFlag, organizations::chosen};
use crate::{
    auth::settings as changes,
    clock::{Clock as _, SystemClock},
    domain::remake::Reason,
    store::{
        Store,
        audit::{self, Entry},
        day::Day,
        rollup_work,
    },
};

/// The zone that days are cut in.
#[derive(Debug, Args)]
pub(in crate::cli) struct SetTimeZone {
    /// Which organization; not needed when there is only one
    #[arg(long)]
    organization: Option<OrganizationId>,
    /// IANA name of the zone, such as Europe/Berlin
    #[arg(long)]
    time_zone: String,
    #[command(flatten)]
    output: OutputFlag,
}

pub(super) async fn set_time_zone(store: &Store, flags: SetTimeZone) -> anyhow::Result<()> {
    let organization = chosen(store, flags.organization).await?;
    let update = UpdateOrganization {
        time_zone: Some(flags.time_zone),
        ..UpdateOrganization::default()
    };
    if let Some((field, message)) = changes::problems(&update).first() {
        anyhow::bail!("{field} {message}. Nothing was changed.");
    }
    let settings = changes::change(store, &SystemClock, organization, None, &update)
        .await?
        .ok_or_else(|| anyhow::anyhow!("the organization is gone. Nothing was changed."))?;
    let mut reader = store.tenant(organization).read().await?;
    let people = rollup_work::progress(reader.db()).await?;
    flags.output.output.one(&[
        ("organization_id", settings.id.to_string()),
        ("time_zone", settings.time_zone),
        (
            "people_whose_days_are_made_again",
            people.map_or(0, |open| open.people - open.done).to_string(),
        ),
    ])
}

/// Which days.
#[derive(Debug, Args)]
pub(in crate::cli) struct Remake {
    /// Which organization; not needed when there is only one
    #[arg(long)]
    organization: Option<OrganizationId>,
    /// From this day on, YYYY-MM-DD; all, unless told
    #[arg(long)]
    from: Option<Date>,
    #[command(flatten)]
    output: OutputFlag,
}

/// For a finding of `doctor`: what is kept of each day is made again from its spans.
pub(super) async fn remake(store: &Store, flags: &Remake) -> anyhow::Result<()> {
    let organization = chosen(store, flags.organization).await?;
    let from = flags.from.unwrap_or(Date::ZERO);
    let now = SystemClock.now();
    let mut tx = store.tenant(organization).begin().await?;
    let people = rollup_work::ask(&mut tx, Reason::Asked, Day(from), now).await?;
    let entry = Entry {
        actor: None,
        action: "organization.days_remade",
        subject: None,
        detail: json!({ "from": flags.from.map(|day| day.to_string()), "people": people }),
    };
    audit::append(&mut tx, &entry, now).await?;
    tx.commit().await?;
    flags
        .output
        .output
        .one(&[("people_whose_days_are_made_again", people.to_string())])
}
