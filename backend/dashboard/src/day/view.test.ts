import fc from "fast-check";
import { expect, it } from "vitest";
import type { Lane } from "./blocks";
import { CLOSEST, moved, revealed, ticks, wholeHours, zoomed } from "./view";

const HOUR = 3_600_000;
const DAY = { from: Date.parse("2026-11-17T23:00:00Z"), to: Date.parse("2026-11-18T23:00:00Z") };

const block = (from: number, to: number) => ({
  lane: "activity" as const,
  kind: "active" as const,
  from,
  to,
  row: 0,
  reason: null,
  label: null,
  title: null,
  url: null,
});
const lane = (...blocks: ReturnType<typeof block>[]): Lane => ({
  id: "activity",
  rows: 1,
  blocks,
});

it("begins with the whole hours that hold something, at least eight", () => {
  const from = DAY.from + 8.4 * HOUR;
  expect(wholeHours(DAY, [lane(block(from, from + 9 * HOUR))])).toEqual({
    from: DAY.from + 8 * HOUR,
    to: DAY.from + 18 * HOUR,
  });
  const short = wholeHours(DAY, [lane(block(from, from + 1000))]);
  expect((short.to - short.from) / HOUR).toBe(8);
  expect(wholeHours(DAY, [])).toEqual(DAY);
});

const steps = fc.array(
  fc.tuple(
    fc.constantFrom("zoom", "move", "reveal"),
    fc.double({ min: 0.01, max: 100, noNaN: true }),
    fc.double({ min: 0, max: 1, noNaN: true }),
  ),
  { maxLength: 40 },
);

it("never leaves the day and never gets closer than it may, whatever is done", () => {
  fc.assert(
    fc.property(steps, (list) => {
      let view = { ...DAY };
      for (const [kind, by, share] of list) {
        const at = DAY.from + share * 24 * HOUR;
        if (kind === "zoom")
          view = zoomed(view, DAY, by, view.from + share * (view.to - view.from));
        else if (kind === "move") view = moved(view, DAY, (by - 50) * HOUR);
        else view = revealed(view, DAY, block(at, Math.min(DAY.to, at + 60_000)));
        expect(view.from).toBeGreaterThanOrEqual(DAY.from - 1);
        expect(view.to).toBeLessThanOrEqual(DAY.to + 1);
        expect(view.to - view.from).toBeGreaterThan(CLOSEST - 1);
      }
    }),
  );
});

it("what is pointed at stays under the pointer", () => {
  const at = DAY.from + 10 * HOUR;
  const closer = zoomed({ from: DAY.from + 8 * HOUR, to: DAY.from + 16 * HOUR }, DAY, 0.5, at);
  expect(closer).toEqual({ from: DAY.from + 9 * HOUR, to: DAY.from + 13 * HOUR });
});

it("a block that is reached with keys comes into view", () => {
  const seen = { from: DAY.from, to: DAY.from + HOUR };
  const target = block(DAY.from + 5 * HOUR, DAY.from + 5.1 * HOUR);
  const view = revealed(seen, DAY, target);
  expect(view.from).toBeLessThan(target.from);
  expect(view.to).toBeGreaterThan(target.to);
  expect(revealed(view, DAY, target)).toBe(view);
});

const hours = (from: string, to: string, zone: string) =>
  ticks({ from: Date.parse(from), to: Date.parse(to) }, zone, "en-GB", 30).map((t) => t.label);

it("a day of 25 hours has one hour twice, a day of 23 leaves one out", () => {
  const long = hours("2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z", "Europe/Berlin");
  expect(long).toHaveLength(26);
  expect(long.filter((label) => label === "02:00")).toHaveLength(2);
  const short = hours("2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z", "Europe/Berlin");
  expect(short).toHaveLength(24);
  expect(short).not.toContain("02:00");
});

it("marks stand at round times of the zone, also behind a change of the clock", () => {
  const view = { from: Date.parse("2026-10-24T22:00:00Z"), to: Date.parse("2026-10-25T23:00:00Z") };
  const labels = ticks(view, "Europe/Berlin", "en-GB", 14).map((t) => t.label);
  expect(labels).toEqual(
    ["00", "02", "02", "04", "06", "08", "10", "12", "14", "16", "18", "20", "22", "00"].map(
      (hour) => `${hour}:00`,
    ),
  );
  expect(hours("2026-11-18T00:00:00Z", "2026-11-18T04:00:00Z", "Asia/Kathmandu")).toContain(
    "06:00",
  );
});

it("an unknown zone is shown in UTC, not as a crash", () => {
  expect(hours("2026-11-18T00:00:00Z", "2026-11-18T03:00:00Z", "Nowhere/Land")).toContain("01:00");
});
