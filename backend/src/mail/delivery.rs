//! One look at what is to be sent.
//!
//! A mail is claimed and its link made in one transaction, then sent with no transaction open,
//! then settled. A process that ends between these steps leaves the mail to the next look after
//! the claim has ended: it may then be sent twice, and is never lost. Both then have one
//! `Message-ID`, by which a mail server or a mailbox keeps one of them.

use serde_json::json;
use shared_types::{
    AlertId, OrganizationId, Timestamp,
    account::InvitationState,
    alert::{Alert, AlertState},
    audit::LookAt,
    auth::{User, UserStatus},
};
use uuid::Uuid;

use super::{
    smtp::Outgoing,
    texts::{self, Text},
};
use crate::{
    auth::{joining, links, opaque::SecretKind, resets},
    clock::Clock,
    domain::{mail_domain, visibility::Viewer},
    reports::exports::file_name,
    store::{
        Store, StoreError, TenantTx, alerts,
        audit::{self, Looked},
        exports,
        invitations::{self, NewInvitation},
        mails::{self, ASK_REGISTRATION, ASK_RESET, AddressRequest, Attempt, Claimed, MailKind},
        organizations, people, settings, visibility,
    },
};

/// What is looked at in one go.
const AT_ONCE: i64 = 50;
/// Seconds for which a claim holds: longer than a slow conversation.
const CLAIM_SECONDS: i64 = 180;
/// Seconds before the second attempt; each later pause is twice as long.
const FIRST_PAUSE: i64 = 30;
/// The longest pause, in seconds.
const LONGEST_PAUSE: i64 = 3_600;
/// Attempts after which a mail is given up: about six hours.
const ATTEMPTS: i64 = 13;

pub(super) async fn deliver_due(
    outgoing: &Outgoing,
    store: &Store,
    clock: &dyn Clock,
) -> Result<usize, StoreError> {
    answer_requests(store, clock).await?;
    let due = {
        let mut reader = store.system().read().await?;
        mails::due(reader.db(), clock.now(), AT_ONCE).await?
    };
    let mut attempts = 0;
    for (organization, id) in due {
        attempts += usize::from(deliver(outgoing, store, clock, organization, id).await?);
    }
    Ok(attempts)
}

/// Looks up what was asked for by address, and queues the mails that answer.
async fn answer_requests(store: &Store, clock: &dyn Clock) -> Result<(), StoreError> {
    let asked = {
        let mut reader = store.system().read().await?;
        mails::asked(reader.db(), AT_ONCE).await?
    };
    for request in asked {
        match request.kind.as_str() {
            ASK_RESET => queue_resets(store, clock, &request).await?,
            ASK_REGISTRATION => queue_registration(store, clock, &request).await?,
            other => {
                return Err(StoreError::Corrupt(format!(
                    "address_requests.kind is {other:?}"
                )));
            }
        }
        let mut tx = store.system().begin().await?;
        mails::answered(&mut tx, request.id).await?;
        tx.commit().await?;
    }
    Ok(())
}

/// A link for each account with the address that may be used. The mail has the request's id:
/// looked at twice, it is queued once.
async fn queue_resets(
    store: &Store,
    clock: &dyn Clock,
    request: &AddressRequest,
) -> Result<(), StoreError> {
    let accounts = {
        let mut reader = store.system().read().await?;
        people::accounts(reader.db(), &request.email, request.organization_id).await?
    };
    for account in accounts {
        if account.status != UserStatus::Active.as_str() {
            continue;
        }
        let mut tx = store.tenant(account.organization_id).begin().await?;
        let kind = MailKind::PasswordReset(account.id);
        mails::queue(&mut tx, request.id, kind, clock.now()).await?;
        tx.commit().await?;
    }
    Ok(())
}

async fn queue_registration(
    store: &Store,
    clock: &dyn Clock,
    request: &AddressRequest,
) -> Result<(), StoreError> {
    let Some(organization) = request.organization_id else {
        return Ok(());
    };
    let now = clock.now();
    let mut tx = store.tenant(organization).begin().await?;
    let open = settings::find(tx.db()).await?.is_some_and(|settings| {
        settings.registration_open
            && mail_domain::admits(&settings.registration_domains, &request.email)
    });
    if !open {
        return Ok(());
    }
    if let Some(user) = people::find_by_email(tx.db(), &request.email).await? {
        if user.status == UserStatus::Active {
            let kind = MailKind::AlreadyMember(user.id);
            mails::queue(&mut tx, request.id, kind, now).await?;
        }
    } else {
        let invitation = NewInvitation {
            id: request.id.into(),
            token_hash: None,
            email: &request.email,
            created_by: None,
            expires_at: now.plus_seconds(joining::ASKED_SECONDS),
        };
        if invitations::insert(&mut tx, &invitation, now).await? {
            let kind = MailKind::Invitation(invitation.id);
            mails::queue(&mut tx, request.id, kind, now).await?;
        }
    }
    tx.commit().await
}

