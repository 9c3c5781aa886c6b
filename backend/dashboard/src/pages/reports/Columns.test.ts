import { expect, it } from "vitest";
import { ticksOf } from "./Columns";

it.each([1, 7, 8, 13, 24, 31, 365, 3660])(
  "of %i columns, few carry a label and none sticks out",
  (count) => {
    const ticks = ticksOf(count);
    expect(ticks[0]).toBe(0);
    expect(ticks.length).toBeLessThanOrEqual(6);
    for (const place of ticks.slice(1)) expect(1 - place / count).toBeGreaterThan(0.13);
  },
);
