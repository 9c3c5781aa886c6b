/** Joins frame and live feed to the log-in that they need. */
import { useQueryClient } from "@tanstack/react-query";
import { Outlet, useRouter } from "@tanstack/react-router";
import { LiveProvider } from "../live/LiveProvider";
import { useLeave } from "../router";
import { insideRoute } from "../routes/roots";
import { meQuery } from "../session";
import { Shell } from "./Shell";

export function InsideRoute() {
  const { me } = insideRoute.useRouteContext();
  const router = useRouter();
  const queries = useQueryClient();
  const leave = useLeave(queries);
  const checkLogin = async () => {
    await queries.fetchQuery({ ...meQuery, staleTime: 0 });
    // A changed role changes what the pages offer.
    await router.invalidate();
  };
  return (
    // Another person in the same tab gets a feed of their own.
    <LiveProvider key={me.user_id} checkLogin={checkLogin} onLoginEnded={() => leave("ended")}>
      <Shell me={me} onLoggedOut={() => leave("chosen")}>
        <Outlet />
      </Shell>
    </LiveProvider>
  );
}
