/** One person: name, state with its shape and word, application and since when, today, contact. */
import { memo } from "react";
import type { PersonState } from "../../api/types";
import { millis } from "../../format/instant";
import type { Axis } from "../../live/day";
import type { Clock } from "../../live/hours";
import { text } from "../../text/en";
import { initials } from "../../ui/initials";
import { StateMark } from "../../ui/StateMark";
import classes from "./People.module.css";
import {
  AlertMark,
  Application,
  Contact,
  knownUntil,
  nameOf,
  PersonLink,
  reasonOf,
  Since,
} from "./PersonParts";
import { TodayBar } from "./TodayBar";
import { TodayHours } from "./TodayHours";

interface Props {
  person: PersonState;
  axis: Axis;
  clock: Clock;
  clockOffset: number;
  /** How many alerts are open of the person. */
  alerts: number;
  /** Its place among the rows, counted from 1 without the header. */
  index: number;
  top: number;
  /** The viewer themself: their day is their own page. */
  self: boolean;
}

export const PersonRow = memo(function PersonRow(props: Props) {
  const { person } = props;
  const name = nameOf(person);
  const reason = reasonOf(person);
  return (
    // biome-ignore lint/a11y/useSemanticElements: rows are positioned by the virtual list, which table elements do not allow
    // biome-ignore lint/a11y/useFocusableInteractive: a row is read, not operated
    <div
      role="row"
      aria-rowindex={props.index + 1}
      aria-label={name}
      className={classes.row}
      data-user-id={person.user_id}
      data-status={person.status}
      data-online={person.online}
      data-active-seconds={person.today.active_seconds}
      data-idle-seconds={person.today.idle_seconds}
      data-unobserved-seconds={person.today.unobserved_seconds}
      style={{ transform: `translateY(${props.top}px)` }}
    >
      <Cell area="person">
        <span className={classes.avatar} aria-hidden="true">
          {initials(name)}
        </span>
        <PersonLink person={person} self={props.self} className={classes.name} />
        <AlertMark person={person} count={props.alerts} />
      </Cell>
      <Cell area="state">
        <StateMark status={person.status} />
        <span className={classes.word}>
          {text.status[person.status] ?? person.status}
          {reason && <span className={classes.reason}>{reason}</span>}
        </span>
      </Cell>
      <Cell area="application">
        <Application name={person.application ?? null} />
        <Since at={millis(person.since)} clockOffset={props.clockOffset} />
      </Cell>
      <Cell area="today">
        <TodayBar day={person.today} axis={props.axis} until={knownUntil(person)} />
      </Cell>
      <Cell area="contact">
        <TodayHours hours={person.hours} clock={props.clock} />
        <Contact
          at={millis(person.last_contact_at)}
          online={person.online}
          clockOffset={props.clockOffset}
        />
      </Cell>
    </div>
  );
});

function Cell(props: { area: string; children: React.ReactNode }) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: see the row
    <div role="cell" className={classes[props.area]}>
      {props.children}
    </div>
  );
}
