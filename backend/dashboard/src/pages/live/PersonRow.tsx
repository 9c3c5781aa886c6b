/** One person: name, state with its shape and word, application and since when, today, contact. */
import { Link } from "@tanstack/react-router";
import { memo } from "react";
import type { PersonState } from "../../api/types";
import { age } from "../../format/duration";
import { clock, exact, millis } from "../../format/instant";
import type { Axis } from "../../live/day";
import { useNow } from "../../live/now";
import { text } from "../../text/en";
import { hue, initials } from "../../ui/initials";
import { StateMark } from "../../ui/StateMark";
import classes from "./People.module.css";
import { TodayBar } from "./TodayBar";

const words = text.live;

interface Props {
  person: PersonState;
  axis: Axis;
  clockOffset: number;
  /** Its place among the rows, counted from 1 without the header. */
  index: number;
  top: number;
  /** The viewer themself: their day is their own page. */
  self: boolean;
}

export const PersonRow = memo(function PersonRow(props: Props) {
  const { person } = props;
  const name = person.name.trim() === "" ? words.noName : person.name;
  // A reason from a newer server is shown as it is: better a rough word than none.
  const reason = person.reason ? (text.reason[person.reason] ?? person.reason) : null;
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
        <Link
          {...(props.self
            ? { to: "/me" }
            : { to: "/people/$id/day", params: { id: person.user_id } })}
          className={classes.name}
          title={name}
        >
          <bdi>{name}</bdi>
        </Link>
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
        <Contact
          at={millis(person.last_contact_at)}
          online={person.online}
          clockOffset={props.clockOffset}
        />
      </Cell>
    </div>
  );
});

/** A running session whose device is silent: the day's figures end with the last contact. */
function knownUntil(person: PersonState): string | null {
  const at = millis(person.last_contact_at);
  return person.status === "offline" && at !== null ? clock(at, Date.now()) : null;
}

function Cell(props: { area: string; children: React.ReactNode }) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: see the row
    <div role="cell" className={classes[props.area]}>
      {props.children}
    </div>
  );
}

function Application(props: { name: string | null }) {
  if (props.name === null || props.name.trim() === "") {
    return <span className={classes.noApplication}>{words.noApplication}</span>;
  }
  return (
    <span className={classes["application-name"]}>
      <i
        className={classes.tint}
        style={{ backgroundColor: `hsl(${hue(props.name)} 55% var(--wp-app-lightness))` }}
        aria-hidden="true"
      />
      <bdi title={props.name}>{props.name}</bdi>
    </span>
  );
}

function Since(props: { at: number | null; clockOffset: number }) {
  const now = useNow();
  if (props.at === null) return null;
  const seconds = (now + props.clockOffset - props.at) / 1000;
  return (
    <span className={`${classes.since} wp-numbers`} title={exact(props.at)}>
      {words.since(clock(props.at, now))}, {age(Math.max(0, seconds))}
    </span>
  );
}

/** Signs of life between events are not pushed, so an old time of somebody online says too little. */
function Contact(props: { at: number | null; online: boolean; clockOffset: number }) {
  const now = useNow();
  if (props.at === null) return <span className={classes.dim}>{words.never}</span>;
  const seconds = Math.max(0, (now + props.clockOffset - props.at) / 1000);
  if (props.online && seconds >= 90) return <span>{words.inContact}</span>;
  return (
    <span className="wp-numbers" title={exact(props.at)}>
      {seconds < 5 ? words.now : words.ago(age(seconds))}
    </span>
  );
}
