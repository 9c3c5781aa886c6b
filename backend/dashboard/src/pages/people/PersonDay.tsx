/** The day of a person whom the viewer sees. */
import { Link } from "@tanstack/react-router";
import type { Me } from "../../api/types";
import { OneDay } from "../../day/OneDay";
import { day as words } from "../../text/day";
import { text } from "../../text/en";
import { Page } from "../../ui/Page";
import { PersonTabs } from "./PersonTabs";
import { usePersonName } from "./usePersonName";

interface Props {
  me: Me;
  id: string;
  date: string | null;
  onDate: (date: string | null) => void;
}

export function PersonDay(props: Props) {
  const { me, id } = props;
  const name = usePersonName(id);
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
        mayAnswer={me.role === "admin" || id !== me.user_id}
        zone={me.organization.time_zone}
        date={props.date}
        onDate={props.onDate}
        nothingHint={words.person.nothingHint}
      />
    </Page>
  );
}
