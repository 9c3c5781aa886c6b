import { expect, it } from "vitest";
import { dayAfter, dayIn, dayInWords, millis } from "./instant";

it("a calendar day keeps its date in every zone", () => {
  expect(dayInWords("2026-11-22")).toContain("22");
  expect(dayInWords("not a day")).toBe("not a day");
});

it("knows the organization's day, on both sides of its midnight", () => {
  const beforeMidnight = Date.parse("2026-11-22T22:59:59Z");
  expect(dayIn("Europe/Berlin", beforeMidnight)).toBe("2026-11-22");
  expect(dayIn("Europe/Berlin", beforeMidnight + 1000)).toBe("2026-11-23");
  expect(dayIn("No/Such_Zone", beforeMidnight)).toBeNull();
});

it("an instant that cannot be read is none", () => {
  expect(millis("yesterday")).toBeNull();
  expect(millis(null)).toBeNull();
  expect(millis("1970-01-01T00:00:01.000Z")).toBe(1000);
});

it("knows the days before and after, over the ends of months and years", () => {
  expect(dayAfter("2026-12-31", 1)).toBe("2027-01-01");
  expect(dayAfter("2026-03-01", -1)).toBe("2026-02-28");
  expect(dayAfter("nonsense", 1)).toBe("nonsense");
});
