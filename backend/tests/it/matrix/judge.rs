//! The rules that hold for every answer, whatever was asked.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{
    cells::{Asked, Cell},
    world::World,
};
use crate::harness::Answer;

/// What is wrong, one line each.
#[derive(Default)]
pub(crate) struct Complaints(pub(crate) Vec<String>);

impl Complaints {
    /// Something is wrong.
    pub(crate) fn add(&mut self, text: impl Into<String>) {
        self.0.push(text.into());
    }

    /// Fails with everything that was wrong, as far as a person will read it.
    pub(crate) fn none(&self) {
        let shown: Vec<&str> = self.0.iter().take(60).map(String::as_str).collect();
        assert!(
            self.0.is_empty(),
            "{} cells of the matrix are wrong:\n{}",
            self.0.len(),
            shown.join("\n")
        );
    }
}

/// Which of these texts an answer shows, in its body or its headers.
pub(crate) fn shown<'t>(answer: &Answer, texts: &'t [String]) -> Vec<&'t str> {
    let mut all = answer.text.to_lowercase();
    for (name, value) in &answer.headers {
        let value = String::from_utf8_lossy(value.as_bytes()).to_lowercase();
        all.extend(["\n", name.as_str(), ": ", &value]);
    }
    let found = texts
        .iter()
        .filter(|text| all.contains(&text.to_lowercase()));
    found.map(String::as_str).collect()
}

/// An answer without what differs between two answers to the same question.
pub(crate) fn comparable(answer: &Answer) -> String {
    let mut headers: Vec<String> = answer
        .headers
        .iter()
        .filter(|(name, _)| !matches!(name.as_str(), "x-request-id" | "date" | "content-length"))
        .map(|(name, value)| format!("{name}: {value:?}"))
        .collect();
    headers.sort_unstable();
    let body = match serde_json::from_str::<Value>(&answer.text) {
        Ok(mut body) => {
            if let Some(fields) = body.as_object_mut() {
                fields.remove("request_id");
            }
            body.to_string()
        }
        Err(_) => answer.text.clone(),
    };
    format!("{} {body} {}", answer.status, headers.join(" "))
}

/// What is wrong with one answer by itself.
pub(crate) fn judge(
    world: &World,
    operations: &BTreeMap<String, Value>,
    cell: &Cell<'_>,
    asked: &Asked,
    complaints: &mut Complaints,
) {
    let answer = &asked.answer;
    let (status, expected) = (answer.status.as_u16(), cell.expected());
    if status != expected {
        let text: String = answer.text.chars().take(200).collect();
        complaints.add(format!("{cell}: {status} instead of {expected}: {text}"));
    }
    if status >= 500 {
        complaints.add(format!("{cell}: {status} is an error of ours"));
    }
    let responses = &operations[cell.row.route]["responses"];
    if responses.get(answer.status.as_str()).is_none() {
        complaints.add(format!("{cell}: {status} is not in the OpenAPI document"));
    }
    if status >= 400 {
        let kind = answer
            .headers
            .get("content-type")
            .map(http::HeaderValue::as_bytes);
        if kind != Some(b"application/problem+json".as_slice()) {
            complaints.add(format!("{cell}: {status} without a problem document"));
        }
    }
    let mut forbidden = world.forbidden(cell.principal);
    // What was asked for may be repeated.
    forbidden.retain(|text| !asked.sent.contains(text.as_str()));
    for text in shown(answer, &forbidden) {
        complaints.add(format!("{cell}: the answer shows {text}"));
    }
}
