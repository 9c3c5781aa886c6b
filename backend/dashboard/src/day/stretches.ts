/** A day as a list: spans and gaps together, newest first. Pure. */
import type { Timeline } from "../api/own";
import { millis } from "../format/instant";

export interface Stretch {
  key: string;
  kind: "active" | "idle" | "unobserved" | "gap";
  from: number;
  to: number;
  reason: string | null;
  application: string | null;
  title: string | null;
  url: string | null;
}

export function stretchesOf(day: Timeline): Stretch[] {
  const list: Stretch[] = day.spans.map((span) => ({
    key: `${span.from} ${span.device_id} ${span.session_id}`,
    kind: span.activity_type,
    from: millis(span.from) ?? 0,
    to: millis(span.to) ?? 0,
    reason: span.reason ?? null,
    application: span.application ?? null,
    title: span.title ?? null,
    url: span.url ?? null,
  }));
  for (const gap of day.gaps) {
    list.push({
      key: `gap ${gap.from}`,
      kind: "gap",
      from: millis(gap.from) ?? 0,
      to: millis(gap.to) ?? 0,
      reason: gap.reason,
      application: null,
      title: null,
      url: null,
    });
  }
  return list.sort((a, b) => b.from - a.from);
}
