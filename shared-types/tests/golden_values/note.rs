//! What people say of their own time.

use shared_types::{
    NoteId,
    note::{AnswerNote, ChangeNote, CreateNote, Note, NoteKind, NotePage, NoteState},
};

use super::{Golden, at, id, user};

/// A note that nobody has answered.
pub(super) fn meeting() -> Note {
    Note {
        id: id::<NoteId>(40),
        user_id: user(),
        user_name: "Ada".to_owned(),
        from: at(0),
        to: at(1_800),
        kind: NoteKind::Meeting,
        text: Some("stand-up".to_owned()),
        state: NoteState::Open,
        version: 1,
        created_at: at(3_600),
        changed_at: at(3_600),
        answered_at: None,
        answered_by: None,
        answered_by_name: None,
        answer: None,
    }
}

pub(super) fn check(golden: &mut Golden) {
    golden.check("enum_note_kind", &NoteKind::ALL.to_vec());
    golden.check(
        "enum_note_state",
        &[NoteState::Open, NoteState::Accepted, NoteState::Declined],
    );
    golden.check("note_open", &meeting());
    golden.check(
        "note_page",
        &NotePage {
            items: vec![Note {
                state: NoteState::Declined,
                version: 2,
                answered_at: Some(at(7_200)),
                answered_by: Some(id(5)),
                answered_by_name: Some("Max".to_owned()),
                answer: Some("you were on leave".to_owned()),
                ..meeting()
            }],
            next_cursor: Some("opaque".to_owned()),
        },
    );
    golden.check(
        "create_note",
        &CreateNote {
            from: at(0),
            to: at(1_800),
            kind: NoteKind::Other,
            text: Some("fire drill".to_owned()),
        },
    );
    golden.check(
        "change_note",
        &ChangeNote {
            version: 1,
            from: at(0),
            to: at(900),
            kind: NoteKind::Break,
            text: None,
        },
    );
    golden.check(
        "answer_note",
        &AnswerNote {
            version: 1,
            accepted: true,
            answer: None,
        },
    );
}
