//! `admin create-team`, `list-teams`, `rename-team`, `delete-team`, `add-team-member`, `remove-team-member`.

use anyhow::Context as _;
use clap::Args;
use shared_types::{OrganizationId, TeamId, UserId, team::Team};

use super::{OutputFlag, checked_name, organizations::chosen};
use crate::{
    cli::confirm::Yes,
    clock::SystemClock,
    domain::visibility::{Actor, Viewer},
    groups::{members, teams},
    store::{self, Store, people},
};

/// What the team is called.
#[derive(Debug, Args)]
pub(in crate::cli) struct Create {
    /// Which organization; not needed when there is only one
    #[arg(long)]
    organization: Option<OrganizationId>,
    /// Its name, 1 to 200 characters
    #[arg(long)]
    name: String,
    #[command(flatten)]
    output: OutputFlag,
}

pub(super) async fn create(store: &Store, flags: &Create) -> anyhow::Result<()> {
    let organization = chosen(store, flags.organization).await?;
    let name = checked_name(&flags.name)?;
    let team = teams::create(store, &SystemClock, organization, Actor::Server, name)
        .await
        .context("nothing was changed")?;
    flags
        .output
        .output
        .one(&[("team_id", team.id.to_string()), ("name", team.name)])
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
    let mut items: Vec<Team> = Vec::new();
    loop {
        let after = items.last().map(|team| (team.name.clone(), team.id));
        let after = after.as_ref().map(|(name, id)| (name.as_str(), *id));
        let page = store::teams::page(reader.db(), Viewer::SERVER, after, 500).await?;
        if page.is_empty() {
            break;
        }
        items.extend(page);
    }
    flags
        .output
        .output
        .list(&items, &["id", "name", "people"], |team| {
            vec![
                team.id.to_string(),
                team.name.clone(),
                team.member_count.to_string(),
            ]
        })
}

/// Which team.
#[derive(Debug, Args)]
pub(super) struct Which {
    /// Which organization; not needed when there is only one
    #[arg(long)]
    organization: Option<OrganizationId>,
    /// The team's name or id
    #[arg(long)]
    team: String,
}

impl Which {
    /// The team that is meant.
    pub(super) async fn find(&self, store: &Store) -> anyhow::Result<(OrganizationId, Team)> {
        let organization = chosen(store, self.organization).await?;
        let mut reader = store.tenant(organization).read().await?;
        let id = match store::teams::by_name(reader.db(), self.team.trim()).await? {
            Some(id) => Some(id),
            None => self.team.parse::<TeamId>().ok(),
        };
        let found = match id {
            Some(id) => store::teams::find(reader.db(), Viewer::SERVER, id).await?,
            None => None,
        };
        let team = found.ok_or_else(|| {
            anyhow::anyhow!(
                "there is no team {:?} in the organization. See `admin list-teams`.",
                self.team
            )
        })?;
        Ok((organization, team))
    }
}

/// What the team is called from now on.
#[derive(Debug, Args)]
pub(in crate::cli) struct Rename {
    #[command(flatten)]
    which: Which,
    /// Its name from now on, 1 to 200 characters
    #[arg(long)]
    name: String,
    #[command(flatten)]
    output: OutputFlag,
}

pub(super) async fn rename(store: &Store, flags: &Rename) -> anyhow::Result<()> {
    let (organization, team) = flags.which.find(store).await?;
    let (name, actor) = (checked_name(&flags.name)?, Actor::Server);
    let team = teams::rename(store, &SystemClock, organization, actor, team.id, name)
        .await
        .context("nothing was changed")?;
    flags
        .output
        .output
        .one(&[("team_id", team.id.to_string()), ("name", team.name)])
}

/// Which team goes.
#[derive(Debug, Args)]
pub(in crate::cli) struct Delete {
    #[command(flatten)]
    which: Which,
    #[command(flatten)]
    yes: Yes,
    #[command(flatten)]
    output: OutputFlag,
}

pub(super) async fn delete(store: &Store, flags: &Delete) -> anyhow::Result<()> {
    let (organization, team) = flags.which.find(store).await?;
    flags.yes.agree(&format!(
        "delete the team {:?} and who is in it ({} people, who stay): its managers no longer see them by it",
        team.name, team.member_count
    ))?;
    teams::remove(store, &SystemClock, organization, Actor::Server, team.id)
        .await
        .context("nothing was changed")?;
    flags.output.output.one(&[("team_id", team.id.to_string())])
}

/// Who is put in.
#[derive(Debug, Args)]
pub(in crate::cli) struct AddMember {
    #[command(flatten)]
    which: Which,
    /// The person's address
    #[arg(long)]
    email: String,
    /// As a manager of the team, who sees its members if their role is manager
    #[arg(long)]
    manager: bool,
    #[command(flatten)]
    output: OutputFlag,
}

pub(super) async fn add_member(store: &Store, flags: &AddMember) -> anyhow::Result<()> {
    let (organization, team) = flags.which.find(store).await?;
    let user = person(store, organization, &flags.email).await?;
    let place = (team.id, user);
    members::put_in_team(
        store,
        &SystemClock,
        organization,
        Actor::Server,
        place,
        flags.manager,
    )
    .await
    .context("nothing was changed")?;
    flags.output.output.one(&[
        ("team_id", team.id.to_string()),
        ("user_id", user.to_string()),
    ])
}

/// Who is taken out.
#[derive(Debug, Args)]
pub(in crate::cli) struct RemoveMember {
    #[command(flatten)]
    which: Which,
    /// The person's address
    #[arg(long)]
    email: String,
    #[command(flatten)]
    output: OutputFlag,
}

pub(super) async fn remove_member(store: &Store, flags: &RemoveMember) -> anyhow::Result<()> {
    let (organization, team) = flags.which.find(store).await?;
    let user = person(store, organization, &flags.email).await?;
    let place = (team.id, user);
    members::take_out_of_team(store, &SystemClock, organization, Actor::Server, place)
        .await
        .with_context(|| {
            format!(
                "the person is not in the team {:?}. Nothing was changed",
                team.name
            )
        })?;
    flags.output.output.one(&[
        ("team_id", team.id.to_string()),
        ("user_id", user.to_string()),
    ])
}

/// The person with this address.
pub(super) async fn person(
    store: &Store,
    organization: OrganizationId,
    email: &str,
) -> anyhow::Result<UserId> {
    let mut reader = store.tenant(organization).read().await?;
    people::find_by_email(reader.db(), email)
        .await?
        .map(|user| user.id)
        .ok_or_else(|| {
            anyhow::anyhow!(
                "there is nobody with this address in the organization. See `admin list-users`."
            )
        })
}
