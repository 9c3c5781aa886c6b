/** Joins the inbox and the notes to their addresses. */
import { alertsRoute, notesRoute } from "../../router";
import { insideRoute } from "../../routes/roots";
import { Alerts } from "./Alerts";
import { Notes } from "./Notes";

export function AlertsRoute() {
  const { me } = insideRoute.useRouteContext();
  const search = alertsRoute.useSearch();
  const navigate = alertsRoute.useNavigate();
  return (
    <Alerts
      me={me}
      search={search}
      onSearch={(next) => void navigate({ search: next, replace: true, resetScroll: false })}
    />
  );
}

export function NotesRoute() {
  const { me } = insideRoute.useRouteContext();
  const { state } = notesRoute.useSearch();
  const navigate = notesRoute.useNavigate();
  return (
    <Notes
      me={me}
      state={state ?? null}
      onState={(next) =>
        void navigate({ search: { state: next }, replace: true, resetScroll: false })
      }
    />
  );
}
