/** The days with their figures, as a table. */
import { Link } from "@tanstack/react-router";
import type { ReportRow } from "../api/reports";
import { duration } from "../format/duration";
import { dayInWords } from "../format/instant";
import { percent } from "../format/percent";
import { reports as reportWords } from "../text/reports";
import { weeks as words } from "../text/weeks";
import { Table } from "../ui/Table";
import type { DayLink } from "./dayLink";

export function DayTable(props: { rows: readonly ReportRow[]; dayLink: DayLink }) {
  const rows = [...props.rows].sort((a, b) => (a.key < b.key ? -1 : 1));
  const figure = (head: string, cell: (row: ReportRow) => string) =>
    ({ head, kind: "number", cell }) as const;
  return (
    <Table
      label={words.table}
      rows={rows}
      rowKey={(row) => row.key}
      columns={[
        {
          head: reportWords.groups.day ?? "",
          kind: "main",
          cell: (row) => (
            <Link {...props.dayLink} search={{ date: row.key }}>
              {dayInWords(row.key)}
            </Link>
          ),
        },
        figure(reportWords.worked, (row) => duration(row.worked_seconds)),
        figure(reportWords.active, (row) => duration(row.active_seconds)),
        figure(reportWords.idle, (row) => duration(row.idle_seconds)),
        figure(reportWords.unobserved, (row) => duration(row.unobserved_seconds ?? 0)),
        figure(reportWords.score, (row) => (row.score == null ? "–" : percent(row.score))),
      ]}
    />
  );
}
