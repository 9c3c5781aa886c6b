//! `admin list-team-members`, `list-project-members`.

use clap::Args;
use shared_types::{project::ProjectMember, team::TeamMember};

use super::{OutputFlag, projects, teams};
use crate::{
    domain::visibility::Viewer,
    store::{self, Store},
};

/// People that are read at once.
const PAGE: i64 = 500;

fn part(is_manager: bool) -> String {
    if is_manager { "manager" } else { "member" }.to_owned()
}

/// Of which team.
#[derive(Debug, Args)]
pub(in crate::cli) struct OfTeam {
    #[command(flatten)]
    which: teams::Which,
    #[command(flatten)]
    output: OutputFlag,
}

pub(super) async fn of_team(store: &Store, flags: &OfTeam) -> anyhow::Result<()> {
    let (organization, team) = flags.which.find(store).await?;
    let mut reader = store.tenant(organization).read().await?;
    let mut items: Vec<TeamMember> = Vec::new();
    loop {
        let after = items.last().map(|one| (one.name.clone(), one.user_id));
        let after = after.as_ref().map(|(name, id)| (name.as_str(), *id));
        let page = store::teams::members(reader.db(), Viewer::SERVER, team.id, after, PAGE).await?;
        if page.is_empty() {
            break;
        }
        items.extend(page);
    }
    let head = ["person", "name", "as", "since"];
    flags.output.output.list(&items, &head, |member| {
        vec![
            member.user_id.to_string(),
            member.name.clone(),
            part(member.is_manager),
            member.added_at.to_string(),
        ]
    })
}

/// Of which project.
#[derive(Debug, Args)]
pub(in crate::cli) struct OfProject {
    #[command(flatten)]
    which: projects::Which,
    #[command(flatten)]
    output: OutputFlag,
}

pub(super) async fn of_project(store: &Store, flags: &OfProject) -> anyhow::Result<()> {
    let (organization, project) = flags.which.find(store).await?;
    let mut reader = store.tenant(organization).read().await?;
    let mut items: Vec<ProjectMember> = Vec::new();
    loop {
        let after = items.last().map(|one| (one.name.clone(), one.user_id));
        let after = after.as_ref().map(|(name, id)| (name.as_str(), *id));
        let page =
            store::projects::members(reader.db(), Viewer::SERVER, project.id, after, PAGE).await?;
        if page.is_empty() {
            break;
        }
        items.extend(page);
    }
    let head = ["person", "name", "as", "seen by its managers", "since"];
    flags.output.output.list(&items, &head, |member| {
        vec![
            member.user_id.to_string(),
            member.name.clone(),
            part(member.is_manager),
            if member.gives_sight { "yes" } else { "no" }.to_owned(),
            member.added_at.to_string(),
        ]
    })
}
