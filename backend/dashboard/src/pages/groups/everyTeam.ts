/** Every team and project that the viewer knows, as queries that pages share. */
import { queryOptions } from "@tanstack/react-query";
import { projects, teams } from "../../api/groups";
import { everyPage } from "../../ui/usePages";

export const everyTeam = queryOptions({
  queryKey: ["teams", "all"],
  queryFn: () => everyPage(teams.list),
  staleTime: 60_000,
});

/** Archived ones too: what was booked on them stays in reports. */
export const everyProject = queryOptions({
  queryKey: ["projects", "all"],
  queryFn: () => everyPage((cursor) => projects.list(true, cursor)),
  staleTime: 60_000,
});
