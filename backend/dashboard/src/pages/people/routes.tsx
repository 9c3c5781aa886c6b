/** Joins the pages about people to their addresses. */

import {
  personDayRoute,
  personLooksRoute,
  personRoute,
  personWeeksRoute,
} from "../../routes/people";
import { insideRoute } from "../../routes/roots";
import { spanSearch } from "../../weeks/address";
import { Invitations } from "./Invitations";
import { People } from "./People";
import { Person } from "./Person";
import { PersonDay } from "./PersonDay";
import { PersonLooks } from "./PersonLooks";
import { PersonWeeks } from "./PersonWeeks";

export function PeopleRoute() {
  const { me } = insideRoute.useRouteContext();
  return <People me={me} />;
}

export function PersonRoute() {
  const { me } = insideRoute.useRouteContext();
  const { id } = personRoute.useParams();
  return <Person key={id} id={id} me={me} />;
}

export function PersonDayRoute() {
  const { me } = insideRoute.useRouteContext();
  const { id } = personDayRoute.useParams();
  const { date } = personDayRoute.useSearch();
  const navigate = personDayRoute.useNavigate();
  return (
    <PersonDay
      key={id}
      id={id}
      me={me}
      date={date ?? null}
      onDate={(to) => void navigate({ search: to === null ? {} : { date: to }, replace: true })}
    />
  );
}

export function PersonWeeksRoute() {
  const { me } = insideRoute.useRouteContext();
  const { id } = personWeeksRoute.useParams();
  const { span, date } = personWeeksRoute.useSearch();
  const navigate = personWeeksRoute.useNavigate();
  return (
    <PersonWeeks
      key={id}
      id={id}
      me={me}
      span={span ?? "week"}
      date={date ?? null}
      onView={(to, day) => void navigate({ search: spanSearch(to, day), replace: true })}
    />
  );
}

export function PersonLooksRoute() {
  const { id } = personLooksRoute.useParams();
  return <PersonLooks key={id} id={id} />;
}

export function InvitationsRoute() {
  return <Invitations />;
}
