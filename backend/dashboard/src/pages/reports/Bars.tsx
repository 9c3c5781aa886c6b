/** The largest rows as bars with their labels beside them. */
import type { ReportRow } from "../../api/reports";
import { duration } from "../../format/duration";
import type { Group } from "./address";
import { labelOf } from "./figures";
import { Key } from "./Key";
import classes from "./Reports.module.css";

/** As many as are drawn. */
export const MOST_BARS = 12;

/** A drawing of what the table says: for screen readers the table is enough. */
export function Bars(props: { rows: readonly ReportRow[]; by: Group }) {
  const most = Math.max(1, ...props.rows.map((row) => row.worked_seconds));
  const rows = [...props.rows]
    .sort((a, b) => b.worked_seconds - a.worked_seconds)
    .slice(0, MOST_BARS);
  return (
    <div>
      <div className={classes.bars} aria-hidden="true">
        {rows.map((row) => (
          <div key={row.key} className={classes.bar}>
            <bdi>{labelOf(row, props.by)}</bdi>
            <svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
              <rect
                className={classes.active}
                x={0}
                y={0}
                height={10}
                width={(100 * row.active_seconds) / most}
              />
              <rect
                className={classes.idle}
                x={(100 * row.active_seconds) / most}
                y={0}
                height={10}
                width={(100 * row.idle_seconds) / most}
              />
            </svg>
            <span>{duration(row.worked_seconds)}</span>
          </div>
        ))}
      </div>
      <Key />
    </div>
  );
}
