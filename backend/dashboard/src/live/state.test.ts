import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { person, snapshot, update } from "../../test/given";
import type { LiveEvent } from "../api/types";
import { applyEvents, applySnapshot, forgetNumbers, type LiveState } from "./state";

const start = (): LiveState =>
  applySnapshot(null, snapshot([person("a"), person("b"), person("c")], { seq: 10 }));

const applicationOf = (live: LiveState, id: string) => live.people.get(id)?.person.application;

describe("events", () => {
  it("replace the state that a person had", () => {
    const live = applyEvents(start(), [update(11, [person("a", { application: "Slack" })])]);
    expect(applicationOf(live, "a")).toBe("Slack");
    expect(live.seq).toBe(11);
  });

  it("bring people who were not there before", () => {
    const live = applyEvents(start(), [update(11, [person("new")])]);
    expect(live.people.size).toBe(4);
  });

  it("that are known already change nothing at all", () => {
    const live = start();
    expect(applyEvents(live, [update(10, [person("a", { application: "Old" })])])).toBe(live);
    expect(applyEvents(live, [])).toBe(live);
  });

  it("may leave numbers out: not everyone sees every event", () => {
    const live = applyEvents(start(), [update(40, [person("b", { status: "idle" })])]);
    expect(live.seq).toBe(40);
    expect(live.people.get("b")?.person.status).toBe("idle");
  });

  it("of other types, and of types that this version does not know, only move the number", () => {
    const unknown = { seq: 12, at: "", event: { type: "NEW_TYPE", data: {} } } as unknown;
    const before = start();
    const live = applyEvents(before, [
      { seq: 11, at: "", event: { type: "POLICY_CHANGED", data: { version: 2 } } },
      unknown as LiveEvent,
    ]);
    expect(live.seq).toBe(12);
    expect(live.people).toBe(before.people);
  });

  const events = fc.array(
    fc.tuple(fc.integer({ min: 1, max: 30 }), fc.constantFrom("a", "b", "c", "d")),
    { maxLength: 40 },
  );
  const asEvents = (pairs: [number, string][]) => {
    // One event has one content, however often it is sent.
    const byNumber = new Map(pairs.map(([seq, id]) => [seq, id]));
    return pairs.map(([seq]) => {
      const id = byNumber.get(seq) ?? "a";
      return update(seq, [person(id, { application: `app ${seq}` })]);
    });
  };

  it("end in the same state in any order and any number of times", () => {
    fc.assert(
      fc.property(events, fc.integer(), (pairs, seed) => {
        const list = asEvents(pairs);
        const once = applyEvents(start(), list);
        const shuffled = [...list, ...list].sort(
          (x, y) => ((x.seq * 7919 + seed) % 31) - ((y.seq * 7919 + seed) % 31),
        );
        const oneByOne = shuffled.reduce((live, event) => applyEvents(live, [event]), start());
        expect(oneByOne.seq).toBe(once.seq);
        expect(Object.fromEntries(oneByOne.people)).toEqual(Object.fromEntries(once.people));
      }),
    );
  });

  it("leave each person with the newest news, and never lower the number", () => {
    fc.assert(
      fc.property(events, (pairs) => {
        const list = asEvents(pairs);
        let live = start();
        for (const event of list) {
          const next = applyEvents(live, [event]);
          expect(next.seq).toBeGreaterThanOrEqual(live.seq);
          live = next;
        }
        for (const [id, entry] of live.people) {
          const own = list.filter(
            (e) =>
              e.seq > 10 &&
              e.event.type === "SESSION_UPDATE" &&
              e.event.data.people.some((p) => p.user_id === id),
          );
          if (own.length === 0) continue;
          const newest = Math.max(...own.map((e) => e.seq));
          expect(entry.person.application).toBe(`app ${newest}`);
        }
      }),
    );
  });
});

describe("a snapshot", () => {
  it("does not undo an event that is newer than itself", () => {
    const ahead = applyEvents(start(), [update(15, [person("a", { application: "Slack" })])]);
    const live = applySnapshot(ahead, snapshot([person("a", { application: "Old" })], { seq: 14 }));
    expect(applicationOf(live, "a")).toBe("Slack");
    expect(live.seq).toBe(15);
  });

  it("removes people who are gone, but not one who came after it", () => {
    const ahead = applyEvents(start(), [update(15, [person("new")])]);
    const live = applySnapshot(ahead, snapshot([person("a")], { seq: 14 }));
    expect([...live.people.keys()].sort()).toEqual(["a", "new"]);
  });

  it("wins over everything once the numbers are forgotten, even with a lower one", () => {
    const ahead = applyEvents(start(), [update(900, [person("a", { application: "Slack" })])]);
    const forgotten = forgetNumbers(ahead, 3);
    expect(applicationOf(forgotten, "a")).toBe("Slack");
    const live = applySnapshot(forgotten, snapshot([person("a")], { seq: 3 }));
    expect(live.seq).toBe(3);
    expect(applicationOf(live, "a")).toBe("Figma");
    expect(live.people.size).toBe(1);
  });
});
