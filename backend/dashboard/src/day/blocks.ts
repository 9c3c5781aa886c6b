/**
 * From a timeline to lanes of blocks: sessions, activity with gaps, alerts, what the person says
 * of it, applications, sites. Pure.
 * Blocks of a lane are in the order of their begin; what overlaps (two devices at once) lies in
 * rows, so that no block hides another.
 */
import type { Timeline, TimelineSpan } from "../api/own";
import { millis } from "../format/instant";
import { alerts as alertWords } from "../text/alerts";
import { day as words } from "../text/day";
import { notes } from "../text/notes";

const { kinds } = notes;
const { kinds: alertKinds } = alertWords;

export const LANES = ["sessions", "activity", "alerts", "notes", "applications", "sites"] as const;
export type LaneId = (typeof LANES)[number];
export type BlockKind = "session" | "active" | "idle" | "unobserved" | "gap" | "note" | "alert";

export interface Block {
  lane: LaneId;
  kind: BlockKind;
  /** Milliseconds; the end is not part of it. */
  from: number;
  to: number;
  /** Counted from 0, downwards in the lane. */
  row: number;
  /** Why nothing was observed, or why there is a gap. */
  reason: string | null;
  /** Whose color it has and what stands in it: an application or a host. */
  label: string | null;
  title: string | null;
  url: string | null;
}

export interface Lane {
  id: LaneId;
  rows: number;
  blocks: Block[];
}

/** More rows than this would be too thin to tell apart: the rest shares the last one. */
const MOST_ROWS = 4;

export function lanesOf(day: Timeline): Lane[] {
  const begin = millis(day.from) ?? 0;
  const end = millis(day.to) ?? 0;
  const cut = (lane: LaneId, kind: BlockKind, from: string, to: string | null | undefined) => {
    const block: Block = {
      lane,
      kind,
      from: Math.max(begin, millis(from) ?? end),
      to: Math.min(end, millis(to) ?? end),
      row: 0,
      reason: null,
      label: null,
      title: null,
      url: null,
    };
    return block.to > block.from ? block : null;
  };

  const sessions: Block[] = [];
  for (const session of day.sessions) {
    // A running session reaches as far as something is known of it, not into the future.
    const known = session.ended_at ?? session.last_activity_at ?? session.started_at;
    const block = cut("sessions", "session", session.started_at, known);
    if (block) sessions.push(block);
  }

  const activity: Block[] = [];
  const applications: Block[] = [];
  const sites: Block[] = [];
  // The neighbour that a span may go on from, for each device.
  const before = new Map<string, { activity?: Block; site?: Block }>();
  for (const span of day.spans) {
    const block = cut("activity", span.activity_type, span.from, span.to);
    if (!block) continue;
    const device = span.device_id ?? "";
    const last = before.get(device) ?? {};
    before.set(device, last);
    block.reason = span.reason ?? null;
    if (last.activity && goesOn(last.activity, block)) last.activity.to = block.to;
    else {
      activity.push(block);
      last.activity = block;
    }
    if (span.activity_type === "unobserved") continue;
    if (nameOf(span) || span.title) applications.push(withTexts(block, span));
    const host = hostOf(span.url);
    if (host === null) continue;
    const site: Block = { ...block, lane: "sites", label: host };
    if (last.site && goesOn(last.site, site)) last.site.to = site.to;
    else {
      sites.push(site);
      last.site = site;
    }
  }
  for (const gap of day.gaps) {
    const block = cut("activity", "gap", gap.from, gap.to);
    if (block) activity.push({ ...block, reason: gap.reason });
  }
  // What goes on reaches as far as something is known of the day.
  const known = Math.max(begin, ...activity.map((block) => block.to));
  const alerts: Block[] = [];
  for (const alert of day.alerts) {
    const opened = alert.since ?? alert.opened_at;
    const least = (millis(alert.opened_at) ?? 0) + 60_000;
    const until = alert.ended_at ?? new Date(Math.max(known, least)).toISOString();
    const block = cut("alerts", "alert", opened, until);
    if (block)
      alerts.push({
        ...block,
        label: alertKinds[alert.kind] ?? alert.kind,
        title: alert.note ?? null,
      });
  }
  const said: Block[] = [];
  for (const note of day.notes) {
    if (note.state === "declined") continue;
    const block = cut("notes", "note", note.from, note.to);
    if (block)
      said.push({ ...block, label: kinds[note.kind] ?? note.kind, title: note.text ?? null });
  }
  return [
    lane("sessions", sessions),
    lane("activity", activity),
    lane("alerts", alerts),
    lane("notes", said),
    lane("applications", applications),
    lane("sites", sites),
  ].filter((one) => one.blocks.length > 0);
}

