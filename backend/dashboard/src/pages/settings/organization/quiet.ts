/** Quiet hours, from the wire to lines of a form and back. Pure. */
import type { Organization } from "../../../api/settings";
import { type HoursGap, type HoursLine, missing, toOf, untilOf } from "../../../hours/line";
import { WEEKDAYS } from "../../../hours/weekdays";
import { settings } from "../../../text/settings";

const words = settings.organization.quiet;

export type QuietHours = Organization["quiet_hours"][number];

/** Most lines that the server takes. */
export const MOST_LINES = 50;

export function linesOf(hours: readonly QuietHours[]): HoursLine[] {
  return hours.map((one, i) => ({
    key: String(i),
    days: WEEKDAYS.filter((day) => one.weekdays.includes(day)),
    from: one.from,
    until: untilOf(one.to),
  }));
}

/** What is wrong with a line, in words; null: nothing is. */
export function gapOf(line: HoursLine): HoursGap | null {
  const gap = missing(line);
  if (gap) return gap;
  if (line.from === line.until && line.from !== "00:00") {
    return { at: "times", words: words.timesSame };
  }
  return null;
}

/** The lines as the server takes them; each of them has to be right. */
export function hoursOf(lines: readonly HoursLine[]): QuietHours[] {
  return lines.map(({ days, from, until }) => ({
    weekdays: [...days],
    from,
    to: toOf(until),
  }));
}
