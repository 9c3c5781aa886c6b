/** One's own weeks and months. */
import type { Me } from "../../api/types";
import { weeks as words } from "../../text/weeks";
import { Page } from "../../ui/Page";
import type { Span } from "../../weeks/span";
import { Weeks } from "../../weeks/Weeks";
import { MeTabs } from "./MeTabs";

interface Props {
  me: Me;
  span: Span;
  date: string | null;
  onView: (span: Span, date: string | null) => void;
}

export function MyWeeks(props: Props) {
  const { me } = props;
  return (
    <Page title={words.title} lead={words.lead} tabs={<MeTabs />}>
      <Weeks
        userId={me.user_id}
        zone={me.organization.time_zone}
        span={props.span}
        date={props.date}
        onView={props.onView}
        dayLink={{ to: "/me", params: {} }}
      />
    </Page>
  );
}
