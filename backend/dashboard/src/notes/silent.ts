/** Which stretches of a day its person may have something to say of. Pure. */
import type { Timeline } from "../api/own";
import { millis } from "../format/instant";

export interface Silence {
  from: number;
  to: number;
}

/** Shorter ones need no word. */
const SHORTEST = 5 * 60_000;
/** More than these are not offered. */
const MOST = 20;

/**
 * Stretches without input between the first and the last thing known of the day, idle or not
 * observed or not recorded at all, of which no note tells that counts. In order.
 */
export function silences(day: Timeline): Silence[] {
  const busy: Silence[] = [];
  let first = Number.POSITIVE_INFINITY;
  let last = Number.NEGATIVE_INFINITY;
  for (const span of day.spans) {
    const one = { from: millis(span.from) ?? 0, to: millis(span.to) ?? 0 };
    first = Math.min(first, one.from);
    last = Math.max(last, one.to);
    if (span.activity_type === "active") busy.push(one);
  }
  for (const note of day.notes) {
    if (note.state !== "declined") {
      busy.push({ from: millis(note.from) ?? 0, to: millis(note.to) ?? 0 });
    }
  }
  busy.sort((a, b) => a.from - b.from);
  const found: Silence[] = [];
  let at = first;
  for (const { from, to } of [...busy, { from: last, to: last }]) {
    const end = Math.min(from, last);
    if (end - at >= SHORTEST) found.push({ from: at, to: end });
    at = Math.max(at, to);
  }
  return found.slice(0, MOST);
}
