/** How one stands at this moment, from the same live state that managers see. */
import { Link } from "@tanstack/react-router";
import type { PersonState } from "../../api/types";
import classes from "../../day/Day.module.css";
import { age } from "../../format/duration";
import { millis } from "../../format/instant";
import { useNow } from "../../live/now";
import { text } from "../../text/en";
import { me as texts } from "../../text/me";
import { StateMark } from "../../ui/StateMark";

const words = texts.day;

export function NowLine(props: {
  person: PersonState | null;
  /** Whether the live state is still to come: the line keeps its place until then. */
  waiting: boolean;
  clockOffset: number;
  /** Whether it is the viewer themself, who is told what to do without a device. */
  self: boolean;
}) {
  const now = useNow();
  const { person } = props;
  if (person === null) {
    return props.waiting ? (
      <div className={classes.now} aria-hidden="true">
        {"\u00a0"}
      </div>
    ) : null;
  }
  if (props.self && !person.last_contact_at && !person.session) {
    return (
      <div className={classes.now}>
        <strong>{words.noDevice}</strong>
        <span>
          {words.noDeviceHint} <Link to="/me/privacy">{texts.tabs.privacy}</Link>
        </span>
      </div>
    );
  }
  const since = millis(person.since);
  const reason = person.reason ? (text.reason[person.reason] ?? person.reason) : null;
  return (
    <div className={classes.now}>
      <span className={classes.state}>
        <StateMark status={person.status} />
        <strong>{text.status[person.status] ?? person.status}</strong>
        {reason && <span>{reason}</span>}
      </span>
      {person.application && (
        <bdi className={classes.application} title={person.application}>
          {person.application}
        </bdi>
      )}
      {since !== null && (
        <span className="wp-numbers">
          {age(Math.max(0, (now + props.clockOffset - since) / 1000))}
        </span>
      )}
    </div>
  );
}
