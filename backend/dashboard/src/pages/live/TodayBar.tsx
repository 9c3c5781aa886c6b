/** A day so far: a bar on the team's common axis, and the same in figures. */
import { memo } from "react";
import type { DayTotals } from "../../api/types";
import { duration } from "../../format/duration";
import { percent } from "../../format/percent";
import { type Axis, accountedPercent, recorded, share } from "../../live/day";
import { text } from "../../text/en";
import classes from "./TodayBar.module.css";

const words = text.live;

interface Props {
  day: DayTotals;
  axis: Axis;
  /** Until when the figures reach, where that is not now: what came later is not known yet. */
  until: string | null;
}

export const TodayBar = memo(function TodayBar(props: Props) {
  const { day, axis, until } = props;
  const known = accountedPercent(day);
  return (
    <div className={classes.today}>
      <div className={classes.track} aria-hidden="true">
        {axis.ticks.slice(1, -1).map((hour) => (
          <i
            key={hour}
            className={classes.tick}
            style={{ insetInlineStart: `${share(hour * 3600, axis)}%` }}
          />
        ))}
        <Part kind="active" seconds={day.active_seconds} axis={axis} />
        <Part kind="idle" seconds={day.idle_seconds} axis={axis} />
        <Part kind="unobserved" seconds={day.unobserved_seconds} axis={axis} />
      </div>
      {recorded(day) > 0 ? (
        <div className={`${classes.figures} wp-numbers`}>
          <Figure kind="active" seconds={day.active_seconds} />
          {/* Keeps its place when there is none, so that the figures of all rows stand in line. */}
          {day.idle_seconds > 0 ? <Figure kind="idle" seconds={day.idle_seconds} /> : <span />}
          <span className={classes.complete}>
            {day.unobserved_seconds > 0 && (
              <Figure kind="unobserved" seconds={day.unobserved_seconds} />
            )}
            <span>
              {until === null
                ? words.accounted(percent(known ?? 0))
                : words.accountedUntil(percent(known ?? 0), until)}
            </span>
          </span>
        </div>
      ) : (
        <span className={classes.nothing}>{words.nothingToday}</span>
      )}
    </div>
  );
});

function Part(props: { kind: "active" | "idle" | "unobserved"; seconds: number; axis: Axis }) {
  if (props.seconds <= 0) return null;
  return (
    <i
      className={classes.part}
      data-kind={props.kind}
      style={{ width: `${share(props.seconds, props.axis)}%` }}
    />
  );
}

function Figure(props: { kind: "active" | "idle" | "unobserved"; seconds: number }) {
  return (
    <span className={classes.figure} data-kind={props.kind}>
      <i className={classes.key} data-kind={props.kind} aria-hidden="true" />
      <span>
        <b>{duration(props.seconds)}</b> {words[props.kind]}
      </span>
    </span>
  );
}

/** The hours above the column, on the same axis. */
export function AxisLabels(props: { axis: Axis }) {
  return (
    <div className={`${classes.axis} wp-numbers`} aria-hidden="true">
      {props.axis.ticks.map((hour) => (
        <span key={hour} style={{ insetInlineStart: `${share(hour * 3600, props.axis)}%` }}>
          {hour} {text.unit.hour}
        </span>
      ))}
    </div>
  );
}
