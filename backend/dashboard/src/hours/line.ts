/** Hours on some days of the week, as a line of a form holds them. Pure. */
import type { Weekday } from "../api/types";

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
