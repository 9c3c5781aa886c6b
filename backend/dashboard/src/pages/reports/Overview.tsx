/** How the days went: a sentence, bars, the table, and when of the week work is done. */
import { Button } from "@mantine/core";
import { useInfiniteQuery, useMutation, useQuery } from "@tanstack/react-query";
import { type Days, type ReportQuery, reports } from "../../api/reports";
import { dayInWords } from "../../format/instant";
import { reports as words } from "../../text/reports";
import { shared } from "../../text/shared";
import { FloatingProblem } from "../../ui/Floating";
import { Choice, Tick } from "../../ui/Form";
import { LoadProblem } from "../../ui/LoadProblem";
import { Empty, Page, Rows, Section } from "../../ui/Page";
import { saveFile } from "../../ui/saveFile";
import { GROUPS, type ReportSearch } from "./address";
import { Bars, MOST_BARS } from "./Bars";
import { Columns } from "./Columns";
import { groupsFor, openedRow } from "./drill";
import { Filters, useAbout } from "./Filters";
import { accounted, headline, whose } from "./figures";
import { Heat } from "./Heat";
import classes from "./Reports.module.css";
import { ReportTable } from "./ReportTable";
import { ReportTabs } from "./ReportTabs";
import { scopeOf, Toolbar } from "./Toolbar";
import { Views } from "./Views";

interface Props {
  search: ReportSearch;
  /** Today in the organization's zone. */
  today: string;
  onSearch: (search: ReportSearch) => void;
}

export function Overview(props: Props) {
  const { search, today, onSearch } = props;
  const by = search.by ?? "person";
  const inOrder = by === "day" || by === "hour";
  const compare = search.compare ?? true;
  // Without the days before there is no change to sort by.
  const chosen = search.sort === "change" && !compare ? undefined : search.sort;
  const sort = chosen ?? (inOrder ? "label" : "worked");
  const up = search.up ?? (chosen === undefined && inOrder);
  const days: Days = scopeOf(search, today);
  const whole = {
    ...days,
    ...(search.project === undefined ? {} : { project_id: search.project }),
    group_by: by,
  };
  const question: ReportQuery = { ...whole, compare, sort, descending: !up };
  const report = useInfiniteQuery({
    queryKey: ["reports", "rows", question],
    // Days and hours are drawn as a whole: a page of them would be a picture of a part.
    queryFn: ({ pageParam }) =>
      inOrder ? reports.whole(question) : reports.rows(question, pageParam),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor ?? null,
    // Another order or range keeps what is seen until the new rows are there: nothing jumps.
    placeholderData: (before) => (before?.pages[0]?.group_by === by ? before : undefined),
  });
  // The largest of all rows, however the table below is sorted and however much of it is loaded.
  const bySize: ReportQuery = { ...whole, sort: "worked", descending: true };
  const first = report.data?.pages[0];
  const rows = report.data?.pages.flatMap((page) => page.rows) ?? [];
  const ordered = sort === "worked" && !up;
  const largest = useQuery({
    queryKey: ["reports", "largest", bySize],
    queryFn: () => reports.rows(bySize, null, MOST_BARS),
    enabled: !inOrder && !ordered && rows.length > 0,
    placeholderData: (before) => (before?.group_by === by ? before : undefined),
  });
  const about = useAbout(search);
  const file = useMutation({
    mutationFn: (format: "csv" | "xlsx" | "pdf") => reports.file(question, format),
    onSuccess: saveFile,
  });
  return (
    <Page
      title={words.title}
      // Its line is kept while the zone is not known, so that nothing below moves.
      lead={first ? words.zone(first.time_zone) : "\u00a0"}
      tabs={<ReportTabs />}
      actions={(["csv", "xlsx", "pdf"] as const).map((format) => (
        <Button
          key={format}
          variant="default"
          disabled={rows.length === 0}
          loading={file.isPending && file.variables === format}
          onClick={() => file.mutate(format)}
        >
          {words.file[format]}
        </Button>
      ))}
    >
      <Toolbar search={search} today={today} onSearch={onSearch}>
        <Choice
          label={words.by}
          value={by}
          options={groupsFor(search, GROUPS).map((value) => ({
            value,
            label: words.groups[value] ?? value,
          }))}
          onChange={(value) => {
            const { sort: _, up: __, ...rest } = search;
            onSearch({ ...rest, by: value });
          }}
        />
        <Filters search={search} about={about} onSearch={onSearch} />
        <Tick
          label={words.compare}
          checked={compare}
          onChange={(on) => {
            const { compare: _, ...rest } = search;
            onSearch(on ? rest : { ...rest, compare: false });
          }}
        />
      </Toolbar>
      <FloatingProblem error={file.error} />
      {report.isPending && <Rows count={8} />}
      <LoadProblem query={report} />
      {first && rows.length === 0 && (
        <Empty title={words.nothing}>
          <p>{words.nothingHint}</p>
        </Empty>
      )}
      {first && rows.length > 0 && (
        <>
          <div>
            <p className={classes.headline}>
              {headline(
                whose(first.people, about.person ?? about.team),
                about.project,
                first.total,
                first.compared,
                dayInWords,
              )}
            </p>
            {accounted(first.total) && <p className={classes.dim}>{accounted(first.total)}</p>}
          </div>
          {inOrder ? (
            <Section title={by === "hour" ? words.chartHours : words.chartDays}>
              <Columns
                rows={rows}
                by={by}
                range={{ from: first.from, to: first.to }}
                today={today}
              />
            </Section>
          ) : (
            <Section title={words.chart}>
              {ordered && <Bars rows={rows} by={by} />}
              {!ordered && largest.data && <Bars rows={largest.data.rows} by={by} />}
              {!ordered && largest.isPending && <Rows count={8} />}
              {!ordered && <LoadProblem query={largest} />}
            </Section>
          )}
          <Section title={words.table} lead={words.rows(rows.length, first.row_count)}>
            <ReportTable
              rows={rows}
              by={by}
              sort={sort}
              up={up}
              compare={compare}
              opened={(row) => openedRow(row.key, by, search, { from: first.from, to: first.to })}
              onSort={(column, rising) => {
                const { up: _, ...rest } = search;
                onSearch({ ...rest, sort: column, ...(rising ? { up: true } : {}) });
              }}
            />
            {report.hasNextPage && (
              <div>
                <Button
                  variant="default"
                  loading={report.isFetchingNextPage}
                  onClick={() => void report.fetchNextPage()}
                >
                  {shared.more}
                </Button>
              </div>
            )}
          </Section>
          <Heat days={days} ofProject={search.project !== undefined} />
        </>
      )}
      {!report.isPending && <Views search={search} />}
    </Page>
  );
}
