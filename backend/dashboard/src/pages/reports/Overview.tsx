/** How the days went: a sentence, bars, the table, and when of the week work is done. */
import { Button } from "@mantine/core";
import { useInfiniteQuery, useMutation, useQuery } from "@tanstack/react-query";
import { type ReportQuery, reports } from "../../api/reports";
import { dayInWords } from "../../format/instant";
import { reports as words } from "../../text/reports";
import { shared } from "../../text/shared";
import { Choice, Tick } from "../../ui/Form";
import { Empty, Page, Rows, Section } from "../../ui/Page";
import { ProblemNote } from "../../ui/ProblemNote";
import { saveFile } from "../../ui/saveFile";
import { GROUPS, type ReportSearch } from "./address";
import { Bars } from "./Bars";
import { accounted, headline } from "./figures";
import { HeatTable } from "./HeatTable";
import classes from "./Reports.module.css";
import { ReportTable } from "./ReportTable";
import { ReportTabs } from "./ReportTabs";
import { rangeOf, Toolbar } from "./Toolbar";
import { Views } from "./Views";

interface Props {
  search: ReportSearch;
  /** Today in the organization's zone. */
  today: string;
  onSearch: (search: ReportSearch) => void;
}

export function Overview(props: Props) {
  const { search, today, onSearch } = props;
  const range = rangeOf(search, today);
  const by = search.by ?? "person";
  const inOrder = by === "day" || by === "hour";
  const sort = search.sort ?? (inOrder ? "label" : "worked");
  const up = search.up ?? (search.sort === undefined && inOrder);
  const compare = search.compare ?? true;
  const whose = {
    ...range,
    ...(search.team === undefined ? {} : { team_id: search.team }),
    ...(search.person === undefined ? {} : { user_id: search.person }),
  };
  const question: ReportQuery = { ...whose, group_by: by, compare, sort, descending: !up };
  const report = useInfiniteQuery({
    queryKey: ["reports", "rows", question],
    queryFn: ({ pageParam }) => reports.rows(question, pageParam),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor ?? null,
    // Another order or range keeps what is seen until the new rows are there: nothing jumps.
    placeholderData: (before) => (before?.pages[0]?.group_by === by ? before : undefined),
  });
  const heat = useQuery({
    queryKey: ["reports", "heatmap", whose],
    queryFn: () => reports.heatmap(whose),
    placeholderData: (before) => before,
  });
  const file = useMutation({
    mutationFn: (format: "csv" | "xlsx" | "pdf") => reports.file(question, format),
    onSuccess: saveFile,
  });
  const first = report.data?.pages[0];
  const rows = report.data?.pages.flatMap((page) => page.rows) ?? [];
  return (
    <Page
      title={words.title}
      lead={first && words.zone(first.time_zone)}
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
          options={GROUPS.map((value) => ({ value, label: words.groups[value] ?? value }))}
          onChange={(value) => {
            const { sort: _, up: __, ...rest } = search;
            onSearch({ ...rest, by: value });
          }}
        />
        <Tick
          label={words.compare}
          checked={compare}
          onChange={(on) => {
            const { compare: _, ...rest } = search;
            onSearch(on ? rest : { ...rest, compare: false });
          }}
        />
      </Toolbar>
      {file.error && <ProblemNote error={file.error} />}
      {report.isPending && <Rows count={8} />}
      {report.error && (
        <ProblemNote
          heading={shared.failed}
          error={report.error}
          onRetry={() => void report.refetch()}
        />
      )}
      {first && rows.length === 0 && (
        <Empty title={words.nothing}>
          <p>{words.nothingHint}</p>
        </Empty>
      )}
      {first && rows.length > 0 && (
        <>
          <div>
            <p className={classes.headline}>
              {headline(first.people, first.total, first.compared, dayInWords)}
            </p>
            {accounted(first.total) && <p className={classes.dim}>{accounted(first.total)}</p>}
          </div>
          <Section title={inOrder ? words.chartDays : words.chart}>
            <Bars rows={rows} by={by} />
          </Section>
          <Section title={words.table} lead={words.rows(rows.length, first.row_count)}>
            <ReportTable
              rows={rows}
              by={by}
              sort={sort}
              up={up}
              compare={compare}
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
          {heat.data && (
            <Section title={words.heat} lead={words.heatLead}>
              <HeatTable heat={heat.data} />
            </Section>
          )}
        </>
      )}
      <Views search={search} />
    </Page>
  );
}
