/** Quiet hours, from the wire to lines of a form and back, and in words. Pure. */
import type { Organization } from "../../../api/settings";
import { type HoursGap, type HoursLine, toOf, untilOf } from "../../../hours/line";
import { daysInWords, reading, WEEKDAYS } from "../../../hours/weekdays";
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
  if (line.days.length === 0) return { at: "days", words: words.daysMissing };
  if (line.from === "" || line.until === "") return { at: "times", words: words.timesMissing };
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

/** What a line means, once it is right. */
export function inWords(line: HoursLine): string {
  const days = daysInWords(line.days);
  const [from, until] = [reading(line.from), reading(line.until)];
  if (line.until === "00:00") {
    return line.from === "00:00" ? words.wholeDay(days) : words.toMidnight(days, from);
  }
  return line.until < line.from
    ? words.overnight(days, from, until)
    : words.within(days, from, until);
}
