/**
 * A table that becomes a list of facts on a phone. Its roles are spelled out because another
 * `display` takes them from the elements.
 */
import type { ReactNode } from "react";
import classes from "./Table.module.css";

export interface Column<Row> {
  head: string;
  /** `main` names the row; `end` holds what can be done with it. */
  kind?: "main" | "number" | "end";
  cell: (row: Row) => ReactNode;
}

export function Table<Row>(props: {
  label: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  rowKey: (row: Row) => string;
}) {
  return (
    // biome-ignore-start lint/a11y/noRedundantRoles: see above
    <table className={classes.table} role="table" aria-label={props.label}>
      <thead role="rowgroup">
        <tr role="row">
          {props.columns.map((column) => (
            <th key={column.head} role="columnheader" scope="col" data-kind={column.kind}>
              <span className={column.kind === "end" ? "wp-hidden" : ""}>{column.head}</span>
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
