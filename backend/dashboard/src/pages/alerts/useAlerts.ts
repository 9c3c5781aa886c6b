/** The alerts that the filters ask for, page by page. */
import { useQuery } from "@tanstack/react-query";
import { ALERTS } from "../../alerts/openAlerts";
import { type Alert, type AlertQuery, alerts, MOST } from "../../api/alerts";
import { teams } from "../../api/groups";
import { beginOf, dayAfter } from "../../format/instant";
import { everyPage, usePages } from "../../ui/usePages";
import type { AlertSearch, ShownState } from "./address";

/** What the server is asked for. */
export function queryOf(search: AlertSearch, shown: ShownState, zone: string): AlertQuery {
  const at = (day: string) => new Date(beginOf(zone, day)).toISOString();
  return {
    ...(shown === "all" ? {} : { state: shown }),
    ...(search.kind ? { kind: search.kind } : {}),
    ...(search.person ? { user_id: search.person } : {}),
    ...(search.from ? { from: at(search.from) } : {}),
    ...(search.to ? { to: at(dayAfter(search.to, 1)) } : {}),
  };
}

export function useAlerts(search: AlertSearch, shown: ShownState, zone: string) {
  const query = queryOf(search, shown, zone);
  const { team } = search;
  // The server knows no filter by team: whole pages are asked for, and what fits is shown.
  const size = team === undefined ? 50 : MOST;
  const pages = usePages<Alert>([...ALERTS, "list", query, size], (cursor) =>
    alerts.list(query, cursor, size),
  );
  const members = useQuery({
    queryKey: ["team", team, "everyone"],
    queryFn: () => everyPage((cursor) => teams.members(team ?? "", cursor)),
    enabled: team !== undefined,
    staleTime: 60_000,
  });
  if (team === undefined) return pages;
  const inTeam = new Set(members.data?.map((member) => member.user_id));
  const refetch = () => Promise.all([pages.refetch(), members.refetch()]);
  return {
    ...pages,
    refetch,
    isPending: pages.isPending || members.isPending,
    error: pages.error ?? members.error,
    items: pages.items.filter((alert) => inTeam.has(alert.user_id)),
  };
}