/// Tries to send one mail; false when there was nothing to try.
async fn deliver(
    outgoing: &Outgoing,
    store: &Store,
    clock: &dyn Clock,
    organization: OrganizationId,
    id: Uuid,
) -> Result<bool, StoreError> {
    let now = clock.now();
    let mut tx = store.tenant(organization).begin().await?;
    let until = now.plus_seconds(CLAIM_SECONDS);
    let Some(claimed) = mails::claim(&mut tx, id, now, until).await? else {
        return Ok(false);
    };
    let Some((to, text)) = write(outgoing, &mut tx, clock, claimed).await? else {
        mails::remove(&mut tx, id).await?;
        tx.commit().await?;
        return Ok(false);
    };
    tx.commit().await?;
    let outcome = outgoing.send(&to, text, &message_key(id, claimed)).await;
    if outcome.is_ok() {
        crate::failpoint::reach("mail.sent");
    }
    let now = clock.now();
    let kind = claimed.kind.as_str();
    let code = outcome
        .as_ref()
        .err()
        .map_or_else(String::new, |error| error.code.clone());
    let attempt = match &outcome {
        Ok(()) => Attempt::Sent,
        Err(error) => match again_at(claimed, error.permanent, now) {
            Some(at) => Attempt::Again(at, &code),
            None => Attempt::GivenUp(&code),
        },
    };
    match attempt {
        Attempt::Sent => tracing::info!(mail_id = %id, kind, "sent a mail"),
        Attempt::Again(at, code) => {
            tracing::warn!(mail_id = %id, kind, code, attempt = claimed.attempt, next_attempt_at = %at, "a mail could not be sent; it is tried again");
        }
        Attempt::GivenUp(code) => {
            metrics::counter!("workpulse_mails_given_up_total").increment(1);
            tracing::error!(mail_id = %id, %organization, kind, code, attempt = claimed.attempt, "a mail was given up: the mail server refused it, or was away too long. Give its link to the person another way");
        }
    }
    let mut tx = store.tenant(organization).begin().await?;
    mails::settle(&mut tx, id, attempt, now).await?;
    tx.commit().await?;
    Ok(true)
}

/// What a mail is known by, however often it is sent. A link is made anew for each attempt, and
/// only the last one works: these are different mails.
fn message_key(id: Uuid, claimed: Claimed) -> String {
    match claimed.kind {
        MailKind::Invitation(_) | MailKind::PasswordReset(_) => {
            format!("{}.{}", id.simple(), claimed.attempt)
        }
        _ => id.simple().to_string(),
    }
}

fn again_at(claimed: Claimed, permanent: bool, now: Timestamp) -> Option<Timestamp> {
    if permanent || claimed.attempt >= ATTEMPTS {
        return None;
    }
    let doublings = u32::try_from(claimed.attempt - 1).unwrap_or(0).min(20);
    let pause = (FIRST_PAUSE << doublings).min(LONGEST_PAUSE);
    Some(now.plus_seconds(pause))
}

/// The address and the text, with a fresh link; `None` when the mail is not wanted any more.
async fn write(
    outgoing: &Outgoing,
    tx: &mut TenantTx,
    clock: &dyn Clock,
    claimed: Claimed,
) -> Result<Option<(String, Text)>, StoreError> {
    let (now, kind) = (clock.now(), claimed.kind);
    let Some(organization) = organizations::find(tx.db()).await? else {
        return Ok(None);
    };
    let name = &organization.name;
    let user = match kind {
        MailKind::Invitation(id) => {
            let found = invitations::find(tx.db(), id, now).await?;
            let Some(invitation) = found.filter(|found| found.state == InvitationState::Open)
            else {
                return Ok(None);
            };
            let secret = SecretKind::Invitation.generate();
            let hash = SecretKind::Invitation
                .hash(&secret)
                .expect("a generated secret has its own kind's form");
            invitations::set_token(tx, id, &hash).await?;
            let link = links::link(Some(&outgoing.public_url), links::JOIN, &secret);
            let until = readable(invitation.expires_at, &organization.time_zone);
            let text = texts::invitation(name, &link, &until);
            return Ok(Some((invitation.email, text)));
        }
        MailKind::PasswordReset(user)
        | MailKind::PasswordChanged(user)
        | MailKind::AlreadyMember(user)
        | MailKind::Alert(user, _)
        | MailKind::Report(user, _) => people::find(tx.db(), user).await?,
    };
    let Some(user) = user.filter(|user| user.status == UserStatus::Active) else {
        return Ok(None);
    };
    let text = match kind {
        MailKind::PasswordReset(id) => {
            let (secret, until) =
                resets::issue(tx, clock, None, id, resets::MAILED_SECONDS).await?;
            let link = links::link(Some(&outgoing.public_url), links::RESET, &secret);
            texts::reset(name, &link, &readable(until, &organization.time_zone))
        }
        MailKind::PasswordChanged(_) => {
            texts::changed(name, &readable(now, &organization.time_zone))
        }
        MailKind::Alert(_, alert) => {
            let Some(alert) = alert_to_tell(tx, clock, claimed, &user, alert).await? else {
                return Ok(None);
            };
            let at = readable(alert.opened_at, &organization.time_zone);
            let link = outgoing.public_url.to_string();
            texts::alert(name, &alert.message, &at, &link)
        }
        MailKind::Report(_, file) => {
            // It was taken back, or its days are over: there is nothing to tell of.
            let Some(file) = exports::find(tx.db(), file, user.id).await? else {
                return Ok(None);
            };
            let until = file.expires_at.unwrap_or(now);
            let link = format!("{}/reports/files", outgoing.public_url);
            texts::report(&texts::Report {
                organization: name,
                file: &file_name(&file.request),
                until: &readable(until, &organization.time_zone),
                error: file.error.as_deref(),
                link: &link,
            })
        }
        _ => texts::already_member(name, &outgoing.public_url.to_string()),
    };
    Ok(Some((user.email, text)))
}

