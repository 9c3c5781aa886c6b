/** The day of a person whom the viewer sees. */
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { people } from "../../api/people";
import type { Me } from "../../api/types";
import { OneDay } from "../../day/OneDay";
import { useFeedView } from "../../live/LiveProvider";
import { day as words } from "../../text/day";
import { text } from "../../text/en";
import { people as texts } from "../../text/people";
import { Page } from "../../ui/Page";
import { PersonTabs } from "./PersonTabs";

interface Props {
  me: Me;
  id: string;
  date: string | null;
  onDate: (date: string | null) => void;
}

export function PersonDay(props: Props) {
  const { me, id } = props;
  const { live } = useFeedView();
  // The live view knows the name already; only without it is the account asked for.
  const seen = live?.people.get(id)?.person.name;
  const account = useQuery({
    queryKey: ["person", id],
    queryFn: () => people.one(id),
    enabled: live !== null && seen === undefined,
  });
  const name = (seen ?? account.data?.name ?? "").trim() || texts.list.noName;
  return (
    <Page
      title={words.person.toDay(name)}
      heading={<bdi>{name}</bdi>}
      lead={words.person.lead}
      back={<Link to="/live">{text.live.title}</Link>}
      tabs={<PersonTabs id={id} />}
    >
      <OneDay
        userId={id}
        self={id === me.user_id}
        zone={me.organization.time_zone}
        date={props.date}
        onDate={props.onDate}
        nothingHint={words.person.nothingHint}
      />
    </Page>
  );
}
