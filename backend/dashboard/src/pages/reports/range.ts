/** Ranges of days: the presets, and what an address says. Pure; days are `YYYY-MM-DD`. */
import { dayAfter } from "../../format/instant";

export const PRESETS = [
  "today",
  "yesterday",
  "this-week",
  "last-week",
  "last-7",
  "last-30",
  "this-month",
  "last-month",
  "this-year",
] as const;
export type Preset = (typeof PRESETS)[number];

export interface DayRange {
  from: string;
  to: string;
}

/** 0 Monday to 6 Sunday. */
export function weekdayOf(day: string): number {
  return (new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7;
}

const firstOfMonth = (day: string) => `${day.slice(0, 7)}-01`;

/** The days that a preset means today. None of them reaches beyond today. */
export function daysOf(preset: Preset, today: string): DayRange {
  const monday = dayAfter(today, -weekdayOf(today));
  switch (preset) {
    case "today":
      return { from: today, to: today };
    case "yesterday":
      return { from: dayAfter(today, -1), to: dayAfter(today, -1) };
    case "this-week":
      return { from: monday, to: today };
    case "last-week":
      return { from: dayAfter(monday, -7), to: dayAfter(monday, -1) };
    case "last-7":
      return { from: dayAfter(today, -6), to: today };
    case "last-30":
      return { from: dayAfter(today, -29), to: today };
    case "this-month":
      return { from: firstOfMonth(today), to: today };
    case "last-month": {
      const last = dayAfter(firstOfMonth(today), -1);
      return { from: firstOfMonth(last), to: last };
    }
    case "this-year":
      return { from: `${today.slice(0, 4)}-01-01`, to: today };
  }
}
