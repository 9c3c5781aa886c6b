/** Durations as people say them: whole seconds in, "7 h 42 min" out. */
import { text } from "../text/en";

/**
 * Hours and minutes; below a minute, seconds. Minutes are cut, not rounded, so that no part of a
 * day ever reads as more than was recorded. Negative and broken values read as zero.
 */
export function duration(seconds: number): string {
  const whole = Number.isFinite(seconds) ? Math.max(0, Math.floor(seconds)) : 0;
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor((whole % 3600) / 60);
  const { hour, minute, second } = text.unit;
  if (hours > 0) return minutes > 0 ? `${hours} ${hour} ${minutes} ${minute}` : `${hours} ${hour}`;
  if (minutes > 0) return `${minutes} ${minute}`;
  return `${whole} ${second}`;
}

/** An age for a sentence: as `duration`, but days once it is more than two of them. */
export function age(seconds: number): string {
  const days = Math.floor(seconds / 86_400);
  return days >= 2 ? text.unit.days(days) : duration(seconds);
}
