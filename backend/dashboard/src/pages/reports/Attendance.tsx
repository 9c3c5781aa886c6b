/** When people came and went, day by day, and their pauses. */
import { type AttendanceDay, reports } from "../../api/reports";
import { duration } from "../../format/duration";
import { dayInWords, millis, timeIn } from "../../format/instant";
import { reports as texts } from "../../text/reports";
import { Empty, Page } from "../../ui/Page";
import { Paged } from "../../ui/Paged";
import { PersonName } from "../../ui/PersonName";
import { Table } from "../../ui/Table";
import { usePages } from "../../ui/usePages";
import type { ReportSearch } from "./address";
import { PersonFilter, useAbout } from "./Filters";
import { ReportTabs } from "./ReportTabs";
import { rangeOf, Toolbar } from "./Toolbar";

const words = texts.attendance;

interface Props {
  search: ReportSearch;
  today: string;
  zone: string;
  onSearch: (search: ReportSearch) => void;
}

function pauses(day: AttendanceDay): string {
  if (!day.breaks) return words.breaksUnknown;
  const seconds = day.breaks.reduce(
    (sum, one) => sum + ((millis(one.to) ?? 0) - (millis(one.from) ?? 0)) / 1000,
    0,
  );
  return words.breaksOf(day.breaks.length, duration(seconds));
}

export function Attendance(props: Props) {
  const { search, today, zone, onSearch } = props;
  const whose = {
    ...rangeOf(search, today),
    ...(search.team === undefined ? {} : { team_id: search.team }),
    ...(search.person === undefined ? {} : { user_id: search.person }),
  };
  const days = usePages(["reports", "attendance", whose], (cursor) =>
    reports.attendance(whose, cursor),
  );
  const at = (instant: string | null | undefined) => {
    const value = millis(instant);
    return value === null ? words.noInput : timeIn(zone, value);
  };
  return (
    <Page title={words.title} lead={`${words.lead} ${texts.zone(zone)}`} tabs={<ReportTabs />}>
      <Toolbar search={search} today={today} onSearch={onSearch}>
        <PersonFilter search={search} about={useAbout(search)} onSearch={onSearch} />
      </Toolbar>
      <Paged query={days} count={days.items.length} empty={<Empty title={texts.nothing} />}>
        <Table
          label={words.title}
          rows={days.items}
          rowKey={(day) => `${day.date} ${day.user_id}`}
          columns={[
            {
              head: words.person,
              kind: "main",
              cell: (day) => <PersonName id={day.user_id} name={day.name} date={day.date} />,
            },
            { head: words.day, cell: (day) => dayInWords(day.date) },
            { head: words.first, kind: "number", cell: (day) => at(day.first_input_at) },
            { head: words.last, kind: "number", cell: (day) => at(day.last_input_at) },
            { head: words.breaks, kind: "number", cell: pauses },
            { head: texts.worked, kind: "number", cell: (day) => duration(day.worked_seconds) },
          ]}
        />
      </Paged>
    </Page>
  );
}
