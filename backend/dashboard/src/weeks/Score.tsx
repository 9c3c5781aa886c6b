/** How the share of active time is made, for whoever wants to know. */
import type { Figures } from "../api/reports";
import { duration } from "../format/duration";
import { percent } from "../format/percent";
import { weeks as words } from "../text/weeks";
import classes from "./Weeks.module.css";

export function Score(props: { total: Figures }) {
  const { total } = props;
  if (total.score == null) return null;
  return (
    <details className={classes.how}>
      <summary>{words.how}</summary>
      <p>
        {words.explained(
          duration(total.active_seconds),
          duration(total.worked_seconds),
          percent(total.score),
        )}
      </p>
      <p>{words.unobservedCounts}</p>
    </details>
  );
}