/** What a span was spent with: the application, or the category where nothing else is kept. */
export function nameOf(span: TimelineSpan): string | null {
  if (span.application) return span.application;
  return span.category ? words.onlyCategory(span.category) : null;
}

function withTexts(block: Block, span: TimelineSpan): Block {
  return {
    ...block,
    lane: "applications",
    label: nameOf(span),
    title: span.title ?? null,
    url: span.url ?? null,
  };
}

function goesOn(before: Block, next: Block): boolean {
  return (
    before.to === next.from &&
    before.kind === next.kind &&
    before.reason === next.reason &&
    before.label === next.label
  );
}

/** The host of a page's address; null for what is none. */
export function hostOf(url: string | null | undefined): string | null {
  if (!url) return null;
  try {
    return new URL(url).hostname || null;
  } catch {
    return null;
  }
}

/** Puts blocks that overlap into rows: each takes the first row that is free at its begin. */
function lane(id: LaneId, blocks: Block[]): Lane {
  blocks.sort((a, b) => a.from - b.from || a.to - b.to);
  const free: number[] = [];
  for (const block of blocks) {
    let row = free.findIndex((until) => until <= block.from);
    if (row < 0) row = Math.min(free.length, MOST_ROWS - 1);
    free[row] = Math.max(free[row] ?? 0, block.to);
    block.row = row;
  }
  return { id, rows: Math.max(1, free.length), blocks };
}

/** Where the first block is that begins at or behind an instant; the length if there is none. */
export function firstFrom(blocks: readonly Block[], at: number): number {
  let low = 0;
  let high = blocks.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((blocks[middle]?.from ?? 0) < at) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The block of a row at an instant, or the nearest within `near` milliseconds. */
export function blockAt(lane: Lane, row: number, at: number, near: number): Block | null {
  let best: Block | null = null;
  let distance = near;
  for (const block of lane.blocks) {
    if (block.from > at + near) break;
    if (block.row !== row) continue;
    const away = at < block.from ? block.from - at : at >= block.to ? at - block.to : -1;
    if (away < distance || (away === -1 && best === null)) {
      best = block;
      distance = away;
      if (away === -1) return block;
    }
  }
  return best;
}

/** One step with an arrow key: along the lane, or to the lane above or below at the same time. */
export function walked(
  lanes: readonly Lane[],
  from: Block | null,
  step: "before" | "after" | "up" | "down" | "first" | "last",
): Block | null {
  const index = lanes.findIndex((lane) => lane.id === from?.lane);
  const here = lanes[index];
  if (from === null || !here) {
    const start = lanes.find((lane) => lane.id === "activity") ?? lanes[0];
    return (step === "last" ? start?.blocks.at(-1) : start?.blocks[0]) ?? null;
  }
  const place = here.blocks.findIndex((block) => same(block, from));
  switch (step) {
    case "before":
      return here.blocks[Math.max(0, place - 1)] ?? from;
    case "after":
      // Of those that share the last row from the same instant, only one can be stood on.
      return here.blocks.slice(place + 1).find((block) => !same(block, from)) ?? from;
    case "first":
      return here.blocks[0] ?? from;
    case "last":
      return here.blocks.at(-1) ?? from;
    default: {
      const next = lanes[index + (step === "up" ? -1 : 1)];
      return next ? nearest(next, (from.from + from.to) / 2) : from;
    }
  }
}

/** Whether two blocks are one, also after the day was asked for again. */
export function same(a: Block, b: Block): boolean {
  return a.lane === b.lane && a.from === b.from && a.row === b.row;
}

function nearest(lane: Lane, at: number): Block | null {
  let best: Block | null = null;
  let distance = Number.POSITIVE_INFINITY;
  for (const block of lane.blocks) {
    const away = Math.max(0, block.from - at, at - block.to);
    if (away < distance) {
      best = block;
      distance = away;
    }
  }
  return best;
}