/// The alert of a mail, if it is still to be told to this manager: it is open, its person is in
/// their sight, and the organization wants such mails. The first attempt is a look at the person,
/// written down before anything leaves.
async fn alert_to_tell(
    tx: &mut TenantTx,
    clock: &dyn Clock,
    claimed: Claimed,
    manager: &User,
    alert: AlertId,
) -> Result<Option<Alert>, StoreError> {
    let wanted = alerts::settings(tx.db()).await?.is_some_and(|it| it.mail);
    let found = alerts::find(tx.db(), alert).await?;
    let Some(alert) = found.filter(|alert| wanted && alert.state == AlertState::Open) else {
        return Ok(None);
    };
    let viewer = Viewer {
        user_id: manager.id,
        role: manager.role,
    };
    if !visibility::can_see(tx.db(), viewer, alert.user_id).await? {
        return Ok(None);
    }
    if claimed.attempt == 1 {
        let look = Looked {
            viewer: Some((manager.id, manager.role)),
            at: LookAt::Alerts,
            people: &[alert.user_id],
            detail: json!({ "alert_id": alert.id, "by": "mail" }),
        };
        audit::looked(tx, &look, clock.now(), clock.new_uuid()).await?;
    }
    Ok(Some(alert))
}

/// An instant as people of the organization read it, to the minute.
fn readable(at: Timestamp, time_zone: &str) -> String {
    let instant = jiff::Timestamp::from_millisecond(at.as_millis()).unwrap_or_default();
    instant.in_tz(time_zone).map_or_else(
        |_| at.to_string(),
        |local| local.strftime("%Y-%m-%d %H:%M %Z").to_string(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn claimed(attempt: i64) -> Claimed {
        Claimed {
            kind: MailKind::PasswordReset(Uuid::nil().into()),
            attempt,
        }
    }

    #[test]
    fn a_mail_is_known_by_one_key_unless_its_link_is_another() {
        let key = |kind, attempt| message_key(Uuid::from_u128(7), Claimed { kind, attempt });
        let told = MailKind::PasswordChanged(Uuid::nil().into());
        assert_eq!(key(told, 1), key(told, 2));
        let link = MailKind::PasswordReset(Uuid::nil().into());
        assert_ne!(key(link, 1), key(link, 2));
    }

    #[test]
    fn pauses_double_to_an_hour_and_the_last_attempt_ends_it() {
        let now = Timestamp::from_millis(0);
        let pause =
            |attempt| again_at(claimed(attempt), false, now).map(|at| at.millis_since(now) / 1_000);
        assert_eq!(pause(1), Some(30));
        assert_eq!(pause(2), Some(60));
        assert_eq!(pause(8), Some(3_600));
        assert_eq!(pause(12), Some(3_600));
        assert_eq!(pause(13), None);
        assert_eq!(again_at(claimed(1), true, now), None);
        let total: i64 = (1..ATTEMPTS).filter_map(pause).sum();
        assert!((5 * 3_600..8 * 3_600).contains(&total), "{total} s");
    }

    #[test]
    fn an_instant_is_told_in_the_organizations_time() {
        let at = Timestamp::from_millis(1_795_338_000_000);
        assert_eq!(readable(at, "Europe/Berlin"), "2026-11-22 10:00 CET");
        assert_eq!(readable(at, "nowhere"), at.to_string());
    }
}
