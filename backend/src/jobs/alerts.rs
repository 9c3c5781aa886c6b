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
    /// Opened in quiet hours, and told of now that they are over.
    told: usize,
}

impl Count {
    pub(super) fn add(&mut self, other: Self) {
        self.opened += other.opened;
        self.resolved += other.resolved;
        self.told += other.told;
    }

    /// For people.
    pub(super) fn text(self) -> String {
        let told = match self.told {
            0 => String::new(),
            told => format!(", {told} told of after quiet hours"),
        };
        format!(
            "{} alerts opened, {} resolved{told}",
            self.opened, self.resolved
        )
    }
}

/// Writes the changes of one organization, and what its managers are told, in one
/// transaction (L1). Another worker may have been faster: then nothing is written twice. In quiet
/// hours alerts are written, and nobody is told of them, nor of their end; of what still goes on
/// when the hours are over people are told then.
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
    // Of whom managers are to hear by mail as well.
    let mut begun = Vec::new();
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
            begun.push((id, opening.user_id));
        }
    }
    for alert in changes.tell {
        if alerts::tell(&mut tx, alert.id).await? {
            count.told += 1;
            begun.push((alert.id, alert.user_id));
        }
    }
    for (id, person) in begun {
        told.push((kind.event(), id, person));
        if settings.mail {
            for manager in alerts::concerned_managers(tx.db(), person).await? {
                let mail = MailKind::Alert(manager, id);
                mails::queue(&mut tx, context.clock.new_uuid(), mail, now).await?;
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
    if count.opened + count.resolved + count.told > 0 {
        crate::failpoint::reach("job.before_publish");
        context.live.wake(organization);
    }
    Ok(count)
}
