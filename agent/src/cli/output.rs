//! Answers on stdout, failures on stderr, as text or as JSON.

use std::io::{self, Write as _};

use clap::ValueEnum;
use serde::Serialize;
use serde_json::json;

/// How answers are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// For people.
    Text,
    /// For programs: one JSON document.
    Json,
}

/// Where answers go.
pub(super) struct Output {
    format: Format,
}

impl Output {
    pub(super) const fn new(format: Format) -> Self {
        Self { format }
    }

    /// Writes an answer: the value as JSON, or its text.
    pub(super) fn answer(&self, value: &impl Serialize, text: impl FnOnce() -> String) {
        let written = match self.format {
            Format::Json => serde_json::to_string_pretty(value).expect("plain data"),
            Format::Text => text(),
        };
        // A reader that went away (`| head`) is no failure of ours.
        let _ = writeln!(io::stdout().lock(), "{}", written.trim_end());
    }

    /// Says on stderr what did not work beside what was asked for.
    pub(super) fn warning(&self, message: &str) {
        let written = match self.format {
            Format::Json => json!({ "warning": message }).to_string(),
            Format::Text => format!("warning: {message}"),
        };
        let _ = writeln!(io::stderr().lock(), "{written}");
    }

    pub(super) fn failure(&self, code: u8, message: &str) {
        let written = match self.format {
            Format::Json => json!({ "error": message, "exit_code": code }).to_string(),
            Format::Text => format!("error: {message}"),
        };
        let _ = writeln!(io::stderr().lock(), "{written}");
    }
}
