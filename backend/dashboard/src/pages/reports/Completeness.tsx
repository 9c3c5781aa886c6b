/** Whether the picture is complete: what of the sessions' time is known, and what devices hold. */
import { Link } from "@tanstack/react-router";
import { type PersonCompleteness, reports } from "../../api/reports";
import { duration } from "../../format/duration";
import { percent } from "../../format/percent";
import { reports as texts } from "../../text/reports";
import { Named } from "../../ui/Named";
import { Badge, Empty, Page } from "../../ui/Page";
import { Paged } from "../../ui/Paged";
import { Table } from "../../ui/Table";
import { usePages } from "../../ui/usePages";
import { type ReportSearch, rangeSearch } from "./address";
import { PersonFilter, useAbout } from "./Filters";
import { ReportTabs } from "./ReportTabs";
import { rangeOf, Toolbar } from "./Toolbar";

const words = texts.completeness;

interface Props {
  search: ReportSearch;
  today: string;
  onSearch: (search: ReportSearch) => void;
}

/** What a person's devices still hold, and what will never come. */
export function heldBack(person: Pick<PersonCompleteness, "devices">) {
  return person.devices.reduce(
    (sum, device) => ({
      pending: sum.pending + device.pending,
      dropped: sum.dropped + Object.values(device.dropped).reduce((all, one) => all + one, 0),
    }),
    { pending: 0, dropped: 0 },
  );
}

function Held(props: { person: PersonCompleteness }) {
  if (props.person.devices.length === 0) return words.noDevice;
  const { pending, dropped } = heldBack(props.person);
  if (dropped > 0) return <Badge tone="bad">{words.dropped(dropped)}</Badge>;
  if (pending > 0) return <Badge tone="waiting">{words.pending(pending)}</Badge>;
  return <Badge tone="good">{words.whole}</Badge>;
}

export function Completeness(props: Props) {
  const { search, today, onSearch } = props;
  const whose = {
    ...rangeOf(search, today),
    ...(search.team === undefined ? {} : { team_id: search.team }),
    ...(search.person === undefined ? {} : { user_id: search.person }),
  };
  const people = usePages(["reports", "completeness", whose], (cursor) =>
    reports.completeness(whose, cursor),
  );
  return (
    <Page title={words.title} lead={words.lead} tabs={<ReportTabs />}>
      <Toolbar search={search} today={today} onSearch={onSearch}>
        <PersonFilter search={search} about={useAbout(search)} onSearch={onSearch} />
      </Toolbar>
      <Paged query={people} count={people.items.length} empty={<Empty title={texts.nothing} />}>
        <Table
          label={words.title}
          rows={people.items}
          rowKey={(person) => person.user_id}
          columns={[
            {
              head: words.person,
              kind: "main",
              cell: (it) => (
                <Link
                  to="/reports"
                  search={{ ...rangeSearch(search), person: it.user_id, by: "day" }}
                >
                  <Named name={it.name} />
                </Link>
              ),
            },
            { head: words.sessions, kind: "number", cell: (it) => duration(it.session_seconds) },
            { head: words.accounted, kind: "number", cell: (it) => duration(it.accounted_seconds) },
            {
              head: words.percent,
              kind: "number",
              // Never rounded up to all of it.
              cell: (it) =>
                it.percent == null ? words.noSession : percent(Math.floor(it.percent)),
            },
            { head: words.devices, cell: (it) => <Held person={it} /> },
          ]}
        />
      </Paged>
    </Page>
  );
}
