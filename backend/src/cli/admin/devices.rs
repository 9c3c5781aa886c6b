//! `admin create-enrolment-token`, `list-devices`, `revoke-device`.

use clap::Args;
use shared_types::{DeviceId, OrganizationId, device::Device};

use super::{OutputFlag, organizations::chosen, people::Whose};
use crate::{
    auth::enrolment::{self, TokenTerms},
    cli::confirm::Yes,
    clock::SystemClock,
    store::{Store, devices},
};

/// Whose devices, how many, for how long.
#[derive(Debug, Args)]
pub(in crate::cli) struct CreateToken {
    #[command(flatten)]
    whose: Whose,
    /// How many devices, 1 to 1000
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(i64).range(1..=1_000))]
    max_uses: i64,
    /// For how many hours, 1 to 8760
    #[arg(long, default_value_t = 72, value_parser = clap::value_parser!(i64).range(1..=8_760))]
    expires_in_hours: i64,
    #[command(flatten)]
    output: OutputFlag,
}

pub(super) async fn create_token(store: &Store, flags: &CreateToken) -> anyhow::Result<()> {
    let (organization, user) = flags.whose.find(store).await?;
    let terms = TokenTerms {
        user_id: user.id,
        max_uses: flags.max_uses,
        expires_in_hours: flags.expires_in_hours,
    };
    let token = enrolment::create_token(store, &SystemClock, organization, None, terms)
        .await?
        .ok_or_else(|| anyhow::anyhow!("the person is gone. Nothing was changed."))?;
    flags.output.output.one(&[
        ("id", token.id.to_string()),
        ("token", token.token),
        ("expires_at", token.expires_at.to_string()),
    ])
}

/// Whose list.
#[derive(Debug, Args)]
pub(in crate::cli) struct List {
    /// Which organization; not needed when there is only one
    #[arg(long)]
    organization: Option<OrganizationId>,
    #[command(flatten)]
    output: OutputFlag,
}

pub(super) async fn list(store: &Store, flags: &List) -> anyhow::Result<()> {
    let organization = chosen(store, flags.organization).await?;
    let mut reader = store.tenant(organization).read().await?;
    let mut items: Vec<Device> = Vec::new();
    loop {
        let after = items.last().map(|device| device.id);
        let page = devices::list(reader.db(), None, after, 500).await?;
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
        "last contact",
        "revoked",
    ];
    flags.output.output.list(&items, &head, |device| {
        let instant = |at: Option<shared_types::Timestamp>| {
            at.map_or_else(|| "-".to_owned(), |at| at.to_string())
        };
        vec![
            device.id.to_string(),
            device.user_id.to_string(),
            device.name.clone(),
            device.os.clone(),
            device.agent_version.clone(),
            instant(device.last_contact_at),
            instant(device.revoked_at),
        ]
    })
}

/// Which device.
#[derive(Debug, Args)]
pub(in crate::cli) struct Revoke {
    /// Which organization; not needed when there is only one
    #[arg(long)]
    organization: Option<OrganizationId>,
    /// The device's id
    #[arg(long)]
    device: DeviceId,
    #[command(flatten)]
    yes: Yes,
    #[command(flatten)]
    output: OutputFlag,
}

pub(super) async fn revoke(store: &Store, flags: &Revoke) -> anyhow::Result<()> {
    let organization = chosen(store, flags.organization).await?;
    let device = flags.device;
    flags.yes.agree(&format!(
        "revoke the device {device}: it must be enrolled again to send anything"
    ))?;
    enrolment::revoke_device(store, &SystemClock, organization, None, device)
        .await?
        .ok_or_else(|| {
            anyhow::anyhow!(
                "there is no device {device} in the organization. See `admin list-devices`."
            )
        })?;
    flags
        .output
        .output
        .one(&[("device_id", device.to_string())])
}
