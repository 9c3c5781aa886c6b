//! `admin create-project`, `list-projects`, `rename-project`, `archive-project`, `add-project-member`,
//! `remove-project-member`, `project-totals`.

use anyhow::Context as _;
use clap::Args;
use jiff::civil::Date;
use serde_json::json;
use shared_types::{
    OrganizationId, ProjectId, UserId,
    audit::LookAt,
    project::{BookedTime, ChangeProject, CreateProject, Project},
};

use super::{OutputFlag, checked_name, organizations::chosen, teams::person};
use crate::{
    cli::output::{Output, line},
    clock::{Clock as _, SystemClock},
    domain::visibility::{Actor, Viewer},
    groups::{
        bookings::{self, Range},
        members, projects,
    },
    store::{
        self, Store,
        audit::{self, Looked},
    },
};

/// What the project is.
#[derive(Debug, Args)]
pub(in crate::cli) struct Create {
    /// Which organization; not needed when there is only one
    #[arg(long)]
    organization: Option<OrganizationId>,
    /// Its name, 1 to 200 characters
    #[arg(long)]
    name: String,
    /// Only its members may book time on it; otherwise everyone may
    #[arg(long)]
    members_only: bool,
    #[command(flatten)]
    output: OutputFlag,
}

pub(super) async fn create(store: &Store, flags: &Create) -> anyhow::Result<()> {
    let organization = chosen(store, flags.organization).await?;
    let request = CreateProject {
        name: checked_name(&flags.name)?.to_owned(),
        open_to_all: !flags.members_only,
    };
    let project = projects::create(store, &SystemClock, organization, Actor::Server, &request)
        .await
        .context("nothing was changed")?;
    flags.output.output.one(&[
        ("project_id", project.id.to_string()),
        ("name", project.name),
    ])
}

/// Whose list.
#[derive(Debug, Args)]
pub(in crate::cli) struct List {
    /// Which organization; not needed when there is only one
    #[arg(long)]
    organization: Option<OrganizationId>,
    /// Archived ones too
    #[arg(long)]
    archived: bool,
    #[command(flatten)]
    output: OutputFlag,
}

pub(super) async fn list(store: &Store, flags: &List) -> anyhow::Result<()> {
    let organization = chosen(store, flags.organization).await?;
    let mut reader = store.tenant(organization).read().await?;
    let mut items: Vec<Project> = Vec::new();
    loop {
        let after = items
            .last()
            .map(|project| (project.name.clone(), project.id));
        let after = after.as_ref().map(|(name, id)| (name.as_str(), *id));
        let page =
            store::projects::page(reader.db(), Viewer::SERVER, flags.archived, after, 500).await?;
        if page.is_empty() {
            break;
        }
        items.extend(page);
    }
    let head = ["id", "name", "open to", "archived"];
    flags.output.output.list(&items, &head, |project| {
        vec![
            project.id.to_string(),
            project.name.clone(),
            if project.open_to_all {
                "all"
            } else {
                "members"
            }
            .to_owned(),
            project
                .archived_at
                .map_or_else(|| "-".to_owned(), |at| at.to_string()),
        ]
    })
}

/// Which project.
#[derive(Debug, Args)]
pub(super) struct Which {
    /// Which organization; not needed when there is only one
    #[arg(long)]
    organization: Option<OrganizationId>,
    /// The project's name or id
    #[arg(long)]
    project: String,
}

impl Which {
    /// The project that is meant.
    pub(super) async fn find(&self, store: &Store) -> anyhow::Result<(OrganizationId, Project)> {
        let organization = chosen(store, self.organization).await?;
        let mut reader = store.tenant(organization).read().await?;
        let id = match store::projects::by_name(reader.db(), self.project.trim()).await? {
            Some(id) => Some(id),
            None => self.project.parse::<ProjectId>().ok(),
        };
        let found = match id {
            Some(id) => projects::find(reader.db(), Actor::Server, id).await.ok(),
            None => None,
        };
        let found = found.ok_or_else(|| {
            anyhow::anyhow!(
                "there is no project {:?} in the organization. See `admin list-projects --archived`.",
                self.project
            )
        })?;
        Ok((organization, found.project))
    }

    /// Changes the project that is meant.
    async fn change(&self, store: &Store, request: &ChangeProject) -> anyhow::Result<Project> {
        let (organization, project) = self.find(store).await?;
        let (clock, actor) = (&SystemClock, Actor::Server);
        projects::change(store, clock, organization, actor, project.id, request)
            .await
            .context("nothing was changed")
    }
}

