import { expect, it } from "vitest";
import { inUnits, toSeconds, whole } from "./figures";

it("shows seconds in units, and reads them with a point or a comma", () => {
  expect(inUnits(300, 60)).toBe("5");
  expect(inUnits(30_600, 3600)).toBe("8.5");
  expect(inUnits(86_400, 60)).toBe("1440");
  expect(toSeconds(" 8.5 ", 3600, 3600, 86_400)).toBe(30_600);
  expect(toSeconds("8,5", 3600, 3600, 86_400)).toBe(30_600);
});

it.each(["", "five", "-5", "0.5", "1441", "1e2", "5.", "5.123"])("takes no %o minutes", (typed) => {
  expect(toSeconds(typed, 60, 60, 86_400)).toBeNull();
});

it("takes whole numbers within a range only", () => {
  expect(whole(" 365 ", 1, 3650)).toBe(365);
  for (const typed of ["0", "3651", "1.5", ""]) expect(whole(typed, 1, 3650)).toBeNull();
});
