/** Joins the pages about people to their addresses. */
import { insideRoute, personRoute } from "../../router";
import { Invitations } from "./Invitations";
import { People } from "./People";
import { Person } from "./Person";

export function PeopleRoute() {
  const { me } = insideRoute.useRouteContext();
  return <People me={me} />;
}

export function PersonRoute() {
  const { me } = insideRoute.useRouteContext();
  const { id } = personRoute.useParams();
  return <Person key={id} id={id} me={me} />;
}

export function InvitationsRoute() {
  return <Invitations />;
}
