/** The largest rows as bars with their labels beside them; days as columns in their order. */
import type { ReportRow } from "../../api/reports";
import { duration } from "../../format/duration";
import type { Group } from "./address";
import { labelOf } from "./figures";
import classes from "./Reports.module.css";

const MOST = 12;

/** A drawing of what the table says: for screen readers the table is enough. */
export function Bars(props: { rows: readonly ReportRow[]; by: Group }) {
  const inOrder = props.by === "day" || props.by === "hour";
  const most = Math.max(1, ...props.rows.map((row) => row.worked_seconds));
  if (inOrder) {
    const rows = [...props.rows].sort((a, b) =>
      props.by === "hour" ? Number(a.key) - Number(b.key) : a.key < b.key ? -1 : 1,
    );
    return (
      <svg
        className={classes.columns}
        viewBox={`0 0 ${rows.length * 10} 100`}
        preserveAspectRatio="none"
        aria-hidden="true"
      >
        {rows.map((row, index) => {
          const active = (96 * row.active_seconds) / most;
          const idle = (96 * row.idle_seconds) / most;
          return (
            <g key={row.key}>
              <title>{`${labelOf(row, props.by)}: ${duration(row.worked_seconds)}`}</title>
              <rect
                className={classes.active}
                x={index * 10 + 1}
                y={100 - active}
                width={8}
                height={active}
              />
              <rect
                className={classes.idle}
                x={index * 10 + 1}
                y={100 - active - idle}
                width={8}
                height={idle}
              />
            </g>
          );
        })}
      </svg>
    );
  }
  const rows = [...props.rows].sort((a, b) => b.worked_seconds - a.worked_seconds).slice(0, MOST);
  return (
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
  );
}
