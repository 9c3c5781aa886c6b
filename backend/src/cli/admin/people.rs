//! `admin create-user`, `list-users`, `set-status`, `reset-password`.

use std::io::Read as _;

use anyhow::Context as _;
use clap::{Args, ValueEnum};
use shared_types::{
    OrganizationId,
    auth::{Role, User, UserStatus},
};

use super::{OutputFlag, checked_email, checked_name, organizations::chosen};
use crate::{
    auth::{
        accounts::{self, NewPerson},
        passwords::{self, Passwords},
    },
    clock::SystemClock,
    domain::visibility::Viewer,
    store::{Store, people},
};

/// A role, as the command line spells it.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(in crate::cli) enum RoleName {
    Admin,
    Manager,
    Employee,
}

impl From<RoleName> for Role {
    fn from(name: RoleName) -> Self {
        match name {
            RoleName::Admin => Self::Admin,
            RoleName::Manager => Self::Manager,
            RoleName::Employee => Self::Employee,
        }
    }
}

/// A status, as the command line spells it.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum StatusName {
    Active,
    Inactive,
    Suspended,
}

impl From<StatusName> for UserStatus {
    fn from(name: StatusName) -> Self {
        match name {
            StatusName::Active => Self::Active,
            StatusName::Inactive => Self::Inactive,
            StatusName::Suspended => Self::Suspended,
        }
    }
}

/// Who it is.
#[derive(Debug, Args)]
pub(in crate::cli) struct Create {
    /// Which organization; not needed when there is only one
    #[arg(long)]
    organization: Option<OrganizationId>,
    /// Their address
    #[arg(long)]
    email: String,
    /// Their name
    #[arg(long)]
    name: String,
    /// What they may do
    #[arg(long, value_enum)]
    role: RoleName,
    /// Read a password from standard input; without it, the person cannot log in yet
    #[arg(long)]
    password_stdin: bool,
    /// Read the hash of a password from standard input: bcrypt of an earlier `WorkPulse`, or Argon2id
    #[arg(long, conflicts_with = "password_stdin")]
    password_hash_stdin: bool,
    #[command(flatten)]
    output: OutputFlag,
}

pub(super) async fn create(store: &Store, flags: Create) -> anyhow::Result<()> {
    let organization = chosen(store, flags.organization).await?;
    let name = checked_name(&flags.name)?;
    checked_email(&flags.email)?;
    let hash = if flags.password_stdin {
        Some(read_password(&[name, &flags.email]).await?)
    } else if flags.password_hash_stdin {
        Some(read_hash()?)
    } else {
        None
    };
    let person = NewPerson {
        email: &flags.email,
        name,
        role: flags.role.into(),
        password_hash: hash.as_deref(),
    };
    let user = accounts::create_user(store, &SystemClock, organization, None, person)
        .await
        .context("nothing was changed")?;
    flags.output.output.one(&[
        ("user_id", user.id.to_string()),
        ("organization_id", organization.to_string()),
    ])
}

fn read_line(what: &str) -> anyhow::Result<String> {
    let mut text = String::new();
    std::io::stdin()
        .take(4_096)
        .read_to_string(&mut text)
        .with_context(|| format!("reading {what} from standard input"))?;
    Ok(text.trim_end_matches(['\r', '\n']).to_owned())
}

fn read_hash() -> anyhow::Result<String> {
    let hash = read_line("the password's hash")?;
    if let Some(problem) = passwords::foreign_hash_problem(&hash) {
        anyhow::bail!("the hash {problem}. Nothing was changed.");
    }
    Ok(hash)
}

async fn read_password(about: &[&str]) -> anyhow::Result<String> {
    let password = read_line("the password")?;
    if let Some(weakness) = passwords::weakness(&password, about) {
        anyhow::bail!("the password {weakness}. Nothing was changed.");
    }
    Ok(Passwords::default().hash(password).await?)
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
    let mut users: Vec<User> = Vec::new();
    loop {
        let after = users.last().map(|user| (user.name.clone(), user.id));
        let after = after.as_ref().map(|(name, id)| (name.as_str(), *id));
        let page = people::list(reader.db(), Viewer::SERVER, after, 500).await?;
        if page.is_empty() {
            break;
        }
        users.extend(page);
    }
    let head = ["id", "name", "e-mail", "role", "status", "last seen"];
    flags.output.output.list(&users, &head, |user| {
        vec![
            user.id.to_string(),
            user.name.clone(),
            user.email.clone(),
            user.role.as_str().to_owned(),
            user.status.as_str().to_owned(),
            user.last_seen_at
                .map_or_else(|| "never".to_owned(), |at| at.to_string()),
        ]
    })
}

/// Whose account.
#[derive(Debug, Args)]
pub(in crate::cli) struct Whose {
    /// Which organization; not needed when there is only one
    #[arg(long)]
    organization: Option<OrganizationId>,
    /// The person's address
    #[arg(long)]
    email: String,
}

impl Whose {
    /// The person that is meant.
    pub(super) async fn find(&self, store: &Store) -> anyhow::Result<(OrganizationId, User)> {
        let organization = chosen(store, self.organization).await?;
        let mut reader = store.tenant(organization).read().await?;
        let user = people::find_by_email(reader.db(), &self.email)
            .await?
            .ok_or_else(|| {
                anyhow::anyhow!(
                    "there is nobody with this address in the organization. See `admin list-users`."
                )
            })?;
        Ok((organization, user))
    }
}

/// Which status.
#[derive(Debug, Args)]
pub(in crate::cli) struct SetStatus {
    #[command(flatten)]
    whose: Whose,
    /// What the account may be from now on
    #[arg(long, value_enum)]
    status: StatusName,
    #[command(flatten)]
    output: OutputFlag,
}

pub(super) async fn set_status(store: &Store, flags: &SetStatus) -> anyhow::Result<()> {
    let (organization, user) = flags.whose.find(store).await?;
    let status: UserStatus = flags.status.into();
    accounts::set_status(store, &SystemClock, organization, None, user.id, status)
        .await
        .map_err(|error| anyhow::anyhow!("nothing was changed: {error}"))?;
    flags.output.output.one(&[
        ("user_id", user.id.to_string()),
        ("status", status.as_str().to_owned()),
    ])
}

/// Whose password; it comes on standard input.
#[derive(Debug, Args)]
pub(in crate::cli) struct ResetPassword {
    #[command(flatten)]
    whose: Whose,
    /// Read the password from standard input
    #[arg(long, required = true)]
    password_stdin: bool,
    #[command(flatten)]
    output: OutputFlag,
}

pub(super) async fn reset_password(store: &Store, flags: &ResetPassword) -> anyhow::Result<()> {
    let (organization, user) = flags.whose.find(store).await?;
    let hash = read_password(&[&user.name, &user.email]).await?;
    accounts::reset_password(store, &SystemClock, organization, None, user.id, &hash).await?;
    flags.output.output.one(&[("user_id", user.id.to_string())])
}
