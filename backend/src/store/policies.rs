//! Capture policies of teams, and what applies to a person.
//!
//! A person's version is the organization's plus their own count of changes: the first rises
//! with the organization's policy, the second with their teams' and with their membership.

use shared_types::{
    TeamId, Timestamp, UserId,
    policy::{CapturePolicy, EffectivePolicy, PolicyPart, TeamPolicy},
};
use sqlx::types::Json;

use super::{
    StoreError, TenantDb, TenantTx,
    events::{self, Subject},
    organizations, sql,
};

/// What applies to a person, and from where; `None` when there is no such person.
pub async fn effective(
    mut db: TenantDb<'_>,
    user: UserId,
) -> Result<Option<EffectivePolicy>, StoreError> {
    let organization = db.organization();
    let changes: Option<i64> = sql!(db.again(), |c| sqlx::query_scalar(
        "SELECT policy_changes FROM users WHERE organization_id = $1 AND id = $2"
    )
    .bind(organization)
    .bind(user)
    .fetch_optional(&mut *c)
    .await)?;
    let Some(changes) = changes else {
        return Ok(None);
    };
    let missing = || StoreError::Corrupt("a person's organization is missing".to_owned());
    let summary = organizations::find(db.again()).await?.ok_or_else(missing)?;
    let own = organizations::policy(db.again())
        .await?
        .ok_or_else(missing)?;
    let teams: Vec<(TeamId, String, Json<CapturePolicy>, i64)> = sql!(db, |c| sqlx::query_as(
        "SELECT t.id, t.name, p.policy, p.version FROM team_members m \
         JOIN teams t ON t.organization_id = m.organization_id AND t.id = m.team_id \
         JOIN team_policies p ON p.organization_id = m.organization_id AND p.team_id = m.team_id \
         WHERE m.organization_id = $1 AND m.user_id = $2 ORDER BY t.id"
    )
    .bind(organization)
    .bind(user)
    .fetch_all(&mut *c)
    .await)?;
    let mut parts = vec![PolicyPart {
        team_id: None,
        name: summary.name,
        policy: own.clone(),
    }];
    parts.extend(
        teams
            .into_iter()
            .map(|(id, name, Json(policy), version)| PolicyPart {
                team_id: Some(id),
                name,
                policy: CapturePolicy { version, ..policy },
            }),
    );
    let version = own.version + changes;
    let policy = parts[1..]
        .iter()
        .fold(own, |whole, part| whole.strictest(&part.policy));
    Ok(Some(EffectivePolicy {
        user_id: user,
        policy: CapturePolicy { version, ..policy },
        parts,
    }))
}

/// A team's policy, if it has one.
pub async fn of_team(db: TenantDb<'_>, team: TeamId) -> Result<Option<TeamPolicy>, StoreError> {
    let organization = db.organization();
    let row: Option<(Json<CapturePolicy>, i64, Timestamp)> = sql!(db, |c| sqlx::query_as(
        "SELECT policy, version, updated_at FROM team_policies \
         WHERE organization_id = $1 AND team_id = $2"
    )
    .bind(organization)
    .bind(team)
    .fetch_optional(&mut *c)
    .await)?;
    Ok(row.map(|(Json(policy), version, updated_at)| TeamPolicy {
        team_id: team,
        policy: CapturePolicy { version, ..policy },
        updated_at,
    }))
}

/// All policies that are kept: the organization's, and its teams'.
pub async fn all(mut db: TenantDb<'_>) -> Result<Vec<CapturePolicy>, StoreError> {
    let organization = db.organization();
    let own = organizations::policy(db.again()).await?;
    let teams: Vec<Json<CapturePolicy>> = sql!(db, |c| sqlx::query_scalar(
        "SELECT policy FROM team_policies WHERE organization_id = $1"
    )
    .bind(organization)
    .fetch_all(&mut *c)
    .await)?;
    Ok(own
        .into_iter()
        .chain(teams.into_iter().map(|Json(policy)| policy))
        .collect())
}

