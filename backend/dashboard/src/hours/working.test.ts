import fc from "fast-check";
import { expect, it } from "vitest";
import { type HoursLine, inWords } from "./line";
import { WEEKDAYS } from "./weekdays";
import { gapOf, hoursOf, linesOf, type WorkingHours } from "./working";

const line = (change: Partial<HoursLine>): HoursLine => ({
  key: "0",
  days: ["monday"],
  from: "08:00",
  until: "17:00",
  ...change,
});

const minute = fc.integer({ min: 0, max: 24 * 60 });
const time = (at: number) =>
  [Math.floor(at / 60), at % 60].map((part) => String(part).padStart(2, "0")).join(":");
/** As the server keeps them. */
const hours = fc
  .record({ day: fc.constantFrom(...WEEKDAYS), one: minute, other: minute })
  .filter(({ one, other }) => one !== other)
  .map(({ day, one, other }) => ({
    day,
    from: time(Math.min(one, other)),
    to: time(Math.max(one, other)),
  }));
const told = (some: readonly WorkingHours[]) =>
  new Set(some.map((one) => `${one.day} ${one.from} ${one.to}`));

it("hours that nobody touched come back as they were, each once, and nothing is wrong with them", () => {
  fc.assert(
    fc.property(fc.array(hours), (some) => {
      const lines = linesOf(some);
      const back = hoursOf(lines);
      expect(told(back)).toEqual(told(some));
      expect(back.length).toBe(told(some).size);
      expect(lines.map(gapOf)).toEqual(lines.map(() => null));
      expect(new Set(lines.map((one) => one.key)).size).toBe(lines.length);
    }),
  );
});

it("puts days with the same hours on one line, and sends them by day and time", () => {
  const week = hoursOf([
    line({ days: ["tuesday", "monday"], from: "13:00", until: "00:00" }),
    line({ days: ["monday", "tuesday"], from: "08:00", until: "12:00" }),
  ]);
  expect(week.map((one) => `${one.day} ${one.from}-${one.to}`)).toEqual([
    "monday 08:00-12:00",
    "monday 13:00-24:00",
    "tuesday 08:00-12:00",
    "tuesday 13:00-24:00",
  ]);
  expect(linesOf(week).map(inWords)).toEqual([
    "Monday and Tuesday, 08:00 AM until 12:00 PM",
    "Monday and Tuesday, 01:00 PM until midnight",
  ]);
});

it.each([
  [{ days: [] }, "days"],
  [{ from: "" }, "times"],
  [{ until: "" }, "times"],
  [{ from: "17:00" }, "times"],
  [{ from: "18:00" }, "times"],
])("%o is named at its place", (change, at) => {
  expect(gapOf(line(change))?.at).toBe(at);
});

it("a whole day is one", () => {
  const whole = line({ from: "00:00", until: "00:00" });
  expect(gapOf(whole)).toBeNull();
  expect(inWords(whole)).toBe("Monday, the whole day");
});
