/** Joins the live page to its address. */

import { liveRoute } from "../../router";
import { insideRoute } from "../../routes/roots";
import { Live } from "./Live";

export function LiveRoute() {
  const { me } = insideRoute.useRouteContext();
  const search = liveRoute.useSearch();
  const navigate = liveRoute.useNavigate();
  return (
    <Live
      me={me}
      view={{
        search: search.q ?? "",
        statuses: search.status ?? [],
        sort: search.sort ?? "attention",
        group: search.group ?? "none",
        look: search.look ?? "rows",
      }}
      onView={(change) => {
        void navigate({
          search: (before) => ({
            ...before,
            ...(change.search === undefined ? {} : { q: change.search }),
            ...(change.statuses === undefined ? {} : { status: [...change.statuses] }),
            ...(change.sort === undefined ? {} : { sort: change.sort }),
            ...(change.group === undefined ? {} : { group: change.group }),
            ...(change.look === undefined ? {} : { look: change.look }),
          }),
          replace: true,
          resetScroll: false,
        });
      }}
    />
  );
}
