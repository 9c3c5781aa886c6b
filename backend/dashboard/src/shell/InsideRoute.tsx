/** Joins frame and live feed to the log-in that they need. */
import { useQueryClient } from "@tanstack/react-query";
import { Outlet } from "@tanstack/react-router";
import { LiveProvider } from "../live/LiveProvider";
import { insideRoute, useLeave } from "../router";
import { Shell } from "./Shell";

export function InsideRoute() {
  const { me } = insideRoute.useRouteContext();
  const leave = useLeave(useQueryClient());
  return (
    // Another person in the same tab gets a feed of their own.
    <LiveProvider key={me.user_id} onLoginEnded={() => leave("ended")}>
      <Shell me={me} onLoggedOut={() => leave("chosen")}>
        <Outlet />
      </Shell>
    </LiveProvider>
  );
}
