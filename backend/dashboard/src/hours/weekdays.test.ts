import { expect, it } from "vitest";
import { daysInWords, WEEKDAYS } from "./weekdays";

it("puts days that follow each other together", () => {
  expect(daysInWords(WEEKDAYS)).toBe("Every day");
  expect(daysInWords(WEEKDAYS.slice(0, 5))).toBe("Monday to Friday");
  expect(daysInWords(["saturday", "sunday"])).toBe("Saturday and Sunday");
  expect(daysInWords(["monday", "tuesday", "wednesday", "sunday"])).toBe(
    "Monday to Wednesday and Sunday",
  );
});
