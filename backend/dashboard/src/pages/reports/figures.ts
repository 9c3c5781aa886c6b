/** What a report's figures say in words, and how rows are drawn. Pure. */
import type { Figures, ReportRow } from "../../api/reports";
import { duration } from "../../format/duration";
import { dayInWords } from "../../format/instant";
import { percent, percentChange } from "../../format/percent";
import { number } from "../../text/language";
import { reports as words } from "../../text/reports";
import type { Group } from "./address";

/** The name that a row is shown under. */
export function labelOf(row: Pick<ReportRow, "key" | "label">, by: Group): string {
  if (by === "day") return dayInWords(row.key);
  if (by === "hour") return words.hour(Number(row.key));
  if (row.label.trim() !== "") return row.label;
  if (row.key === "other") return words.none.other ?? "";
  return words.none[by] ?? words.none.none ?? "";
}

/** By how much worked time changed, in percent; null where there was none before. */
export function change(row: Pick<ReportRow, "worked_seconds" | "before">): string | null {
  const before = row.before?.worked_seconds ?? 0;
  if (before <= 0) return null;
  return percentChange((100 * (row.worked_seconds - before)) / before);
}

/** Whom a report is about: one by name, or everybody in view, together. */
export function whose(people: number, name: string | null): string {
  return name ?? words.people(people);
}

/** The sentence that a report begins with. */
export function headline(
  who: string,
  project: string | null,
  total: Figures,
  compared: { from: string; to: string; total: Figures } | null | undefined,
  day: (date: string) => string,
): string {
  const begin = words.headline(who, duration(total.worked_seconds), project);
  const before = compared?.total.worked_seconds ?? 0;
  if (!compared || before <= 0) return begin + words.headlineEnd;
  const range = words.days(day(compared.from), day(compared.to));
  const part = (total.worked_seconds - before) / before;
  if (Math.abs(part) < 0.005) return begin + words.headlineSame(range);
  const much = percent(100 * Math.abs(part));
  return begin + (part > 0 ? words.headlineMore(much, range) : words.headlineLess(much, range));
}

/** How much of a total is known, in percent: what was worked, of that and what nobody observed. */
export function accounted(total: Figures): string | null {
  const unobserved = total.unobserved_seconds ?? null;
  const all = total.worked_seconds + (unobserved ?? 0);
  if (unobserved === null || all <= 0) return null;
  // Never rounded up to all of it.
  return words.accounted(percent(Math.floor((100 * total.worked_seconds) / all)));
}

/** The hours of a heat map as seven rows of 24 cells, each with its strength from 0 to 4. */
export function heatRows(
  cells: readonly { weekday: number; hour: number; worked_seconds: number }[],
): { seconds: number; strength: number }[][] {
  const most = Math.max(0, ...cells.map((cell) => cell.worked_seconds));
  return Array.from({ length: 7 }, (_, day) =>
    Array.from({ length: 24 }, (_, hour) => {
      const seconds =
        cells.find((cell) => cell.weekday === day + 1 && cell.hour === hour)?.worked_seconds ?? 0;
      return { seconds, strength: most > 0 ? Math.ceil((4 * seconds) / most) : 0 };
    }),
  );
}

export const count = number;
