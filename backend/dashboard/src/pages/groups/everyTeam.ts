/** Every team that the viewer knows, as a query that pages share. */
import { queryOptions } from "@tanstack/react-query";
import { teams } from "../../api/groups";
import { everyPage } from "../../ui/usePages";

export const everyTeam = queryOptions({
  queryKey: ["teams", "all"],
  queryFn: () => everyPage(teams.list),
  staleTime: 60_000,
});
