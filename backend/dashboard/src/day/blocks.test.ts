import fc from "fast-check";
import { expect, it } from "vitest";
import type { Timeline, TimelineSpan } from "../api/own";
import { type Block, blockAt, firstFrom, hostOf, lanesOf, walked } from "./blocks";

const BEGIN = Date.parse("2026-11-17T23:00:00Z");
const MINUTE = 60_000;
const at = (minutes: number) => new Date(BEGIN + minutes * MINUTE).toISOString();

function span(from: number, to: number, change: Partial<TimelineSpan> = {}): TimelineSpan {
  return {
    session_id: "s",
    device_id: "d",
    activity_type: "active",
    from: at(from),
    to: at(to),
    ...change,
  };
}

function timeline(change: Partial<Timeline>): Timeline {
  return {
    user_id: "u",
    date: "2026-11-18",
    time_zone: "Europe/Berlin",
    from: at(0),
    to: at(1440),
    sessions: [],
    spans: [],
    spans_left_out: 0,
    alerts: [],
    notes: [],
    gaps: [],
    totals: { active_seconds: 0, idle_seconds: 0, unobserved_seconds: 0 },
    ...change,
  };
}

const lane = (day: Timeline, id: string) => lanesOf(day).find((one) => one.id === id);

it("alerts reach from the last input to their end, or as far as anything is known", () => {
  const alert = (change: Partial<Timeline["alerts"][number]>) =>
    ({
      id: "a",
      user_id: "u",
      user_name: "Maya",
      kind: "idle",
      state: "open",
      message: "",
      opened_at: at(70),
      seconds: 300,
      quiet: false,
      since: at(65),
      ended_at: at(80),
      ...change,
    }) as Timeline["alerts"][number];
  const day = timeline({
    spans: [span(60, 65), span(80, 100)],
    alerts: [
      alert({ note: "At the dentist" }),
      alert({ id: "b", since: at(90), opened_at: at(95), ended_at: null }),
      // Noticed after all that is known: a minute, so that it can be seen.
      alert({ id: "c", kind: "overtime", since: null, opened_at: at(120), ended_at: null }),
    ],
  });
  const shown = lane(day, "alerts")?.blocks.map(({ from, to, label, title }) => [
    (from - Date.parse(at(0))) / 60_000,
    (to - Date.parse(at(0))) / 60_000,
    label,
    title,
  ]);
  expect(shown).toEqual([
    [65, 80, "No input", "At the dentist"],
    [90, 100, "No input", null],
    [120, 121, "Long day", null],
  ]);
});

it("neighbours that are alike are one stretch of activity, and two of applications", () => {
  const day = timeline({
    spans: [
      span(60, 70, { application: "Figma", title: "Poster" }),
      span(70, 80, { application: "Slack" }),
      span(80, 85, { activity_type: "idle" }),
    ],
  });
  expect(lane(day, "activity")?.blocks.map((b) => [b.kind, (b.to - b.from) / MINUTE])).toEqual([
    ["active", 20],
    ["idle", 5],
  ]);
  expect(lane(day, "applications")?.blocks.map((b) => [b.label, b.title])).toEqual([
    ["Figma", "Poster"],
    ["Slack", null],
  ]);
});

it("stretches with other reasons stay apart, and gaps say theirs", () => {
  const day = timeline({
    spans: [
      span(60, 70, { activity_type: "unobserved", reason: "locked" }),
      span(70, 80, { activity_type: "unobserved", reason: "asleep" }),
    ],
    gaps: [{ from: at(80), to: at(100), reason: "not_reported" }],
  });
  expect(lane(day, "activity")?.blocks.map((b) => [b.kind, b.reason])).toEqual([
    ["unobserved", "locked"],
    ["unobserved", "asleep"],
    ["gap", "not_reported"],
  ]);
});

it("two devices at once lie beside each other", () => {
  const day = timeline({ spans: [span(0, 60), span(30, 90, { device_id: "e" })] });
  const activity = lane(day, "activity");
  expect(activity?.rows).toBe(2);
  expect(activity?.blocks.map((b) => b.row)).toEqual([0, 1]);
});

it("a running session ends where knowledge ends, and one of yesterday begins with the day", () => {
  const session = {
    id: "s",
    user_id: "u",
    status: "active" as const,
    version: 1,
    total_active_seconds: 0,
    total_idle_seconds: 0,
    total_unobserved_seconds: 0,
    started_at: at(-60),
    last_activity_at: at(90),
  };
  const blocks = lane(timeline({ sessions: [session] }), "sessions")?.blocks;
  expect(blocks).toHaveLength(1);
  expect(blocks?.[0]).toMatchObject({ from: BEGIN, to: BEGIN + 90 * MINUTE });
});

