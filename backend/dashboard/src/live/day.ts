/** Arithmetic of a day's totals: shares, completeness, and the axis that a team has in common. */
import type { DayTotals } from "../api/types";

export function recorded(day: DayTotals): number {
  return day.active_seconds + day.idle_seconds + day.unobserved_seconds;
}

/**
 * How much of the working time is accounted for, in whole percent; null when there is none.
 * Cut, not rounded: 100 is said only when nothing is missing.
 */
export function accountedPercent(day: DayTotals): number | null {
  const all = recorded(day);
  if (all <= 0) return null;
  return Math.floor((100 * (day.active_seconds + day.idle_seconds)) / all);
}

/** The axis: eight hours, or as many whole hours as the longest day needs, at even ticks. */
export interface Axis {
  hours: number;
  ticks: number[];
}

export function axisFor(days: readonly DayTotals[]): Axis {
  let longest = 0;
  for (const day of days) longest = Math.max(longest, recorded(day));
  // Rises in steps of two hours, so that bars do not shrink a little with every minute.
  const hours = Math.max(8, Math.ceil(longest / 7200) * 2);
  const step = hours > 12 ? 4 : 2;
  const ticks: number[] = [];
  for (let hour = 0; hour <= hours; hour += step) ticks.push(hour);
  return { hours, ticks };
}

/** The share of the axis, in percent with two digits; 0 to 100. */
export function share(seconds: number, axis: Axis): number {
  const percent = (100 * Math.max(0, seconds)) / (axis.hours * 3600);
  return Math.min(100, Math.round(percent * 100) / 100);
}
