import fc from "fast-check";
import { expect, it } from "vitest";
import { accountedPercent, axisFor, recorded, share } from "./day";

const day = (active: number, idle: number, unobserved: number) => ({
  active_seconds: active,
  idle_seconds: idle,
  unobserved_seconds: unobserved,
});

it("says 100 % only when nothing is missing", () => {
  expect(accountedPercent(day(28_800, 0, 0))).toBe(100);
  expect(accountedPercent(day(28_800, 0, 1))).toBe(99);
  expect(accountedPercent(day(0, 0, 600))).toBe(0);
  expect(accountedPercent(day(0, 0, 0))).toBeNull();
});

it("every day fits on the axis that a team has in common", () => {
  const seconds = fc.integer({ min: 0, max: 30_000 });
  fc.assert(
    fc.property(fc.array(fc.tuple(seconds, seconds, seconds)), (days) => {
      const all = days.map(([a, i, u]) => day(a, i, u));
      const axis = axisFor(all);
      expect(axis.hours).toBeGreaterThanOrEqual(8);
      for (const one of all) {
        expect(recorded(one)).toBeLessThanOrEqual(axis.hours * 3600);
        expect(share(recorded(one), axis)).toBeLessThanOrEqual(100);
      }
    }),
  );
});

it("the axis stands still while a day grows within two hours", () => {
  expect(axisFor([day(28_801, 0, 0)])).toEqual({ hours: 10, ticks: [0, 2, 4, 6, 8, 10] });
  expect(axisFor([day(35_999, 0, 0)]).hours).toBe(10);
  expect(axisFor([day(60_000, 0, 0)]).ticks).toEqual([0, 4, 8, 12, 16]);
});
