//! `admin create-organization`, `list-organizations`, `set-organization`.

use clap::Args;
use shared_types::{OrganizationId, account::UpdateOrganization};

use super::{OutputFlag, checked_name, joining};
use crate::{
    auth::{
        accounts::{self, NewOrganization},
        settings as changes,
    },
    cli::confirm::Yes,
    clock::SystemClock,
    store::{Store, organizations, settings},
};

/// What the organization is.
#[derive(Debug, Args)]
pub(in crate::cli) struct Create {
    /// Its name, 1 to 200 characters
    #[arg(long)]
    name: String,
    /// IANA name of the zone that its days are cut in
    #[arg(long, default_value = "UTC")]
    time_zone: String,
    #[command(flatten)]
    output: OutputFlag,
}

pub(super) async fn create(store: &Store, flags: Create) -> anyhow::Result<()> {
    let name = checked_name(&flags.name)?;
    anyhow::ensure!(
        jiff::tz::TimeZone::get(&flags.time_zone).is_ok(),
        "--time-zone must be an IANA time zone such as Europe/Berlin. Nothing was changed."
    );
    let organization = NewOrganization {
        name,
        time_zone: &flags.time_zone,
    };
    let id = accounts::create_organization(store, &SystemClock, organization).await?;
    flags
        .output
        .output
        .one(&[("organization_id", id.to_string())])
}

/// How the list looks.
#[derive(Debug, Args)]
pub(in crate::cli) struct List {
    #[command(flatten)]
    output: OutputFlag,
}

pub(super) async fn list(store: &Store, flags: &List) -> anyhow::Result<()> {
    let mut reader = store.system().read().await?;
    let items = organizations::list(reader.db()).await?;
    flags
        .output
        .output
        .list(&items, &["id", "name", "time zone"], |item| {
            vec![
                item.id.to_string(),
                item.name.clone(),
                item.time_zone.clone(),
            ]
        })
}

/// What is set; what is not named stays.
#[derive(Debug, Args)]
pub(in crate::cli) struct Set {
    /// Which organization; not needed when there is only one
    #[arg(long)]
    organization: Option<OrganizationId>,
    /// Its name, 1 to 200 characters
    #[arg(long)]
    name: Option<String>,
    /// Whether a device that enrols waits for an admin
    #[arg(long)]
    devices_need_approval: Option<bool>,
    /// For how many days activity is kept, 1 to 3650; fewer than now removes what is older
    #[arg(long)]
    retention_days: Option<i64>,
    #[command(flatten)]
    yes: Yes,
    #[command(flatten)]
    output: OutputFlag,
}

pub(super) async fn set(store: &Store, flags: Set) -> anyhow::Result<()> {
    anyhow::ensure!(
        flags.name.is_some()
            || flags.devices_need_approval.is_some()
            || flags.retention_days.is_some(),
        "say what to set: --name, --devices-need-approval or --retention-days. Nothing was changed."
    );
    let organization = chosen(store, flags.organization).await?;
    let update = UpdateOrganization {
        name: flags.name,
        devices_need_approval: flags.devices_need_approval,
        retention_days: flags.retention_days,
        ..UpdateOrganization::default()
    };
    if let Some((field, message)) = changes::problems(&update).first() {
        anyhow::bail!("{field} {message}. Nothing was changed.");
    }
    let gone = || anyhow::anyhow!("the organization is gone. Nothing was changed.");
    let before = {
        let mut reader = store.tenant(organization).read().await?;
        settings::find(reader.db()).await?.ok_or_else(gone)?
    };
    if let Some(days) = update.retention_days
        && days < before.retention_days
    {
        flags.yes.agree(&format!(
            "remove the activity of {:?} that is older than {days} days (now: {}), within an hour and for ever",
            before.name, before.retention_days
        ))?;
    }
    let after = changes::change(store, &SystemClock, organization, None, &update)
        .await?
        .ok_or_else(gone)?;
    joining::show_settings(flags.output.output, &after)
}

/// The organization that is meant: the named one, or the only one.
pub(super) async fn chosen(
    store: &Store,
    named: Option<OrganizationId>,
) -> anyhow::Result<OrganizationId> {
    if let Some(id) = named {
        let mut reader = store.tenant(id).read().await?;
        organizations::find(reader.db()).await?.ok_or_else(|| {
            anyhow::anyhow!("there is no organization {id}. See `admin list-organizations`.")
        })?;
        return Ok(id);
    }
    let mut reader = store.system().read().await?;
    let all = organizations::list(reader.db()).await?;
    match all.as_slice() {
        [only] => Ok(only.id),
        [] => anyhow::bail!(
            "there is no organization yet: make one with `admin create-organization`."
        ),
        _ => anyhow::bail!(
            "there are several organizations: say which with --organization. See `admin list-organizations`."
        ),
    }
}
