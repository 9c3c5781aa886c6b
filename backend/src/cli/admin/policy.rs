//! `admin show-policy`, `set-policy`.

use std::{io::Read as _, path::PathBuf};

use anyhow::Context as _;
use clap::Args;
use serde_json::{Map, Value};
use shared_types::{
    OrganizationId, TeamId,
    policy::{CapturePolicy, PolicyDocument},
};

use super::{OutputFlag, organizations::chosen};
use crate::{
    cli::{
        confirm::Yes,
        output::{Output, line},
    },
    clock::SystemClock,
    policies::{self as acts, Actor, PolicyError},
    store::{Store, organizations, people, policies},
};

/// Largest file that is read as a policy, in bytes.
const FILE_MAX_BYTES: u64 = 1024 * 1024;

/// Whose policy.
#[derive(Debug, Args)]
pub(in crate::cli) struct Show {
    /// Which organization; not needed when there is only one
    #[arg(long)]
    organization: Option<OrganizationId>,
    /// A team's policy instead of the organization's
    #[arg(long, value_name = "ID")]
    team: Option<TeamId>,
    /// What applies to the person with this address, and from where
    #[arg(long, value_name = "ADDRESS", conflicts_with = "team")]
    email: Option<String>,
    #[command(flatten)]
    output: OutputFlag,
}

pub(super) async fn show(store: &Store, flags: &Show) -> anyhow::Result<()> {
    let organization = chosen(store, flags.organization).await?;
    if let Some(email) = &flags.email {
        let mut reader = store.tenant(organization).read().await?;
        let user = people::find_by_email(reader.db(), email).await?;
        let user = user.ok_or_else(|| {
            anyhow::anyhow!(
                "there is nobody with this address in the organization. See `admin list-users`."
            )
        })?;
        let effective = policies::effective(reader.db(), user.id)
            .await?
            .context("the person is gone")?;
        if flags.output.output == Output::Json {
            return line(&serde_json::to_string_pretty(&effective)?);
        }
        let from: Vec<&str> = effective
            .parts
            .iter()
            .map(|part| part.name.as_str())
            .collect();
        let mut fields = fields(&effective.policy)?;
        fields.push(("from".to_owned(), from.join(", ")));
        return print(flags, &fields);
    }
    let policy = current(store, organization, flags.team)
        .await?
        .context("this team has no policy of its own; the organization's holds")?;
    if flags.output.output == Output::Json {
        return line(&serde_json::to_string_pretty(&policy)?);
    }
    print(flags, &fields(&policy)?)
}

fn print(flags: &Show, fields: &[(String, String)]) -> anyhow::Result<()> {
    let fields: Vec<(&str, String)> = fields
        .iter()
        .map(|(name, value)| (name.as_str(), value.clone()))
        .collect();
    flags.output.output.one(&fields)
}

/// Each field of a policy on a line of its own.
fn fields(policy: &CapturePolicy) -> anyhow::Result<Vec<(String, String)>> {
    let Value::Object(object) = serde_json::to_value(policy)? else {
        anyhow::bail!("a policy is an object");
    };
    Ok(object
        .into_iter()
        .map(|(name, value)| (name, value.to_string()))
        .collect())
}

async fn current(
    store: &Store,
    organization: OrganizationId,
    team: Option<TeamId>,
) -> anyhow::Result<Option<CapturePolicy>> {
    let mut reader = store.tenant(organization).read().await?;
    Ok(match team {
        None => organizations::policy(reader.db()).await?,
        Some(team) => policies::of_team(reader.db(), team)
            .await?
            .map(|found| found.policy),
    })
}

/// Which policy, and what it says from now on.
#[derive(Debug, Args)]
pub(in crate::cli) struct Set {
    /// Which organization; not needed when there is only one
    #[arg(long)]
    organization: Option<OrganizationId>,
    /// A team's policy instead of the organization's; it can only make it stricter
    #[arg(long, value_name = "ID")]
    team: Option<TeamId>,
    /// A JSON file with the fields that change, as `show-policy --output json` writes them;
    /// `-` reads standard input. A `version` in it must be the one in force
    #[arg(long, value_name = "FILE", required_unless_present = "remove")]
    file: Option<PathBuf>,
    /// Takes the team's policy away instead
    #[arg(long, requires = "team", conflicts_with = "file")]
    remove: bool,
    #[command(flatten)]
    yes: Yes,
    #[command(flatten)]
    output: OutputFlag,
}

pub(super) async fn set(store: &Store, flags: &Set) -> anyhow::Result<()> {
    let organization = chosen(store, flags.organization).await?;
    let actor = Actor {
        organization,
        user: None,
    };
    if let (Some(team), true) = (flags.team, flags.remove) {
        flags.yes.agree(&format!(
            "remove the policy of the team {team}; for its members the organization's holds again, which may collect more"
        ))?;
        acts::remove_of_team(store, &SystemClock, actor, team)
            .await
            .map_err(explained)?;
        return flags.output.output.one(&[("team_id", team.to_string())]);
    }
    let path = flags.file.as_ref().context("--file says which")?;
    let fields = read(path)?;
    let known = current(store, organization, flags.team).await?;
    // A team's first policy takes nothing away from the organization's.
    let base = known.unwrap_or_else(|| CapturePolicy {
        titles: true,
        urls: true,
        idle_after_seconds: 3_600,
        session_gap_seconds: 86_400,
        ..CapturePolicy::careful(0)
    });
    let Value::Object(mut document) = serde_json::to_value(&base)? else {
        anyhow::bail!("a policy is an object");
    };
    document.extend(fields);
    let PolicyDocument(policy) = serde_json::from_value(Value::Object(document))
        .map_err(|error| anyhow::anyhow!("{}: {error}. Nothing was changed.", path.display()))?;
    let changed = match flags.team {
        None => acts::set(store, &SystemClock, actor, policy).await,
        Some(team) => acts::set_of_team(store, &SystemClock, actor, team, policy).await,
    }
    .map_err(explained)?;
    flags
        .output
        .output
        .one(&[("version", changed.policy.version.to_string())])
}

fn read(path: &PathBuf) -> anyhow::Result<Map<String, Value>> {
    let mut text = String::new();
    let named = || format!("{} cannot be read", path.display());
    if path.as_os_str() == "-" {
        std::io::stdin()
            .take(FILE_MAX_BYTES)
            .read_to_string(&mut text)
            .with_context(named)?;
    } else {
        std::fs::File::open(path)
            .with_context(named)?
            .take(FILE_MAX_BYTES)
            .read_to_string(&mut text)
            .with_context(named)?;
    }
    serde_json::from_str(&text).map_err(|error| {
        anyhow::anyhow!(
            "{} is no JSON object with fields of a policy: {error}. Nothing was changed.",
            path.display()
        )
    })
}

#[expect(clippy::needless_pass_by_value, reason = "it is given to `map_err`")]
fn explained(error: PolicyError) -> anyhow::Error {
    let advice = match error {
        PolicyError::Changed => {
            "Nothing was changed. Read it with `admin show-policy` and try again."
        }
        _ => "Nothing was changed.",
    };
    anyhow::anyhow!("{error}. {advice}")
}
