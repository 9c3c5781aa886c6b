//! Reports over a range of days: whom they are about, which rollup answers, what rows are called.
//!
//! Owns the way from a question to rows. Must not know HTTP. The arithmetic is `domain::report`,
//! the sums are `store::reports`. All of a report is of people whom the viewer sees, its total
//! too: there is nobody else in it whom one could find by subtracting.

pub mod exports;
pub mod paper;
#[cfg(feature = "pdf")]
pub mod pdf;
pub mod sheet;

use std::collections::{BTreeMap, HashMap, HashSet};

use jiff::civil::Date;
use shared_types::{
    OrganizationId, ProjectId, TeamId, UserId,
    category::CategoryKind,
    report::{Compared, Figures, GroupBy, HeatCell, KindSeconds, ReportRow, ReportSort},
};
use uuid::Uuid;

use crate::{
    domain::{
        report::{LONGEST_RANGE, Sums, days_of, difference, heatmap, range_before, rows},
        visibility::{Actor, Viewer},
    },
    groups::{self, GroupError},
    store::{
        Store, StoreError, TenantDb, presence,
        reports::{self, Scope},
        scope::TenantSnapshot,
        teams,
    },
};

/// Of nobody: no team, no project, no category.
pub const NONE: &str = "none";
/// Of teams or projects that the viewer does not know.
pub const OTHER: &str = "other";

/// What is asked for.
#[derive(Debug, Clone, Copy)]
pub struct Question {
    /// First day.
    pub from: Date,
    /// Last day.
    pub to: Date,
    /// By what it adds up.
    pub group_by: GroupBy,
    /// Only this person.
    pub user: Option<UserId>,
    /// Only who is in this team now.
    pub team: Option<TeamId>,
    /// Only sessions that are booked on this project now.
    pub project: Option<ProjectId>,
    /// Also the range before.
    pub compare: bool,
    /// Also what charts are drawn from.
    pub charts: bool,
}

impl Question {
    /// Of whom and of which days, as this viewer may ask.
    #[must_use]
    pub const fn scope(&self, viewer: Viewer) -> Scope {
        Scope {
            viewer,
            user: self.user,
            team: self.team,
            from: self.from,
            to: self.to,
        }
    }
}

/// By what rows are ordered unless told, and whether most comes first: days and hours as they
/// come, all else by what was worked, most first.
#[must_use]
pub fn order_of(
    group_by: GroupBy,
    sort: Option<ReportSort>,
    descending: Option<bool>,
) -> (ReportSort, bool) {
    let runs = matches!(group_by, GroupBy::Day | GroupBy::Hour);
    let sort = sort.unwrap_or(if runs {
        ReportSort::Label
    } else {
        ReportSort::Worked
    });
    (sort, descending.unwrap_or(sort != ReportSort::Label))
}

/// A report, all of its rows in no order.
#[derive(Debug, Clone)]
pub struct Made {
    /// IANA name of the zone that days are cut in.
    pub time_zone: String,
    /// Whom it is about.
    pub people: Vec<UserId>,
    /// Its rows.
    pub rows: Vec<ReportRow>,
    /// All of them together.
    pub total: Figures,
    /// All rows by what their categories count as, where they are categories.
    pub kinds: Option<KindSeconds>,
    /// The range before.
    pub compared: Option<Compared>,
    /// What charts are drawn from, of the same moment as the rows.
    pub charts: Option<Charts>,
}

/// What the charts of a report are drawn from.
#[derive(Debug, Clone)]
pub struct Charts {
    /// Sums by day.
    pub days: Vec<(Date, Sums)>,
    /// A week by hours; empty for a project's sessions, of which hours are not kept.
    pub week: Vec<HeatCell>,
}

