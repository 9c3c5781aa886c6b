//! Sums of the rollups over a range of days. Nothing here reads a span: a report costs what the
//! days of its people cost, however many minutes stand behind them; and where a whole month is
//! counted, what one row costs.
//!
//! Every text begins with the people whom the viewer sees and goes along the rollups' keys
//! `(organization, person, day or month)`, so that one person's report reads one person's rows.

use std::collections::BTreeMap;

use jiff::civil::{Date, Weekday};
use shared_types::{ProjectId, TeamId, UserId, category::CategoryKind};
use uuid::Uuid;

use super::{
    StoreError, TenantDb,
    day::Day,
    months, sql,
    visibility::{reach, seen},
};
use crate::domain::{month::Piece, report::Sums, visibility::Viewer};

/// Of whom, and of which days.
#[derive(Debug, Clone, Copy)]
pub struct Scope {
    /// Who looks: only people whom they see are in it.
    pub viewer: Viewer,
    /// Only this person.
    pub user: Option<UserId>,
    /// Only who is in this team now.
    pub team: Option<TeamId>,
    /// First day.
    pub from: Date,
    /// Last day.
    pub to: Date,
}

/// People in scope: `$1` organization, `$2` and `$3` the viewer, `$4` to `$7` person and team.
macro_rules! in_scope {
    () => {
        concat!(
            "SELECT u.id, u.name FROM users u WHERE u.organization_id = $1 AND u.erased_at IS NULL AND ",
            seen!("u.id", "$1", "$2", "$3"),
            " AND (CAST($4 AS INTEGER) = 0 OR u.id = $5) AND (CAST($6 AS INTEGER) = 0 OR u.id IN \
              (SELECT t.user_id FROM team_members t WHERE t.organization_id = $1 AND t.team_id = $7))"
        )
    };
}
pub(super) use in_scope;

/// Binds what [`in_scope!`] wants.
macro_rules! bind_people {
    ($query:expr, $organization:expr, $scope:expr) => {
        $query
            .bind($organization)
            .bind(reach($scope.viewer))
            .bind($scope.viewer.user_id)
            .bind(i32::from($scope.user.is_some()))
            .bind($scope.user.unwrap_or(UserId(Uuid::nil())))
            .bind(i32::from($scope.team.is_some()))
            .bind($scope.team.unwrap_or(TeamId(Uuid::nil())))
    };
}
pub(super) use bind_people;

/// Sums of a rollup's rows by a key; days or months are `$8` and `$9`.
macro_rules! summed {
    ($table:literal, $time:literal, $key:literal, $unobserved:literal) => {
        concat!(
            "WITH p AS MATERIALIZED (",
            in_scope!(),
            ") \
             SELECT ",
            $key,
            ", CAST(sum(x.active_seconds) AS BIGINT), CAST(sum(x.idle_seconds) AS BIGINT), \
                 CAST(",
            $unobserved,
            " AS BIGINT) \
             FROM p JOIN ",
            $table,
            " x ON x.organization_id = $1 AND x.user_id = p.id \
                 AND ",
            $time,
            " BETWEEN $8 AND $9 \
             GROUP BY ",
            $key
        )
    };
}

/// Sums by clock hour and one more key; days or months are `$8` and `$9`.
macro_rules! week {
    ($key:literal, $table:literal, $time:literal) => {
        concat!(
            "WITH p AS MATERIALIZED (", in_scope!(), ") \
             SELECT ", $key, ", x.hour, CAST(sum(x.active_seconds) AS BIGINT), \
                 CAST(sum(x.idle_seconds) AS BIGINT), CAST(sum(x.unobserved_seconds) AS BIGINT) \
             FROM p JOIN ", $table, " x ON x.organization_id = $1 AND x.user_id = p.id \
                 AND ", $time, " BETWEEN $8 AND $9 \
             GROUP BY ", $key, ", x.hour"
        )
    };
}

/// The same of sessions, by what the session is booked on; `$10` and `$11` are the project.
macro_rules! booked {
    ($key:literal) => {
        concat!(
            "WITH p AS MATERIALIZED (", in_scope!(), ") \
             SELECT ", $key, ", CAST(sum(x.active_seconds) AS BIGINT), CAST(sum(x.idle_seconds) AS BIGINT), \
                 CAST(sum(x.unobserved_seconds) AS BIGINT) \
             FROM p JOIN session_days x ON x.organization_id = $1 AND x.user_id = p.id \
                 AND x.day BETWEEN $8 AND $9 \
             JOIN work_sessions w ON w.organization_id = x.organization_id AND w.id = x.session_id \
             WHERE (CAST($10 AS INTEGER) = 0 OR w.project_id = $11) \
             GROUP BY ", $key
        )
    };
}

