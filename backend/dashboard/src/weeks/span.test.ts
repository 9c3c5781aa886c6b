import fc from "fast-check";
import { expect, it } from "vitest";
import { dayAfter } from "../format/instant";
import { daysIn, SPANS, spanAround, stepped } from "./span";

it("a week begins on Monday, a month ends where it ends", () => {
  expect(spanAround("week", "2026-11-22")).toEqual({ from: "2026-11-16", to: "2026-11-22" });
  expect(spanAround("month", "2028-02-10")).toEqual({ from: "2028-02-01", to: "2028-02-29" });
  expect(spanAround("month", "2026-12-31")).toEqual({ from: "2026-12-01", to: "2026-12-31" });
});

it("spans follow each other without a gap, and there and back again is the same span", () => {
  const date = fc.integer({ min: 0, max: 20_000 }).map((days) => dayAfter("1999-12-27", days));
  fc.assert(
    fc.property(date, fc.constantFrom(...SPANS), (day, span) => {
      const here = spanAround(span, day);
      const next = spanAround(span, stepped(span, day, 1));
      expect(daysIn(here)).toContain(day);
      expect(next.from).toBe(dayAfter(here.to, 1));
      expect(spanAround(span, stepped(span, next.to, -1))).toEqual(here);
    }),
  );
});
