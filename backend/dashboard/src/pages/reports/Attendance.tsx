/** When people came and went, day by day, and their pauses. */
import { type AttendanceDay, reports } from "../../api/reports";
import { duration } from "../../format/duration";
import { dayInWords, millis, minutesInto, timeIn } from "../../format/instant";
import { reports as texts } from "../../text/reports";
import { Empty, Page } from "../../ui/Page";
import { Paged } from "../../ui/Paged";
import { PersonName } from "../../ui/PersonName";
import type { Order } from "../../ui/Sort";
import type { SortValue } from "../../ui/sorted";
import { Table } from "../../ui/Table";
import { useSortedPages } from "../../ui/useSortedPages";
import type { AttendanceSearch, AttendanceSort } from "./address";
import { PersonFilter, useAbout } from "./Filters";
import { CutNote, orderOf, searchFor } from "./order";
import { ReportTabs } from "./ReportTabs";
import { scopeOf, Toolbar } from "./Toolbar";

const words = texts.attendance;

interface Props {
  search: AttendanceSearch;
  today: string;
  zone: string;
  onSearch: (search: AttendanceSearch) => void;
}

/** As the server gives the days. */
const OWN: Order<AttendanceSort> = { by: "day", up: true };

/** Seconds of all pauses; null where nothing is known of them any more. */
function paused(day: AttendanceDay): number | null {
  if (!day.breaks) return null;
  return day.breaks.reduce(
    (sum, one) => sum + ((millis(one.to) ?? 0) - (millis(one.from) ?? 0)) / 1000,
    0,
  );
}

function pauses(day: AttendanceDay): string {
  const seconds = paused(day);
  if (seconds === null) return words.breaksUnknown;
  return words.breaksOf(day.breaks?.length ?? 0, duration(seconds));
}

/** Who came first is asked of the clock, not of the calendar: times of all days are compared. */
function sortValue(zone: string, day: AttendanceDay, by: AttendanceSort): SortValue {
  const clock = (instant: string | null | undefined) => {
    const at = millis(instant);
    return at === null ? null : minutesInto(zone, day.date, at);
  };
  switch (by) {
    case "person":
      return day.name;
    case "day":
      return day.date;
    case "first":
      return clock(day.first_input_at);
    case "last":
      return clock(day.last_input_at);
    case "breaks":
      return paused(day);
    case "worked":
      return day.worked_seconds;
  }
}

const up = (by: AttendanceSort) => ({ by, up: true });
const down = (by: AttendanceSort) => ({ by, up: false });

export function Attendance(props: Props) {
  const { search, today, zone, onSearch } = props;
  const scope = scopeOf(search, today);
  const order = orderOf(search);
  const days = useSortedPages(
    ["reports", "attendance", scope],
    (cursor, limit) => reports.attendance(scope, cursor, limit),
    order,
    (day, by) => sortValue(zone, day, by),
  );
  const at = (instant: string | null | undefined) => {
    const value = millis(instant);
    return value === null ? words.noInput : timeIn(zone, value);
  };
  return (
    <Page title={words.title} lead={`${words.lead} ${texts.zone(zone)}`} tabs={<ReportTabs />}>
      <Toolbar search={search} today={today} onSearch={onSearch}>
        <PersonFilter search={search} about={useAbout(search)} onSearch={onSearch} />
        {days.cut && <CutNote />}
      </Toolbar>
      <Paged query={days.query} count={days.items.length} empty={<Empty title={texts.nothing} />}>
        <Table
          label={words.title}
          rows={days.items}
          rowKey={(day) => `${day.date} ${day.user_id}`}
          order={order ?? OWN}
          onOrder={(next) => onSearch(searchFor(search, next as Order<AttendanceSort>, OWN))}
          columns={[
            {
              head: words.person,
              kind: "main",
              sort: up("person"),
              cell: (day) => <PersonName id={day.user_id} name={day.name} date={day.date} />,
            },
            { head: words.day, sort: up("day"), cell: (day) => dayInWords(day.date) },
            {
              head: words.first,
              kind: "number",
              sort: up("first"),
              cell: (day) => at(day.first_input_at),
            },
            {
              head: words.last,
              kind: "number",
              sort: down("last"),
              cell: (day) => at(day.last_input_at),
            },
            { head: words.breaks, kind: "number", sort: down("breaks"), cell: pauses },
            {
              head: texts.worked,
              kind: "number",
              sort: down("worked"),
              cell: (day) => duration(day.worked_seconds),
            },
          ]}
        />
      </Paged>
    </Page>
  );
}
