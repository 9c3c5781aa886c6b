//! What the agent does, and telling it what to do.

use serde::Serialize;
use shared_types::{
    Timestamp,
    note::{CreateNote, NoteKind},
};
use tauri::State;
use workpulse_agent::{AwayReason, Command, StatusReport};

use super::{Answer, Bridge};

/// The notice of what is collected, as far as it is accepted.
#[derive(Debug, Serialize)]
pub(crate) struct Accepted {
    accepted_at: Option<i64>,
}

/// Everything that changes by itself.
#[derive(Debug, Serialize)]
pub(crate) struct Status {
    report: StatusReport,
    notice: Accepted,
    running: bool,
}

#[tauri::command]
pub(crate) async fn status(bridge: State<'_, Bridge>) -> Answer<Status> {
    let (report, running) = bridge.report().await?;
    Ok(Status {
        notice: Accepted {
            accepted_at: report.notice_accepted_at.map(Timestamp::as_millis),
        },
        report,
        running,
    })
}

/// What a page may ask the agent for.
#[derive(Debug, serde::Deserialize)]
#[serde(tag = "command", rename_all = "snake_case")]
pub(crate) enum Act {
    Start {
        project_id: Option<shared_types::ProjectId>,
    },
    Stop,
    Pause {
        until: Option<i64>,
    },
    Resume,
    SyncNow,
}

impl From<Act> for Command {
    fn from(act: Act) -> Self {
        match act {
            Act::Start { project_id } => Self::Start { project_id },
            Act::Stop => Self::Stop,
            Act::Pause { until } => Self::Pause {
                until: until.map(Timestamp::from_millis),
            },
            Act::Resume => Self::Resume,
            Act::SyncNow => Self::SyncNow,
        }
    }
}

#[tauri::command]
pub(crate) async fn act(bridge: State<'_, Bridge>, command: Act) -> Answer<StatusReport> {
    bridge.ask(&command.into()).await
}

/// The person came back, and may be asked what the time was.
#[derive(Debug, Serialize)]
pub(crate) struct Returned {
    from: i64,
    to: i64,
    reason: AwayReason,
}

#[tauri::command]
pub(crate) async fn returned(bridge: State<'_, Bridge>) -> Answer<Option<Returned>> {
    let (report, _) = bridge.report().await?;
    Ok(report.returned.map(|it| Returned {
        from: it.from.as_millis(),
        to: it.to.as_millis(),
        reason: it.reason,
    }))
}

/// What the person says the time was.
#[derive(Debug, Clone, Copy, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Said {
    Break,
    Meeting,
    /// It stays as it was recorded.
    Keep,
}

/// Says it to the server first, and forgets the question behind that: an answer that does not
/// arrive can be given again.
#[tauri::command]
pub(crate) async fn answer_return(
    bridge: State<'_, Bridge>,
    from: i64,
    to: i64,
    answer: Said,
) -> Answer<()> {
    let kind = match answer {
        Said::Break => Some(NoteKind::Break),
        Said::Meeting => Some(NoteKind::Meeting),
        Said::Keep => None,
    };
    if let Some(kind) = kind {
        let note = CreateNote {
            from: Timestamp::from_millis(from),
            to: Timestamp::from_millis(to),
            kind,
            text: None,
        };
        bridge.person().await?.correct(&note).await?;
    }
    let from = Timestamp::from_millis(from);
    bridge.ask(&Command::AnswerReturn { from }).await?;
    Ok(())
}
