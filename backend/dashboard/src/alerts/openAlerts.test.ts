import fc from "fast-check";
import { expect, it } from "vitest";
import { alert, iso, NOW } from "../../test/given";
import { arrivals, countOf, type Seen } from "./openAlerts";

const at = (id: string, minute: number) => alert(id, { opened_at: iso(NOW + minute * 60_000) });
const ids = (list: readonly { id: string }[]) => list.map((one) => one.id);

it("the first list tells nothing, what comes later is told once", () => {
  const first = arrivals(null, [at("a", 0)], "me");
  expect(first.news).toEqual([]);
  const second = arrivals(first.seen, [at("b", 1), at("a", 0)], "me");
  expect(ids(second.news)).toEqual(["b"]);
  expect(arrivals(second.seen, [at("b", 1), at("a", 0)], "me").news).toEqual([]);
});

it("what was resolved, and stands open again because the server refused, is no news", () => {
  const first = arrivals(null, [at("a", 0)], "me");
  const gone = arrivals(first.seen, [], "me");
  expect(arrivals(gone.seen, [at("a", 0)], "me").news).toEqual([]);
});

it("nobody is told of themself, nor of what was noticed in quiet hours", () => {
  const { seen } = arrivals(null, [], "me");
  const open = [alert("a", { user_id: "me" }), alert("b", { quiet: true }), alert("c")];
  expect(ids(arrivals(seen, open, "me").news)).toEqual(["c"]);
});

it("what outlasts quiet hours is told once, when the server tells of it", () => {
  const quiet = alert("a", { opened_at: iso(NOW), quiet: true });
  const first = arrivals(null, [at("b", 5), quiet], "me");
  const told = arrivals(first.seen, [at("b", 5), { ...quiet, quiet: false }], "me");
  expect(ids(told.news)).toEqual(["a"]);
  expect(arrivals(told.seen, [at("b", 5), { ...quiet, quiet: false }], "me").news).toEqual([]);
});

it("an older one that moves up from a page further down is no news", () => {
  const { seen } = arrivals(null, [at("b", 5)], "me");
  expect(arrivals(seen, [at("b", 5), at("a", 1)], "me").news).toEqual([]);
});

it("of alerts that arrive in any portions, each is told exactly once", () => {
  const times = fc.array(fc.integer({ min: 1, max: 90 }), { maxLength: 20 });
  fc.assert(
    fc.property(times, fc.array(fc.integer({ min: 0, max: 20 }), { maxLength: 8 }), (all, cuts) => {
      const given = all.sort((a, b) => a - b).map((minute, i) => at(`n${i}`, minute));
      let seen: Seen = arrivals(null, [at("first", 0)], "me").seen;
      const told: string[] = [];
      for (const cut of [...cuts.sort((a, b) => a - b), given.length]) {
        const found = arrivals(seen, given.slice(0, cut), "me");
        seen = found.seen;
        told.push(...ids(found.news));
      }
      expect(told).toEqual(ids(given));
    }),
  );
});

it("counts, and says where it did not count on", () => {
  expect(countOf({ items: [alert("a")], next_cursor: null })).toBe("1");
  expect(countOf({ items: [alert("a")], next_cursor: "x" })).toBe("1+");
  expect(countOf(undefined)).toBe("");
});
