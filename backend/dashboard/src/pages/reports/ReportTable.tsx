/** All rows of a report; a column's head sorts by it, on the server. */
import { Link } from "@tanstack/react-router";
import type { ReportRow } from "../../api/reports";
import { duration } from "../../format/duration";
import { percent } from "../../format/percent";
import { reports as words } from "../../text/reports";
import { Sideways } from "../../ui/Sideways";
import { ariaSort, SortButton } from "../../ui/Sort";
import type { Group, Sort } from "./address";
import type { Opened } from "./drill";
import { change, labelOf } from "./figures";
import classes from "./Reports.module.css";

interface Props {
  rows: readonly ReportRow[];
  by: Group;
  sort: Sort;
  up: boolean;
  compare: boolean;
  /** Where a row's figures are opened further down. */
  opened: (row: ReportRow) => Opened | null;
  onSort: (sort: Sort, up: boolean) => void;
}

interface Cell {
  sort: Sort;
  /** Another column has this order already, and says it. */
  same?: boolean;
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
    // Of one total: the order of the shares is that of the time worked.
    {
      sort: "worked",
      same: true,
      head: words.share,
      text: (row) => (row.share == null ? "–" : percent(row.share)),
    },
    ...(props.compare
      ? [
          {
            sort: "change" as const,
            head: words.change,
            text: (row: ReportRow) => change(row) ?? "–",
          },
        ]
      : []),
  ];
  const head = (cell: Omit<Cell, "text">) => {
    const here = cell.sort === props.sort;
    // Of two columns in the same order one is marked as sorted, for eyes and for screen readers.
    const marked = here && !cell.same;
    return (
      <th key={cell.head} scope="col" aria-sort={ariaSort(marked, props.up)}>
        <SortButton
          head={cell.head}
          here={marked}
          up={props.up}
          onClick={() => props.onSort(cell.sort, here ? !props.up : cell.sort === "label")}
        />
      </th>
    );
  };
  return (
    <Sideways label={words.table}>
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
                <Name to={props.opened(row)}>{labelOf(row, props.by)}</Name>
              </th>
              {cells.map((cell) => (
                <td key={cell.head}>{cell.text(row)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </Sideways>
  );
}

function Name(props: { to: Opened | null; children: string }) {
  const name = <bdi>{props.children}</bdi>;
  return props.to ? <Link {...props.to}>{name}</Link> : name;
}
