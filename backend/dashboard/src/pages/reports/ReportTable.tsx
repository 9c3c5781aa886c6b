/** All rows of a report; a column's head sorts by it, on the server. */
import { IconArrowDown, IconArrowUp } from "@tabler/icons-react";
import type { ReportRow } from "../../api/reports";
import { duration } from "../../format/duration";
import { reports as words } from "../../text/reports";
import type { Group, Sort } from "./address";
import { change, labelOf, percent } from "./figures";
import classes from "./Reports.module.css";

interface Props {
  rows: readonly ReportRow[];
  by: Group;
  sort: Sort;
  up: boolean;
  compare: boolean;
  onSort: (sort: Sort, up: boolean) => void;
}

interface Cell {
  sort?: Sort;
  head: string;
  text: (row: ReportRow) => string;
}

export function ReportTable(props: Props) {
  const observed = !["application", "domain", "category"].includes(props.by);
  const cells: Cell[] = [
    { sort: "worked", head: words.worked, text: (row) => duration(row.worked_seconds) },
    { sort: "active", head: words.active, text: (row) => duration(row.active_seconds) },
    { sort: "idle", head: words.idle, text: (row) => duration(row.idle_seconds) },
    ...(observed
      ? [
          {
            sort: "unobserved" as const,
            head: words.unobserved,
            text: (row: ReportRow) =>
              row.unobserved_seconds == null ? "–" : duration(row.unobserved_seconds),
          },
        ]
      : []),
    {
      sort: "score",
      head: words.score,
      text: (row) => (row.score == null ? "–" : percent(row.score)),
    },
    { head: words.share, text: (row) => (row.share == null ? "–" : percent(row.share)) },
    ...(props.compare
      ? [{ head: words.change, text: (row: ReportRow) => change(row) ?? "–" }]
      : []),
  ];
  const head = (cell: { sort?: Sort; head: string }) => {
    const here = cell.sort === props.sort;
    return (
      <th
        key={cell.head}
        scope="col"
        aria-sort={here ? (props.up ? "ascending" : "descending") : undefined}
      >
        {cell.sort ? (
          <button
            type="button"
            className={classes.sort}
            data-here={here}
            title={words.sortBy(cell.head)}
            onClick={() =>
              props.onSort(cell.sort ?? "worked", here ? !props.up : cell.sort === "label")
            }
          >
            {cell.head}
            {here &&
              (props.up ? (
                <IconArrowUp size={14} aria-hidden="true" />
              ) : (
                <IconArrowDown size={14} aria-hidden="true" />
              ))}
          </button>
        ) : (
          cell.head
        )}
      </th>
    );
  };
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: on a phone it scrolls, by keyboard too
    <section className={classes.scroll} aria-label={words.table} tabIndex={0}>
      <table className={classes.table} aria-label={words.table}>
        <thead>
          <tr>
            {head({ sort: "label", head: words.groups[props.by] ?? props.by })}
            {cells.map(head)}
          </tr>
        </thead>
        <tbody>
          {props.rows.map((row) => (
            <tr key={row.key}>
              <th scope="row">
                <bdi>{labelOf(row, props.by)}</bdi>
              </th>
              {cells.map((cell) => (
                <td key={cell.head}>{cell.text(row)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
