//! `admin list-devices`, `approve-device`, `revoke-device`.

use clap::Args;
use shared_types::{
    DeviceId, OrganizationId, Timestamp,
    device::{Device, DeviceStatus},
};

use super::{OutputFlag, organizations::chosen};
use crate::{
    auth::devices::{self as acts, Approval},
    cli::confirm::Yes,
    clock::{Clock as _, SystemClock},
    store::{
        Store,
        devices::{self, Filter},
        people,
    },
};

/// Which devices.
#[derive(Debug, Args)]
pub(in crate::cli) struct List {
    /// Which organization; not needed when there is only one
    #[arg(long)]
    organization: Option<OrganizationId>,
    /// Only the devices of the person with this address
    #[arg(long, value_name = "ADDRESS")]
    email: Option<String>,
    /// Only devices that may send and have not been heard of for so many days, 1 to 3650
    #[arg(long, value_name = "DAYS", value_parser = clap::value_parser!(i64).range(1..=3_650))]
    silent_days: Option<i64>,
    /// Only devices that wait for approval
    #[arg(long)]
    pending: bool,
    #[command(flatten)]
    output: OutputFlag,
}

pub(super) async fn list(store: &Store, flags: &List) -> anyhow::Result<()> {
    let organization = chosen(store, flags.organization).await?;
    let mut reader = store.tenant(organization).read().await?;
    let user = match &flags.email {
        None => None,
        Some(email) => {
            let user = people::find_by_email(reader.db(), email).await?;
            let user = user.ok_or_else(|| {
                anyhow::anyhow!(
                    "there is nobody with this address in the organization. See `admin list-users`."
                )
            })?;
            Some(user.id)
        }
    };
    let filter = Filter {
        id: None,
        user,
        pending: flags.pending.then_some(true),
        silent_since: flags
            .silent_days
            .map(|days| SystemClock.now().plus_seconds(-days * 86_400)),
    };
    let mut items: Vec<Device> = Vec::new();
    loop {
        let after = items.last().map(|device| device.id);
        let page = devices::list(reader.db(), None, filter, after, 500).await?;
        if page.is_empty() {
            break;
        }
        items.extend(page);
    }
    let head = [
        "id",
        "person",
        "name",
        "system",
        "agent",
        "status",
        "last contact",
        "waiting",
        "dropped",
    ];
    flags.output.output.list(&items, &head, |device| {
        let instant =
            |at: Option<Timestamp>| at.map_or_else(|| "-".to_owned(), |at| at.to_string());
        let account = device.account.as_ref();
        let number = |n: Option<i64>| n.map_or_else(|| "-".to_owned(), |n| n.to_string());
        vec![
            device.id.to_string(),
            device.user_id.to_string(),
            device.name.clone(),
            device.os.clone(),
            device.agent_version.clone(),
            device.status.as_str().to_owned(),
            instant(device.last_contact_at),
            number(account.map(|account| account.pending)),
            number(account.map(|account| account.dropped.values().sum())),
        ]
    })
}

/// Which device.
#[derive(Debug, Args)]
struct Which {
    /// Which organization; not needed when there is only one
    #[arg(long)]
    organization: Option<OrganizationId>,
    /// The device's id
    #[arg(long)]
    device: DeviceId,
}

impl Which {
    async fn find(&self, store: &Store) -> anyhow::Result<(OrganizationId, Device)> {
        let organization = chosen(store, self.organization).await?;
        let mut reader = store.tenant(organization).read().await?;
        let device = devices::find(reader.db(), None, self.device).await?;
        let device = device.ok_or_else(|| {
            anyhow::anyhow!(
                "there is no device {} in the organization. See `admin list-devices`.",
                self.device
            )
        })?;
        Ok((organization, device))
    }
}

/// Which device may send from now on.
#[derive(Debug, Args)]
pub(in crate::cli) struct Approve {
    #[command(flatten)]
    which: Which,
    #[command(flatten)]
    output: OutputFlag,
}

pub(super) async fn approve(store: &Store, flags: &Approve) -> anyhow::Result<()> {
    let (organization, device) = flags.which.find(store).await?;
    match acts::approve(store, &SystemClock, organization, None, device.id).await? {
        Approval::Approved(_) => {}
        Approval::Revoked => anyhow::bail!(
            "the device {} has been revoked. Nothing was changed; enrol it as a new device.",
            device.id
        ),
        Approval::Unknown => anyhow::bail!("the device is gone. Nothing was changed."),
    }
    flags.output.output.one(&[
        ("device_id", device.id.to_string()),
        ("status", DeviceStatus::Approved.as_str().to_owned()),
    ])
}

/// Which device may not send any more.
#[derive(Debug, Args)]
pub(in crate::cli) struct Revoke {
    #[command(flatten)]
    which: Which,
    #[command(flatten)]
    yes: Yes,
    #[command(flatten)]
    output: OutputFlag,
}

pub(super) async fn revoke(store: &Store, flags: &Revoke) -> anyhow::Result<()> {
    let (organization, device) = flags.which.find(store).await?;
    flags.yes.agree(&format!(
        "revoke the device {} ({:?}); what it has not sent yet is never taken, and it must be enrolled again to go on",
        device.id, device.name
    ))?;
    acts::revoke(store, &SystemClock, organization, None, device.id)
        .await?
        .ok_or_else(|| anyhow::anyhow!("the device is gone. Nothing was changed."))?;
    flags.output.output.one(&[
        ("device_id", device.id.to_string()),
        ("status", DeviceStatus::Revoked.as_str().to_owned()),
    ])
}
