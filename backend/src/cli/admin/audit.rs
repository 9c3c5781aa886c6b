//! `admin list-audit`, `list-looks`.
//!
//! Both show who did and who looked at what, and nobody's activity: reading them is no look.

use clap::Args;
use shared_types::{
    OrganizationId, Timestamp, UserId,
    audit::{AuditEntry, Look},
};

use super::{OutputFlag, organizations::chosen, people::Whose, teams::person};
use crate::store::{
    Store,
    audit::{self, Filter},
};

/// Rows that are read at once.
const PAGE: i64 = 500;

/// Which rows; all of what is given must hold.
#[derive(Debug, Args)]
pub(in crate::cli) struct List {
    /// Which organization; not needed when there is only one
    #[arg(long)]
    organization: Option<OrganizationId>,
    /// Done by the person with this address
    #[arg(long, value_name = "EMAIL")]
    actor: Option<String>,
    /// Concerning the person with this address, also among others
    #[arg(long, value_name = "EMAIL")]
    subject: Option<String>,
    /// This action, or all that begin with it where it ends with a dot: `look.` for looks
    #[arg(long, value_parser = action)]
    action: Option<String>,
    /// Not before this instant, such as 2026-11-22T00:00:00Z
    #[arg(long)]
    from: Option<Timestamp>,
    /// Before this instant
    #[arg(long)]
    to: Option<Timestamp>,
    /// How many of them, newest first
    #[arg(long, default_value_t = 200, value_parser = clap::value_parser!(i64).range(1..=1_000_000))]
    limit: i64,
    #[command(flatten)]
    output: OutputFlag,
}

/// The same rule as over HTTP.
fn action(text: &str) -> Result<String, String> {
    let known = |byte: u8| byte.is_ascii_lowercase() || matches!(byte, b'.' | b'_');
    if text.is_empty() || text.len() > 64 || !text.bytes().all(known) {
        return Err(
            "must be an action such as user.created, or its beginning with a dot".to_owned(),
        );
    }
    Ok(text.to_owned())
}

/// A person as a table names them.
fn called(name: Option<&String>, id: Option<UserId>, nobody: &str) -> String {
    match (name, id) {
        (Some(name), _) => name.clone(),
        (None, Some(id)) => id.to_string(),
        (None, None) => nobody.to_owned(),
    }
}

pub(super) async fn list(store: &Store, flags: &List) -> anyhow::Result<()> {
    let organization = chosen(store, flags.organization).await?;
    let mut filter = Filter {
        action: flags.action.clone(),
        from: flags.from,
        to: flags.to,
        ..Filter::default()
    };
    if let Some(email) = &flags.actor {
        filter.actor = Some(person(store, organization, email).await?);
    }
    if let Some(email) = &flags.subject {
        filter.subject = Some(person(store, organization, email).await?);
    }
    let mut items: Vec<AuditEntry> = Vec::new();
    loop {
        let read = i64::try_from(items.len()).unwrap_or(i64::MAX);
        let left = (flags.limit - read).min(PAGE);
        filter.before = items.last().map(|entry| entry.seq);
        // A page each: a reader is not held while a terminal is slow.
        let mut reader = store.tenant(organization).read().await?;
        let page = audit::list(reader.db(), &filter, left).await?;
        let whole = page.len();
        items.extend(page);
        if left < PAGE || i64::try_from(whole).unwrap_or(0) < left {
            break;
        }
    }
    let head = ["number", "at", "by", "action", "about", "people", "detail"];
    flags.output.output.list(&items, &head, |entry| {
        vec![
            entry.seq.to_string(),
            entry.at.to_string(),
            called(entry.actor_name.as_ref(), entry.actor_id, "IT"),
            entry.action.clone(),
            called(entry.subject_name.as_ref(), entry.subject_id, "-"),
            entry.people.to_string(),
            entry.detail.to_string(),
        ]
    })
}

/// At whom.
#[derive(Debug, Args)]
pub(in crate::cli) struct Looks {
    #[command(flatten)]
    whose: Whose,
    /// How many of them, newest first
    #[arg(long, default_value_t = 200, value_parser = clap::value_parser!(i64).range(1..=1_000_000))]
    limit: i64,
    #[command(flatten)]
    output: OutputFlag,
}

pub(super) async fn looks(store: &Store, flags: &Looks) -> anyhow::Result<()> {
    let (organization, user) = flags.whose.find(store).await?;
    let mut found: Vec<(i64, Look)> = Vec::new();
    loop {
        let read = i64::try_from(found.len()).unwrap_or(i64::MAX);
        let left = (flags.limit - read).min(PAGE);
        let before = found.last().map(|(seq, _)| *seq);
        let mut reader = store.tenant(organization).read().await?;
        let page = audit::looks_at(reader.db(), user.id, before, left).await?;
        let whole = page.len();
        found.extend(page);
        if left < PAGE || i64::try_from(whole).unwrap_or(0) < left {
            break;
        }
    }
    let items: Vec<Look> = found.into_iter().map(|(_, look)| look).collect();
    let head = ["at", "by", "as", "at what", "people", "day"];
    flags.output.output.list(&items, &head, |look| {
        let or_none = |text: &Option<String>| text.clone().unwrap_or_else(|| "-".to_owned());
        vec![
            look.at.to_string(),
            called(look.viewer_name.as_ref(), look.viewer_id, "IT"),
            or_none(&look.viewer_role),
            look.looked_at
                .action()
                .trim_start_matches("look.")
                .to_owned(),
            look.people.to_string(),
            or_none(&look.date),
        ]
    })
}
