//! What the demo's people say of stretches without input, and what their manager answers.
//!
//! Each note is about a stretch that is there: found in the person's own life, written with the
//! credential of their machine, as the window of their agent does.

use anyhow::{Context, Result};
use shared_types::{
    Timestamp,
    note::{AnswerNote, CreateNote, Note, NoteKind, NotePage},
};

use super::{api::Api, people::PEOPLE, rhythm, state::Memory};
use crate::clock;

/// What somebody says, of their latest stretches in turn, and the answer: whether it is accepted,
/// and the manager's words.
type Said = (
    &'static str,
    NoteKind,
    &'static str,
    Option<(bool, &'static str)>,
);

const NOTES: [Said; 8] = [
    (
        "amara.okafor",
        NoteKind::Meeting,
        "On the phone with the printer about the colours",
        None,
    ),
    (
        "amara.okafor",
        NoteKind::Work,
        "Sketched the start page on paper",
        Some((true, "")),
    ),
    (
        "jonas.weber",
        NoteKind::Work,
        "At the whiteboard with Priya, about the search",
        Some((true, "I saw the drawing, it helps a lot.")),
    ),
    (
        "grace.tan",
        NoteKind::Meeting,
        "Handed the shift over by phone",
        Some((true, "Thank you for staying on the line.")),
    ),
    (
        "priya.raman",
        NoteKind::Work,
        "Read the specification on paper",
        Some((true, "")),
    ),
    ("lea.fournier", NoteKind::Break, "", Some((true, ""))),
    (
        "lea.fournier",
        NoteKind::Meeting,
        "Asked the client about the invoice, by phone",
        Some((
            false,
            "I have it down for the day before. Would you look again?",
        )),
    ),
    (
        "yusuf.demir",
        NoteKind::Other,
        "Watched the render on the second machine",
        None,
    ),
];

/// How far back they think, in seconds; half an hour ago is too near to have been noticed.
const MEMORY: i64 = 12 * 86_400;
const RECENT: i64 = 1_800;
/// Below five minutes nobody has anything to say.
const LEAST: i64 = 300;

/// Writes and answers them, once.
pub(crate) fn tell(api: &Api, memory: &Memory, manager: &str) -> Result<()> {
    let known: NotePage = api.get("/notes?limit=1", Some(manager))?;
    if !known.items.is_empty() {
        return Ok(());
    }
    let now = clock::now().as_millis() / 1_000;
    for person in &PEOPLE {
        let said = NOTES.iter().filter(|(key, ..)| *key == person.key);
        let (life, secret) = {
            let state = memory.state();
            let colleague = &state.colleagues[person.key];
            (state.life(person), colleague.device_secret.clone())
        };
        let after = (now - MEMORY).max(life.since);
        let silences = rhythm::silences(life, after, now - RECENT, LEAST);
        // Not one right after the other: a day has more to tell than an hour.
        for ((_, kind, text, answer), (from, to)) in said.zip(silences.iter().step_by(3)) {
            let request = CreateNote {
                from: Timestamp::from_millis(from * 1_000),
                to: Timestamp::from_millis(to * 1_000),
                kind: *kind,
                text: Some((*text).to_owned()).filter(|text| !text.is_empty()),
            };
            let note: Note = api
                .post("/notes", secret.as_deref(), &request)
                .with_context(|| format!("a note of {}", person.name))?;
            if let Some((accepted, words)) = answer {
                let request = AnswerNote {
                    version: note.version,
                    accepted: *accepted,
                    answer: Some((*words).to_owned()).filter(|text| !text.is_empty()),
                };
                let path = format!("/notes/{}/answer", note.id);
                api.post::<Note>(&path, Some(manager), &request)?;
            }
        }
    }
    Ok(())
}
