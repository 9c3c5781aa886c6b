/** Joins the page about jobs to its address. */
import { insideRoute } from "../../../routes/roots";
import { Jobs } from "./Jobs";

export function JobsRoute() {
  const { me } = insideRoute.useRouteContext();
  return <Jobs zone={me.organization.time_zone} />;
}
