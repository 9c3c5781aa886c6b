//! `admin set-role`, `sign-out`, `reset-link`, `list-logins`.

use clap::Args;
use shared_types::account::{OpenLogin, UpdateUser};

use super::{
    OutputFlag,
    people::{RoleName, Whose},
};
use crate::{
    auth::{links, resets, standing},
    cli::confirm::Yes,
    clock::{Clock as _, SystemClock},
    config::Config,
    store::{Store, logins},
};

/// Which role.
#[derive(Debug, Args)]
pub(in crate::cli) struct SetRole {
    #[command(flatten)]
    whose: Whose,
    /// What the person may do from now on
    #[arg(long, value_enum)]
    role: RoleName,
    #[command(flatten)]
    output: OutputFlag,
}

pub(super) async fn set_role(store: &Store, flags: &SetRole) -> anyhow::Result<()> {
    let (organization, user) = flags.whose.find(store).await?;
    let update = UpdateUser {
        role: Some(flags.role.into()),
        ..UpdateUser::default()
    };
    let changed = standing::change(store, &SystemClock, organization, None, user.id, &update)
        .await
        .map_err(|error| anyhow::anyhow!("nothing was changed: {error}"))?
        .ok_or_else(|| anyhow::anyhow!("the person is gone. Nothing was changed."))?;
    flags.output.output.one(&[
        ("user_id", changed.id.to_string()),
        ("role", changed.role.as_str().to_owned()),
    ])
}

/// Who is signed out everywhere.
#[derive(Debug, Args)]
pub(in crate::cli) struct SignOut {
    #[command(flatten)]
    whose: Whose,
    #[command(flatten)]
    yes: Yes,
    #[command(flatten)]
    output: OutputFlag,
}

pub(super) async fn sign_out(store: &Store, flags: &SignOut) -> anyhow::Result<()> {
    let (organization, user) = flags.whose.find(store).await?;
    flags
        .yes
        .agree(&format!("end all log-ins of {}", user.name))?;
    standing::sign_out(store, &SystemClock, organization, None, user.id).await?;
    flags.output.output.one(&[("user_id", user.id.to_string())])
}

/// Who sets a new password.
#[derive(Debug, Args)]
pub(in crate::cli) struct ResetLink {
    #[command(flatten)]
    whose: Whose,
    #[command(flatten)]
    output: OutputFlag,
}

pub(super) async fn reset_link(
    store: &Store,
    config: &Config,
    flags: &ResetLink,
) -> anyhow::Result<()> {
    let (organization, user) = flags.whose.find(store).await?;
    let (secret, expires_at) = resets::make_link(store, &SystemClock, organization, None, user.id)
        .await?
        .ok_or_else(|| anyhow::anyhow!("the person is gone. Nothing was changed."))?;
    let link = links::link(config.http.public_url.as_ref(), links::RESET, &secret);
    flags.output.output.one(&[
        ("user_id", user.id.to_string()),
        ("link", link),
        ("expires_at", expires_at.to_string()),
    ])
}

/// Whose log-ins.
#[derive(Debug, Args)]
pub(in crate::cli) struct ListLogins {
    #[command(flatten)]
    whose: Whose,
    #[command(flatten)]
    output: OutputFlag,
}

pub(super) async fn list_logins(store: &Store, flags: &ListLogins) -> anyhow::Result<()> {
    let (organization, user) = flags.whose.find(store).await?;
    let now = SystemClock.now();
    let mut reader = store.tenant(organization).read().await?;
    let mut items: Vec<OpenLogin> = Vec::new();
    loop {
        let before = items.last().map(|login| login.id);
        let page = logins::open(reader.db(), user.id, before, 500, now).await?;
        if page.is_empty() {
            break;
        }
        items.extend(page);
    }
    let head = ["id", "with", "began", "last used"];
    flags.output.output.list(&items, &head, |login| {
        vec![
            login.id.to_string(),
            login.client.clone(),
            login.created_at.to_string(),
            login.last_used_at.to_string(),
        ]
    })
}
