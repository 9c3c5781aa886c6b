//! Opening the outbox, whatever state it is in: healthy, damaged, of a newer version, or with
//! rows beside it that an older agent recorded.

use std::path::Path;

use shared_types::{
    Timestamp,
    sync::{SessionStopped, SyncItemBody},
};

use super::{RECORDED, WISHES, parse, parse_fact, to_json};
use crate::{
    clock::Clock,
    outbox::{Newer, Opened, Outbox, OutboxError, Salvaged},
    sampler::Recorded,
};

/// An outbox to go on with, and what there is to say of it.
pub(super) struct Opening {
    pub(super) outbox: Outbox,
    pub(super) recorded: Recorded,
    /// Something happened.
    pub(super) notice: Option<String>,
    /// Someone must act.
    pub(super) newer: Option<String>,
}

pub(super) fn open(path: &Path, clock: &dyn Clock) -> Result<Opening, OutboxError> {
    let Opened {
        mut outbox,
        salvaged,
        newer,
    } = Outbox::open_or_aside(path, clock)?;
    if newer.is_none() {
        take_over(&mut outbox, clock);
    }
    let recorded = match (parse_fact(&outbox, RECORDED)?, &newer) {
        (Some(recorded), _) => recorded,
        (None, Some(newer)) => begin_beside(newer, &outbox)?,
        (None, None) => Recorded {
            covered: outbox.covered()?,
            ..Recorded::default()
        },
    };
    Ok(Opening {
        outbox,
        recorded,
        notice: salvaged.as_ref().map(repaired),
        newer: newer.map(|it| {
            format!(
                "{} What is recorded meanwhile is kept beside it and sent.",
                it.message
            )
        }),
    })
}

fn repaired(it: &Salvaged) -> String {
    format!(
        "The outbox was damaged. {} pending items were taken over, {} could not be read; the damaged file is kept as {}.",
        it.pending,
        it.lost,
        it.put_aside.display()
    )
}

/// Where recording begins beside a newer file: its session ends where its rows end, and no time
/// that it has spans for is recorded again.
fn begin_beside(newer: &Newer, outbox: &Outbox) -> Result<Recorded, OutboxError> {
    let known: Option<Recorded> = newer
        .facts
        .iter()
        .find(|(key, _)| key == RECORDED)
        .and_then(|(key, text)| parse(key, text));
    let mut covered = known.map(|it| it.covered).unwrap_or_default();
    covered.extend(&outbox.covered()?);
    Ok(Recorded {
        covered,
        ..Recorded::default()
    })
}

/// Takes over what an older agent recorded beside this outbox. The session that was running
/// here ends where its rows end; the one that runs there goes on.
fn take_over(outbox: &mut Outbox, clock: &dyn Clock) {
    let taken = outbox.aside(clock).and_then(|aside| {
        let Some(aside) = aside else {
            return Ok(());
        };
        let here: Recorded = parse_fact(outbox, RECORDED)?.unwrap_or_default();
        let mut there: Recorded = parse_fact(&aside, RECORDED)?.unwrap_or_default();
        there.covered.extend(&here.covered);
        let end = here.session.map(|running| {
            SyncItemBody::SessionStopped(SessionStopped {
                session_id: running.id,
                stopped_at: Timestamp::from_millis(here.emitted_until * 1_000)
                    .max(running.started_at),
            })
        });
        let mut facts = vec![(RECORDED, to_json(&there))];
        facts.extend(aside.fact(WISHES)?.map(|wishes| (WISHES, wishes)));
        outbox.take_over(aside, end.as_ref(), &facts, clock.wall())?;
        Ok(())
    });
    if let Err(error) = taken {
        tracing::error!(error = %error, "what an older agent recorded beside the outbox cannot be taken over yet; it stays where it is");
    }
}
