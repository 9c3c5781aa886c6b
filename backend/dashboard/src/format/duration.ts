/** Durations as people say them: whole seconds in, "7 h 42 min" out. All of them, everywhere. */
import { text } from "../text/en";
import { number } from "../text/language";

/**
 * Hours and minutes; below a minute, seconds, and nothing at all is "0 min". Minutes are cut, not
 * rounded, so that no part of a day ever reads as more than was recorded. Beside hours they have two
 * digits, so that columns can be compared at a glance. Negative and broken values read as zero.
 */
export function duration(seconds: number): string {
  const whole = Number.isFinite(seconds) ? Math.max(0, Math.floor(seconds)) : 0;
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor((whole % 3600) / 60);
  const { hour, minute, second } = text.unit;
  if (hours > 0) {
    const rest = String(minutes).padStart(2, "0");
    return minutes > 0 ? `${hours} ${hour} ${rest} ${minute}` : `${hours} ${hour}`;
  }
  // Nothing is no number of seconds: in columns and totals it stands among minutes.
  if (minutes > 0 || whole === 0) return `${minutes} ${minute}`;
  return `${whole} ${second}`;
}

/** How long a machine took, in milliseconds: as exact as it is short, or else as `duration`. */
export function briefly(ms: number): string {
  if (ms < 1000) return `${number(ms)} ${text.unit.millisecond}`;
  return ms < 60_000 ? `${number(ms / 1000)} ${text.unit.second}` : duration(ms / 1000);
}

/** An age for a sentence: as `duration`, but days once it is more than two of them. */
export function age(seconds: number): string {
  const days = Math.floor(seconds / 86_400);
  return days >= 2 ? text.unit.days(days) : duration(seconds);
}
