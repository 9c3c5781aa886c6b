/** What was booked on a project in a range of days, by person. */
import { Button } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { type ReactNode, useState } from "react";
import { projects } from "../../api/groups";
import { duration } from "../../format/duration";
import { dayAfter, dayIn } from "../../format/instant";
import { percent } from "../../format/percent";
import { accountedPercent } from "../../live/day";
import { groups } from "../../text/groups";
import { shared } from "../../text/shared";
import { DateField } from "../../ui/DateField";
import { Line } from "../../ui/Form";
import { LoadProblem } from "../../ui/LoadProblem";
import { Named } from "../../ui/Named";
import { Empty, Rows, Section } from "../../ui/Page";
import { Table } from "../../ui/Table";

const words = groups.projects;

export function Totals(props: {
  project: string;
  zone: string;
  /** What stands below; it comes when the figures are there, so that it does not move. */
  children: ReactNode;
}) {
  const now = Date.now();
  const today = dayIn(props.zone, now) ?? new Date(now).toISOString().slice(0, 10);
  const [from, setFrom] = useState(dayAfter(today, -6));
  const [to, setTo] = useState(today);
  const query = useInfiniteQuery({
    queryKey: ["project", props.project, "totals", from, to],
    queryFn: ({ pageParam }) => projects.totals(props.project, from, to, pageParam),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor ?? null,
    enabled: from <= to,
    // Other days keep what is seen until theirs are there: nothing jumps.
    placeholderData: (before) => before,
  });
  const people = query.data?.pages.flatMap((page) => page.people) ?? [];
  const total = query.data?.pages[0]?.total ?? null;
  return (
    <>
      <Section title={words.totals} lead={words.totalsLead}>
        <Line>
          <DateField label={words.from} value={from} max={to} onChange={setFrom} />
          <DateField label={words.to} value={to} min={from} max={today} onChange={setTo} />
        </Line>
        {query.isPending && <Rows count={3} />}
        <LoadProblem query={query} />
        {query.data && people.length === 0 && <Empty title={words.nothing} />}
        {people.length > 0 && (
          <>
            <Table
              label={words.totals}
              rows={people}
              rowKey={(person) => person.user_id}
              columns={[
                {
                  head: words.person,
                  kind: "main",
                  cell: (p) => (
                    <Link
                      to="/reports"
                      search={{
                        from,
                        to,
                        by: "day",
                        project: props.project,
                        person: p.user_id,
                      }}
                    >
                      <Named name={p.name} />
                    </Link>
                  ),
                },
                {
                  head: words.active,
                  kind: "number",
                  cell: (p) => duration(p.time.active_seconds),
                },
                { head: words.idle, kind: "number", cell: (p) => duration(p.time.idle_seconds) },
                {
                  head: words.unobserved,
                  kind: "number",
                  cell: (p) => duration(p.time.unobserved_seconds),
                },
                { head: words.sessions, kind: "number", cell: (p) => p.time.sessions },
              ]}
            />
            {query.hasNextPage && (
              <div>
                <Button
                  variant="default"
                  loading={query.isFetchingNextPage}
                  onClick={() => void query.fetchNextPage()}
                >
                  {shared.more}
                </Button>
              </div>
            )}
          </>
        )}
        {query.data &&
          (total === null ? (
            <p>{words.hidden}</p>
          ) : (
            <p>
              <strong>
                {words.all}: {duration(total.active_seconds + total.idle_seconds)}
              </strong>
              {`, ${words.accounted(percent(accountedPercent(total) ?? 0))}`}
            </p>
          ))}
      </Section>
      {!query.isPending && props.children}
    </>
  );
}
