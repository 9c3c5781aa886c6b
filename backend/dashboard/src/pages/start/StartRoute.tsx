/** Joins the first steps to their address. */
import { insideRoute } from "../../routes/roots";
import { Start } from "./Start";

export function StartRoute() {
  const { me } = insideRoute.useRouteContext();
  return <Start me={me} />;
}
