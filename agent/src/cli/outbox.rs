//! `workpulse-agent outbox`: the employee's own rows.

use std::process::ExitCode;

use clap::{Args, Subcommand};
use serde_json::{Value, json};
use workpulse_agent::{
    config::Loaded,
    outbox::{ItemState, KeptItem, in_use, read_only},
};

use super::{Failure, Output};

#[derive(Args)]
pub(super) struct OutboxArgs {
    #[command(subcommand)]
    command: Option<OutboxCommand>,
}

#[derive(Subcommand)]
enum OutboxCommand {
    /// The newest rows
    List {
        /// How many
        #[arg(long, default_value_t = 50)]
        limit: usize,
    },
    /// Every row that is kept
    Export,
}

pub(super) fn outbox(
    loaded: &Loaded,
    args: &OutboxArgs,
    output: &Output,
) -> Result<ExitCode, Failure> {
    let limit = match args.command {
        None => 50,
        Some(OutboxCommand::List { limit }) => limit,
        Some(OutboxCommand::Export) => usize::MAX,
    };
    let path = in_use(&loaded.settings.data_dir);
    if !path.exists() {
        return Err(Failure::new(
            8,
            format!(
                "there is no outbox in {}",
                loaded.settings.data_dir.display()
            ),
        ));
    }
    let (items, counters) = read_only(&path, limit)?;
    output.answer(&json!({ "counters": counters, "items": items }), || {
        let mut lines: Vec<String> = items.iter().map(line).collect();
        lines.push(format!(
            "{} made = {} stored + {} pending + {} dropped; {} shown",
            counters.produced,
            counters.stored,
            counters.pending,
            counters.dropped.values().sum::<i64>(),
            items.len(),
        ));
        lines.join("\n")
    });
    Ok(ExitCode::SUCCESS)
}

fn line(item: &KeptItem) -> String {
    let state = match item.state {
        ItemState::Pending => "pending",
        ItemState::Acknowledged => "sent",
        ItemState::Rejected => "rejected",
    };
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let (kind, body) = item
        .item
        .as_object()
        .and_then(|object| object.iter().next())
        .map_or(("?", &Value::Null), |(kind, body)| (kind.as_str(), body));
    let what = if kind == "activity" {
        let mut what = format!(
            "{} {}s {}",
            text(&body["started_at"]),
            body["duration_seconds"],
            text(&body["activity_type"]),
        );
        for key in ["reason", "application", "title", "url", "category_id"] {
            if let Some(value) = body[key].as_str() {
                what = format!("{what} {value}");
            }
        }
        what
    } else {
        format!("{kind} {body}")
    };
    let reason = item
        .reason
        .as_ref()
        .map(|reason| format!(" ({reason})"))
        .unwrap_or_default();
    format!("{:>7}  {state}{reason}  {what}", item.seq)
}
