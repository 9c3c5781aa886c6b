//! `admin invite`, `list-invitations`, `revoke-invitation`, `set-registration`,
//! `show-organization`.

use clap::Args;
use shared_types::{
    InvitationId, OrganizationId,
    account::{Invitation, Organization, UpdateOrganization},
};

use super::{OutputFlag, alerting, checked_email, organizations::chosen};
use crate::{
    auth::{
        joining::{self, Terms},
        links, settings as changes,
    },
    cli::{confirm::Yes, output::Output},
    clock::{Clock as _, SystemClock},
    config::Config,
    store::{Store, invitations, settings},
};

/// Whom, for how long.
#[derive(Debug, Args)]
pub(in crate::cli) struct Invite {
    /// Which organization; not needed when there is only one
    #[arg(long)]
    organization: Option<OrganizationId>,
    /// The only address that the invitation lets in
    #[arg(long)]
    email: String,
    /// For how many hours, 1 to 720
    #[arg(long, default_value_t = 168, value_parser = clap::value_parser!(i64).range(1..=720))]
    expires_in_hours: i64,
    /// Show the link although mail is configured
    #[arg(long)]
    show_link: bool,
    #[command(flatten)]
    output: OutputFlag,
}

pub(super) async fn invite(store: &Store, config: &Config, flags: &Invite) -> anyhow::Result<()> {
    let organization = chosen(store, flags.organization).await?;
    checked_email(&flags.email)?;
    let terms = Terms {
        email: &flags.email,
        expires_in_hours: flags.expires_in_hours,
        by_mail: config.mail.is_some() && !flags.show_link,
    };
    let (invitation, secret) = joining::invite(store, &SystemClock, organization, None, terms)
        .await
        .map_err(|error| anyhow::anyhow!("nobody was invited: {error}"))?;
    let how = match secret {
        Some(secret) => (
            "link",
            links::link(config.http.public_url.as_ref(), links::JOIN, &secret),
        ),
        None => (
            "mail",
            "waits; the running server sends it within seconds".to_owned(),
        ),
    };
    flags.output.output.one(&[
        ("invitation_id", invitation.id.to_string()),
        ("expires_at", invitation.expires_at.to_string()),
        how,
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

/// A word as JSON spells it.
fn word<T: serde::Serialize>(value: &T) -> String {
    serde_json::to_value(value)
        .ok()
        .and_then(|value| value.as_str().map(ToOwned::to_owned))
        .unwrap_or_else(|| "-".to_owned())
}

pub(super) async fn list(store: &Store, flags: &List) -> anyhow::Result<()> {
    let organization = chosen(store, flags.organization).await?;
    let now = SystemClock.now();
    let mut reader = store.tenant(organization).read().await?;
    let mut items: Vec<Invitation> = Vec::new();
    loop {
        let before = items.last().map(|invitation| invitation.id);
        let page = invitations::list(reader.db(), before, 500, now).await?;
        if page.is_empty() {
            break;
        }
        items.extend(page);
    }
    let head = ["id", "e-mail", "state", "mail", "expires"];
    flags.output.output.list(&items, &head, |item| {
        vec![
            item.id.to_string(),
            item.email.clone(),
            word(&item.state),
            word(&item.mail),
            item.expires_at.to_string(),
        ]
    })
}

/// Which invitation.
#[derive(Debug, Args)]
pub(in crate::cli) struct Revoke {
    /// Which organization; not needed when there is only one
    #[arg(long)]
    organization: Option<OrganizationId>,
    /// The invitation's id
    #[arg(long)]
    invitation: InvitationId,
    #[command(flatten)]
    yes: Yes,
    #[command(flatten)]
    output: OutputFlag,
}

pub(super) async fn revoke(store: &Store, flags: &Revoke) -> anyhow::Result<()> {
    let organization = chosen(store, flags.organization).await?;
    let id = flags.invitation;
    flags.yes.agree(&format!(
        "take the invitation {id} back: its link lets nobody in any more"
    ))?;
    joining::revoke(store, &SystemClock, organization, None, id)
        .await
        .map_err(|error| anyhow::anyhow!("nothing was changed: {error}"))?
        .ok_or_else(|| {
            anyhow::anyhow!(
                "there is no invitation {id} in the organization. See `admin list-invitations`."
            )
        })?;
    flags
        .output
        .output
        .one(&[("invitation_id", id.to_string())])
}

/// How people may join by the organization's id.
#[derive(Debug, Args)]
pub(in crate::cli) struct SetRegistration {
    /// Which organization; not needed when there is only one
    #[arg(long)]
    organization: Option<OrganizationId>,
    /// Whether people may join by the organization's id
    #[arg(long, action = clap::ArgAction::Set)]
    open: bool,
    /// Only with addresses of these mail domains, with commas; empty: any
    #[arg(long, value_delimiter = ',')]
    domains: Option<Vec<String>>,
    #[command(flatten)]
    output: OutputFlag,
}

pub(super) async fn set_registration(store: &Store, flags: SetRegistration) -> anyhow::Result<()> {
    let organization = chosen(store, flags.organization).await?;
    let domains = flags.domains.map(|domains| {
        let named = domains.into_iter().filter(|domain| !domain.is_empty());
        named.collect::<Vec<String>>()
    });
    let update = UpdateOrganization {
        registration_open: Some(flags.open),
        registration_domains: domains,
        ..UpdateOrganization::default()
    };
    if let Some((field, message)) = changes::problems(&update).first() {
        anyhow::bail!("{field} {message}. Nothing was changed.");
    }
    let settings = changes::change(store, &SystemClock, organization, None, &update)
        .await?
        .ok_or_else(|| anyhow::anyhow!("the organization is gone. Nothing was changed."))?;
    show_settings(flags.output.output, &settings)
}

/// Which organization.
#[derive(Debug, Args)]
pub(in crate::cli) struct Show {
    /// Which organization; not needed when there is only one
    #[arg(long)]
    organization: Option<OrganizationId>,
    #[command(flatten)]
    output: OutputFlag,
}

pub(super) async fn show(store: &Store, flags: &Show) -> anyhow::Result<()> {
    let organization = chosen(store, flags.organization).await?;
    let mut reader = store.tenant(organization).read().await?;
    let found = settings::find(reader.db()).await?;
    let settings = found.ok_or_else(|| anyhow::anyhow!("the organization is gone."))?;
    show_settings(flags.output.output, &settings)
}

pub(super) fn show_settings(output: Output, settings: &Organization) -> anyhow::Result<()> {
    output.one(&[
        ("organization_id", settings.id.to_string()),
        ("name", settings.name.clone()),
        ("time_zone", settings.time_zone.clone()),
        ("registration_open", settings.registration_open.to_string()),
        (
            "registration_domains",
            settings.registration_domains.join(","),
        ),
        (
            "devices_need_approval",
            settings.devices_need_approval.to_string(),
        ),
        ("retention_days", settings.retention_days.to_string()),
        (
            "idle_alert_seconds",
            settings.idle_alert_seconds.to_string(),
        ),
        (
            "overtime_alert_seconds",
            settings.overtime_alert_seconds.to_string(),
        ),
        ("quiet_hours", alerting::quiet_text(&settings.quiet_hours)),
        ("alert_mail", settings.alert_mail.to_string()),
    ])
}
