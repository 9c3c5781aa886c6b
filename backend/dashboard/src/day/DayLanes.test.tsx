import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, expect, it, vi } from "vitest";
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
  const drawn = { rects: 0 };
  const ctx = new Proxy(
    {},
    {
      get: (_target, name) => {
        if (name === "measureText") return (part: string) => ({ width: part.length * 7 });
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

let drawn: { rects: number };

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
