/** One alert: who, what and since when, whether the agent is in contact, and what came of it. */
import { Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { agentIn, dayOf, sentence } from "../../alerts/sentence";
import type { Alert } from "../../api/alerts";
import { useFeedView } from "../../live/LiveProvider";
import { useNow } from "../../live/now";
import { alerts as words } from "../../text/alerts";
import { shared } from "../../text/shared";
import { Named, named } from "../../ui/Named";
import { Badge } from "../../ui/Page";
import { When } from "../../ui/When";
import classes from "./Alerts.module.css";

interface Props {
  alert: Alert;
  zone: string;
  /** The viewer's own alert leads to their own day. */
  self: boolean;
  /** Whether the viewer may resolve it, and whether it is selected. */
  mayResolve: boolean;
  selected: boolean;
  onSelect: (selected: boolean) => void;
  onResolve: () => void;
}

const TONES = {
  online: "good",
  onlineThen: "good",
  silent: "bad",
  silentThen: "bad",
  none: "quiet",
} as const;

export function AlertRow(props: Props) {
  const { alert, zone } = props;
  const { live, clockOffset } = useFeedView();
  const now = useNow() + clockOffset;
  const what = sentence(alert, now, zone);
  const name = named(alert.user_name);
  const agent = agentIn(alert, live?.people.get(alert.user_id)?.person.online);
  return (
    <li className={classes.row} data-alert={alert.id} data-state={alert.state}>
      <div className={classes.pick}>
        {props.mayResolve && (
          <input
            type="checkbox"
            data-step
            aria-label={words.select(name, what)}
            checked={props.selected}
            onChange={(event) => props.onSelect(event.currentTarget.checked)}
          />
        )}
      </div>
      <div className={classes.what}>
        <p className={classes.who}>
          <DayLink alert={alert} zone={zone} self={props.self} step={!props.mayResolve} />
          <span className={classes.kind} data-kind={alert.kind}>
            <KindMark kind={alert.kind} />
            {words.kinds[alert.kind] ?? alert.kind}
          </span>
        </p>
        <p className="wp-numbers">{what}</p>
        <p className={classes.facts}>
          {agent === "none" ? null : <Badge tone={TONES[agent]}>{words.agent[agent]}</Badge>}
          <span>
            {words.noticed} <When at={alert.opened_at} />
          </span>
          {alert.quiet && <span>{words.quiet}</span>}
          {props.self && alert.state === "open" && !props.mayResolve && (
            <span>{words.another}</span>
          )}
        </p>
        {alert.state === "resolved" && <Outcome alert={alert} />}
      </div>
      {props.mayResolve && (
        <Button
          className={classes.do ?? ""}
          variant="default"
          size="sm"
          aria-label={words.resolveOf(name, what)}
          onClick={props.onResolve}
        >
          {words.resolve}
        </Button>
      )}
    </li>
  );
}

function DayLink(props: { alert: Alert; zone: string; self: boolean; step: boolean }) {
  const { alert } = props;
  const search = { date: dayOf(alert, props.zone) };
  const step = props.step ? { "data-step": true } : {};
  const name = <Named name={alert.user_name} />;
  return props.self ? (
    <Link to="/me" search={search} {...step}>
      {name}
    </Link>
  ) : (
    <Link to="/people/$id/day" params={{ id: alert.user_id }} search={search} {...step}>
      {name}
    </Link>
  );
}

/** A shape besides the color: half a disc for no input, a full one with hands for a long day. */
function KindMark(props: { kind: Alert["kind"] }) {
  return (
    <svg viewBox="0 0 16 16" width="14" height="14" aria-hidden="true">
      <circle cx="8" cy="8" r="5.6" fill="none" stroke="currentColor" strokeWidth="1.8" />
      {props.kind === "idle" ? (
        <path d="M8 2.4a5.6 5.6 0 0 0 0 11.2z" fill="currentColor" />
      ) : (
        <path d="M8 4.6V8l2.4 1.6" fill="none" stroke="currentColor" strokeWidth="1.6" />
      )}
    </svg>
  );
}

function Outcome(props: { alert: Alert }) {
  const { alert } = props;
  const byHand = alert.resolution === "by_hand";
  const how = byHand
    ? words.resolvedBy(alert.resolved_by_name ?? shared.someoneErased)
    : (words.resolutions[alert.resolution ?? "by_hand"] ?? alert.resolution);
  return (
    <>
      <p className={classes.facts}>
        <span>
          {how}, <When at={alert.resolved_at} />
        </span>
        {byHand && !alert.ended_at && <span>{words.goesOn}</span>}
      </p>
      {alert.note && (
        <p className={classes.note}>
          <bdi>{alert.note}</bdi>
        </p>
      )}
    </>
  );
}
