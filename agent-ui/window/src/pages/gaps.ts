/** Which stretches of a day a person may want to say something of. */
import type { OneDay } from "../bridge";
import { words } from "../text/words";

const MINUTE = 60_000;

export interface OpenGap {
  from: number;
  to: number;
  why: string;
}

/**
 * Idle and unobserved stretches, and those of which nobody said anything between the first and the
 * last stretch of the day; of a minute at least, past, and without a note yet.
 */
export function openGaps(day: OneDay, now: number = Date.now()): OpenGap[] {
  const first = day.spans[0]?.from ?? day.to;
  const last = day.spans.at(-1)?.to ?? day.from;
  const silent = day.spans
    .filter((span) => span.kind !== "active")
    .map((span) => ({
      from: span.from,
      to: span.to,
      why:
        span.kind === "idle"
          ? words.kinds.idle
          : `${words.kinds.unobserved}${span.reason === null ? "" : `: ${words.reasons[span.reason] ?? span.reason}`}`,
    }));
  const unsaid = day.gaps
    .filter((gap) => gap.from >= first && gap.to <= last)
    .map((gap) => ({ from: gap.from, to: gap.to, why: words.gaps.reasons[gap.reason] ?? "" }));
  return [...silent, ...unsaid]
    .filter((gap) => gap.to - gap.from >= MINUTE && gap.to <= now)
    .filter((gap) => !day.notes.some((note) => note.from < gap.to && note.to > gap.from))
    .sort((a, b) => a.from - b.from);
}