/// Why there is no report.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// The person, team or project is not there, or the viewer does not know of it.
    #[error("there is no such thing")]
    Missing,
    /// The range ends before it begins, or is too long.
    #[error("the range must begin before it ends, and span at most {0} days")]
    Range(i64),
    /// Sessions are booked on projects; what was used in them is not kept by project.
    #[error("goes with group_by person, team, project or day only")]
    NotByProject,
    /// The program was built without what writes it.
    #[error("this server was built without PDF: csv and xlsx are there")]
    NoPdf,
    /// The pages could not be written.
    #[error("{0}")]
    Pdf(String),
    /// The database said no.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<GroupError> for ReportError {
    fn from(error: GroupError) -> Self {
        match error {
            GroupError::Store(error) => Self::Store(error),
            _ => Self::Missing,
        }
    }
}

/// Whom a question is about, looked up on the primary: what the viewer sees is never old.
///
/// # Errors
/// [`ReportError::Missing`] when they do not see the person or do not know the team.
pub async fn about(
    mut db: TenantDb<'_>,
    scope: &Scope,
) -> Result<Vec<(UserId, String)>, ReportError> {
    if let Some(team) = scope.team {
        teams::find(db.again(), scope.viewer, team)
            .await?
            .ok_or(ReportError::Missing)?;
    }
    if let Some(user) = scope.user
        && !crate::store::visibility::can_see(db.again(), scope.viewer, user).await?
    {
        return Err(ReportError::Missing);
    }
    Ok(reports::people(db, scope).await?)
}

/// A view to add up from: the replica's while it knows the same people to be in sight, else the
/// primary's.
///
/// # Errors
/// As [`about`].
pub async fn view(
    store: &Store,
    organization: OrganizationId,
    scope: &Scope,
) -> Result<(TenantSnapshot, Vec<(UserId, String)>), ReportError> {
    let mut primary = store.tenant(organization).snapshot().await?;
    let people = about(primary.db(), scope).await?;
    let mut replica = store.tenant(organization).replica_snapshot().await?;
    if reports::people(replica.db(), scope).await? == people {
        return Ok((replica, people));
    }
    Ok((primary, people))
}

/// The zone that an organization's days are cut in.
///
/// # Errors
/// [`ReportError::Missing`] when there is no such organization.
pub async fn zone_name(db: TenantDb<'_>) -> Result<String, ReportError> {
    presence::zone_name(db).await?.ok_or(ReportError::Missing)
}

/// Whether a question can be answered to this viewer, without answering it.
///
/// # Errors
/// [`ReportError`].
pub async fn check(
    store: &Store,
    organization: OrganizationId,
    viewer: Viewer,
    question: &Question,
) -> Result<(), ReportError> {
    days_of(question.from, question.to, LONGEST_RANGE).ok_or(ReportError::Range(LONGEST_RANGE))?;
    let mut reader = store.tenant(organization).read().await?;
    if let Some(project) = question.project {
        known_project(reader.db(), viewer, question.group_by, project).await?;
    }
    about(reader.db(), &question.scope(viewer)).await.map(drop)
}

async fn known_project(
    db: TenantDb<'_>,
    viewer: Viewer,
    group_by: GroupBy,
    project: ProjectId,
) -> Result<(), ReportError> {
    if matches!(
        group_by,
        GroupBy::Application | GroupBy::Domain | GroupBy::Category | GroupBy::Hour
    ) {
        return Err(ReportError::NotByProject);
    }
    groups::projects::find(db, Actor::Person(viewer), project).await?;
    Ok(())
}

