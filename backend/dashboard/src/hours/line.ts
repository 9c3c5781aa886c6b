/** Hours on some days of the week, as a line of a form holds them. Pure. */
import type { Weekday } from "../api/types";
import { settings } from "../text/settings";
import { daysInWords, reading } from "./weekdays";

const words = settings.organization.quiet;

export interface HoursLine {
  /** Names the line while the form is open. */
  key: string;
  days: readonly Weekday[];
  from: string;
  /** `00:00` is the end of the day: fields for times know no 24:00. */
  until: string;
}

/** Where on a line something is wrong, and what, in words. */
export interface HoursGap {
  at: "days" | "times";
  words: string;
}

/** The end of a stretch for a field for times, and back for the server. */
export const untilOf = (to: string): string => (to === "24:00" ? "00:00" : to);
export const toOf = (until: string): string => (until === "00:00" ? "24:00" : until);

/** What hours of either kind must not lack; null: nothing is missing. */
export function missing(line: HoursLine): HoursGap | null {
  if (line.days.length === 0) return { at: "days", words: words.daysMissing };
  if (line.from === "" || line.until === "") return { at: "times", words: words.timesMissing };
  return null;
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
