import { describe, expect, it } from "vitest";
import { DAY, oneDay } from "../../test/fake";
import { openGaps } from "./gaps";

const HOUR = 3_600_000;

describe("what can be noted", () => {
  it("is what was not active, past, within the day's work, and has no note yet", () => {
    const gaps = openGaps(oneDay("2026-11-24"), DAY + 20 * HOUR);
    expect(gaps.map((gap) => [(gap.from - DAY) / HOUR, (gap.to - DAY) / HOUR])).toEqual([
      [9.5, 9.75],
      [12, 12.75],
    ]);
  });

  it("is nothing that still goes on", () => {
    expect(openGaps(oneDay("2026-11-24"), DAY + 12.5 * HOUR)).toHaveLength(1);
  });
});
