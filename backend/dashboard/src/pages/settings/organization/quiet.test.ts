import fc from "fast-check";
import { expect, it } from "vitest";
import { type HoursLine, inWords } from "../../../hours/line";
import { WEEKDAYS } from "../../../hours/weekdays";
import { gapOf, hoursOf, linesOf } from "./quiet";

const line = (change: Partial<HoursLine>): HoursLine => ({
  key: "0",
  days: ["monday"],
  from: "20:00",
  until: "07:00",
  ...change,
});

const time = fc
  .record({ hour: fc.nat(23), minute: fc.nat(59) })
  .map(({ hour, minute }) => [hour, minute].map((part) => String(part).padStart(2, "0")).join(":"));
/** As the server keeps them. */
const hours = fc
  .record({
    weekdays: fc.subarray([...WEEKDAYS], { minLength: 1 }),
    from: time,
    to: time.map((at) => (at === "00:00" ? "24:00" : at)),
  })
  .filter((one) => one.from !== one.to);

it("hours that nobody touched come back as they were, and nothing is wrong with them", () => {
  fc.assert(
    fc.property(fc.array(hours), (some) => {
      const lines = linesOf(some);
      expect(hoursOf(lines)).toEqual(some);
      expect(lines.map(gapOf)).toEqual(some.map(() => null));
    }),
  );
});

it("says what is wrong at its place", () => {
  expect(gapOf(line({ days: [] }))?.at).toBe("days");
  expect(gapOf(line({ from: "" }))?.at).toBe("times");
  expect(gapOf(line({ from: "07:00" }))).toEqual({
    at: "times",
    words: "The two times are the same.",
  });
  expect(gapOf(line({ from: "00:00", until: "00:00" }))).toBeNull();
});

it.each([
  [{}, "Monday, 08:00 PM until 07:00 AM on the next day"],
  [{ from: "12:00", until: "13:30" }, "Monday, 12:00 PM until 01:30 PM"],
  [{ until: "00:00" }, "Monday, 08:00 PM until midnight"],
  [{ from: "00:00", until: "00:00" }, "Monday, the whole day"],
])("reads %o back", (change, words) => {
  expect(inWords(line(change))).toBe(words);
});
