import fc from "fast-check";
import { expect, it } from "vitest";
import { daysOf, PRESETS, weekdayOf } from "./range";

it.each([
  ["this-week", "2026-11-18", "2026-11-16", "2026-11-18"],
  ["this-week", "2026-11-22", "2026-11-16", "2026-11-22"],
  ["last-week", "2026-11-16", "2026-11-09", "2026-11-15"],
  ["last-month", "2026-03-31", "2026-02-01", "2026-02-28"],
  ["last-month", "2024-03-01", "2024-02-01", "2024-02-29"],
  ["last-month", "2026-01-05", "2025-12-01", "2025-12-31"],
  ["last-7", "2026-03-03", "2026-02-25", "2026-03-03"],
  ["this-year", "2026-11-18", "2026-01-01", "2026-11-18"],
] as const)("%s on %s is %s to %s", (preset, today, from, to) => {
  expect(daysOf(preset, today)).toEqual({ from, to });
});

it("every preset on any day is a range that ends no later than that day", () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...PRESETS),
      fc.date({
        min: new Date("2000-01-01"),
        max: new Date("2099-12-31"),
        noInvalidDate: true,
      }),
      (preset, date) => {
        const today = date.toISOString().slice(0, 10);
        const { from, to } = daysOf(preset, today);
        expect(from <= to && to <= today).toBe(true);
      },
    ),
  );
});

it("weeks begin on Monday", () => {
  expect(weekdayOf("2026-11-16")).toBe(0);
  expect(weekdayOf("2026-11-22")).toBe(6);
});
