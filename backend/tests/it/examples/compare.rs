//! What an example says against what the server answered.
//!
//! Everything that is shown must be so. `"…"` stands for a value that differs from run to
//! run; as a member (`"…": "…"`) or last element for what is left out. `"{name}"` gives a
//! value a name, or is the value that has it.

use std::{collections::BTreeMap, fmt::Write as _};

use serde_json::{Map, Value};

/// Values that have names.
pub(super) type Names = BTreeMap<String, String>;

const ANY: &str = "…";

fn name(text: &str) -> Option<&str> {
    let name = text.strip_prefix('{')?.strip_suffix('}')?;
    let plain = |c: char| c.is_ascii_lowercase() || c == '_' || c.is_ascii_digit();
    (!name.is_empty() && name.chars().all(plain)).then_some(name)
}

/// Puts values in for their names.
pub(super) fn fill(text: &str, names: &Names) -> String {
    names.iter().fold(text.to_owned(), |text, (name, value)| {
        text.replace(&format!("{{{name}}}"), value)
    })
}

/// The same in all of a body's texts.
pub(super) fn fill_all(value: &Value, names: &Names) -> Value {
    match value {
        Value::String(text) => Value::String(fill(text, names)),
        Value::Array(items) => items.iter().map(|item| fill_all(item, names)).collect(),
        Value::Object(members) => members
            .iter()
            .map(|(key, value)| (key.clone(), fill_all(value, names)))
            .collect::<Map<_, _>>()
            .into(),
        other => other.clone(),
    }
}

/// Compares; names values on the way. An error says where and what differs.
pub(super) fn compare(
    shown: &Value,
    actual: &Value,
    names: &mut Names,
    at: &str,
) -> Result<(), String> {
    match (shown, actual) {
        (Value::String(shown), actual) if shown == ANY => match actual {
            Value::String(_) | Value::Number(_) => Ok(()),
            other => Err(format!(
                "{at}: … stands for a text or a number, not {other}"
            )),
        },
        (Value::String(shown), Value::String(actual)) => {
            if let Some(name) = name(shown) {
                let known = names
                    .entry(name.to_owned())
                    .or_insert_with(|| actual.clone());
                if known == actual {
                    return Ok(());
                }
                return Err(format!("{at}: {{{name}}} is {known}, not {actual}"));
            }
            let filled = fill(shown, names);
            if &filled == actual {
                return Ok(());
            }
            Err(format!("{at}: {filled:?} is shown, {actual:?} came"))
        }
        (Value::Array(shown), Value::Array(actual)) => {
            let open = shown.last().is_some_and(|last| last == ANY);
            let count = shown.len() - usize::from(open);
            if actual.len() < count || (!open && actual.len() > count) {
                return Err(format!(
                    "{at}: {count} elements are shown, {} came",
                    actual.len()
                ));
            }
            for (number, (shown, actual)) in shown[..count].iter().zip(actual).enumerate() {
                compare(shown, actual, names, &format!("{at}[{number}]"))?;
            }
            Ok(())
        }
        (Value::Object(shown), Value::Object(actual)) => {
            for (key, shown) in shown.iter().filter(|(key, _)| *key != ANY) {
                let Some(actual) = actual.get(key) else {
                    return Err(format!("{at}.{key} is shown and did not come"));
                };
                compare(shown, actual, names, &format!("{at}.{key}"))?;
            }
            let more = actual.keys().find(|key| !shown.contains_key(*key));
            match more {
                Some(key) if !shown.contains_key(ANY) => {
                    Err(format!("{at}.{key} came and is not shown"))
                }
                _ => Ok(()),
            }
        }
        (shown, actual) if shown == actual => Ok(()),
        (shown, actual) => Err(format!("{at}: {shown} is shown, {actual} came")),
    }
}

/// How an answer would be shown: names where there are some, `…` for what differs from run
/// to run, and what the page leaves out left out.
pub(super) fn show(shown: Option<&Value>, actual: &Value, names: &Names) -> Value {
    match (shown, actual) {
        (Some(Value::String(shown)), Value::String(_) | Value::Number(_))
            if shown == ANY || name(shown).is_some() =>
        {
            Value::String(shown.clone())
        }
        (_, Value::String(actual)) => {
            let known = names.iter().find(|(_, value)| *value == actual);
            Value::String(match known {
                Some((name, _)) => format!("{{{name}}}"),
                // What the page itself names is the same each time.
                None if differs(actual) && !super::PAGE.contains(actual) => ANY.to_owned(),
                None => actual.clone(),
            })
        }
        (Some(Value::Array(shown)), Value::Array(actual))
            if shown.last().is_some_and(|last| last == ANY) =>
        {
            let count = shown.len() - 1;
            let items = actual.iter().zip(shown).take(count);
            items
                .map(|(actual, shown)| show(Some(shown), actual, names))
                .chain([Value::String(ANY.to_owned())])
                .collect()
        }
        (shown, Value::Array(actual)) => {
            let shown = shown.and_then(Value::as_array);
            let of = |at: usize| shown.and_then(|shown| shown.get(at));
            let items = actual.iter().enumerate();
            items
                .map(|(at, actual)| show(of(at), actual, names))
                .collect()
        }
        (shown, Value::Object(actual)) => {
            let shown = shown.and_then(Value::as_object);
            let open = shown.is_some_and(|shown| shown.contains_key(ANY));
            let mut members = Map::new();
            for (key, actual) in actual {
                let known = shown.and_then(|shown| shown.get(key));
                if !open || known.is_some() {
                    members.insert(key.clone(), show(known, actual, names));
                }
            }
            if open {
                members.insert(ANY.to_owned(), Value::String(ANY.to_owned()));
            }
            members.into()
        }
        (_, other) => other.clone(),
    }
}

