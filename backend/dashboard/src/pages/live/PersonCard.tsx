/** One person as a card: the same as a row says, for a wall or a phone. */
import { memo } from "react";
import type { PersonState } from "../../api/types";
import { millis } from "../../format/instant";
import type { Axis } from "../../live/day";
import type { Clock } from "../../live/hours";
import { text } from "../../text/en";
import { initials } from "../../ui/initials";
import { StateMark } from "../../ui/StateMark";
import classes from "./Cards.module.css";
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
  /** The viewer themself: their day is their own page. */
  self: boolean;
}

export const PersonCard = memo(function PersonCard(props: Props) {
  const { person, clockOffset } = props;
  const name = nameOf(person);
  const state = [text.status[person.status] ?? person.status, reasonOf(person)].filter(Boolean);
  return (
    // biome-ignore lint/a11y/useSemanticElements: a card is positioned in its line, which list elements do not allow
    <div
      role="listitem"
      aria-label={name}
      className={classes.card}
      data-user-id={person.user_id}
      data-status={person.status}
    >
      <span className={classes.avatar} aria-hidden="true">
        {initials(name)}
      </span>
      <div className={classes.person}>
        <span className={classes.who}>
          <PersonLink person={person} self={props.self} className={classes.name} />
          <AlertMark person={person} count={props.alerts} />
        </span>
        <span className={classes.state}>
          <StateMark status={person.status} />
          <span title={state.join(", ")}>{state.join(", ")}</span>
        </span>
      </div>
      <div className={classes.contact}>
        <Contact
          at={millis(person.last_contact_at)}
          online={person.online}
          clockOffset={clockOffset}
        />
      </div>
      <div className={classes.now}>
        <div className={classes.application}>
          <Application name={person.application ?? null} />
          <Since at={millis(person.since)} clockOffset={clockOffset} />
        </div>
        <div className={classes.hours}>
          <TodayHours hours={person.hours} clock={props.clock} />
        </div>
      </div>
      <div className={classes.today}>
        <TodayBar day={person.today} axis={props.axis} until={knownUntil(person)} />
      </div>
    </div>
  );
});
