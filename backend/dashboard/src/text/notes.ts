/** Words about notes: what people say of their own time, and what is answered. */
import type { NoteKind, NoteState } from "../api/notes";
import { german } from "./de/notes";
import { inLanguage, wordsOf } from "./language";

export const english = {
  pageTitle: "Notes",
  pageLead:
    "What people say of time that looks idle or empty. Nothing that was observed changes by it; they read your answer.",
  pageLeadOwn:
    "What you said of your own time, and what was answered. You write a note on its day.",
  state: "State",
  filters: { open: "To answer", accepted: "Accepted", declined: "Declined", all: "All" },
  nothing: "No notes",
  nothingOpen: "Nothing to answer",
  nothingHint: "What somebody writes about a day of theirs arrives here.",
  nothingHintOwn: "On the page of a day you can say what a stretch without input was.",

  title: "Notes",
  lead: "What they say of this day. It stands beside what was observed and changes no sum.",
  leadOwn:
    "Say what a stretch without input was. It stands beside what was observed, changes no sum, and your managers read and answer it.",
  none: "They have said nothing of this day.",
  noneOwn: (count: number) =>
    count === 0
      ? "You have said nothing of this day, and no stretch of it calls for a word."
      : count === 1
        ? "You have said nothing of this day. One stretch is without input."
        : `You have said nothing of this day. ${count} stretches are without input.`,

  kinds: wordsOf<NoteKind>({
    work: "Work away from the computer",
    meeting: "Meeting or call",
    break: "Break",
    other: "Something else",
  }),
  states: wordsOf<NoteState>({
    open: "Not answered",
    accepted: "Accepted",
    declined: "Declined",
  }),
  by: (state: NoteState, name: string) =>
    state === "accepted" ? `Accepted by ${name}` : `Declined by ${name}`,

  add: "Add a note",
  changeTitle: "Change your note",
  stretch: "Time without input",
  silence: (from: string, to: string, length: string) => `${from} – ${to}, ${length}`,
  otherTime: "Another time",
  from: "From",
  to: "To",
  timeMissing: "Enter a time.",
  kind: "What it was",
  text: "In your words",
  textHint: "Optional, at most 500 characters. Whoever sees this day reads it.",
  textMissing: "Say what it was.",
  send: "Add note",
  keep: "Save",

  change: "Change",
  changeOf: (hours: string) => `Change your note about ${hours}`,
  takeBack: "Take back",
  takeBackOf: (hours: string) => `Take back your note about ${hours}`,
  takeBackTitle: "Take this note back?",
  takeBackDetail: (hours: string) => `What you said of ${hours} goes, and nobody answers it.`,

  accept: "Accept",
  acceptOf: (name: string, hours: string) => `Accept what ${name} says of ${hours}`,
  acceptTitle: "Accept this note?",
  decline: "Decline",
  declineOf: (name: string, hours: string) => `Decline what ${name} says of ${hours}`,
  declineTitle: "Decline this note?",
  about: (name: string, hours: string) => `${name}, ${hours}`,
  answer: "Your answer",
  answerHint: "Optional, at most 500 characters.",
  answerDetail:
    "The person reads your answer and your name. No sum changes; you can answer again later.",
} as const;

export const notes = inLanguage(english, german);
