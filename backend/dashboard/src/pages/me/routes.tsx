/** Joins the pages about oneself to their addresses. */
import { useQueryClient } from "@tanstack/react-query";
import { useRouter } from "@tanstack/react-router";
import { myDayRoute, myWeeksRoute, useLeave } from "../../router";
import { insideRoute } from "../../routes/roots";
import { meQuery } from "../../session";
import { spanSearch } from "../../weeks/address";
import { Account } from "./Account";
import { Day } from "./Day";
import { Looks } from "./Looks";
import { MyWeeks } from "./MyWeeks";
import { Privacy } from "./Privacy";

export function DayRoute() {
  const { me } = insideRoute.useRouteContext();
  const { date } = myDayRoute.useSearch();
  const navigate = myDayRoute.useNavigate();
  return (
    <Day
      me={me}
      date={date ?? null}
      onDate={(to) => void navigate({ search: to === null ? {} : { date: to }, replace: true })}
    />
  );
}

export function WeeksRoute() {
  const { me } = insideRoute.useRouteContext();
  const { span, date } = myWeeksRoute.useSearch();
  const navigate = myWeeksRoute.useNavigate();
  return (
    <MyWeeks
      me={me}
      span={span ?? "week"}
      date={date ?? null}
      onView={(to, day) => void navigate({ search: spanSearch(to, day), replace: true })}
    />
  );
}

export function PrivacyRoute() {
  const { me } = insideRoute.useRouteContext();
  return <Privacy userId={me.user_id} />;
}

export function LooksRoute() {
  return <Looks />;
}

export function AccountRoute() {
  const { me } = insideRoute.useRouteContext();
  const router = useRouter();
  const queries = useQueryClient();
  const leave = useLeave(queries);
  const again = async () => {
    await queries.fetchQuery({ ...meQuery, staleTime: 0 });
    await router.invalidate();
  };
  return <Account me={me} onLoggedOut={() => leave("chosen")} onRenamed={() => void again()} />;
}
