/** A day so far, hour by hour: when somebody worked, beside how much. */
import { memo } from "react";
import type { DayHours } from "../../api/types";
import { type Clock, hourAt } from "../../live/hours";
import { text } from "../../text/en";
import classes from "./TodayHours.module.css";

const KINDS = ["unobserved", "idle", "active"] as const;

interface Props {
  hours: DayHours;
  /** The hours that everybody's pictures begin and end with, so that they can be compared. */
  clock: Clock;
}

export const TodayHours = memo(function TodayHours(props: Props) {
  const { hours, clock } = props;
  const nothing = hours.active_seconds.length === 0;
  const said = nothing
    ? text.live.nothingToday
    : text.live.byHour(
        hours.first_hour,
        hours.active_seconds.map((seconds) => Math.round(seconds / 60)),
      );
  return (
    <div className={classes.hours} role="img" aria-label={said} title={said}>
      {Array.from({ length: clock.count }, (_, at) => {
        const hour = clock.first + at;
        const parts = hourAt(hours, hour);
        return (
          <span key={hour} className={classes.hour}>
            {KINDS.map((kind) =>
              parts[kind] > 0 ? (
                <i
                  key={kind}
                  className={classes.part}
                  data-kind={kind}
                  style={{ height: `${Math.round(parts[kind] * 1000) / 10}%` }}
                />
              ) : null,
            )}
          </span>
        );
      })}
    </div>
  );
});
