/** What rows and cards say of a person, in the same words. */
import { IconAlertTriangle } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import type { PersonState } from "../../api/types";
import { age } from "../../format/duration";
import { clock, exact, millis } from "../../format/instant";
import { useNow } from "../../live/now";
import { alerts as alertWords } from "../../text/alerts";
import { text } from "../../text/en";
import { hue } from "../../ui/initials";
import classes from "./People.module.css";

const words = text.live;

export function nameOf(person: PersonState): string {
  return person.name.trim() === "" ? words.noName : person.name;
}

/** A reason from a newer server is shown as it is: better a rough word than none. */
export function reasonOf(person: PersonState): string | null {
  return person.reason ? (text.reason[person.reason] ?? person.reason) : null;
}

/** To the person's day; one's own is one's own page. */
export function PersonLink(props: {
  person: PersonState;
  self: boolean;
  className: string | undefined;
}) {
  const name = nameOf(props.person);
  return (
    <Link
      {...(props.self
        ? { to: "/me" }
        : { to: "/people/$id/day", params: { id: props.person.user_id } })}
      className={props.className}
      title={name}
    >
      <bdi>{name}</bdi>
    </Link>
  );
}

/** That somebody needs a look, and the way to why. */
export function AlertMark(props: { person: PersonState; count: number }) {
  if (props.count === 0) return null;
  const label = alertWords.openOf(props.count);
  return (
    <Link
      to="/alerts"
      search={{ person: props.person.user_id }}
      className={classes.alert}
      title={label}
    >
      <IconAlertTriangle size={14} stroke={2} aria-hidden="true" />
      <span aria-hidden="true">{props.count}</span>
      <span className="wp-hidden">{label}</span>
    </Link>
  );
}

/** A running session whose device is silent: the day's figures end with the last contact. */
export function knownUntil(person: PersonState): string | null {
  const at = millis(person.last_contact_at);
  return person.status === "offline" && at !== null ? clock(at, Date.now()) : null;
}

export function Application(props: { name: string | null }) {
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

export function Since(props: { at: number | null; clockOffset: number }) {
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
export function Contact(props: { at: number | null; online: boolean; clockOffset: number }) {
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
