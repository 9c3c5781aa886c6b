/** From a timeline to what the page draws: places on the bar, and rows. Pure. */
import type { Timeline } from "../../api/own";
import { millis } from "../../format/instant";

type Kind = "active" | "idle" | "unobserved";

export interface Piece {
  key: string;
  kind: Kind;
  /** Percent of the shown hours. */
  start: number;
  width: number;
}

export interface DayShape {
  pieces: Piece[];
  /** Whole hours under the bar, as instants. */
  ticks: { at: number; place: number }[];
}

const HOUR = 3_600_000;

/**
 * The hours that something was recorded in, widened to whole ones and to at least eight, so that a
 * working day fills the bar; never beyond the day itself.
 */
export function dayShape(day: Timeline): DayShape {
  const from = millis(day.from);
  const to = millis(day.to);
  if (from === null || to === null) return { pieces: [], ticks: [] };
  const times = day.spans.flatMap((s) => [millis(s.from), millis(s.to)]).filter((t) => t !== null);
  if (times.length === 0) return { pieces: [], ticks: [] };
  let first = Math.floor((Math.min(...reduced(times)) - from) / HOUR) * HOUR + from;
  let last = Math.ceil((Math.max(...reduced(times)) - from) / HOUR) * HOUR + from;
  while (last - first < 8 * HOUR && (first > from || last < to)) {
    if (first > from) first -= HOUR;
    if (last - first < 8 * HOUR && last < to) last += HOUR;
  }
  first = Math.max(first, from);
  last = Math.min(last, to);
  const place = (at: number) => Math.round((10_000 * (at - first)) / (last - first)) / 100;
  const pieces: Piece[] = [];
  for (const span of day.spans) {
    const begin = millis(span.from);
    const end = millis(span.to);
    if (begin === null || end === null || end <= begin) continue;
    const before = pieces.at(-1);
    const start = place(Math.max(begin, first));
    const width = place(Math.min(end, last)) - start;
    // Neighbours of one kind are one piece: a day has thousands of spans and a screen a few pixels.
    if (
      before &&
      before.kind === span.activity_type &&
      start - before.start - before.width < 0.02
    ) {
      before.width = Math.max(before.width, start + width - before.start);
      continue;
    }
    pieces.push({ key: `${begin}-${span.device_id}`, kind: span.activity_type, start, width });
  }
  const hours = Math.round((last - first) / HOUR);
  const step = hours > 16 ? 4 : 2;
  const ticks = [];
  for (let at = first; at <= last; at += step * HOUR) ticks.push({ at, place: place(at) });
  return { pieces, ticks };
}

/** `Math.min` takes no more than some ten thousand arguments. */
function reduced(times: number[]): [number, number] {
  let least = times[0] ?? 0;
  let most = least;
  for (const time of times) {
    least = Math.min(least, time);
    most = Math.max(most, time);
  }
  return [least, most];
}
