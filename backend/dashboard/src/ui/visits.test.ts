import fc from "fast-check";
import { expect, it } from "vitest";
import { iso, NOW } from "../../test/given";
import type { Look } from "../api/own";
import { me } from "../text/me";
import { visitsOf } from "./visits";

const look = (secondsAgo: number, change: Partial<Look> = {}): Look => ({
  at: iso(NOW - secondsAgo * 1000),
  looked_at: "timeline",
  viewer_id: "m",
  viewer_name: "Maya",
  viewer_role: "manager",
  people: 1,
  date: "2026-11-18",
  ...change,
});
const visits = (...looks: Look[]) => visitsOf(looks, me.looks.kinds);

it("what one page asked for is one visit, each thing once with how often", () => {
  const [visit, ...more] = visits(
    look(0),
    look(1, { looked_at: "alerts", date: null, people: 12 }),
    look(59),
  );
  expect(more).toEqual([]);
  expect(visit?.look.at).toBe(iso(NOW));
  expect(visit?.at).toEqual([
    { what: expect.stringMatching(/^your day of /), times: 2 },
    { what: "alerts about idle time and overtime, together with 11 other people", times: 1 },
  ]);
});

it("another person, another role, and a minute later are visits of their own", () => {
  expect(visits(look(0), look(1, { viewer_id: "a" })).length).toBe(2);
  expect(visits(look(0), look(1, { viewer_role: "admin" })).length).toBe(2);
  expect(visits(look(0), look(60)).length).toBe(2);
  // Counted from its newest look: whoever keeps a page open makes a row each minute.
  expect(visits(look(0), look(40), look(80)).length).toBe(2);
});

it("no look is left out", () => {
  const some = fc.array(
    fc.record({
      ago: fc.nat(300),
      change: fc.record({
        viewer_id: fc.constantFrom("a", "b", null),
        looked_at: fc.constantFrom("timeline" as const, "alerts" as const),
      }),
    }),
  );
  fc.assert(
    fc.property(some, (drawn) => {
      const looks = drawn.sort((a, b) => a.ago - b.ago).map((one) => look(one.ago, one.change));
      const counted = visits(...looks).flatMap((visit) => visit.at.map((one) => one.times));
      expect(counted.reduce((sum, times) => sum + times, 0)).toBe(looks.length);
    }),
  );
});