/// An id or a secret.
fn differs(text: &str) -> bool {
    text.parse::<uuid::Uuid>().is_ok() || (text.len() > 30 && !text.contains(' '))
}

/// JSON as people write it: on one line where it fits.
pub(super) fn pretty(value: &Value, indent: usize) -> String {
    let line = on_one_line(value);
    if indent + line.chars().count() <= 96 {
        return line;
    }
    let (open, close, parts): (_, _, Vec<String>) = match value {
        Value::Array(items) => (
            '[',
            ']',
            items.iter().map(|item| pretty(item, indent + 2)).collect(),
        ),
        Value::Object(members) => (
            '{',
            '}',
            members
                .iter()
                .map(|(key, value)| {
                    let key = Value::String(key.clone());
                    format!("{key}: {}", pretty(value, indent + 2))
                })
                .collect(),
        ),
        _ => return line,
    };
    let space = " ".repeat(indent);
    let mut text = String::from(open);
    for (at, part) in parts.iter().enumerate() {
        let comma = if at + 1 < parts.len() { "," } else { "" };
        write!(text, "\n{space}  {part}{comma}").expect("writing to a String cannot fail");
    }
    write!(text, "\n{space}{close}").expect("writing to a String cannot fail");
    text
}

fn on_one_line(value: &Value) -> String {
    match value {
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(on_one_line).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Object(members) if members.is_empty() => "{}".to_owned(),
        Value::Object(members) => {
            let members: Vec<String> = members
                .iter()
                .map(|(key, value)| {
                    format!("{}: {}", Value::String(key.clone()), on_one_line(value))
                })
                .collect();
            format!("{{ {} }}", members.join(", "))
        }
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_shown_must_be_so_and_what_came_must_be_shown() {
        let actual = json!({ "id": "7", "n": 3, "list": [1, 2], "none": null });
        for (shown, good) in [
            (
                json!({ "id": "{x}", "n": "…", "list": [1, 2], "none": null }),
                true,
            ),
            (
                json!({ "id": "7", "n": 3, "list": [1, "…"], "…": "…" }),
                true,
            ),
            (json!({ "id": "8", "…": "…" }), false),
            (json!({ "id": "7" }), false),
            (json!({ "id": "7", "gone": 1, "…": "…" }), false),
            (json!({ "list": [1], "…": "…" }), false),
            (json!({ "list": [1, 2, 3], "…": "…" }), false),
            (json!({ "none": "…", "…": "…" }), false),
            (json!({ "n": "3", "…": "…" }), false),
        ] {
            let outcome = compare(&shown, &actual, &mut Names::new(), "$");
            assert_eq!(outcome.is_ok(), good, "{shown}: {outcome:?}");
        }
    }

    #[test]
    fn a_name_stands_for_one_value() {
        let mut names = Names::new();
        compare(&json!(["{a}", "{a}"]), &json!(["1", "1"]), &mut names, "$").expect("the same");
        assert_eq!(fill("/x/{a}", &names), "/x/1");
        compare(&json!("{a}"), &json!("2"), &mut names, "$").expect_err("another");
    }

    #[test]
    fn what_is_shown_of_an_answer_fits_the_answer() {
        let names = Names::from([("x".to_owned(), "7".to_owned())]);
        let actual = json!({ "id": "7", "other": "01a2052c-913a-7583-b46a-cb7eafc25399", "n": [1, 2], "m": 1 });
        let shown = show(
            Some(&json!({ "id": "7", "other": "?", "n": [0, "…"], "…": "…" })),
            &actual,
            &names,
        );
        assert_eq!(
            shown,
            json!({ "id": "{x}", "other": "…", "n": [1, "…"], "…": "…" })
        );
        compare(&shown, &actual, &mut names.clone(), "$").expect("fits");
    }
}
