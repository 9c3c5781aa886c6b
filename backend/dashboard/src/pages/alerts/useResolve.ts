/** Resolving: seen at once in every list, and taken back where the server refuses. */
import {
  type InfiniteData,
  type QueryClient,
  useMutation,
  useQueryClient,
} from "@tanstack/react-query";
import { ALERTS } from "../../alerts/openAlerts";
import { type Alert, type AlertPage, alerts } from "../../api/alerts";
import type { Me } from "../../api/types";

export interface Resolving {
  ids: readonly string[];
  note: string;
}

type Listed = AlertPage | InfiniteData<AlertPage>;

/** A page in which these alerts are as they are now; where only open ones stand, they are gone. */
export function replaced(page: AlertPage, now: ReadonlyMap<string, Alert>, openOnly: boolean) {
  const items = page.items.map((alert) => now.get(alert.id) ?? alert);
  return { ...page, items: openOnly ? items.filter((alert) => alert.state === "open") : items };
}

function replaceAll(queries: QueryClient, change: (alert: Alert) => Alert): void {
  for (const [key, listed] of queries.getQueriesData<Listed>({ queryKey: ALERTS })) {
    if (listed === undefined) continue;
    const pages = "pages" in listed ? listed.pages : [listed];
    const now = new Map(
      pages.flatMap((page) => page.items).map((alert) => [alert.id, change(alert)]),
    );
    const wanted = key[2];
    const openOnly =
      key[1] === "open" ||
      (typeof wanted === "object" &&
        wanted !== null &&
        "state" in wanted &&
        wanted.state === "open");
    const next: Listed =
      "pages" in listed
        ? { ...listed, pages: listed.pages.map((page) => replaced(page, now, openOnly)) }
        : replaced(listed, now, openOnly);
    queries.setQueryData(key, next);
  }
}

export function useResolve(me: Me) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ ids, note }: Resolving) => alerts.resolve(ids, note),
    onMutate: async ({ ids, note }) => {
      await queries.cancelQueries({ queryKey: ALERTS });
      const before = queries.getQueriesData<Listed>({ queryKey: ALERTS });
      const chosen = new Set(ids);
      replaceAll(queries, (alert) =>
        chosen.has(alert.id) && alert.state === "open"
          ? {
              ...alert,
              state: "resolved",
              resolution: "by_hand",
              resolved_at: new Date().toISOString(),
              resolved_by: me.user_id,
              resolved_by_name: me.name,
              note: note.trim() === "" ? null : note.trim(),
            }
          : alert,
      );
      return { before };
    },
    onError: (_error, _wish, kept) => {
      for (const [key, listed] of kept?.before ?? []) queries.setQueryData(key, listed);
    },
    onSettled: () => queries.invalidateQueries({ queryKey: ALERTS }),
  });
}
