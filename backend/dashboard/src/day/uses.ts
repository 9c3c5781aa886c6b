/** Where the active time of a day went: seconds by application and by site. Pure. */
import type { Timeline } from "../api/own";
import { millis } from "../format/instant";
import { hostOf, nameOf } from "./blocks";

export interface Use {
  name: string;
  seconds: number;
}

export interface Uses {
  applications: Use[];
  sites: Use[];
  /** Some of it was on two devices at once, and stands for both. */
  twice: boolean;
}

export function usesOf(day: Timeline): Uses {
  const applications = new Map<string, number>();
  const sites = new Map<string, number>();
  let twice = false;
  let until = 0;
  for (const span of day.spans) {
    if (span.activity_type !== "active") continue;
    const from = millis(span.from) ?? 0;
    const to = millis(span.to) ?? 0;
    if (to <= from) continue;
    twice ||= from < until;
    until = Math.max(until, to);
    const seconds = (to - from) / 1000;
    const name = nameOf(span);
    if (name !== null) add(applications, name, seconds);
    const host = hostOf(span.url);
    if (host !== null) add(sites, host, seconds);
  }
  return { applications: most(applications), sites: most(sites), twice };
}

function add(into: Map<string, number>, name: string, seconds: number): void {
  into.set(name, (into.get(name) ?? 0) + seconds);
}

function most(from: ReadonlyMap<string, number>): Use[] {
  return Array.from(from, ([name, seconds]) => ({ name, seconds })).sort(
    (a, b) => b.seconds - a.seconds || (a.name < b.name ? -1 : 1),
  );
}
