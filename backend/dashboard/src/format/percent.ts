/** Shares and changes as they are written here: "53%" in English, "53 %" in German. */
import { locale } from "../text/language";

const shares = new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 0 });
const changes = new Intl.NumberFormat(locale, {
  style: "percent",
  maximumFractionDigits: 0,
  signDisplay: "exceptZero",
});

/** A share in percent: 53 reads "53%". */
export const percent = (of100: number): string => shares.format(of100 / 100);

/** A change in percent, with its sign: 6 reads "+6%". */
export const percentChange = (of100: number): string => changes.format(of100 / 100);
