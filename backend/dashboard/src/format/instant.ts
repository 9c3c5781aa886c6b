/** Instants and days in the viewer's locale. Formatters are made once: making them is slow. */
import { locale } from "../text/language";

const time = new Intl.DateTimeFormat(locale, { hour: "2-digit", minute: "2-digit" });
const dayAndTime = new Intl.DateTimeFormat(locale, {
  day: "numeric",
  month: "short",
  hour: "2-digit",
  minute: "2-digit",
});
const full = new Intl.DateTimeFormat(locale, { dateStyle: "full", timeStyle: "medium" });
const sentence = new Intl.DateTimeFormat(locale, { dateStyle: "long", timeStyle: "short" });
const day = new Intl.DateTimeFormat(locale, {
  weekday: "long",
  day: "numeric",
  month: "long",
  timeZone: "UTC",
});

const month = new Intl.DateTimeFormat(locale, { month: "long", year: "numeric", timeZone: "UTC" });

/** Milliseconds of an instant on the wire, or null where there is none or it cannot be read. */
export function millis(instant: string | null | undefined): number | null {
  if (!instant) return null;
  const value = Date.parse(instant);
  return Number.isNaN(value) ? null : value;
}

/** The time of day; with the date when it is not within the twelve hours before `now`. */
export function clock(at: number, now: number): string {
  return (Math.abs(now - at) < 12 * 3_600_000 ? time : dayAndTime).format(at);
}

/** Day, time and seconds, for a tooltip. */
export function exact(at: number): string {
  return full.format(at);
}

/** Day and time, for a sentence. */
export function moment(at: number): string {
  return sentence.format(at);
}

/** A calendar day `YYYY-MM-DD` in words. It is a date, not an instant: no zone may move it. */
export function dayInWords(date: string): string {
  const at = Date.parse(`${date}T00:00:00Z`);
  return Number.isNaN(at) ? date : day.format(at);
}

const dated = new Intl.DateTimeFormat(locale, { dateStyle: "long", timeZone: "UTC" });

/** A calendar day with its year, where it may be one long ago. */
export function dayWithYear(date: string): string {
  const at = Date.parse(`${date}T00:00:00Z`);
  return Number.isNaN(at) ? date : dated.format(at);
}

const short = new Intl.DateTimeFormat(locale, { day: "numeric", month: "short", timeZone: "UTC" });

/** A calendar day as short as it can stand below a column. */
export function dayInShort(date: string): string {
  const at = Date.parse(`${date}T00:00:00Z`);
  return Number.isNaN(at) ? date : short.format(at);
}

/** The month of a calendar day, in words, with its year. */
export function monthInWords(date: string): string {
  const at = Date.parse(`${date}T00:00:00Z`);
  return Number.isNaN(at) ? date : month.format(at);
}

/** The calendar day `YYYY-MM-DD` that an instant has in a zone; null for an unknown zone. */
export function dayIn(zone: string, at: number): string | null {
  try {
    const parts = new Intl.DateTimeFormat("en-CA", {
      timeZone: zone,
      year: "numeric",
      month: "2-digit",
      day: "2-digit",
    });
    return parts.format(at);
  } catch {
    return null;
  }
}

const clocks = new Map<string, Intl.DateTimeFormat>();

/** The time of day that an instant has in a zone; in the viewer's own for an unknown zone. */
export function timeIn(zone: string, at: number): string {
  let format = clocks.get(zone);
  if (format === undefined) {
    const parts = { hour: "2-digit", minute: "2-digit" } as const;
    try {
      format = new Intl.DateTimeFormat(locale, { ...parts, timeZone: zone });
    } catch {
      format = new Intl.DateTimeFormat(locale, parts);
    }
    clocks.set(zone, format);
  }
  return format.format(at);
}

/**
 * Minutes that a clock in a zone shows for an instant, counted from the midnight that a calendar
 * day begins with; so that times of several days can be compared. In UTC for an unknown zone.
 */
export function minutesInto(zone: string, date: string, at: number): number {
  return (shownIn(zone, at) - Date.parse(`${date}T00:00:00Z`)) / 60_000;
}

/** The calendar day `days` after this one. */
export function dayAfter(date: string, days: number): string {
  const at = Date.parse(`${date}T00:00:00Z`);
  return Number.isNaN(at) ? date : new Date(at + days * 86_400_000).toISOString().slice(0, 10);
}

/** The instant at which a calendar day begins in a zone; in UTC for an unknown zone. */
export function beginOf(zone: string, date: string): number {
  return instantOf(zone, date, "00:00");
}

const readers = new Map<string, Intl.DateTimeFormat | null>();

/** What a clock in a zone shows at an instant, read as if it were UTC; an unknown zone is UTC. */
function shownIn(zone: string, at: number): number {
  let format = readers.get(zone);
  if (format === undefined) {
    try {
      format = new Intl.DateTimeFormat("en-CA", {
        timeZone: zone,
        hourCycle: "h23",
        year: "numeric",
        month: "numeric",
        day: "numeric",
        hour: "numeric",
        minute: "numeric",
        second: "numeric",
      });
    } catch {
      format = null;
    }
    readers.set(zone, format);
  }
  if (format === null) return at;
  const part = Object.fromEntries(
    format.formatToParts(at).map(({ type, value }) => [type, Number(value)]),
  );
  const { year = 0, month = 1, day: dayOfMonth = 1, hour = 0, minute = 0, second = 0 } = part;
  return Date.UTC(year, month - 1, dayOfMonth, hour, minute, second);
}

/**
 * The instant at which a clock in a zone shows a day and a time `HH:MM`; in UTC for an unknown
 * zone. A reading that is skipped is as long after the skip; of two, it is the later.
 */
export function instantOf(zone: string, date: string, time: string): number {
  const utc = Date.parse(`${date}T${time}:00Z`);
  // The offset that holds near it, then the one that holds there: they differ on a day on which
  // the clocks change.
  const near = utc - (shownIn(zone, utc) - utc);
  return utc - (shownIn(zone, near) - near);
}