/// What the project is called from now on.
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
    let request = ChangeProject {
        name: Some(checked_name(&flags.name)?.to_owned()),
        ..ChangeProject::default()
    };
    let project = flags.which.change(store, &request).await?;
    flags.output.output.one(&[
        ("project_id", project.id.to_string()),
        ("name", project.name),
    ])
}

/// Which project goes, or comes back.
#[derive(Debug, Args)]
pub(in crate::cli) struct Archive {
    #[command(flatten)]
    which: Which,
    /// Take it back into use
    #[arg(long)]
    restore: bool,
    #[command(flatten)]
    output: OutputFlag,
}

pub(super) async fn archive(store: &Store, flags: &Archive) -> anyhow::Result<()> {
    let request = ChangeProject {
        archived: Some(!flags.restore),
        ..ChangeProject::default()
    };
    let project = flags.which.change(store, &request).await?;
    flags.output.output.one(&[
        ("project_id", project.id.to_string()),
        (
            "archived_at",
            project
                .archived_at
                .map_or_else(|| "-".to_owned(), |at| at.to_string()),
        ),
    ])
}

/// Who is put in.
#[derive(Debug, Args)]
pub(in crate::cli) struct AddMember {
    #[command(flatten)]
    which: Which,
    /// The person's address
    #[arg(long)]
    email: String,
    /// As a manager of the project, who sees its members if their role is manager
    #[arg(long)]
    manager: bool,
    #[command(flatten)]
    output: OutputFlag,
}

pub(super) async fn add_member(store: &Store, flags: &AddMember) -> anyhow::Result<()> {
    let (organization, project) = flags.which.find(store).await?;
    let user = person(store, organization, &flags.email).await?;
    let (place, manager) = ((project.id, user), flags.manager);
    let (clock, actor) = (&SystemClock, Actor::Server);
    members::put_in_project(store, clock, organization, actor, place, manager)
        .await
        .context("nothing was changed")?;
    flags.output.output.one(&[
        ("project_id", project.id.to_string()),
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
    let (organization, project) = flags.which.find(store).await?;
    let user = person(store, organization, &flags.email).await?;
    let place = (project.id, user);
    members::take_out_of_project(store, &SystemClock, organization, Actor::Server, place)
        .await
        .with_context(|| {
            format!(
                "the person is not in the project {:?}. Nothing was changed",
                project.name
            )
        })?;
    flags.output.output.one(&[
        ("project_id", project.id.to_string()),
        ("user_id", user.to_string()),
    ])
}

/// Which days of which project.
#[derive(Debug, Args)]
pub(in crate::cli) struct Totals {
    #[command(flatten)]
    which: Which,
    /// First day, in the organization's zone, such as 2026-11-01
    #[arg(long)]
    from: Date,
    /// Last day
    #[arg(long)]
    to: Date,
    #[command(flatten)]
    output: OutputFlag,
}

pub(super) async fn totals(store: &Store, flags: &Totals) -> anyhow::Result<()> {
    let (organization, project) = flags.which.find(store).await?;
    let range = Range {
        from: flags.from,
        to: flags.to,
        after: None,
        limit: usize::MAX,
    };
    let (totals, _) =
        bookings::totals(store, organization, Actor::Server, project.id, range).await?;
    // Written down before any of it is shown; each of them reads that IT looked.
    let people: Vec<UserId> = totals.people.iter().map(|booked| booked.user_id).collect();
    let look = Looked {
        viewer: None,
        at: LookAt::ProjectTotals,
        people: &people,
        detail: json!({ "project_id": project.id }),
    };
    let mut tx = store.tenant(organization).begin().await?;
    audit::looked(&mut tx, &look, SystemClock.now(), SystemClock.new_uuid()).await?;
    tx.commit().await?;
    if flags.output.output == Output::Json {
        return line(&serde_json::to_string_pretty(&totals)?);
    }
    let mut rows: Vec<(String, String, BookedTime)> = totals
        .people
        .iter()
        .map(|booked| (booked.user_id.to_string(), booked.name.clone(), booked.time))
        .collect();
    rows.extend(
        totals
            .total
            .map(|time| (String::new(), "all".to_owned(), time)),
    );
    let head = [
        "person",
        "name",
        "sessions",
        "active s",
        "idle s",
        "not observed s",
    ];
    flags.output.output.list(&rows, &head, |(id, name, time)| {
        vec![
            id.clone(),
            name.clone(),
            time.sessions.to_string(),
            time.active_seconds.to_string(),
            time.idle_seconds.to_string(),
            time.unobserved_seconds.to_string(),
        ]
    })
}
