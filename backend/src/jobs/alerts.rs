//! What both detectors share: changes are decided, then written with their events.

use shared_types::{AlertId, OrganizationId, Timestamp};

use super::Context;
use crate::{
    domain::alert::Changes,
    store::{
        StoreError, TenantTx,
        alerts::{self, Ended, Kind, Settings},
        events::{self, Subject},
        mails::{self, MailKind},
    },
};

/// How many alerts were opened and resolved.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Count {
    opened: usize,
    resolved: usize,
}

impl Count {
    pub(super) fn add(&mut self, other: Self) {
        self.opened += other.opened;
        self.resolved += other.resolved;
    }

    /// For people.
    pub(super) fn text(self) -> String {
        format!("{} alerts opened, {} resolved", self.opened, self.resolved)
    }
}

/// Writes the changes of one organization, and what its managers are told, in one
/// transaction (L1). Another worker may have been faster: then nothing is written twice. In quiet
/// hours alerts are written, and nobody is told of them, nor of their end.
pub(super) async fn apply(
    context: &Context,
    mut tx: TenantTx,
    kind: Kind,
    (settings, changes): (Settings, Changes),
    now: Timestamp,
) -> Result<Count, StoreError> {
    let organization: OrganizationId = tx.organization();
    let mut count = Count::default();
    let mut told = Vec::new();
    for (alert, ending) in changes.resolve {
        let Some(ended) = alerts::end(&mut tx, alert.id, ending, now).await? else {
            continue;
        };
        let Ended { resolved, quiet } = ended;
        count.resolved += usize::from(resolved);
        if resolved && !quiet {
            told.push(("ALERT_RESOLVED", alert.id, alert.user_id));
        }
    }
    let quiet = settings.is_quiet(now);
    for opening in changes.open {
        let id = AlertId(context.clock.new_uuid());
        if alerts::insert(&mut tx, id, kind, &opening, quiet, now).await? {
            count.opened += 1;
            if quiet {
                continue;
            }
            told.push((kind.event(), id, opening.user_id));
            if settings.mail {
                for manager in alerts::concerned_managers(tx.db(), opening.user_id).await? {
                    let mail = MailKind::Alert(manager, id);
                    mails::queue(&mut tx, context.clock.new_uuid(), mail, now).await?;
                }
            }
        }
    }
    // Last: the organization's event counter stays locked until the commit.
    for (event, alert_id, user_id) in told {
        let subject = Subject {
            users: vec![user_id],
            alert_id: Some(alert_id),
            ..Subject::default()
        };
        events::append(&mut tx, event, &subject, now).await?;
    }
    tx.commit().await?;
    if count.opened + count.resolved > 0 {
        context.live.wake(organization);
    }
    Ok(count)
}