/// Sets a team's policy if the one that is there has `expected` as its version (0: none is
/// there); false when somebody else changed it first. The new version is `policy.version`. A
/// foreign key violation means that there is no such team.
pub async fn set_of_team(
    tx: &mut TenantTx,
    team: TeamId,
    expected: i64,
    policy: &CapturePolicy,
    now: Timestamp,
) -> Result<bool, StoreError> {
    const FIRST: &str = "INSERT INTO team_policies (policy, version, updated_at, organization_id, team_id) \
         VALUES ($1, $2, $3, $4, $5) ON CONFLICT (organization_id, team_id) DO NOTHING";
    const NEXT: &str = "UPDATE team_policies SET policy = $1, version = $2, updated_at = $3 \
         WHERE organization_id = $4 AND team_id = $5 AND version = $6";
    let organization = tx.organization();
    let rows = sql!(tx.db(), |c| {
        let query = sqlx::query(if expected == 0 { FIRST } else { NEXT })
            .bind(Json(policy))
            .bind(policy.version)
            .bind(now)
            .bind(organization)
            .bind(team);
        let query = if expected == 0 {
            query
        } else {
            query.bind(expected)
        };
        query
            .execute(&mut *c)
            .await
            .map(|done| done.rows_affected())
    })?;
    Ok(rows == 1)
}

/// Takes a team's policy away; false when it had none.
pub async fn remove_of_team(tx: &mut TenantTx, team: TeamId) -> Result<bool, StoreError> {
    let organization = tx.organization();
    let rows = sql!(tx.db(), |c| sqlx::query(
        "DELETE FROM team_policies WHERE organization_id = $1 AND team_id = $2"
    )
    .bind(organization)
    .bind(team)
    .execute(&mut *c)
    .await
    .map(|done| done.rows_affected()))?;
    Ok(rows == 1)
}

/// Counts a change of what applies to the members of a team, for whoever remembers it too; who
/// they are.
pub async fn count_for_team(
    tx: &mut TenantTx,
    team: TeamId,
    now: Timestamp,
) -> Result<Vec<UserId>, StoreError> {
    let organization = tx.organization();
    let rows: Vec<(UserId,)> = sql!(tx.db(), |c| sqlx::query_as(
        "UPDATE users SET policy_changes = policy_changes + 1, authority_changed_at = $3 \
         WHERE organization_id = $1 AND id IN \
             (SELECT user_id FROM team_members WHERE organization_id = $1 AND team_id = $2) \
         RETURNING id"
    )
    .bind(organization)
    .bind(team)
    .bind(now)
    .fetch_all(&mut *c)
    .await)?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// Counts a change of what applies to a person who came into a team or left it, where that team
/// has a policy, and wakes their agents. Call it behind the change and before other events.
pub async fn count_for_member(
    tx: &mut TenantTx,
    team: TeamId,
    user: UserId,
    now: Timestamp,
) -> Result<(), StoreError> {
    if of_team(tx.db(), team).await?.is_none() {
        return Ok(());
    }
    let organization = tx.organization();
    sql!(tx.db(), |c| sqlx::query(
        "UPDATE users SET policy_changes = policy_changes + 1, authority_changed_at = $3 \
         WHERE organization_id = $1 AND id = $2"
    )
    .bind(organization)
    .bind(user)
    .bind(now)
    .execute(&mut *c)
    .await
    .map(drop))?;
    announce(tx, vec![user], now).await
}

/// Removes the policy of a team that is about to go, and counts that for its members. Call it
/// while they are members.
pub async fn end_of_team(
    tx: &mut TenantTx,
    team: TeamId,
    now: Timestamp,
) -> Result<(), StoreError> {
    if !remove_of_team(tx, team).await? {
        return Ok(());
    }
    let members = count_for_team(tx, team, now).await?;
    announce(tx, members, now).await
}

/// Wakes agents: a policy has changed for these people; for everybody, where none is named.
pub async fn announce(
    tx: &mut TenantTx,
    users: Vec<UserId>,
    now: Timestamp,
) -> Result<(), StoreError> {
    let subject = Subject {
        users,
        policy_version: organizations::policy(tx.db())
            .await?
            .map(|policy| policy.version),
        ..Subject::default()
    };
    events::append(tx, "POLICY_CHANGED", &subject, now).await?;
    Ok(())
}
