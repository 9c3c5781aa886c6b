/** Days and notes as the tests of notes need them: 18 November 2026, clock readings in UTC. */
import type { Note } from "../src/api/notes";
import type { Timeline } from "../src/api/own";

const at = (clock: string) => `2026-11-18T${clock}:00.000Z`;

type Kind = "active" | "idle" | "unobserved";

export function dayOf(
  spans: readonly (readonly [Kind, string, string])[],
  notes: Note[] = [],
): Timeline {
  return {
    user_id: "u",
    date: "2026-11-18",
    time_zone: "UTC",
    from: at("00:00"),
    to: "2026-11-19T00:00:00.000Z",
    sessions: [],
    spans: spans.map(([activity_type, from, to]) => ({
      session_id: "s",
      device_id: "d",
      activity_type,
      from: at(from),
      to: at(to),
    })),
    spans_left_out: 0,
    gaps: [],
    alerts: [],
    notes,
    totals: { active_seconds: 3_600, idle_seconds: 600, unobserved_seconds: 0 },
  };
}

export function noteOf(from: string, to: string, more: Partial<Note> = {}): Note {
  return {
    id: `n${from.replace(":", "")}`,
    user_id: "u",
    user_name: "Maya Lindqvist",
    from: at(from),
    to: at(to),
    kind: "meeting",
    text: "With the client",
    state: "open",
    version: 1,
    created_at: at(to),
    changed_at: at(to),
    answered_at: null,
    answered_by: null,
    answered_by_name: null,
    answer: null,
    ...more,
  };
}
