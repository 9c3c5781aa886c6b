/** Quiet hours, from the wire to lines of a form and back, and in words. Pure. */
import type { Organization } from "../../../api/settings";
import { locale } from "../../../text/language";
import { settings } from "../../../text/settings";

const words = settings.organization.quiet;

export type QuietHours = Organization["quiet_hours"][number];
export type Weekday = QuietHours["weekdays"][number];

export const WEEKDAYS: readonly Weekday[] = [
  "monday",
  "tuesday",
  "wednesday",
  "thursday",
  "friday",
  "saturday",
  "sunday",
];

/** Most lines that the server takes. */
export const MOST_LINES = 50;

export interface QuietLine {
  /** Names the line while the form is open. */
  key: string;
  days: readonly Weekday[];
  from: string;
  /** `00:00` is the end of the day: fields for times know no 24:00. */
  until: string;
}

const named = (weekday: "long" | "short") => {
  const format = new Intl.DateTimeFormat(locale, { weekday, timeZone: "UTC" });
  // 1 January 2024 was a Monday.
  return WEEKDAYS.map((_, i) => format.format(Date.UTC(2024, 0, 1 + i)));
};
const LONG = named("long");
const SHORT = named("short");
const list = new Intl.ListFormat(locale, { type: "conjunction" });

export function dayName(day: Weekday): { long: string; short: string } {
  const at = WEEKDAYS.indexOf(day);
  return { long: LONG[at] ?? day, short: SHORT[at] ?? day };
}

export function linesOf(hours: readonly QuietHours[]): QuietLine[] {
  return hours.map((one, i) => ({
    key: String(i),
    days: WEEKDAYS.filter((day) => one.weekdays.includes(day)),
    from: one.from,
    until: one.to === "24:00" ? "00:00" : one.to,
  }));
}

/** What is wrong with a line, in words; null: nothing is. */
export function gapOf(line: QuietLine): { at: "days" | "times"; words: string } | null {
  if (line.days.length === 0) return { at: "days", words: words.daysMissing };
  if (line.from === "" || line.until === "") return { at: "times", words: words.timesMissing };
  if (line.from === line.until && line.from !== "00:00") {
    return { at: "times", words: words.timesSame };
  }
  return null;
}

/** The lines as the server takes them; each of them has to be right. */
export function hoursOf(lines: readonly QuietLine[]): QuietHours[] {
  return lines.map(({ days, from, until }) => ({
    weekdays: [...days],
    from,
    to: until === "00:00" ? "24:00" : until,
  }));
}

/** "Monday to Friday and Sunday" */
export function daysInWords(days: readonly Weekday[]): string {
  if (days.length === WEEKDAYS.length) return words.everyDay;
  const runs: number[][] = [];
  for (const [at, day] of WEEKDAYS.entries()) {
    if (!days.includes(day)) continue;
    const last = runs.at(-1);
    if (last?.at(-1) === at - 1) last.push(at);
    else runs.push([at]);
  }
  const parts = runs.flatMap((run) => {
    const names = run.map((at) => LONG[at] ?? "");
    return run.length > 2 ? [words.range(names[0] ?? "", names.at(-1) ?? "")] : names;
  });
  return list.format(parts);
}

const clock = new Intl.DateTimeFormat(locale, {
  hour: "2-digit",
  minute: "2-digit",
  timeZone: "UTC",
});

/** A reading of the clock as it is written here, such as 08:00 PM. */
function reading(time: string): string {
  const at = Date.parse(`2024-01-01T${time}:00Z`);
  return Number.isNaN(at) ? time : clock.format(at);
}

/** What a line means, once it is right. */
export function inWords(line: QuietLine): string {
  const days = daysInWords(line.days);
  const [from, until] = [reading(line.from), reading(line.until)];
  if (line.until === "00:00") {
    return line.from === "00:00" ? words.wholeDay(days) : words.toMidnight(days, from);
  }
  return line.until < line.from
    ? words.overnight(days, from, until)
    : words.within(days, from, until);
}
