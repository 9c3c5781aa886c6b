/** Whether the picture is complete: what of the sessions' time is known, and what devices hold. */
import { Link } from "@tanstack/react-router";
import { type PersonCompleteness, reports } from "../../api/reports";
import { duration } from "../../format/duration";
import { percent } from "../../format/percent";
import { reports as texts } from "../../text/reports";
import { Named } from "../../ui/Named";
import { Badge, Empty, Page } from "../../ui/Page";
import { Paged } from "../../ui/Paged";
import type { Order } from "../../ui/Sort";
import type { SortValue } from "../../ui/sorted";
import { Table } from "../../ui/Table";
import { useSortedPages } from "../../ui/useSortedPages";
import { type CompletenessSearch, type CompletenessSort, rangeSearch } from "./address";
import { PersonFilter, useAbout } from "./Filters";
import { CutNote, orderOf, searchFor } from "./order";
import { ReportTabs } from "./ReportTabs";
import { scopeOf, Toolbar } from "./Toolbar";

const words = texts.completeness;

interface Props {
  search: CompletenessSearch;
  today: string;
  onSearch: (search: CompletenessSearch) => void;
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

/** What is lost weighs more than what is only late. */
const LOST = 1e9;

function sortValue(person: PersonCompleteness, by: CompletenessSort): SortValue {
  switch (by) {
    case "person":
      return person.name;
    case "sessions":
      return person.session_seconds;
    case "accounted":
      return person.accounted_seconds;
    case "percent":
      return person.percent ?? null;
    case "devices": {
      if (person.devices.length === 0) return null;
      const { pending, dropped } = heldBack(person);
      return dropped * LOST + pending;
    }
  }
}

const up = (by: CompletenessSort) => ({ by, up: true });
const down = (by: CompletenessSort) => ({ by, up: false });

export function Completeness(props: Props) {
  const { search, today, onSearch } = props;
  const scope = scopeOf(search, today);
  const order = orderOf(search);
  const people = useSortedPages(
    ["reports", "completeness", scope],
    (cursor, limit) => reports.completeness(scope, cursor, limit),
    order,
    sortValue,
  );
  return (
    <Page title={words.title} lead={words.lead} tabs={<ReportTabs />}>
      <Toolbar search={search} today={today} onSearch={onSearch}>
        <PersonFilter search={search} about={useAbout(search)} onSearch={onSearch} />
        {people.cut && <CutNote />}
      </Toolbar>
      <Paged
        query={people.query}
        count={people.items.length}
        empty={<Empty title={texts.nothing} />}
      >
        <Table
          label={words.title}
          rows={people.items}
          rowKey={(person) => person.user_id}
          order={order ?? undefined}
          onOrder={(next) => onSearch(searchFor(search, next as Order<CompletenessSort>, null))}
          columns={[
            {
              head: words.person,
              kind: "main",
              sort: up("person"),
              cell: (it) => (
                <Link
                  to="/reports"
                  search={{ ...rangeSearch(search), person: it.user_id, by: "day" }}
                >
                  <Named name={it.name} />
                </Link>
              ),
            },
            {
              head: words.sessions,
              kind: "number",
              sort: down("sessions"),
              cell: (it) => duration(it.session_seconds),
            },
            {
              head: words.accounted,
              kind: "number",
              sort: down("accounted"),
              cell: (it) => duration(it.accounted_seconds),
            },
            {
              head: words.percent,
              kind: "number",
              // Those of whom least is known come first.
              sort: up("percent"),
              // Never rounded up to all of it.
              cell: (it) =>
                it.percent == null ? words.noSession : percent(Math.floor(it.percent)),
            },
            { head: words.devices, sort: down("devices"), cell: (it) => <Held person={it} /> },
          ]}
        />
      </Paged>
    </Page>
  );
}
