//! The examples of docs/API.md as they stand there.
//!
//! A block marked `http` and the caller's name holds a request and the answer to it: a line
//! with method and address, the body, an empty line, the status (with a content type where
//! it is not JSON), the body. A comment `<!-- play: … -->` says what happens in between.

use serde_json::Value;

/// One step of the page.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Step {
    /// So many minutes pass, and the server's jobs run.
    Minutes(i64),
    /// A request and its answer.
    Example(Box<Example>),
}

/// A request and its answer.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Example {
    /// The heading that it stands under.
    pub(super) area: String,
    /// Where it begins, from 1 on.
    pub(super) line: usize,
    /// Who asks; nobody where empty.
    pub(super) caller: String,
    pub(super) method: String,
    pub(super) path: String,
    pub(super) body: Option<Value>,
    pub(super) status: u16,
    /// Of an answer that is not JSON.
    pub(super) content_type: Option<String>,
    pub(super) answer: Option<Value>,
    /// The lines of the answer's body: the first, and behind the last.
    pub(super) answer_lines: (usize, usize),
}

/// Reads the page.
pub(super) fn steps(page: &str) -> Vec<Step> {
    let lines: Vec<&str> = page.lines().collect();
    let (mut steps, mut area, mut at) = (Vec::new(), String::new(), 0);
    while at < lines.len() {
        let line = lines[at];
        if let Some(title) = line.strip_prefix("### ") {
            title.clone_into(&mut area);
        } else if let Some(play) = line.strip_prefix("<!-- play: ") {
            let minutes = play
                .strip_suffix(" minutes pass -->")
                .and_then(|n| n.parse().ok());
            let minutes = minutes.unwrap_or_else(|| panic!("line {}: {line}", at + 1));
            steps.push(Step::Minutes(minutes));
        } else if let Some(rest) = line.strip_prefix("```http") {
            let end = (at + 1..lines.len())
                .find(|end| lines[*end] == "```")
                .expect("the block ends");
            let found = example(&area, rest.trim(), &lines[..end], at + 1);
            steps.push(Step::Example(Box::new(found)));
            at = end;
        } else if line.starts_with("```") {
            // Another kind of block: nothing in it is a heading.
            at = (at + 1..lines.len())
                .find(|end| lines[*end].starts_with("```"))
                .expect("the block ends");
        }
        at += 1;
    }
    steps
}

fn example(area: &str, caller: &str, lines: &[&str], from: usize) -> Example {
    let place = |what: &str| format!("docs/API.md, block at line {from}: {what}");
    let empty = (from..lines.len()).find(|at| lines[*at].is_empty());
    let empty = empty.unwrap_or_else(|| panic!("{}", place("no empty line before the answer")));
    let (method, path) = lines[from]
        .split_once(' ')
        .unwrap_or_else(|| panic!("{}", place("no method and address")));
    let (status, content_type) = match lines[empty + 1].split_once(' ') {
        Some((status, kind)) => (status, Some(kind.to_owned())),
        None => (lines[empty + 1], None),
    };
    let json = |lines: &[&str]| -> Option<Value> {
        let text = lines.join("\n");
        (!text.is_empty()).then(|| {
            serde_json::from_str(&text)
                .unwrap_or_else(|error| panic!("{}", place(&format!("{error}: {text}"))))
        })
    };
    Example {
        area: area.to_owned(),
        line: from,
        caller: caller.to_owned(),
        method: method.to_owned(),
        path: path.to_owned(),
        body: json(&lines[from + 1..empty]),
        status: status
            .parse()
            .unwrap_or_else(|_| panic!("{}", place("no status"))),
        content_type,
        answer: json(&lines[empty + 2..]),
        answer_lines: (empty + 2, lines.len()),
    }
}

#[test]
fn a_page_is_read_as_steps() {
    let page = "### Things\n\n<!-- play: 6 minutes pass -->\n\n```json\n### no heading\n```\n\n```http ada\nPOST /x\n{ \"a\":\n  1 }\n\n201\n{ \"id\": \"{x}\" }\n```\n\n```http\nGET /y\n\n200 text/csv\n```\n";
    let steps = steps(page);
    assert_eq!(steps.len(), 3);
    assert_eq!(steps[0], Step::Minutes(6));
    let Step::Example(first) = &steps[1] else {
        panic!("{steps:?}")
    };
    assert_eq!(
        (first.area.as_str(), first.caller.as_str(), first.line),
        ("Things", "ada", 9)
    );
    assert_eq!(first.body, Some(serde_json::json!({ "a": 1 })));
    assert_eq!(first.answer, Some(serde_json::json!({ "id": "{x}" })));
    let Step::Example(second) = &steps[2] else {
        panic!("{steps:?}")
    };
    assert_eq!((second.caller.as_str(), second.status), ("", 200));
    assert_eq!(second.content_type.as_deref(), Some("text/csv"));
}
