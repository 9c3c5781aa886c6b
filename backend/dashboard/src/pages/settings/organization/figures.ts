/** Minutes and hours as they are typed, and seconds as they are sent. Pure. */
import { locale } from "../../../text/language";

const plain = new Intl.NumberFormat(locale, { maximumFractionDigits: 2, useGrouping: false });

/** Seconds as a number of units, for a field. */
export function inUnits(seconds: number, unit: number): string {
  return plain.format(seconds / unit);
}

/** Whole seconds of what was typed, with a point or a comma; null where it is out of range. */
export function toSeconds(typed: string, unit: number, least: number, most: number): number | null {
  const trimmed = typed.trim();
  if (!/^\d{1,5}([.,]\d{1,2})?$/.test(trimmed)) return null;
  const seconds = Math.round(Number(trimmed.replace(",", ".")) * unit);
  return seconds >= least && seconds <= most ? seconds : null;
}

/** A whole number in a range, or null. */
export function whole(typed: string, least: number, most: number): number | null {
  if (!/^\d{1,6}$/.test(typed.trim())) return null;
  const value = Number(typed);
  return value >= least && value <= most ? value : null;
}