/// A function that sums by one key, over days and over counted months.
macro_rules! sums {
    ($(#[$doc:meta])* $name:ident, $key:ty, $days:expr, $months:expr) => {
        $(#[$doc])*
        pub async fn $name(mut db: TenantDb<'_>, scope: &Scope) -> Result<Vec<($key, Sums)>, StoreError> {
            let organization = db.organization();
            let mut all: BTreeMap<$key, Sums> = BTreeMap::new();
            for piece in months::of_range(db.again(), scope.from, scope.to).await? {
                let (text, from, to) = match piece {
                    Piece::Days(from, to) => ($days, from, to),
                    Piece::Months(from, to) => ($months, from.first(), to.first()),
                };
                let rows: Vec<($key, i64, i64, Option<i64>)> = sql!(db.again(), |c| {
                    bind_people!(sqlx::query_as(text), organization, scope)
                        .bind(Day(from))
                        .bind(Day(to))
                        .fetch_all(&mut *c)
                        .await
                })?;
                for (key, active, idle, unobserved) in rows {
                    let sums = Sums { active, idle, unobserved };
                    all.entry(key).and_modify(|all| all.add(sums)).or_insert(sums);
                }
            }
            Ok(all.into_iter().collect())
        }
    };
}

macro_rules! booked_sums {
    ($(#[$doc:meta])* $name:ident, $key:ty, $text:expr) => {
        $(#[$doc])*
        pub async fn $name(
            db: TenantDb<'_>,
            scope: &Scope,
            project: Option<ProjectId>,
        ) -> Result<Vec<($key, Sums)>, StoreError> {
            let organization = db.organization();
            let rows: Vec<($key, i64, i64, Option<i64>)> = sql!(db, |c| {
                bind_people!(sqlx::query_as($text), organization, scope)
                    .bind(Day(scope.from))
                    .bind(Day(scope.to))
                    .bind(i32::from(project.is_some()))
                    .bind(project.unwrap_or(ProjectId(Uuid::nil())))
                    .fetch_all(&mut *c)
                    .await
            })?;
            Ok(rows.into_iter().map(|(key, active, idle, unobserved)| (key, Sums { active, idle, unobserved })).collect())
        }
    };
}

sums!(
    /// By person, from their days: time on several devices counts once.
    by_person, UserId,
    summed!("daily_summaries", "x.day", "x.user_id", "sum(x.unobserved_seconds)"),
    summed!("person_months", "x.month", "x.user_id", "sum(x.unobserved_seconds)")
);
sums!(
    /// By clock hour.
    by_hour, i64,
    summed!("hour_days", "x.day", "x.hour", "sum(x.unobserved_seconds)"),
    summed!("hour_months", "x.month", "x.hour", "sum(x.unobserved_seconds)")
);
sums!(
    /// By application; empty: not known.
    by_application, String,
    summed!("application_days", "x.day", "x.application", "NULL"),
    summed!("application_months", "x.month", "x.application", "NULL")
);
sums!(
    /// By host; empty: none.
    by_domain, String,
    summed!("application_days", "x.day", "x.domain", "NULL"),
    summed!("application_months", "x.month", "x.domain", "NULL")
);
sums!(
    /// By category; all zero: in none.
    by_category, Uuid,
    summed!("application_days", "x.day", "x.category_id", "NULL"),
    summed!("application_months", "x.month", "x.category_id", "NULL")
);

/// By day.
pub async fn by_day(db: TenantDb<'_>, scope: &Scope) -> Result<Vec<(Day, Sums)>, StoreError> {
    const TEXT: &str = summed!(
        "daily_summaries",
        "x.day",
        "x.day",
        "sum(x.unobserved_seconds)"
    );
    let organization = db.organization();
    let rows: Vec<(Day, i64, i64, Option<i64>)> = sql!(db, |c| {
        bind_people!(sqlx::query_as(TEXT), organization, scope)
            .bind(Day(scope.from))
            .bind(Day(scope.to))
            .fetch_all(&mut *c)
            .await
    })?;
    let sums = |active, idle, unobserved| Sums {
        active,
        idle,
        unobserved,
    };
    Ok(rows
        .into_iter()
        .map(|(day, active, idle, unobserved)| (day, sums(active, idle, unobserved)))
        .collect())
}

booked_sums!(
    /// By project that sessions are booked on now; absent: none.
    by_project, Option<ProjectId>, booked!("w.project_id")
);
booked_sums!(
    /// By person, from their sessions.
    booked_by_person, UserId, booked!("x.user_id")
);
booked_sums!(
    /// By day, from sessions.
    booked_by_day, Day, booked!("x.day")
);

/// By day of the week and clock hour.
pub async fn by_week_and_hour(
    mut db: TenantDb<'_>,
    scope: &Scope,
) -> Result<Vec<(Weekday, i64, Sums)>, StoreError> {
    const DAYS: &str = week!("x.day", "hour_days", "x.day");
    const MONTHS: &str = week!("x.weekday", "hour_months", "x.month");
    let organization = db.organization();
    let mut all = Vec::new();
    for piece in months::of_range(db.again(), scope.from, scope.to).await? {
        match piece {
            Piece::Days(from, to) => {
                let rows: Vec<(Day, i64, i64, i64, Option<i64>)> = sql!(db.again(), |c| {
                    bind_people!(sqlx::query_as(DAYS), organization, scope)
                        .bind(Day(from))
                        .bind(Day(to))
                        .fetch_all(&mut *c)
                        .await
                })?;
                all.extend(
                    rows.into_iter()
                        .map(|(day, hour, active, idle, unobserved)| {
                            (
                                day.0.weekday(),
                                hour,
                                Sums {
                                    active,
                                    idle,
                                    unobserved,
                                },
                            )
                        }),
                );
            }
            Piece::Months(from, to) => {
                let rows: Vec<(i64, i64, i64, i64, Option<i64>)> = sql!(db.again(), |c| {
                    bind_people!(sqlx::query_as(MONTHS), organization, scope)
                        .bind(Day(from.first()))
                        .bind(Day(to.first()))
                        .fetch_all(&mut *c)
                        .await
                })?;
                for (weekday, hour, active, idle, unobserved) in rows {
                    let weekday = i8::try_from(weekday).ok();
                    let weekday = weekday.and_then(|day| Weekday::from_monday_one_offset(day).ok());
                    let wrong = || StoreError::Corrupt("a day of the week".to_owned());
                    all.push((
                        weekday.ok_or_else(wrong)?,
                        hour,
                        Sums {
                            active,
                            idle,
                            unobserved,
                        },
                    ));
                }
            }
        }
    }
    Ok(all)
}

/// Who is in scope, by id, and what they are called.
pub async fn people(db: TenantDb<'_>, scope: &Scope) -> Result<Vec<(UserId, String)>, StoreError> {
    const TEXT: &str = concat!(in_scope!(), " ORDER BY u.id");
    let organization = db.organization();
    Ok(sql!(db, |c| bind_people!(
        sqlx::query_as(TEXT),
        organization,
        scope
    )
    .fetch_all(&mut *c)
    .await)?)
}

/// Who is in the teams that a viewer knows: team, its name, person. Whom of them the viewer sees
/// is for the caller.
pub async fn teams(
    db: TenantDb<'_>,
    viewer: Viewer,
) -> Result<Vec<(TeamId, String, UserId)>, StoreError> {
    let organization = db.organization();
    Ok(sql!(db, |c| sqlx::query_as(
        "SELECT t.id, t.name, m.user_id FROM teams t \
         JOIN team_members m ON m.organization_id = t.organization_id AND m.team_id = t.id \
         WHERE t.organization_id = $1 AND (CAST($2 AS INTEGER) = 2 OR EXISTS \
             (SELECT 1 FROM team_members o WHERE o.organization_id = t.organization_id \
               AND o.team_id = t.id AND o.user_id = $3))"
    )
    .bind(organization)
    .bind(reach(viewer))
    .bind(viewer.user_id)
    .fetch_all(&mut *c)
    .await)?)
}

/// The projects that a viewer knows: all for an admin, else those that are open to all and those
/// that they are in.
pub async fn projects(
    db: TenantDb<'_>,
    viewer: Viewer,
) -> Result<Vec<(ProjectId, String)>, StoreError> {
    let organization = db.organization();
    Ok(sql!(db, |c| sqlx::query_as(
        "SELECT p.id, p.name FROM projects p \
         WHERE p.organization_id = $1 AND (CAST($2 AS INTEGER) = 2 OR p.open_to_all OR EXISTS \
             (SELECT 1 FROM project_members m WHERE m.organization_id = p.organization_id \
               AND m.project_id = p.id AND m.user_id = $3))"
    )
    .bind(organization)
    .bind(reach(viewer))
    .bind(viewer.user_id)
    .fetch_all(&mut *c)
    .await)?)
}

/// Categories, what they are called, and what time in them counts as.
pub async fn categories(db: TenantDb<'_>) -> Result<Vec<(Uuid, String, CategoryKind)>, StoreError> {
    let organization = db.organization();
    let rows: Vec<(Uuid, String, String)> = sql!(db, |c| sqlx::query_as(
        "SELECT id, name, kind FROM categories WHERE organization_id = $1"
    )
    .bind(organization)
    .fetch_all(&mut *c)
    .await)?;
    rows.into_iter()
        .map(|(id, name, kind)| {
            let known = CategoryKind::parse(&kind);
            let wrong = || StoreError::Corrupt(format!("kind of category {kind:?}"));
            Ok((id, name, known.ok_or_else(wrong)?))
        })
        .collect()
}
