/** A day's hours as shares, and the hours that a team has in common. Pure. */
import type { DayHours } from "../api/types";

/** Hours of the clock, from `first` on. */
export interface Clock {
  first: number;
  count: number;
}

/** What is shown at least: a picture of one hour would say nothing of when it was. */
const FROM = 8;
const UNTIL = 18;

/** From the earliest to the latest hour of all, and at least those of an ordinary day. */
export function clockFor(days: readonly DayHours[]): Clock {
  let first = FROM;
  let until = UNTIL;
  for (const day of days) {
    const length = day.active_seconds.length;
    if (length === 0) continue;
    first = Math.min(first, day.first_hour);
    until = Math.max(until, day.first_hour + length);
  }
  return { first, count: until - first };
}

/** What of an hour was what, as shares that are 1 at most together. */
export function hourAt(day: DayHours, hour: number) {
  const at = hour - day.first_hour;
  const active = day.active_seconds[at] ?? 0;
  const idle = day.idle_seconds[at] ?? 0;
  const unobserved = day.unobserved_seconds[at] ?? 0;
  // An hour that the clock goes through twice has more than 3,600 seconds.
  const whole = Math.max(3600, active + idle + unobserved);
  return { active: active / whole, idle: idle / whole, unobserved: unobserved / whole };
}
