/**
 * A table that becomes a list of facts on a phone. Its roles are spelled out because another
 * `display` takes them from the elements.
 */
import type { ReactNode } from "react";
import { shared } from "../text/shared";
import { ariaSort, type Order, SortButton } from "./Sort";
import classes from "./Table.module.css";

export interface Column<Row> {
  head: string;
  /** `main` names the row; `end` holds what can be done with it. */
  kind?: "main" | "number" | "end";
  /** The order that a first click on the head asks for; a second one asks for its reverse. */
  sort?: Order;
  cell: (row: Row) => ReactNode;
}

export function Table<Row>(props: {
  label: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  rowKey: (row: Row) => string;
  /** The order that the rows are in, where one can choose it. */
  order?: Order | undefined;
  onOrder?: (order: Order) => void;
}) {
  const { order, onOrder } = props;
  const head = (column: Column<Row>) => {
    const { sort } = column;
    if (sort === undefined || onOrder === undefined) {
      return <span className={column.kind === "end" ? "wp-hidden" : ""}>{column.head}</span>;
    }
    const here = order?.by === sort.by;
    return (
      <SortButton
        head={column.head}
        here={here}
        up={order?.up ?? sort.up}
        onClick={() => onOrder(here ? { ...order, up: !order.up } : sort)}
      />
    );
  };
  return (
    // biome-ignore-start lint/a11y/noRedundantRoles: see above
    <table className={classes.table} role="table" aria-label={props.label}>
      {/* On a phone the head is not seen, unless it sorts: then its buttons stand above the list. */}
      <thead role="rowgroup" data-sorts={onOrder ? true : undefined}>
        <tr role="row" data-label={onOrder ? shared.sort : undefined}>
          {props.columns.map((column) => (
            <th
              key={column.head}
              role="columnheader"
              scope="col"
              data-kind={column.kind}
              aria-sort={ariaSort(
                order !== undefined && order.by === column.sort?.by,
                order?.up ?? false,
              )}
            >
              {head(column)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody role="rowgroup">
        {props.rows.map((row) => (
          <tr key={props.rowKey(row)} role="row">
            {props.columns.map((column) => (
              <td key={column.head} role="cell" data-kind={column.kind}>
                {column.kind !== "main" && column.kind !== "end" && (
                  <span className={classes.label} aria-hidden="true">
                    {column.head}
                  </span>
                )}
                <div className={classes.value}>{column.cell(row)}</div>
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
    // biome-ignore-end lint/a11y/noRedundantRoles: see above
  );
}
