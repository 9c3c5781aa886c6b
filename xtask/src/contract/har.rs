//! What was asked and answered, from the report that Schemathesis leaves.

use std::{collections::BTreeMap, fs::File, io::BufReader, path::Path};

use anyhow::{Context, Result};
use serde::Deserialize;

#[derive(Deserialize)]
struct Report {
    log: Log,
}

#[derive(Deserialize)]
struct Log {
    entries: Vec<Entry>,
}

#[derive(Deserialize)]
struct Entry {
    request: Request,
    response: Response,
}

#[derive(Deserialize)]
struct Request {
    method: String,
    url: String,
}

#[derive(Deserialize)]
struct Response {
    status: u16,
}

/// Answers by operation.
#[derive(Debug, Default)]
pub(super) struct Answers {
    /// All of them.
    pub(super) total: usize,
    /// Answers with success, by the operation's name.
    pub(super) successes: BTreeMap<String, usize>,
}

/// An operation: its name, method, and the words of its address.
pub(super) struct Operation {
    pub(super) id: String,
    pub(super) method: String,
    pub(super) path: String,
}

impl Operation {
    fn is(&self, method: &str, path: &str) -> bool {
        let (mut ours, mut theirs) = (self.path.split('/'), path.split('/'));
        self.method == method
            && loop {
                match (ours.next(), theirs.next()) {
                    (None, None) => break true,
                    (Some(our), Some(their)) if our.starts_with('{') || our == their => {}
                    _ => break false,
                }
            }
    }
}

/// Reads a report.
pub(super) fn read(file: &Path, operations: &[Operation]) -> Result<Answers> {
    let open = File::open(file).with_context(|| format!("no report at {}", file.display()))?;
    let report: Report = serde_json::from_reader(BufReader::new(open))
        .with_context(|| format!("{} is no HAR file", file.display()))?;
    let mut answers = Answers::default();
    for entry in report.log.entries {
        answers.total += 1;
        let url = entry.request.url;
        let path = url.splitn(4, '/').nth(3).unwrap_or_default();
        let path = format!("/{}", path.split(['?', '#']).next().unwrap_or_default());
        // The more of an address is fixed, the better it fits.
        let fitting = operations
            .iter()
            .filter(|operation| operation.is(&entry.request.method, &path))
            .min_by_key(|operation| operation.path.matches('{').count());
        if let Some(operation) = fitting
            && (200..400).contains(&entry.response.status)
        {
            *answers.successes.entry(operation.id.clone()).or_default() += 1;
        }
    }
    Ok(answers)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_counted_for_the_operation_whose_address_fits_best() {
        let operation = |id: &str, method: &str, path: &str| Operation {
            id: id.to_owned(),
            method: method.to_owned(),
            path: path.to_owned(),
        };
        let operations = [
            operation("one", "GET", "/api/v1/me/{what}"),
            operation("looks", "GET", "/api/v1/me/looks"),
        ];
        let dir = crate::repo::scratch_dir("har-test").expect("a directory");
        let file = dir.join("har.json");
        let entry = |method: &str, path: &str, status: u16| {
            format!(
                r#"{{"request":{{"method":"{method}","url":"http://127.0.0.1:1/api/v1/{path}"}},"response":{{"status":{status}}}}}"#
            )
        };
        let entries = [
            entry("GET", "me/looks?limit=3", 200),
            entry("GET", "me/other", 204),
            entry("GET", "me/other", 404),
            entry("POST", "me/looks", 200),
            entry("GET", "me", 200),
        ];
        let text = format!(r#"{{"log":{{"entries":[{}]}}}}"#, entries.join(","));
        std::fs::write(&file, text).expect("written");
        let answers = read(&file, &operations).expect("read");
        assert_eq!(answers.total, 5);
        let expected = BTreeMap::from([("looks".to_owned(), 1), ("one".to_owned(), 1)]);
        assert_eq!(answers.successes, expected);
        std::fs::remove_dir_all(dir).expect("removed");
    }
}
