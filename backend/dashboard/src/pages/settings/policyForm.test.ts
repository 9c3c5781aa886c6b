import fc from "fast-check";
import { expect, it } from "vitest";
import type { CapturePolicy } from "../../api/settings";
import { WEEKDAYS } from "../../hours/weekdays";
import { draftOf, FIRST_HOURS, HIDE_TITLE, lines, policyOf } from "./policyForm";

/** So many lines of a minute each, on every day. */
const everyMinute = (count: number) =>
  Array.from({ length: count }, (_, i) => ({
    key: String(i),
    days: WEEKDAYS,
    from: `10:${10 + i}`,
    until: `10:${11 + i}`,
  }));

const policy: CapturePolicy = {
  version: 7,
  applications: true,
  titles: false,
  urls: false,
  excluded_applications: ["KeePassXC"],
  excluded_patterns: [{ field: "title", pattern: "*: private*" }],
  url_rules: [{ domain: "bank.example", action: "drop" }],
  window_rules: [
    { field: "title", pattern: "*salary*", action: "hide_title", category_id: null },
    { field: "domain", pattern: "clinic.example", action: "category_only", category_id: "c1" },
  ],
  working_hours: [{ day: "monday", from: "08:00", to: "24:00" }],
  pause: { allowed: true, longest_seconds: 3600 },
  idle_after_seconds: 120,
  session_gap_seconds: 1800,
  auto_start: true,
  record_while_pending: true,
  ask_on_return: true,
  needs: [],
};

it("a policy that nobody touched comes back as it was", () => {
  expect(policyOf(draftOf(policy), policy)).toEqual({ policy, gaps: {} });
});

it("every switch comes back as it was set, on the version that was shown", () => {
  const some = fc.record({
    applications: fc.boolean(),
    titles: fc.boolean(),
    urls: fc.boolean(),
    auto_start: fc.boolean(),
    record_while_pending: fc.boolean(),
    ask_on_return: fc.boolean(),
    idle_after_seconds: fc.integer({ min: 10, max: 3600 }),
    session_gap_seconds: fc.integer({ min: 1, max: 1440 }).map((minutes) => minutes * 60),
    working_hours: fc.constantFrom(null, policy.working_hours ?? null),
  });
  fc.assert(
    fc.property(some, (change) => {
      const changed = { ...policy, ...change };
      expect(policyOf(draftOf(changed), policy).policy).toEqual(changed);
    }),
  );
});

it.each([
  [{ idleSeconds: "9" }, "idleSeconds"],
  [{ idleSeconds: "ten" }, "idleSeconds"],
  [{ gapMinutes: "1441" }, "gapMinutes"],
  [{ pauseMinutes: "0" }, "pauseMinutes"],
  [{ patterns: "*private*" }, "patterns"],
  [{ sites: "bank.example" }, "sites"],
  [
    { windows: [{ key: "1", field: "title" as const, pattern: " ", keeps: HIDE_TITLE }] },
    "windows",
  ],
  [
    { windows: [{ key: "1", field: "domain" as const, pattern: "*.bank.example", keeps: "c1" }] },
    "windows",
  ],
  [{ hours: [{ ...FIRST_HOURS, key: "1", until: "08:00" }] }, "hours"],
  [{ hours: [{ ...FIRST_HOURS, key: "1", days: [] }] }, "hours"],
  [{ hours: everyMinute(15) }, "hours"],
])("%o is named at its field, and nothing is sent", (change, field) => {
  const { policy: sent, gaps } = policyOf({ ...draftOf(policy), ...change }, policy);
  expect(sent).toBeNull();
  expect(Object.keys(gaps)).toEqual([field]);
});

it("hours that are switched off are not looked at", () => {
  const draft = {
    ...draftOf(policy),
    hoursOn: false,
    hours: [{ ...FIRST_HOURS, key: "1", until: "" }],
  };
  expect(policyOf(draft, policy).policy?.working_hours).toBeNull();
});

it("lists hold each line once, without empty ones", () => {
  expect(lines(" a \n\nb\na\n")).toEqual(["a", "b"]);
});
