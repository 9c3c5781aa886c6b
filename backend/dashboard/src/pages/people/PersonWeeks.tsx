/** Weeks and months of a person whom the viewer sees. */
import { Link } from "@tanstack/react-router";
import type { Me } from "../../api/types";
import { day } from "../../text/day";
import { text } from "../../text/en";
import { weeks as words } from "../../text/weeks";
import { Page } from "../../ui/Page";
import type { Span } from "../../weeks/span";
import { Weeks } from "../../weeks/Weeks";
import { PersonTabs } from "./PersonTabs";
import { usePersonName } from "./usePersonName";

interface Props {
  me: Me;
  id: string;
  span: Span;
  date: string | null;
  onView: (span: Span, date: string | null) => void;
}

export function PersonWeeks(props: Props) {
  const { me, id } = props;
  const name = usePersonName(id);
  return (
    <Page
      title={words.of(name)}
      heading={<bdi>{name}</bdi>}
      lead={day.person.lead}
      back={<Link to="/live">{text.live.title}</Link>}
      tabs={<PersonTabs id={id} />}
    >
      <Weeks
        userId={id}
        zone={me.organization.time_zone}
        span={props.span}
        date={props.date}
        onView={props.onView}
        dayLink={{ to: "/people/$id/day", params: { id } }}
      />
    </Page>
  );
}
