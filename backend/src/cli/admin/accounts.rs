//! `admin set-role`, `rename-user`, `sign-out`, `reset-link`, `list-logins`, `end-login`.

use clap::Args;
use shared_types::account::{OpenLogin, UpdateUser};
use uuid::Uuid;

use super::{
    OutputFlag, checked_name,
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

/// What a person is called.
#[derive(Debug, Args)]
pub(in crate::cli) struct Rename {
    #[command(flatten)]
    whose: Whose,
    /// Their name from now on, 1 to 200 characters
    #[arg(long)]
    name: String,
    #[command(flatten)]
    output: OutputFlag,
}

pub(super) async fn rename(store: &Store, flags: &Rename) -> anyhow::Result<()> {
    let (organization, user) = flags.whose.find(store).await?;
    let update = UpdateUser {
        name: Some(checked_name(&flags.name)?.to_owned()),
        ..UpdateUser::default()
    };
    let changed = standing::change(store, &SystemClock, organization, None, user.id, &update)
        .await
        .map_err(|error| anyhow::anyhow!("nothing was changed: {error}"))?
        .ok_or_else(|| anyhow::anyhow!("the person is gone. Nothing was changed."))?;
    flags
        .output
        .output
        .one(&[("user_id", changed.id.to_string()), ("name", changed.name)])
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

/// Which log-in ends.
#[derive(Debug, Args)]
pub(in crate::cli) struct EndLogin {
    #[command(flatten)]
    whose: Whose,
    /// The log-in's id, as `list-logins` shows it
    #[arg(long)]
    login: Uuid,
    #[command(flatten)]
    yes: Yes,
    #[command(flatten)]
    output: OutputFlag,
}

pub(super) async fn end_login(store: &Store, flags: &EndLogin) -> anyhow::Result<()> {
    let (organization, user) = flags.whose.find(store).await?;
    let login = flags.login;
    flags
        .yes
        .agree(&format!("end the log-in {login} of {}", user.name))?;
    let ended =
        standing::end_login(store, &SystemClock, organization, None, user.id, login).await?;
    anyhow::ensure!(
        ended,
        "{} has no open log-in {login}. Nothing was changed. See `admin list-logins`.",
        user.name
    );
    flags.output.output.one(&[
        ("user_id", user.id.to_string()),
        ("login_id", login.to_string()),
    ])
}
