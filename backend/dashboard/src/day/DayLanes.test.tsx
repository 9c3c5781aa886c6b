import { fireEvent, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, expect, it, vi } from "vitest";
import { alert } from "../../test/given";
import { noteOf } from "../../test/notes";
import { drawLinked, faults } from "../../test/page";
import type { Timeline, TimelineSpan } from "../api/own";
import { DayView } from "./DayView";

const BEGIN = Date.parse("2026-11-18T00:00:00Z");
const at = (minutes: number) => new Date(BEGIN + minutes * 60_000).toISOString();
const HOSTILE = '<img src=x onerror="alert(1)"> مرحبا '.repeat(200);

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

function timeline(spans: TimelineSpan[]): Timeline {
  return {
    user_id: "u",
    date: "2026-11-18",
    time_zone: "UTC",
    from: at(0),
    to: at(1440),
    sessions: [],
    spans,
    spans_left_out: 0,
    alerts: [],
    notes: [],
    gaps: [{ from: at(700), to: at(720), reason: "not_reported" }],
    totals: { active_seconds: 3600, idle_seconds: 600, unobserved_seconds: 0 },
  };
}

/** A pen that counts what it draws: jsdom has none. */
function pen() {
  const drawn = { rects: 0, texts: [] as string[] };
  const ctx = new Proxy(
    {},
    {
      get: (_target, name) => {
        if (name === "measureText") return (part: string) => ({ width: part.length * 7 });
        if (name === "fillText") return (part: string) => drawn.texts.push(part);
        if (name === "fillRect") return () => (drawn.rects += 1);
        return () => null;
      },
      set: () => true,
    },
  );
  vi.spyOn(HTMLCanvasElement.prototype, "getContext").mockReturnValue(ctx as never);
  vi.spyOn(HTMLElement.prototype, "clientWidth", "get").mockReturnValue(1000);
  return drawn;
}

let drawn: ReturnType<typeof pen>;

beforeEach(() => {
  drawn = pen();
});

const show = (spans: TimelineSpan[]) =>
  drawLinked(
    <DayView day={timeline(spans)} notes={null} nothing="Nothing" nothingHint="No device" />,
  );

const said = () =>
  screen
    .getAllByRole("status")
    .map((region) => region.textContent)
    .join("");

const day = [
  span(540, 570, { application: "Figma", title: "Poster" }),
  span(570, 600, { activity_type: "idle" }),
  span(600, 660, { activity_type: "unobserved", reason: "asleep" }),
];

it("arrow keys walk from stretch to stretch, and each is read aloud", async () => {
  await show(day);
  await userEvent.tab();
  while (document.activeElement?.getAttribute("role") !== "application") await userEvent.tab();
  expect(said()).toContain("Activity: Active: 09:00 AM – 09:30 AM, 30 min");
  await userEvent.keyboard("{ArrowRight}");
  expect(said()).toContain("Idle: 09:30 AM – 10:00 AM");
  await userEvent.keyboard("{ArrowRight}");
  expect(said()).toContain("Not observed, asleep");
  await userEvent.keyboard("{End}");
  expect(said()).toContain("Nothing recorded, not reported yet");
  await userEvent.keyboard("{Home}{ArrowDown}");
  expect(said()).toContain("Applications: Active: 09:00 AM – 09:30 AM, 30 min: Figma: Poster");
});

it("the table says the same, gaps with their reasons, and is one key away", async () => {
  await show(day);
  screen.getByRole("application").focus();
  await userEvent.keyboard("t");
  expect(document.activeElement?.contains(screen.getByRole("table"))).toBe(true);
  const rows = screen.getAllByRole("row").slice(1);
  expect(rows).toHaveLength(4);
  expect(rows[0]?.textContent).toContain("not reported yet");
  expect(rows[1]?.textContent).toContain("asleep");
});

it("sessions, alerts and notes stand in the table as in the lanes", async () => {
  const whole = timeline(day);
  whole.sessions = [
    {
      id: "s",
      user_id: "u",
      device_id: "d",
      started_at: at(530),
      ended_at: at(670),
      last_activity_at: at(670),
      status: "ended",
      version: 1,
      total_active_seconds: 1800,
      total_idle_seconds: 1800,
      total_unobserved_seconds: 0,
    },
  ] as unknown as Timeline["sessions"];
  whole.alerts = [
    { ...alert("a", { opened_at: at(575), since: at(570), note: "Dentist" }), ended_at: at(600) },
  ];
  whole.notes = [{ ...noteOf("10:00", "10:30"), text: "With the client" }];
  await drawLinked(<DayView day={whole} notes={null} nothing="Nothing" nothingHint="No device" />);
  const table = within(screen.getByRole("table", { name: "Minute by minute" }));
  const rows = table.getAllByRole("row").map((row) => row.textContent);
  expect(rows.some((row) => /08:50 AM – 11:10 AM.*Session/.test(row ?? ""))).toBe(true);
  expect(rows.some((row) => /09:30 AM – 10:00 AM.*Alert.*No input.*Dentist/.test(row ?? ""))).toBe(
    true,
  );
  expect(rows.some((row) => /10:00 AM – 10:30 AM.*Note.*With the client/.test(row ?? ""))).toBe(
    true,
  );
});

