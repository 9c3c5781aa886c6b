import fc from "fast-check";
import { expect, it } from "vitest";
import type { Timeline, TimelineSpan } from "../../api/own";
import { dayShape } from "./dayShape";

const FROM = Date.parse("2026-11-17T23:00:00Z");
const iso = (at: number) => new Date(at).toISOString();

function day(spans: TimelineSpan[]): Timeline {
  return {
    user_id: "me",
    date: "2026-11-18",
    time_zone: "Europe/Berlin",
    from: iso(FROM),
    to: iso(FROM + 86_400_000),
    sessions: [],
    spans,
    spans_left_out: 0,
    gaps: [],
    totals: { active_seconds: 0, idle_seconds: 0, unobserved_seconds: 0 },
  };
}

function span(from: number, to: number, kind: TimelineSpan["activity_type"]): TimelineSpan {
  return { session_id: "s", device_id: "d", activity_type: kind, from: iso(from), to: iso(to) };
}

it("everything that was recorded lies on the bar, in order, whatever the day was like", () => {
  const minutes = fc.uniqueArray(fc.integer({ min: 0, max: 1440 }), {
    minLength: 2,
    maxLength: 40,
  });
  const kinds = fc.constantFrom("active", "idle", "unobserved");
  fc.assert(
    fc.property(minutes, fc.infiniteStream(kinds), (edges, stream) => {
      const sorted = [...edges].sort((a, b) => a - b);
      const spans = sorted.slice(1).map((to, i) => {
        const kind = stream.next().value as TimelineSpan["activity_type"];
        return span(FROM + (sorted[i] ?? 0) * 60_000, FROM + to * 60_000, kind);
      });
      const { pieces, ticks } = dayShape(day(spans));
      expect(pieces.length).toBeGreaterThan(0);
      for (const [i, piece] of pieces.entries()) {
        expect(piece.start).toBeGreaterThanOrEqual(pieces[i - 1]?.start ?? 0);
        expect(piece.start + piece.width).toBeLessThanOrEqual(100.01);
        expect(pieces[i - 1]?.kind).not.toBe(piece.kind);
      }
      expect(ticks.every((tick) => tick.place >= 0 && tick.place <= 100)).toBe(true);
    }),
  );
});

it("a day without anything has no bar", () => {
  expect(dayShape(day([]))).toEqual({ pieces: [], ticks: [] });
});