it("an address that is none has no host", () => {
  expect(hostOf("https://docs.example.org/a?b")).toBe("docs.example.org");
  expect(hostOf("not an address")).toBeNull();
  expect(hostOf("javascript:alert(1)")).toBeNull();
  expect(hostOf(null)).toBeNull();
});

const anyDay = fc
  .array(
    fc.record({
      from: fc.integer({ min: -30, max: 1450 }),
      length: fc.integer({ min: 0, max: 90 }),
      kind: fc.constantFrom("active" as const, "idle" as const, "unobserved" as const),
      device: fc.constantFrom("a", "b", "c"),
      application: fc.constantFrom("Figma", null),
    }),
    { maxLength: 60 },
  )
  .map((list) =>
    timeline({
      spans: list
        .sort((a, b) => a.from - b.from)
        .map((one) =>
          span(one.from, one.from + one.length, {
            activity_type: one.kind,
            device_id: one.device,
            application: one.application,
          }),
        ),
    }),
  );

it("no block leaves the day, none is empty, and each lane is in order", () => {
  fc.assert(
    fc.property(anyDay, (day) => {
      for (const { blocks, rows } of lanesOf(day)) {
        let before = Number.NEGATIVE_INFINITY;
        for (const block of blocks) {
          expect(block.from).toBeGreaterThanOrEqual(BEGIN);
          expect(block.to).toBeLessThanOrEqual(BEGIN + 1440 * MINUTE);
          expect(block.to).toBeGreaterThan(block.from);
          expect(block.from).toBeGreaterThanOrEqual(before);
          expect(block.row).toBeLessThan(rows);
          before = block.from;
        }
      }
    }),
  );
});

it("walking goes on behind more devices at once than there are rows", () => {
  const devices = ["a", "b", "c", "d", "e", "f"];
  const spans = devices.map((device, at) => span(0, 10 + at, { device_id: device }));
  const day = timeline({ spans: [...spans, span(60, 70, { device_id: "a" })] });
  const activity = lane(day, "activity");
  let here = activity?.blocks[0] ?? null;
  for (let i = 0; i < 10 && activity; i += 1) here = walked([activity], here, "after");
  expect(here).toBe(activity?.blocks.at(-1));
});

it("walking to the right reaches every block of a lane once, and then stays", () => {
  fc.assert(
    fc.property(anyDay, (day) => {
      for (const one of lanesOf(day)) {
        const reached: Block[] = [];
        let here = one.blocks[0] ?? null;
        for (let i = 0; i < one.blocks.length; i += 1) {
          if (here) reached.push(here);
          here = walked([one], here, "after");
        }
        expect(new Set(reached).size).toBe(
          new Set(one.blocks.map((b) => `${b.from} ${b.row}`)).size,
        );
        expect(walked([one], here, "after")).toBe(here);
      }
    }),
  );
});

it("up and down lead to what was there at the same time", () => {
  const lanes = lanesOf(
    timeline({
      spans: [
        span(60, 70, { application: "Figma" }),
        span(70, 80, { activity_type: "idle", application: "Slack" }),
      ],
    }),
  );
  const idle = lanes[0]?.blocks[1] ?? null;
  expect(walked(lanes, idle, "down")).toMatchObject({ lane: "applications", label: "Slack" });
  expect(walked(lanes, idle, "up")).toBe(idle);
  expect(walked(lanes, null, "first")).toMatchObject({ lane: "activity", kind: "active" });
});

it("a place finds its block, and a near one within reach only", () => {
  const one = lanesOf(timeline({ spans: [span(60, 70), span(75, 80)] }))[0];
  if (!one) throw new Error("a lane");
  const found = (minutes: number, near: number) =>
    blockAt(one, 0, BEGIN + minutes * MINUTE, near * MINUTE)?.from;
  expect(found(65, 0)).toBe(BEGIN + 60 * MINUTE);
  expect(found(72, 1)).toBeUndefined();
  expect(found(74, 2)).toBe(BEGIN + 75 * MINUTE);
  expect(found(71, 2)).toBe(BEGIN + 60 * MINUTE);
  expect(firstFrom(one.blocks, BEGIN + 61 * MINUTE)).toBe(1);
});