async function focused() {
  await show(day);
  const lanes = screen.getByRole("application");
  lanes.focus();
  return lanes;
}

/** What the last drawing wrote. */
function redrawn(act: () => void): string[] {
  drawn.texts = [];
  act();
  return [...drawn.texts];
}

it("plus and minus zoom around what is read, and 0 shows all again", async () => {
  const lanes = await focused();
  const press = (key: string) => redrawn(() => fireEvent.keyDown(lanes, { key }));
  const closer = press("+");
  expect(closer.length).toBeGreaterThan(0);
  expect(closer).not.toEqual(press("+"));
  press("-");
  expect(press("-")).not.toEqual(closer);
  press("+");
  const all = press("0");
  expect(press("+")).toEqual(closer);
  expect(press("0")).toEqual(all);
});

it("the wheel zooms once somebody is in the lanes, and is the page's before", async () => {
  await show(day);
  const lanes = screen.getByRole("application");
  expect(redrawn(() => expect(fireEvent.wheel(lanes, { deltaY: -100 })).toBe(true))).toEqual([]);
  expect(
    redrawn(() => expect(fireEvent.wheel(lanes, { deltaY: -100, ctrlKey: true })).toBe(false)),
  ).not.toEqual([]);
  lanes.focus();
  expect(fireEvent.wheel(lanes, { deltaY: -100 })).toBe(false);
  // Sideways it moves along.
  (document.activeElement as HTMLElement).blur();
  const moved = redrawn(() => fireEvent.wheel(lanes, { deltaX: 200, deltaY: 0 }));
  expect(moved).not.toEqual([]);
});

it("one finger drags the day, two pinch it, and a mouse reads what is under it", async () => {
  await show(day);
  const lanes = screen.getByRole("application");
  fireEvent.wheel(lanes, { deltaY: -100, ctrlKey: true });
  /** jsdom's own pointers are nowhere: a mouse's event has a place. */
  const point = (type: string, pointerId: number, clientX: number, clientY = 40) => {
    const event = new MouseEvent(type, { bubbles: true, clientX, clientY });
    fireEvent(lanes, Object.defineProperty(event, "pointerId", { value: pointerId }));
  };
  point("pointerdown", 1, 500);
  const dragged = redrawn(() => point("pointermove", 1, 300));
  expect(dragged).not.toEqual([]);
  point("pointerdown", 2, 600);
  const pinched = redrawn(() => point("pointermove", 2, 900));
  expect(pinched).not.toEqual([]);
  expect(pinched).not.toEqual(dragged);
  point("pointerup", 1, 300);
  point("pointerup", 2, 900);
  const hint = screen.getByText(/^Point at a stretch to read it/);
  expect(hint).toBeTruthy();
  fireEvent.keyDown(lanes, { key: "0" });
  for (let x = 300; x < 700 && screen.queryByText(/^Point at a stretch/); x += 20) {
    for (let y = 4; y < 120 && screen.queryByText(/^Point at a stretch/); y += 12) {
      point("pointermove", 3, x, y);
    }
  }
  expect(screen.getByText(/AM – .*min/, { selector: "b" })).toBeTruthy();
  fireEvent.pointerLeave(lanes);
  expect(screen.getByText(/^Point at a stretch to read it/)).toBeTruthy();
});

it("titles that are code stay text, and none talks for minutes", async () => {
  await show([
    span(540, 570, { application: HOSTILE, title: HOSTILE, url: "javascript:alert(1)" }),
  ]);
  screen.getByRole("application").focus();
  await userEvent.keyboard("{ArrowDown}");
  expect(said()).toContain("<img src=x");
  expect(said().length).toBeLessThan(400);
  expect(document.querySelector("main img, main a[href^=javascript]")).toBeNull();
});

it("twelve thousand stretches are drawn as a few per pixel, and listed a page at a time", async () => {
  const many = Array.from({ length: 12_000 }, (_, i) =>
    span(i / 10, (i + 1) / 10, { application: `App ${i % 7}`, title: `Title ${i}` }),
  );
  await show(many);
  expect(drawn.rects).toBeGreaterThan(100);
  expect(drawn.rects).toBeLessThan(16_000);
  expect(screen.getAllByRole("row").length).toBeLessThan(60);
});

it("has no accessibility faults", async () => {
  await show(day);
  expect(await faults()).toEqual([]);
});
