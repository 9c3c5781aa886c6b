/** What is open now, as a query that the badge and the notes share, and what in it is news. */
import { queryOptions } from "@tanstack/react-query";
import { type Alert, type AlertPage, alerts, MOST } from "../api/alerts";

/** Every question about alerts begins so: they are asked again together. */
export const ALERTS = ["alerts"] as const;

export const openAlerts = queryOptions({
  queryKey: [...ALERTS, "open"],
  queryFn: () => alerts.list({ state: "open" }, null, MOST),
  staleTime: 60_000,
});

/** How many are open, as it is written; more than a page's are not counted. */
export function countOf(page: AlertPage | undefined): string {
  if (page === undefined) return "";
  return page.next_cursor ? `${page.items.length}+` : String(page.items.length);
}

/** How many are open of each person who has any. */
export function openByPerson(page: AlertPage | undefined): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { user_id } of page?.items ?? []) counts.set(user_id, (counts.get(user_id) ?? 0) + 1);
  return counts;
}

/** What of the open alerts was seen, so that each is told once. */
export interface Seen {
  ids: ReadonlySet<string>;
  /** Noticed in quiet hours and told to nobody yet: news once the server tells of them. */
  held: ReadonlySet<string>;
  /** The newest of the first list: what is older and was not on it is no news. */
  floor: number;
}

/**
 * Those to tell of, and what is seen then. The first list tells nothing: it was there before. What
 * was noticed in quiet hours is told when they are over, and nobody is told of themself.
 */
export function arrivals(
  seen: Seen | null,
  open: readonly Alert[],
  self: string,
): { news: Alert[]; seen: Seen } {
  const loud = open.filter((alert) => !alert.quiet);
  const ids = new Set([...(seen?.ids ?? []), ...loud.map((alert) => alert.id)]);
  const quiet = open.filter((alert) => alert.quiet).map((alert) => alert.id);
  const held = new Set([...(seen?.held ?? []), ...quiet]);
  if (seen === null) {
    return { news: [], seen: { ids, held, floor: Math.max(0, ...open.map(openedAt)) } };
  }
  const news = loud.filter(
    (alert) =>
      !seen.ids.has(alert.id) &&
      alert.user_id !== self &&
      (seen.held.has(alert.id) || openedAt(alert) >= seen.floor),
  );
  return { news, seen: { ids, held, floor: seen.floor } };
}

function openedAt(alert: Alert): number {
  return Date.parse(alert.opened_at);
}
