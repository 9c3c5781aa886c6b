//! Making and revoking the tokens by which devices are enrolled: for admins and for IT alike.

use serde_json::json;
use shared_types::{
    EnrolmentTokenId, OrganizationId, UserId, device::EnrolmentTokenCreated, policy::is_domain,
};

use super::opaque::SecretKind;
use crate::{
    clock::Clock,
    store::{
        Store, StoreError,
        audit::{self, Entry},
        enrolment_tokens::{self, NewEnrolmentToken},
        people,
    },
};

/// How a token may be used.
#[derive(Debug, Clone, Default)]
pub struct TokenTerms {
    /// Whose devices it enrols; absent: anybody's, by their address.
    pub user_id: Option<UserId>,
    /// Only addresses of this domain; not with a person.
    pub mail_domain: Option<String>,
    /// What it is for, at most 200 characters.
    pub label: String,
    /// Whether its devices wait for an admin; absent: unless it is one person's.
    pub needs_approval: Option<bool>,
    /// How many, 1 to 1,000.
    pub max_uses: i64,
    /// For how long, 1 to 8,760 hours.
    pub expires_in_hours: i64,
}

impl TokenTerms {
    /// Field and rule of each term that cannot be.
    #[must_use]
    pub fn problems(&self) -> Vec<(&'static str, &'static str)> {
        let domain_and_person = self.mail_domain.is_some() && self.user_id.is_some();
        let bad_domain = self
            .mail_domain
            .as_deref()
            .is_some_and(|domain| !is_domain(domain.trim()));
        let label_fits =
            self.label.trim().chars().count() <= 200 && !self.label.chars().any(char::is_control);
        [
            (
                (1..=1_000).contains(&self.max_uses),
                "max_uses",
                "must be 1 to 1000",
            ),
            (
                (1..=8_760).contains(&self.expires_in_hours),
                "expires_in_hours",
                "must be 1 to 8760",
            ),
            (
                !domain_and_person,
                "mail_domain",
                "is for tokens that are not one person's",
            ),
            (
                !bad_domain,
                "mail_domain",
                "must be a domain such as example.org",
            ),
            (
                label_fits,
                "label",
                "must have at most 200 characters, none of them control characters",
            ),
        ]
        .into_iter()
        .filter_map(|(fine, field, rule)| (!fine).then_some((field, rule)))
        .collect()
    }
}

/// Makes an enrolment token; `None` when there is no such person. The terms have no problems.
pub async fn create(
    store: &Store,
    clock: &dyn Clock,
    organization: OrganizationId,
    actor: Option<UserId>,
    terms: TokenTerms,
) -> Result<Option<EnrolmentTokenCreated>, StoreError> {
    let now = clock.now();
    let mut tx = store.tenant(organization).begin().await?;
    if let Some(user) = terms.user_id
        && people::find(tx.db(), user).await?.is_none()
    {
        return Ok(None);
    }
    let secret = SecretKind::Enrolment.generate();
    let hash = SecretKind::Enrolment
        .hash(&secret)
        .expect("a generated secret has its own kind's form");
    let domain = terms.mail_domain.map(|domain| domain.trim().to_lowercase());
    let token = NewEnrolmentToken {
        id: EnrolmentTokenId(clock.new_uuid()),
        hash: &hash,
        user_id: terms.user_id,
        mail_domain: domain.as_deref(),
        label: terms.label.trim(),
        // Whoever has such a token says whose the machine is: somebody should look at it.
        needs_approval: terms.needs_approval.unwrap_or(terms.user_id.is_none()),
        created_by: actor,
        max_uses: terms.max_uses,
        expires_at: now.plus_seconds(terms.expires_in_hours * 3_600),
    };
    enrolment_tokens::insert(&mut tx, &token, now).await?;
    let entry = Entry {
        actor,
        action: "enrolment_token.created",
        subject: terms.user_id,
        detail: json!({
            "token_id": token.id, "max_uses": token.max_uses, "needs_approval": token.needs_approval,
        }),
    };
    audit::append(&mut tx, &entry, now).await?;
    tx.commit().await?;
    Ok(Some(EnrolmentTokenCreated {
        id: token.id,
        token: secret,
        expires_at: token.expires_at,
    }))
}

/// Revokes an enrolment token; devices enrolled with it stay. False when there is none.
pub async fn revoke(
    store: &Store,
    clock: &dyn Clock,
    organization: OrganizationId,
    actor: Option<UserId>,
    token: EnrolmentTokenId,
) -> Result<bool, StoreError> {
    let now = clock.now();
    let mut tx = store.tenant(organization).begin().await?;
    let Some(revoked) = enrolment_tokens::revoke(&mut tx, token, now).await? else {
        return Ok(false);
    };
    let entry = Entry {
        actor,
        action: "enrolment_token.revoked",
        subject: revoked.user_id,
        detail: json!({ "token_id": token }),
    };
    audit::append(&mut tx, &entry, now).await?;
    tx.commit().await?;
    Ok(true)
}
