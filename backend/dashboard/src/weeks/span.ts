/** Weeks from Monday and months, as days. Pure; days are `YYYY-MM-DD`. */
import { dayAfter } from "../format/instant";
import { type DayRange, weekdayOf } from "../pages/reports/range";

export const SPANS = ["week", "month"] as const;
export type Span = (typeof SPANS)[number];

/** The whole week or month that a day is in, beyond today as well. */
export function spanAround(span: Span, date: string): DayRange {
  if (span === "week") {
    const from = dayAfter(date, -weekdayOf(date));
    return { from, to: dayAfter(from, 6) };
  }
  const from = `${date.slice(0, 7)}-01`;
  // Four weeks and four days after the first lies in the next month, whatever the month.
  const next = `${dayAfter(from, 32).slice(0, 7)}-01`;
  return { from, to: dayAfter(next, -1) };
}

/** A day of the span before (-1) or after (1). */
export function stepped(span: Span, date: string, step: -1 | 1): string {
  const { from, to } = spanAround(span, date);
  return step < 0 ? spanAround(span, dayAfter(from, -1)).from : dayAfter(to, 1);
}

/** Every day of a range, in order. */
export function daysIn(range: DayRange): string[] {
  const days: string[] = [];
  for (let day = range.from; day <= range.to; day = dayAfter(day, 1)) days.push(day);
  return days;
}
