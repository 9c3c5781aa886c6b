/** Everyone, as one long table of which only the rows in view exist: a thousand people stay light. */
import { useMediaQuery } from "@mantine/hooks";
import { useWindowVirtualizer } from "@tanstack/react-virtual";
import { useLayoutEffect, useRef, useState } from "react";
import type { PersonState } from "../../api/types";
import type { Axis } from "../../live/day";
import { text } from "../../text/en";
import classes from "./People.module.css";
import { PersonRow } from "./PersonRow";
import { AxisLabels } from "./TodayBar";

const words = text.live;
const COLUMNS = ["person", "state", "application", "today", "contact"] as const;

/** Heights of a row in pixels; the style sheet has the same three layouts. */
const WIDE = 72;
const MEDIUM = 112;
const NARROW = 180;

interface Props {
  rows: readonly PersonState[];
  axis: Axis;
  clockOffset: number;
  /** Only oneself is shown. */
  self: boolean;
  onHold: (hold: boolean) => void;
}

export function People(props: Props) {
  const height = useRowHeight();
  const list = useRef<HTMLDivElement>(null);
  const [offset, setOffset] = useState(0);
  useLayoutEffect(() => {
    const measure = () => {
      const box = list.current?.getBoundingClientRect();
      if (box) setOffset(Math.round(box.top + window.scrollY));
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(document.body);
    return () => observer.disconnect();
  }, []);
  const virtual = useWindowVirtualizer({
    count: props.rows.length,
    estimateSize: () => height,
    getItemKey: (index) => props.rows[index]?.user_id ?? index,
    overscan: 6,
    scrollMargin: offset,
  });
  // The height follows the layout, and nothing is measured row by row.
  useLayoutEffect(() => {
    if (height > 0) virtual.measure();
  }, [height, virtual]);

  return (
    // biome-ignore lint/a11y/useSemanticElements: a virtual list positions its rows, which table elements do not allow
    <div
      role="table"
      aria-label={words.people}
      aria-rowcount={props.rows.length + 1}
      aria-colcount={COLUMNS.length}
      className={classes.people}
      // A finger does not hover: its touch must not hold the order for good.
      onPointerEnter={(event) => props.onHold(event.pointerType === "mouse")}
      onPointerLeave={(event) => props.onHold(reachedByKeys(event.currentTarget))}
      // Nor does a row move away under whoever goes through them with keys.
      onFocus={(event) => {
        if (reachedByKeys(event.currentTarget)) props.onHold(true);
      }}
      onBlur={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget)) props.onHold(false);
      }}
    >
      {/* biome-ignore lint/a11y/useSemanticElements: see the table */}
      {/* biome-ignore lint/a11y/useFocusableInteractive: see the table */}
      <div role="row" aria-rowindex={1} className={classes.head}>
        {COLUMNS.map((column) => (
          // biome-ignore lint/a11y/useSemanticElements: see the table
          // biome-ignore lint/a11y/useFocusableInteractive: see the table
          <div key={column} role="columnheader" className={classes[`head-${column}`]}>
            {words.columns[column]}
            {column === "today" && <AxisLabels axis={props.axis} />}
          </div>
        ))}
      </div>
      {/* biome-ignore lint/a11y/useSemanticElements: see the table */}
      <div
        role="rowgroup"
        ref={list}
        className={classes.list}
        style={{ height: virtual.getTotalSize() }}
      >
        {virtual.getVirtualItems().map((item) => {
          const person = props.rows[item.index];
          return person ? (
            <PersonRow
              key={person.user_id}
              person={person}
              axis={props.axis}
              clockOffset={props.clockOffset}
              index={item.index + 1}
              top={item.start - offset}
              self={props.self}
            />
          ) : null;
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

/** A click leaves a focus as well, which nobody sees and which must hold nothing. */
function reachedByKeys(list: Element): boolean {
  return list.querySelector(":focus-visible") !== null;
}
