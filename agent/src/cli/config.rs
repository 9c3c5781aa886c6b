//! `workpulse-agent config show`

use std::process::ExitCode;

use clap::{Args, Subcommand};
use serde_json::{Map, Value, json};
use workpulse_agent::config::Loaded;

use super::Output;

#[derive(Args)]
pub(super) struct ConfigArgs {
    #[command(subcommand)]
    command: ConfigCommand,
}

#[derive(Subcommand)]
enum ConfigCommand {
    /// Every setting in force
    Show {
        /// And where it comes from
        #[arg(long)]
        origin: bool,
    },
}

pub(super) fn config(loaded: &Loaded, args: &ConfigArgs, output: &Output) -> ExitCode {
    let ConfigCommand::Show { origin } = args.command;
    let values: Map<String, Value> = loaded
        .origins
        .iter()
        .map(|(key, value, from)| {
            let value = if origin {
                json!({ "value": value, "origin": from.to_string() })
            } else {
                json!(value)
            };
            ((*key).to_owned(), value)
        })
        .collect();
    output.answer(&values, || {
        let lines = loaded.origins.iter().map(|(key, value, from)| {
            if origin {
                format!("{key} = {value}    # {from}")
            } else {
                format!("{key} = {value}")
            }
        });
        lines.collect::<Vec<_>>().join("\n")
    });
    ExitCode::SUCCESS
}
