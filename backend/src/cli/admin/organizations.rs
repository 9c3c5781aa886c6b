//! `admin create-organization`, `admin list-organizations`.

use clap::Args;
use shared_types::OrganizationId;

use super::OutputFlag;
use crate::{
    auth::accounts::{self, NewOrganization},
    clock::SystemClock,
    store::{Store, organizations},
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
    let name = flags.name.trim();
    anyhow::ensure!(
        (1..=200).contains(&name.chars().count()),
        "--name must have 1 to 200 characters. Nothing was changed."
    );
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
