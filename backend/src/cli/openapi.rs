//! `openapi`: prints the document that clients are generated from.

use super::output;
use crate::http::pipeline;

pub(super) fn run() -> anyhow::Result<()> {
    output::line(&pipeline::document().to_pretty_json()?)
}
