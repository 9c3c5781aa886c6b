//! `admin create-enrolment-token`, `list-enrolment-tokens`, `revoke-enrolment-token`.

use clap::Args;
use shared_types::{EnrolmentTokenId, OrganizationId, device::EnrolmentToken};

use super::{OutputFlag, organizations::chosen};
use crate::{
    auth::enrolment_tokens::{self as acts, TokenTerms},
    cli::confirm::Yes,
    clock::SystemClock,
    store::{Store, enrolment_tokens, people},
};

/// Whose devices, how many, for how long.
#[derive(Debug, Args)]
pub(in crate::cli) struct Create {
    /// Which organization; not needed when there is only one
    #[arg(long)]
    organization: Option<OrganizationId>,
    /// The address of the person whose devices it enrols
    #[arg(long, value_name = "ADDRESS", required_unless_present_any = ["anybody", "mail_domain"])]
    email: Option<String>,
    /// Enrols devices of anybody in the organization; the machine names whom by their address
    #[arg(long, conflicts_with = "email")]
    anybody: bool,
    /// As --anybody, for addresses of this domain only
    #[arg(long, value_name = "DOMAIN", conflicts_with = "email")]
    mail_domain: Option<String>,
    /// What it is for, at most 200 characters
    #[arg(long, default_value = "")]
    label: String,
    /// Whether an admin approves each device before it may send; without it: yes, unless the
    /// token is one person's
    #[arg(long, value_name = "yes|no", value_parser = clap::builder::BoolishValueParser::new())]
    approval: Option<bool>,
    /// How many devices, 1 to 1000
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(i64).range(1..=1_000))]
    max_uses: i64,
    /// For how many hours, 1 to 8760
    #[arg(long, default_value_t = 72, value_parser = clap::value_parser!(i64).range(1..=8_760))]
    expires_in_hours: i64,
    #[command(flatten)]
    output: OutputFlag,
}

pub(super) async fn create(store: &Store, flags: Create) -> anyhow::Result<()> {
    let organization = chosen(store, flags.organization).await?;
    let user_id = match &flags.email {
        None => None,
        Some(email) => {
            let mut reader = store.tenant(organization).read().await?;
            let user = people::find_by_email(reader.db(), email).await?;
            let user = user.ok_or_else(|| {
                anyhow::anyhow!(
                    "there is nobody with this address in the organization. See `admin list-users`."
                )
            })?;
            Some(user.id)
        }
    };
    let terms = TokenTerms {
        user_id,
        mail_domain: flags.mail_domain,
        label: flags.label,
        needs_approval: flags.approval,
        max_uses: flags.max_uses,
        expires_in_hours: flags.expires_in_hours,
    };
    if let Some((field, rule)) = terms.problems().first() {
        anyhow::bail!("{field} {rule}. Nothing was changed.");
    }
    let token = acts::create(store, &SystemClock, organization, None, terms)
        .await?
        .ok_or_else(|| anyhow::anyhow!("the person is gone. Nothing was changed."))?;
    flags.output.output.one(&[
        ("id", token.id.to_string()),
        ("token", token.token),
        ("expires_at", token.expires_at.to_string()),
    ])
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
    let mut items: Vec<EnrolmentToken> = Vec::new();
    loop {
        let after = items.last().map(|token| token.id);
        let page = enrolment_tokens::list(reader.db(), after, 500).await?;
        if page.is_empty() {
            break;
        }
        items.extend(page);
    }
    let head = [
        "id", "for", "label", "used", "approval", "expires", "revoked",
    ];
    flags.output.output.list(&items, &head, |token| {
        let whose = match (token.user_id, &token.mail_domain) {
            (Some(user), _) => user.to_string(),
            (None, Some(domain)) => format!("@{domain}"),
            (None, None) => "anybody".to_owned(),
        };
        vec![
            token.id.to_string(),
            whose,
            token.label.clone(),
            format!("{} of {}", token.uses, token.max_uses),
            if token.needs_approval { "yes" } else { "no" }.to_owned(),
            token.expires_at.to_string(),
            token
                .revoked_at
                .map_or_else(|| "-".to_owned(), |at| at.to_string()),
        ]
    })
}

/// Which token.
#[derive(Debug, Args)]
pub(in crate::cli) struct Revoke {
    /// Which organization; not needed when there is only one
    #[arg(long)]
    organization: Option<OrganizationId>,
    /// The token's id
    #[arg(long)]
    token: EnrolmentTokenId,
    #[command(flatten)]
    yes: Yes,
    #[command(flatten)]
    output: OutputFlag,
}

pub(super) async fn revoke(store: &Store, flags: &Revoke) -> anyhow::Result<()> {
    let organization = chosen(store, flags.organization).await?;
    let token = flags.token;
    flags.yes.agree(&format!(
        "revoke the enrolment token {token}; no further device can be enrolled with it, those that were stay"
    ))?;
    anyhow::ensure!(
        acts::revoke(store, &SystemClock, organization, None, token).await?,
        "there is no enrolment token {token} in the organization. See `admin list-enrolment-tokens`."
    );
    flags.output.output.one(&[("token_id", token.to_string())])
}
