import fc from "fast-check";
import { expect, it } from "vitest";
import { age, briefly, duration } from "./duration";

it.each([
  [0, "0 min"],
  [1, "1 s"],
  [59, "59 s"],
  [60, "1 min"],
  [119, "1 min"],
  [3599, "59 min"],
  [3600, "1 h"],
  [3900, "1 h 05 min"],
  [27_720, "7 h 42 min"],
  [90_000, "25 h"],
  [-5, "0 min"],
  [Number.NaN, "0 min"],
])("%d seconds read as %s", (seconds, words) => {
  expect(duration(seconds)).toBe(words);
});

it("never says more than was recorded, and less than a minute too little", () => {
  fc.assert(
    fc.property(fc.integer({ min: 60, max: 10_000_000 }), (seconds) => {
      const [, hours, , minutes] = /^(?:(\d+) h)?( ?)(?:(\d+) min)?$/.exec(duration(seconds)) ?? [];
      const said = Number(hours ?? 0) * 3600 + Number(minutes ?? 0) * 60;
      expect(said).toBeLessThanOrEqual(seconds);
      expect(seconds - said).toBeLessThan(60);
    }),
  );
});

it("counts long ages in days", () => {
  expect(age(172_800)).toBe("2 days");
  expect(age(172_799)).toBe("47 h 59 min");
});

it.each([
  [0, "0 ms"],
  [999, "999 ms"],
  [1340, "1.3 s"],
  [3_900_000, "1 h 05 min"],
])("a machine took %d ms, which reads as %s", (ms, words) => {
  expect(briefly(ms)).toBe(words);
});

/** The catalogues have the units; nothing but this folder puts a number before them. */
it("nothing else writes hours, minutes or seconds beside a number", () => {
  const files = import.meta.glob<string>(
    ["../**/*.{ts,tsx}", "!../**/*.test.*", "!../api/schema.d.ts"],
    {
      query: "?raw",
      import: "default",
      eager: true,
    },
  );
  const own = Object.entries(files).flatMap(([file, source]) =>
    [...source.matchAll(/\$\{[^}]*\} ?(?:h|min|s|sec|ms)\b/g)].map(
      ([found]) => `${file}: ${found}`,
    ),
  );
  expect(own).toEqual([]);
});