/// Answers a question.
///
/// # Errors
/// [`ReportError`].
pub async fn make(
    store: &Store,
    organization: OrganizationId,
    viewer: Viewer,
    question: &Question,
) -> Result<Made, ReportError> {
    days_of(question.from, question.to, LONGEST_RANGE).ok_or(ReportError::Range(LONGEST_RANGE))?;
    if let Some(project) = question.project {
        let mut reader = store.tenant(organization).read().await?;
        known_project(reader.db(), viewer, question.group_by, project).await?;
    }
    let scope = question.scope(viewer);
    let (mut view, people) = view(store, organization, &scope).await?;
    let time_zone = zone_name(view.db()).await?;
    let names = Names::read(&mut view, viewer, question.group_by, &people).await?;
    let (now, total) = add_up(&mut view, &scope, question, &names).await?;
    let mut compared = None;
    let mut earlier = None;
    if question.compare {
        let (from, to) =
            range_before(question.from, question.to).ok_or(ReportError::Range(LONGEST_RANGE))?;
        let (mut before, sum) =
            add_up(&mut view, &Scope { from, to, ..scope }, question, &names).await?;
        if question.group_by == GroupBy::Day {
            before = moved(before, from, question.from);
        }
        compared = Some(Compared {
            from: from.to_string(),
            to: to.to_string(),
            total: sum.figures(),
            difference: difference(&total.figures(), &sum.figures()),
        });
        earlier = Some(before);
    }
    let charts = if question.charts {
        Some(charts(&mut view, &scope, question.project).await?)
    } else {
        None
    };
    let mut rows = rows(&now, earlier.as_ref(), total);
    for row in &mut rows {
        row.label = names.label(&row.key);
        row.kind = names.kinds.get(&row.key).copied();
    }
    let by_category = question.group_by == GroupBy::Category;
    let kinds = by_category.then(|| kind_seconds(&rows));
    Ok(Made {
        time_zone,
        people: people.into_iter().map(|(id, _)| id).collect(),
        rows,
        total: total.figures(),
        kinds,
        compared,
        charts,
    })
}

async fn charts(
    view: &mut TenantSnapshot,
    scope: &Scope,
    project: Option<ProjectId>,
) -> Result<Charts, ReportError> {
    let (days, week) = if project.is_some() {
        let days = reports::booked_by_day(view.db(), scope, project).await?;
        (days, Vec::new())
    } else {
        let days = reports::by_day(view.db(), scope).await?;
        let week = heatmap(reports::by_week_and_hour(view.db(), scope).await?);
        (days, week)
    };
    let mut days: Vec<_> = days.into_iter().map(|(day, sums)| (day.0, sums)).collect();
    days.sort_unstable_by_key(|(day, _)| *day);
    Ok(Charts { days, week })
}

/// Worked seconds by what their categories count as.
fn kind_seconds(rows: &[ReportRow]) -> KindSeconds {
    let mut kinds = KindSeconds::default();
    for row in rows {
        *match row.kind {
            Some(CategoryKind::Productive) => &mut kinds.productive_seconds,
            Some(CategoryKind::Neutral) => &mut kinds.neutral_seconds,
            Some(CategoryKind::Unproductive) => &mut kinds.unproductive_seconds,
            None => &mut kinds.uncategorized_seconds,
        } += row.figures.worked_seconds;
    }
    kinds
}

type ByKey = BTreeMap<String, Sums>;

/// Sums by key, and all together.
async fn add_up(
    view: &mut TenantSnapshot,
    scope: &Scope,
    question: &Question,
    names: &Names,
) -> Result<(ByKey, Sums), ReportError> {
    let project = question.project;
    let found: Vec<(String, Sums)> = match question.group_by {
        GroupBy::Person | GroupBy::Team => {
            let people = if project.is_some() {
                reports::booked_by_person(view.db(), scope, project).await?
            } else {
                reports::by_person(view.db(), scope).await?
            };
            if question.group_by == GroupBy::Team {
                let total = Sums::of(people.iter().map(|(_, sums)| *sums));
                return Ok((names.by_team(&people), total));
            }
            keyed(people, |id| id.to_string())
        }
        GroupBy::Day if project.is_some() => keyed(
            reports::booked_by_day(view.db(), scope, project).await?,
            |day| day.to_string(),
        ),
        GroupBy::Day => keyed(reports::by_day(view.db(), scope).await?, |day| {
            day.to_string()
        }),
        GroupBy::Hour => keyed(reports::by_hour(view.db(), scope).await?, |hour| {
            hour.to_string()
        }),
        GroupBy::Application => keyed(reports::by_application(view.db(), scope).await?, |name| {
            name
        }),
        GroupBy::Domain => keyed(reports::by_domain(view.db(), scope).await?, |name| name),
        // What titles had put into a category that is no more is in none.
        GroupBy::Category => keyed(reports::by_category(view.db(), scope).await?, |id: Uuid| {
            let id = id.to_string();
            if names.kinds.contains_key(&id) {
                id
            } else {
                NONE.to_owned()
            }
        }),
        GroupBy::Project => keyed(
            reports::by_project(view.db(), scope, project).await?,
            |project| match project.map(|project| project.to_string()) {
                None => NONE.to_owned(),
                Some(known) if names.labels.contains_key(&known) => known,
                Some(_) => OTHER.to_owned(),
            },
        ),
    };
    let mut sums = ByKey::new();
    for (key, sum) in found {
        sums.entry(key).or_default().add(sum);
    }
    let total = Sums::of(sums.values().copied());
    Ok((sums, total))
}

