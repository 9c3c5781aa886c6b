//! What a note may say of which time. Pure.

use shared_types::{
    Timestamp,
    note::{LONGEST_SECONDS, NoteKind, SHORTEST_SECONDS},
};

/// Most characters of a text.
pub const LONGEST_TEXT: usize = 500;

/// Why a note cannot be kept: the field, and what it must be.
pub type Fault = (&'static str, &'static str);

/// Looks at what somebody says of a stretch of their own time. `oldest`: what the organization
/// still keeps begins there.
#[must_use]
pub fn faults(
    (from, to): (Timestamp, Timestamp),
    (kind, text): (NoteKind, Option<&str>),
    oldest: Timestamp,
    now: Timestamp,
) -> Vec<Fault> {
    let mut faults = Vec::new();
    let millis = to.millis_since(from);
    if millis < SHORTEST_SECONDS * 1_000 {
        faults.push(("to", "must be at least a minute after the begin"));
    } else if millis > LONGEST_SECONDS * 1_000 {
        faults.push(("to", "must be at most 24 hours after the begin"));
    }
    if to > now {
        faults.push(("to", "must be past: a note is about time that was"));
    }
    if from < oldest {
        faults.push((
            "from",
            "must be within the days that your organization keeps",
        ));
    }
    if kind == NoteKind::Other && text.is_none() {
        faults.push(("text", "must say what it was"));
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::UNIX_EPOCH.plus_seconds(seconds)
    }

    fn fields(from: i64, to: i64, kind: NoteKind, text: Option<&str>) -> Vec<&'static str> {
        faults((at(from), at(to)), (kind, text), at(1_000), at(200_000))
            .into_iter()
            .map(|(field, _)| field)
            .collect()
    }

    #[test]
    fn a_note_is_about_a_minute_to_a_day_of_what_is_past_and_kept() {
        let work = NoteKind::Work;
        for (from, to, wrong) in [
            (1_000, 1_060, vec![]),
            (1_000, 1_059, vec!["to"]),
            (1_000, 500, vec!["to"]),
            (1_000, 87_400, vec![]),
            (1_000, 87_401, vec!["to"]),
            (199_000, 200_000, vec![]),
            (199_000, 200_001, vec!["to"]),
            (999, 2_000, vec!["from"]),
            (0, 300_000, vec!["to", "to", "from"]),
        ] {
            assert_eq!(fields(from, to, work, None), wrong, "{from} to {to}");
        }
    }

    #[test]
    fn what_is_something_else_says_what() {
        assert_eq!(fields(1_000, 2_000, NoteKind::Other, None), ["text"]);
        assert!(fields(1_000, 2_000, NoteKind::Other, Some("fire drill")).is_empty());
        assert!(fields(1_000, 2_000, NoteKind::Break, None).is_empty());
    }
}
