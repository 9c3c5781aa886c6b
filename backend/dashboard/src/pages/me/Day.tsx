/** One's own day: how one stands now, the day in lanes, and every stretch that it is made of. */
import type { Me } from "../../api/types";
import { OneDay } from "../../day/OneDay";
import { me as texts } from "../../text/me";
import { Page } from "../../ui/Page";
import { MeTabs } from "./MeTabs";

const words = texts.day;

interface Props {
  me: Me;
  /** `YYYY-MM-DD`; null is today. */
  date: string | null;
  onDate: (date: string | null) => void;
}

export function Day(props: Props) {
  const { me } = props;
  return (
    <Page title={words.title} lead={words.lead} tabs={<MeTabs />}>
      <OneDay
        userId={me.user_id}
        self
        mayAnswer={me.role === "admin"}
        zone={me.organization.time_zone}
        date={props.date}
        onDate={props.onDate}
        nothingHint={words.nothingHint}
      />
    </Page>
  );
}
