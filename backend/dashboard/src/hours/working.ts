/** Working hours of a capture policy: from the wire to lines of a form and back. Pure. */
import type { CapturePolicy } from "../api/settings";
import { settings } from "../text/settings";
import { type HoursGap, type HoursLine, missing, toOf, untilOf } from "./line";
import { WEEKDAYS } from "./weekdays";

const words = settings.policy;

export type WorkingHours = NonNullable<CapturePolicy["working_hours"]>[number];

/** Most stretches that the server takes, one a day and a pair of times. */
export const MOST_STRETCHES = 100;

/** Days with the same hours on one line, in the order in which the hours first come. */
export function linesOf(hours: readonly WorkingHours[]): HoursLine[] {
  const lines = new Map<string, HoursLine>();
  for (const { day, from, to } of hours) {
    const key = `${from}-${to}`;
    const days = lines.get(key)?.days ?? [];
    lines.set(key, {
      key,
      days: WEEKDAYS.filter((one) => one === day || days.includes(one)),
      from,
      until: untilOf(to),
    });
  }
  return [...lines.values()];
}

/** What is wrong with a line; null: nothing is. Unlike quiet hours these end on their day. */
export function gapOf(line: HoursLine): HoursGap | null {
  const gap = missing(line);
  if (gap) return gap;
  return line.from >= toOf(line.until) ? { at: "times", words: words.hoursOrder } : null;
}

/** The lines as the server takes them, each stretch once, by day and by time; each line has to be right. */
export function hoursOf(lines: readonly HoursLine[]): WorkingHours[] {
  return WEEKDAYS.flatMap((day) => {
    const mine = lines
      .filter((line) => line.days.includes(day))
      .map(({ from, until }) => ({ day, from, to: toOf(until) }))
      .sort((a, b) => (a.from + a.to < b.from + b.to ? -1 : 1));
    return mine.filter((one, i) => one.from !== mine[i - 1]?.from || one.to !== mine[i - 1]?.to);
  });
}
