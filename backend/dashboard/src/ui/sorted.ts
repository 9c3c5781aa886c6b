/** Rows in an order of a column. Pure. */
import { locale } from "../text/language";

const collator = new Intl.Collator(locale, { numeric: true });

/** What a row is sorted by; `null` where it has nothing there. */
export type SortValue = string | number | null;

function compare(a: SortValue, b: SortValue): number {
  if (typeof a === "string" || typeof b === "string") return collator.compare(`${a}`, `${b}`);
  return (a ?? 0) - (b ?? 0);
}

/**
 * Rows with nothing in the column come last whichever way it is sorted: they are neither the most
 * nor the least. Rows that are alike stay as they were.
 */
export function sorted<Row>(
  rows: readonly Row[],
  value: (row: Row) => SortValue,
  up: boolean,
): Row[] {
  // Each value once: reading the time of day from an instant is slow.
  const valued = rows.map((row) => ({ row, value: value(row) }));
  const known = valued.filter((one) => one.value !== null);
  const unknown = valued.filter((one) => one.value === null);
  const way = up ? 1 : -1;
  known.sort((a, b) => way * compare(a.value, b.value));
  return [...known, ...unknown].map((one) => one.row);
}