fn keyed<K>(found: Vec<(K, Sums)>, key: impl Fn(K) -> String) -> Vec<(String, Sums)> {
    found
        .into_iter()
        .map(|(one, sums)| (key(one), sums))
        .collect()
}

/// Days of the range before under the day of this range that stands at the same place.
fn moved(before: ByKey, from: Date, to: Date) -> ByKey {
    before
        .into_iter()
        .filter_map(|(day, sums)| {
            let offset = from.until(day.parse::<Date>().ok()?).ok()?;
            Some((to.checked_add(offset).ok()?.to_string(), sums))
        })
        .collect()
}

/// What keys are called, and who is in which team.
#[derive(Debug, Default)]
struct Names {
    labels: HashMap<String, String>,
    kinds: HashMap<String, CategoryKind>,
    members: Vec<(String, HashSet<UserId>)>,
    by_key: bool,
}

impl Names {
    async fn read(
        view: &mut TenantSnapshot,
        viewer: Viewer,
        group_by: GroupBy,
        people: &[(UserId, String)],
    ) -> Result<Self, ReportError> {
        let mut names = Self::default();
        match group_by {
            GroupBy::Person => names.labels = labels(people.iter().cloned()),
            GroupBy::Team => {
                for (team, name, member) in reports::teams(view.db(), viewer).await? {
                    let key = team.to_string();
                    match names.members.iter_mut().find(|(known, _)| *known == key) {
                        Some((_, members)) => {
                            members.insert(member);
                        }
                        None => names.members.push((key.clone(), HashSet::from([member]))),
                    }
                    names.labels.insert(key, name);
                }
            }
            GroupBy::Project => names.labels = labels(reports::projects(view.db(), viewer).await?),
            GroupBy::Category => {
                for (id, name, kind) in reports::categories(view.db()).await? {
                    names.labels.insert(id.to_string(), name);
                    names.kinds.insert(id.to_string(), kind);
                }
            }
            GroupBy::Application | GroupBy::Domain | GroupBy::Day => names.by_key = true,
            GroupBy::Hour => {
                names.labels = (0..24)
                    .map(|hour| (hour.to_string(), format!("{hour:02}:00")))
                    .collect();
            }
        }
        Ok(names)
    }

    fn label(&self, key: &str) -> String {
        if self.by_key {
            return key.to_owned();
        }
        self.labels.get(key).cloned().unwrap_or_default()
    }

    /// A person counts in each of their teams that the viewer knows; in none, under [`NONE`].
    fn by_team(&self, people: &[(UserId, Sums)]) -> ByKey {
        let mut teams = ByKey::new();
        for (person, sums) in people {
            let mut in_one = false;
            for (team, members) in &self.members {
                if members.contains(person) {
                    teams.entry(team.clone()).or_default().add(*sums);
                    in_one = true;
                }
            }
            if !in_one {
                teams.entry(NONE.to_owned()).or_default().add(*sums);
            }
        }
        teams
    }
}

fn labels<K: ToString>(all: impl IntoIterator<Item = (K, String)>) -> HashMap<String, String> {
    all.into_iter()
        .map(|(key, name)| (key.to_string(), name))
        .collect()
}
