/** Everyone as cards, as many side by side as fit; only the lines in view exist. */
import { useElementSize } from "@mantine/hooks";
import type { Axis } from "../../live/day";
import { type Group, linesOf } from "../../live/groups";
import type { Clock } from "../../live/hours";
import { text } from "../../text/en";
import classes from "./Cards.module.css";
import { GroupHeading, HEADING } from "./GroupHeading";
import { PersonCard } from "./PersonCard";
import { useHold } from "./useHold";
import { useLines } from "./useLines";

/** The narrowest card, the space between two, and a line of them with the space below. */
const NARROWEST = 300;
const GAP = 16;
const LINE = 196;

interface Props {
  groups: readonly Group[];
  headed: boolean;
  axis: Axis;
  clock: Clock;
  clockOffset: number;
  /** How many alerts are open of a person. */
  alerts: ReadonlyMap<string, number>;
  self: boolean;
  onHold: (hold: boolean) => void;
}

export function Cards(props: Props) {
  const { ref, width } = useElementSize();
  const across = Math.max(1, Math.floor((width + GAP) / (NARROWEST + GAP)));
  const lines = linesOf(props.groups, across, props.headed);
  const { list, top, total, items } = useLines(lines, (line) =>
    line.kind === "heading" ? HEADING : LINE,
  );
  return (
    // biome-ignore lint/a11y/useSemanticElements: the cards are positioned in lines, which list elements do not allow
    <div
      ref={ref}
      role="list"
      aria-label={text.live.people}
      className={classes.cards}
      {...useHold(props.onHold)}
    >
      <div ref={list} role="presentation" className={classes.lines} style={{ height: total }}>
        {items.map(({ line, start }) => (
          <div
            key={line.key}
            role="presentation"
            className={classes.line}
            style={{
              transform: `translateY(${start - top}px)`,
              gridTemplateColumns: `repeat(${line.kind === "heading" ? 1 : across}, minmax(0, 1fr))`,
            }}
          >
            {line.kind === "heading" ? (
              // biome-ignore lint/a11y/useSemanticElements: see the list
              <div role="listitem">
                <GroupHeading group={line.group} />
              </div>
            ) : (
              line.people.map((person) => (
                <PersonCard
                  key={person.user_id}
                  person={person}
                  axis={props.axis}
                  clock={props.clock}
                  clockOffset={props.clockOffset}
                  alerts={props.alerts.get(person.user_id) ?? 0}
                  self={props.self}
                />
              ))
            )}
          </div>
        ))}
      </div>
    </div>
  );
}
