/** Days of the week and readings of the clock, as one writes them here. Pure. */
import type { Weekday } from "../api/types";
import { locale } from "../text/language";
import { shared } from "../text/shared";

export const WEEKDAYS: readonly Weekday[] = [
  "monday",
  "tuesday",
  "wednesday",
  "thursday",
  "friday",
  "saturday",
  "sunday",
];

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

/** "Monday to Friday and Sunday" */
export function daysInWords(days: readonly Weekday[]): string {
  if (days.length === WEEKDAYS.length) return shared.everyDay;
  const runs: number[][] = [];
  for (const [at, day] of WEEKDAYS.entries()) {
    if (!days.includes(day)) continue;
    const last = runs.at(-1);
    if (last?.at(-1) === at - 1) last.push(at);
    else runs.push([at]);
  }
  const parts = runs.flatMap((run) => {
    const names = run.map((at) => LONG[at] ?? "");
    return run.length > 2 ? [shared.dayRange(names[0] ?? "", names.at(-1) ?? "")] : names;
  });
  return list.format(parts);
}

const clock = new Intl.DateTimeFormat(locale, {
  hour: "2-digit",
  minute: "2-digit",
  timeZone: "UTC",
});

/** A reading of the clock such as `20:00` as it is written here, such as 08:00 PM. */
export function reading(time: string): string {
  const at = Date.parse(`2024-01-01T${time}:00Z`);
  return Number.isNaN(at) ? time : clock.format(at);
}
