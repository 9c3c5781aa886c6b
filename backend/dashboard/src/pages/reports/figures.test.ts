import { expect, it } from "vitest";
import type { Figures } from "../../api/reports";
import { accounted, change, headline, heatRows, labelOf, whose } from "./figures";

const figures = (worked: number, unobserved: number | null = 0): Figures => ({
  active_seconds: worked,
  idle_seconds: 0,
  unobserved_seconds: unobserved,
  worked_seconds: worked,
  score: 100,
});
const before = (worked: number) => ({
  from: "2026-11-09",
  to: "2026-11-15",
  total: figures(worked),
});
const day = (date: string) => date;

it.each([
  [null, "Together, the 26 people in view worked 212 h."],
  [before(0), "Together, the 26 people in view worked 212 h."],
  [
    before(200 * 3600),
    "Together, the 26 people in view worked 212 h, 6% more than before (2026-11-09 – 2026-11-15).",
  ],
  [
    before(424 * 3600),
    "Together, the 26 people in view worked 212 h, 50% less than before (2026-11-09 – 2026-11-15).",
  ],
  [
    before(212 * 3600),
    "Together, the 26 people in view worked 212 h, as much as before (2026-11-09 – 2026-11-15).",
  ],
])("compared with %j: %s", (compared, sentence) => {
  const who = whose(26, null);
  expect(headline(who, null, figures(212 * 3600), compared, day)).toBe(sentence);
});

it("one team, person or project is named", () => {
  const sentence = headline(whose(4, "Design"), "Website", figures(3600), null, day);
  expect(sentence).toBe("Design worked 1 h on Website.");
  expect(whose(1, null)).toBe("The one person in view");
});

it("incomplete time never reads as complete", () => {
  expect(accounted(figures(99_999, 1))).toBe("99% accounted for");
  expect(accounted(figures(100, 0))).toBe("100% accounted for");
  expect(accounted(figures(100, null))).toBeNull();
  expect(accounted(figures(0, 0))).toBeNull();
});

it("says what changed, and nothing where there was nothing before", () => {
  expect(change({ worked_seconds: 150, before: figures(100) })).toBe("+50%");
  expect(change({ worked_seconds: 100, before: figures(100) })).toBe("0%");
  expect(change({ worked_seconds: 100, before: figures(0) })).toBeNull();
  expect(change({ worked_seconds: 100 })).toBeNull();
});

it("names rows that have no name", () => {
  expect(labelOf({ key: "a", label: "Design" }, "team")).toBe("Design");
  expect(labelOf({ key: "none", label: "" }, "team")).toBe("None");
  expect(labelOf({ key: "other", label: "" }, "project")).toBe("Others, whom you do not see");
  expect(labelOf({ key: "", label: "" }, "application")).toBe("No application known");
  expect(labelOf({ key: "2026-11-16", label: "2026-11-16" }, "day")).toContain("Monday");
  expect(labelOf({ key: "9", label: "9" }, "hour")).toBe("9:00");
});

it("the strongest hour of a week is the strongest, an empty one is empty, all 168 are there", () => {
  const rows = heatRows([
    { weekday: 1, hour: 9, worked_seconds: 3600 },
    { weekday: 7, hour: 23, worked_seconds: 1 },
  ]);
  expect(rows.flat()).toHaveLength(168);
  expect(rows[0]?.[9]).toEqual({ seconds: 3600, strength: 4 });
  expect(rows[6]?.[23]).toEqual({ seconds: 1, strength: 1 });
  expect(rows[3]?.[3]).toEqual({ seconds: 0, strength: 0 });
});
