/** A schedule in words: how often, how long it took, and how it stands. Pure; the time comes in. */
import type { Schedule } from "../../../api/jobs";
import { millis } from "../../../format/instant";
import { jobs as words } from "../../../text/jobs";

/** How often, in words; null for an expression that only a program reads. */
export function rhythm(expression: string): string | null {
  if (expression === "@midnight") return words.midnight;
  const [minute = "", hour = "", ...rest] = expression.trim().split(/\s+/);
  if (rest.join(" ") !== "* * *") return null;
  if (hour === "*") {
    if (minute === "*") return words.every(1);
    const [, step] = /^\*\/(\d{1,2})$/.exec(minute) ?? [];
    if (step !== undefined) return words.every(Number(step));
    return /^\d{1,2}$/.test(minute) ? words.hourly(minute) : null;
  }
  if (!/^\d{1,2}$/.test(minute) || !/^\d{1,2}$/.test(hour)) return null;
  return words.daily(`${hour.padStart(2, "0")}:${minute.padStart(2, "0")}`);
}

/** What a run came to: the server writes it for its log, in English. */
export function outcomeInWords(outcome: string): string {
  const [, closed] = /^(\d+) days closed$/.exec(outcome) ?? [];
  return closed === undefined ? outcome : words.closed(Number(closed));
}

export type Standing = keyof typeof words.states;

/** A run that takes no longer than this is at work; afterwards it is behind. */
const MAY_WAIT = 15 * 60_000;

export function standing(schedule: Schedule, now: number): Standing {
  const waiting = millis(schedule.waiting_since);
  if (waiting !== null && now - waiting > MAY_WAIT) return "late";
  if (!schedule.enabled) return "off";
  if (schedule.last_run?.state === "failed") return "failed";
  if (waiting !== null) return "running";
  return schedule.last_run ? "done" : "never";
}

/** What somebody has to look at. */
export function needsALook(schedule: Schedule, now: number): boolean {
  const is = standing(schedule, now);
  return is === "failed" || is === "late";
}

/** What needs a look comes first; otherwise as the server has them. */
export function sorted(schedules: readonly Schedule[], now: number): Schedule[] {
  const rank = (one: Schedule) => (needsALook(one, now) ? 0 : 1);
  return [...schedules].sort((a, b) => rank(a) - rank(b));
}
