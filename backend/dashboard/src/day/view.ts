/** Which part of a day is seen, and how zooming and moving change it. Pure; all in milliseconds. */
import type { Lane } from "./blocks";

export interface View {
  from: number;
  to: number;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** Closer than this shows nothing more: the agent samples in seconds. */
export const CLOSEST = 2 * MINUTE;

/**
 * What a day begins with: the hours that something was recorded in, widened to whole ones and to
 * at least eight, so that a working day fills the width; never beyond the day itself.
 */
export function wholeHours(day: View, lanes: readonly Lane[]): View {
  let first = Number.POSITIVE_INFINITY;
  let last = Number.NEGATIVE_INFINITY;
  for (const lane of lanes) {
    for (const block of lane.blocks) {
      // Time without a session is a gap up to the day's ends: no reason to show it all.
      if (block.kind === "gap" && block.reason === "no_session") continue;
      first = Math.min(first, block.from);
      last = Math.max(last, block.to);
    }
  }
  if (first > last) return { ...day };
  let from = day.from + Math.floor((first - day.from) / HOUR) * HOUR;
  let to = day.from + Math.ceil((last - day.from) / HOUR) * HOUR;
  while (to - from < 8 * HOUR && (from > day.from || to < day.to)) {
    if (from > day.from) from -= HOUR;
    if (to - from < 8 * HOUR && to < day.to) to += HOUR;
  }
  return { from: Math.max(from, day.from), to: Math.min(to, day.to) };
}

/** Seen `factor` times as wide (below 1: closer) around an instant that stays where it is. */
export function zoomed(view: View, day: View, factor: number, anchor: number): View {
  const width = view.to - view.from;
  const next = Math.min(day.to - day.from, Math.max(Math.min(CLOSEST, width), width * factor));
  const share = width > 0 ? (anchor - view.from) / width : 0.5;
  return inside({ from: anchor - share * next, to: anchor + (1 - share) * next }, day);
}

export function moved(view: View, day: View, by: number): View {
  return inside({ from: view.from + by, to: view.to + by }, day);
}

/** Moved as little as is needed to see a block, with some room beside it. */
export function revealed(view: View, day: View, block: View): View {
  const width = view.to - view.from;
  const room = width / 20;
  if (block.to - block.from > width - 2 * room) {
    // Too long to be seen whole: its begin is what is looked for, unless we are within it.
    const seen = block.from < view.to - room && block.to > view.from + room;
    return seen ? view : moved(view, day, block.from - room - view.from);
  }
  if (block.from < view.from + room) return moved(view, day, block.from - room - view.from);
  if (block.to > view.to - room) return moved(view, day, block.to + room - view.to);
  return view;
}

function inside(view: View, day: View): View {
  const width = Math.min(view.to - view.from, day.to - day.from);
  const from = Math.min(Math.max(view.from, day.from), day.to - width);
  return { from, to: from + width };
}

const STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 180, 240, 360].map((minutes) => minutes * MINUTE);

export interface Tick {
  at: number;
  label: string;
}

/**
 * Marks at round times of the zone's own clock, at most about `most`. On a day of 23 or 25 hours
 * an hour is left out or comes twice, as it did.
 */
export function ticks(view: View, zone: string, locale: string, most: number): Tick[] {
  const width = view.to - view.from;
  const step = STEPS.find((one) => width / one <= Math.max(2, most)) ?? 6 * HOUR;
  const clock = clockOf(zone, locale);
  // Zones differ by quarters of an hour, so round times of each are among these.
  const grid = [15, 5].map((m) => m * MINUTE).find((one) => step % one === 0) ?? MINUTE;
  const found: Tick[] = [];
  for (let at = Math.ceil(view.from / grid) * grid; at <= view.to; at += grid) {
    if (clock.minuteOfDay(at) % (step / MINUTE) === 0) found.push({ at, label: clock.time(at) });
  }
  return found;
}

interface ZoneClock {
  time: (at: number) => string;
  seconds: (at: number) => string;
  minuteOfDay: (at: number) => number;
}

const clocks = new Map<string, ZoneClock>();

/** Times of day in a zone; UTC for a zone that this browser does not know. */
export function clockOf(zone: string, locale: string): ZoneClock {
  const key = `${zone} ${locale}`;
  const known = clocks.get(key);
  if (known) return known;
  const hm = { hour: "2-digit", minute: "2-digit" } as const;
  let timeZone = zone;
  try {
    new Intl.DateTimeFormat("en", { timeZone });
  } catch {
    timeZone = "UTC";
  }
  const time = new Intl.DateTimeFormat(locale, { ...hm, timeZone });
  const seconds = new Intl.DateTimeFormat(locale, { ...hm, second: "2-digit", timeZone });
  const parts = new Intl.DateTimeFormat("en-GB", { ...hm, hourCycle: "h23", timeZone });
  const clock: ZoneClock = {
    time: (at) => time.format(at),
    seconds: (at) => seconds.format(at),
    minuteOfDay: (at) => {
      const [hour = 0, minute = 0] = parts.format(at).split(":").map(Number);
      return hour * 60 + minute;
    },
  };
  clocks.set(key, clock);
  return clock;
}
