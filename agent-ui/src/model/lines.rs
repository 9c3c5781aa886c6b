//! The lines at the top of the menu: status, today, what needs the person, what waits.

use jiff::{Timestamp, tz::TimeZone};

use crate::{
    facts::{Connection, Doing, Facts, Today, Work},
    words::{count, duration, foreign_name, moment},
};

/// Every line, the status first. At least one.
pub(super) fn all(facts: &Facts, now: Timestamp, zone: &TimeZone) -> Vec<String> {
    let mut lines = vec![status(&facts.work, now, zone)];
    match facts.work {
        Work::NotRunning => {}
        Work::NotEnrolled => {
            lines.push("Open WorkPulse to set this computer up.".to_owned());
        }
        _ => lines.extend(today(facts.today)),
    }
    // The agent's sentences stand on lines of their own; a menu has no room for a paragraph.
    let told = facts.trouble.iter().chain(&facts.note);
    lines.extend(told.flat_map(|text| wrapped(text)));
    if !matches!(facts.work, Work::NotRunning | Work::NotEnrolled) {
        lines.push(connection(facts.connection, facts.pending, now, zone));
    }
    lines
}

fn status(work: &Work, now: Timestamp, zone: &TimeZone) -> String {
    match work {
        Work::NotRunning => "Not running · nothing is recorded".to_owned(),
        Work::NotEnrolled => "Not enrolled · nothing is recorded".to_owned(),
        Work::NotWorking => "Not working · nothing is recorded".to_owned(),
        Work::Paused { until: None, .. } => "Paused · nothing is looked at".to_owned(),
        Work::Paused {
            until: Some(until), ..
        } => {
            format!(
                "Paused until {} · nothing is looked at",
                moment(*until, now, zone)
            )
        }
        Work::Working { since, doing } => {
            let since = moment(*since, now, zone);
            let doing = match doing {
                Doing::Active { application } => application.as_deref().and_then(foreign_name),
                Doing::Idle => Some("idle".to_owned()),
                Doing::NotTold => None,
            };
            match doing {
                Some(doing) => format!("Working since {since} · {doing}"),
                None => format!("Working since {since}"),
            }
        }
    }
}

/// The day's totals and, where they are incomplete, how much they cover.
fn today(today: Today) -> Vec<String> {
    let mut lines = vec![format!(
        "Today {} active · {} idle",
        duration(today.active_seconds),
        duration(today.idle_seconds)
    )];
    if today.unobserved_seconds > 0
        && let Some(percent) = today.accounted_percent()
    {
        lines.push(format!(
            "{percent} % accounted for · {} not observed",
            duration(today.unobserved_seconds)
        ));
    }
    lines
}

fn connection(connection: Connection, pending: u64, now: Timestamp, zone: &TimeZone) -> String {
    let records = count(pending, "record", "records");
    let (state, last_sync) = match connection {
        Connection::Connecting if pending == 0 => return "Connecting".to_owned(),
        Connection::Connecting => return format!("Connecting · {records} to send"),
        Connection::Online { last_sync } => {
            let at = moment(last_sync, now, zone);
            return if pending == 0 {
                format!("Everything sent · {at}")
            } else {
                format!("{records} to send · last sent {at}")
            };
        }
        Connection::Offline { last_sync } => ("Offline", last_sync),
        Connection::Refused { last_sync } => ("Not sending", last_sync),
    };
    let last_sync = last_sync.map(|at| format!("last sent {}", moment(at, now, zone)));
    let kept = (pending > 0).then(|| format!("{records} kept here"));
    std::iter::once(state.to_owned())
        .chain(last_sync)
        .chain(kept)
        .collect::<Vec<_>>()
        .join(" · ")
}

/// Longest line of a sentence from the agent, in characters.
const WRAP_AT: usize = 60;

/// At most this many lines; the rest is in the log and in `workpulse-agent status`.
const WRAP_LINES: usize = 4;

/// A sentence on several lines, broken between words.
fn wrapped(text: &str) -> Vec<String> {
    // Line breaks and tabs part words, they do not glue them together.
    let spaced: String = text
        .chars()
        .map(|c| if c.is_whitespace() { ' ' } else { c })
        .collect();
    let clean = shared_types::activity::clean_text(&spaced, WRAP_AT * WRAP_LINES);
    let mut lines: Vec<String> = Vec::new();
    for word in clean.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= WRAP_AT => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines.truncate(WRAP_LINES);
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_sentence_is_broken_between_its_words() {
        let lines = wrapped(
            "The outbox could not be written: the disk is full.\nNothing new is recorded until \
             there is room; what was recorded is kept.",
        );
        assert_eq!(
            lines,
            [
                "The outbox could not be written: the disk is full. Nothing",
                "new is recorded until there is room; what was recorded is",
                "kept.",
            ]
        );
        assert_eq!(wrapped(""), Vec::<String>::new());
        assert!(wrapped(&"word ".repeat(5_000)).len() <= WRAP_LINES);
    }
}
