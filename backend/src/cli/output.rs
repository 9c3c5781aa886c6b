//! What commands print: a line, a table for people, JSON for programs.

use std::io::{self, Write as _};

use comfy_table::{Table, presets};
use serde::Serialize;

/// How results look.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Output {
    /// For people.
    #[default]
    Table,
    /// For programs.
    Json,
}

/// Prints a line. A closed pipe (`| head`) is not an error.
pub(super) fn line(text: &str) -> anyhow::Result<()> {
    match writeln!(io::stdout(), "{text}") {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(()),
    }
}

impl Output {
    /// Prints a list: all of it as JSON, or its rows as a table.
    pub(super) fn list<T: Serialize>(
        self,
        items: &[T],
        head: &[&str],
        row: impl Fn(&T) -> Vec<String>,
    ) -> anyhow::Result<()> {
        if self == Self::Json {
            return line(&serde_json::to_string_pretty(items)?);
        }
        let mut table = Table::new();
        table
            .load_preset(presets::UTF8_HORIZONTAL_ONLY)
            .set_header(head.iter().copied());
        for item in items {
            table.add_row(row(item));
        }
        line(&table.to_string())
    }

    /// Prints one result: as JSON, or as `name: value` lines.
    pub(super) fn one(self, fields: &[(&str, String)]) -> anyhow::Result<()> {
        if self == Self::Json {
            let object: serde_json::Map<String, serde_json::Value> = fields
                .iter()
                .map(|(name, value)| ((*name).to_owned(), value.clone().into()))
                .collect();
            return line(&serde_json::to_string_pretty(&object)?);
        }
        for (name, value) in fields {
            line(&format!("{name}: {value}"))?;
        }
        Ok(())
    }
}
