/** What the inbox's address says: all of its filters, so that they can be shared. */
import type { AlertKind } from "../../api/alerts";

export const STATES = ["open", "resolved", "all"] as const;
export type ShownState = (typeof STATES)[number];
export const KINDS: readonly AlertKind[] = ["idle", "overtime"];

/** Which notes the page of notes shows. Absent: those that wait, or one's own all. */
export const NOTE_STATES = ["open", "accepted", "declined", "all"] as const;
export type ShownNotes = (typeof NOTE_STATES)[number];

export interface AlertSearch {
  /** Absent: open ones, or all where they are one's own. */
  state?: ShownState;
  kind?: AlertKind;
  person?: string;
  team?: string;
  /** First and last day, `YYYY-MM-DD`, by the organization's clock. */
  from?: string;
  to?: string;
}

const isDay = (value: unknown): value is string =>
  typeof value === "string" &&
  /^\d{4}-\d{2}-\d{2}$/.test(value) &&
  !Number.isNaN(Date.parse(value));
const isId = (value: unknown): value is string =>
  typeof value === "string" && /^[0-9a-f-]{36}$/i.test(value);

/** Takes what it understands; whatever else stands in an address is left out. */
export function readAlerts(search: Record<string, unknown>): AlertSearch {
  const state = STATES.find((one) => one === search.state);
  const kind = KINDS.find((one) => one === search.kind);
  return {
    ...(state ? { state } : {}),
    ...(kind ? { kind } : {}),
    ...(isId(search.person) ? { person: search.person } : {}),
    ...(isId(search.team) ? { team: search.team } : {}),
    ...(isDay(search.from) ? { from: search.from } : {}),
    ...(isDay(search.to) ? { to: search.to } : {}),
  };
}
