/**
 * A day as a list that says what the lanes draw: spans and gaps, sessions, alerts and notes together,
 * newest first. Pure.
 */
import type { Timeline } from "../api/own";
import { millis } from "../format/instant";
import { type BlockKind, type Lane, type LaneId, nameOf } from "./blocks";

export interface Stretch {
  key: string;
  kind: BlockKind;
  from: number;
  to: number;
  reason: string | null;
  application: string | null;
  /** What an alert or a note is called. */
  label: string | null;
  title: string | null;
  url: string | null;
}

/** Lanes of which each block is a line; the others draw what the spans say one by one. */
const LISTED: readonly LaneId[] = ["sessions", "alerts", "notes"];

export function stretchesOf(day: Timeline, lanes: readonly Lane[]): Stretch[] {
  const list: Stretch[] = day.spans.map((span) => ({
    key: `${span.from} ${span.device_id} ${span.session_id}`,
    kind: span.activity_type,
    from: millis(span.from) ?? 0,
    to: millis(span.to) ?? 0,
    reason: span.reason ?? null,
    application: nameOf(span),
    label: null,
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
      label: null,
      title: null,
      url: null,
    });
  }
  for (const { id, blocks } of lanes) {
    if (!LISTED.includes(id)) continue;
    for (const [index, block] of blocks.entries()) {
      const { kind, from, to, reason, label, title, url } = block;
      const key = `${id} ${index}`;
      list.push({ key, kind, from, to, reason, application: null, label, title, url });
    }
  }
  return list.sort((a, b) => b.from - a.from);
}
