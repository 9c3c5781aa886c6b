import fc from "fast-check";
import { expect, it } from "vitest";
import type { DayHours } from "../api/types";
import { clockFor, hourAt } from "./hours";

const day = (first: number, active: number[], idle: number[] = active.map(() => 0)): DayHours => ({
  first_hour: first,
  active_seconds: active,
  idle_seconds: idle,
  unobserved_seconds: active.map(() => 0),
});

it("everybody has the hours of an ordinary day, and those that somebody worked", () => {
  expect(clockFor([])).toEqual({ first: 8, count: 10 });
  expect(clockFor([day(0, [])])).toEqual({ first: 8, count: 10 });
  expect(clockFor([day(9, [60]), day(5, [60, 0, 60])])).toEqual({ first: 5, count: 13 });
  expect(clockFor([day(20, [60, 60, 60, 60])])).toEqual({ first: 8, count: 16 });
});

it("an hour is shares of its 3,600 seconds, also one that comes twice", () => {
  const given = day(9, [1800, 5400], [900, 1800]);
  expect(hourAt(given, 9)).toEqual({ active: 0.5, idle: 0.25, unobserved: 0 });
  expect(hourAt(given, 10)).toEqual({ active: 0.75, idle: 0.25, unobserved: 0 });
  expect(hourAt(given, 8)).toEqual({ active: 0, idle: 0, unobserved: 0 });
  expect(hourAt(given, 11)).toEqual({ active: 0, idle: 0, unobserved: 0 });
});

it("shares never exceed the whole, and every hour worked is on the clock", () => {
  const seconds = fc.integer({ min: 0, max: 7200 });
  const any = fc
    .record({ first: fc.integer({ min: 0, max: 23 }), hours: fc.array(seconds, { maxLength: 24 }) })
    .map(({ first, hours }) => day(first, hours.slice(0, 24 - first)));
  fc.assert(
    fc.property(fc.array(any, { maxLength: 5 }), (days) => {
      const clock = clockFor(days);
      expect(clock.first + clock.count).toBeLessThanOrEqual(24);
      for (const one of days) {
        for (let at = 0; at < one.active_seconds.length; at += 1) {
          const hour = one.first_hour + at;
          expect(hour).toBeGreaterThanOrEqual(clock.first);
          expect(hour).toBeLessThan(clock.first + clock.count);
          const { active, idle, unobserved } = hourAt(one, hour);
          expect(active + idle + unobserved).toBeLessThanOrEqual(1.000001);
        }
      }
    }),
  );
});
