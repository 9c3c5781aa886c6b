/** Days or hours as columns in their order; one of which nothing is known keeps its place. */
import type { ReportRow } from "../../api/reports";
import { duration } from "../../format/duration";
import { dayInShort } from "../../format/instant";
import { reports as words } from "../../text/reports";
import { daysIn } from "../../weeks/span";
import { labelOf } from "./figures";
import { Key } from "./Key";
import classes from "./Reports.module.css";
import type { DayRange } from "./range";

/** More would run into each other on a phone. */
const MOST_TICKS = 6;
/** How much of the width a label needs, at least, on a phone. */
const LABEL = 0.14;

interface Props {
  rows: readonly ReportRow[];
  by: "day" | "hour";
  /** What was asked for. Days to come have no place. */
  range: DayRange;
  today: string;
}

/** The places of the columns that carry a label: evenly, and none that would stick out. */
export function ticksOf(count: number): number[] {
  const step = Math.max(1, Math.ceil(count / MOST_TICKS));
  const places = Array.from({ length: Math.ceil(count / step) }, (_, i) => i * step);
  return places.filter((place) => place === 0 || 1 - place / count >= LABEL);
}

/** A drawing of what the table says: for screen readers the table is enough. */
export function Columns(props: Props) {
  const { by, range, today } = props;
  const keys =
    by === "hour"
      ? Array.from({ length: 24 }, (_, hour) => String(hour))
      : daysIn(range).filter((day) => day <= today);
  const rows = new Map(props.rows.map((row) => [row.key, row]));
  const most = Math.max(1, ...props.rows.map((row) => row.worked_seconds));
  return (
    <figure className={classes.chart} aria-hidden="true">
      <span>{words.most(duration(most))}</span>
      <svg
        className={classes.columns}
        viewBox={`0 0 ${Math.max(1, keys.length) * 10} 100`}
        preserveAspectRatio="none"
        aria-hidden="true"
      >
        {keys.map((key, index) => {
          const row = rows.get(key);
          if (row === undefined) return null;
          const active = (100 * row.active_seconds) / most;
          const idle = (100 * row.idle_seconds) / most;
          return (
            <g key={key}>
              <title>{`${labelOf(row, by)}: ${duration(row.worked_seconds)}`}</title>
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
      <div className={classes.ticks}>
        {ticksOf(keys.length).map((place) => (
          <span key={place} style={{ insetInlineStart: `${(100 * place) / keys.length}%` }}>
            {by === "hour" ? words.hour(place) : dayInShort(keys[place] ?? "")}
          </span>
        ))}
      </div>
      <Key />
    </figure>
  );
}
