/** Everyone, as one long table of which only the rows in view exist: a thousand people stay light. */
import { useMediaQuery } from "@mantine/hooks";
import type { Axis } from "../../live/day";
import type { Line } from "../../live/groups";
import type { Clock } from "../../live/hours";
import { text } from "../../text/en";
import { GroupHeading, HEADING } from "./GroupHeading";
import classes from "./People.module.css";
import { PersonRow } from "./PersonRow";
import { AxisLabels } from "./TodayBar";
import { useHold } from "./useHold";
import { useLines } from "./useLines";

const words = text.live;
const COLUMNS = ["person", "state", "application", "today", "contact"] as const;

/** Heights of a row in pixels; the style sheet has the same three layouts. */
const WIDE = 72;
const MEDIUM = 112;
const NARROW = 180;

interface Props {
  /** One person a line. */
  lines: readonly Line[];
  axis: Axis;
  clock: Clock;
  clockOffset: number;
  /** How many alerts are open of a person. */
  alerts: ReadonlyMap<string, number>;
  /** Only oneself is shown. */
  self: boolean;
  onHold: (hold: boolean) => void;
}

export function People(props: Props) {
  const height = useRowHeight();
  const { list, top, total, items } = useLines(props.lines, (line) =>
    line.kind === "heading" ? HEADING : height,
  );
  return (
    // biome-ignore lint/a11y/useSemanticElements: a virtual list positions its rows, which table elements do not allow
    <div
      role="table"
      aria-label={words.people}
      aria-rowcount={props.lines.length + 1}
      aria-colcount={COLUMNS.length}
      className={classes.people}
      {...useHold(props.onHold)}
    >
      {/* biome-ignore lint/a11y/useSemanticElements: see the table */}
      {/* biome-ignore lint/a11y/useFocusableInteractive: see the table */}
      <div role="row" aria-rowindex={1} className={classes.head}>
        {COLUMNS.map((column) => (
          // biome-ignore lint/a11y/useSemanticElements: see the table
          // biome-ignore lint/a11y/useFocusableInteractive: see the table
          <div key={column} role="columnheader" className={classes[`head-${column}`]}>
            {column === "contact" && <span>{words.hours}</span>}
            {words.columns[column]}
            {column === "today" && <AxisLabels axis={props.axis} />}
          </div>
        ))}
      </div>
      {/* biome-ignore lint/a11y/useSemanticElements: see the table */}
      <div role="rowgroup" ref={list} className={classes.list} style={{ height: total }}>
        {items.map(({ line, index, start }) => {
          if (line.kind === "heading") {
            return (
              // biome-ignore lint/a11y/useSemanticElements: see the table
              // biome-ignore lint/a11y/useFocusableInteractive: see the table
              <div
                key={line.key}
                role="row"
                aria-rowindex={index + 2}
                className={classes.heading}
                style={{ transform: `translateY(${start - top}px)`, height: HEADING }}
              >
                {/* biome-ignore lint/a11y/useSemanticElements: see the table */}
                {/* biome-ignore lint/a11y/useFocusableInteractive: see the table */}
                <div role="rowheader" aria-colspan={COLUMNS.length}>
                  <GroupHeading group={line.group} />
                </div>
              </div>
            );
          }
          return line.people.map((person) => (
            <PersonRow
              key={line.key}
              person={person}
              axis={props.axis}
              clock={props.clock}
              clockOffset={props.clockOffset}
              alerts={props.alerts.get(person.user_id) ?? 0}
              index={index + 1}
              top={start - top}
              self={props.self}
            />
          ));
        })}
      </div>
    </div>
  );
}

function useRowHeight(): number {
  const now = { getInitialValueInEffect: false };
  const wide = useMediaQuery("(min-width: 85em)", true, now);
  const medium = useMediaQuery("(min-width: 44em)", true, now);
  return wide ? WIDE : medium ? MEDIUM : NARROW;
}
