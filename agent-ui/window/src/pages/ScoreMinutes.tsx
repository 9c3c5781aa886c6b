/** The minutes that a score is made of: each hour of the day opens to its own. */
import { duration } from "@dashboard/format/duration";
import { timeIn } from "@dashboard/format/instant";
import { number } from "@dashboard/text/language";
import { useState } from "react";
import type { Hour, OneDay } from "../bridge";
import { words } from "../text/words";
import { Section } from "../ui/parts";
import classes from "./pages.module.css";

export function ScoreMinutes(props: { day: OneDay }) {
  const { day } = props;
  return (
    <Section title={words.score.title} lead={words.score.lead}>
      {!day.hours_complete && <p className={classes.problem}>{words.score.incomplete}</p>}
      <ul className={classes.items}>
        {day.hours.map((hour) => (
          <li key={hour.from}>
            <OneHour hour={hour} zone={day.time_zone} />
          </li>
        ))}
      </ul>
    </Section>
  );
}

function OneHour(props: { hour: Hour; zone: string }) {
  const { hour, zone } = props;
  // A day has some hundred minutes: only those that somebody opens are drawn.
  const [open, setOpen] = useState(false);
  const { active_seconds, idle_seconds, unobserved_seconds } = hour.totals;
  return (
    <details className={classes.item} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        <span className="wp-numbers">{timeIn(zone, hour.from)}</span>
        <span className={classes.what}>
          {words.score.sums(
            duration(active_seconds),
            duration(idle_seconds),
            unobserved_seconds > 0 ? duration(unobserved_seconds) : null,
          )}
        </span>
        <span className="wp-numbers">
          {hour.score === null ? (
            <span className={classes.dim}>{words.score.none}</span>
          ) : (
            words.score.of(number(hour.score))
          )}
        </span>
      </summary>
      {open && (
        <table className={classes.table}>
          <thead>
            <tr>
              <th scope="col">{words.score.minute}</th>
              <th scope="col" data-kind="number">
                {words.kinds.active}
              </th>
              <th scope="col" data-kind="number">
                {words.kinds.idle}
              </th>
              <th scope="col" data-kind="number">
                {words.kinds.unobserved}
              </th>
              <th scope="col">{words.score.application}</th>
            </tr>
          </thead>
          <tbody>
            {hour.minutes.map((minute) => (
              <tr key={minute.from}>
                <th scope="row" className="wp-numbers">
                  {timeIn(zone, minute.from)}
                </th>
                <td data-kind="number">{seconds(minute.totals.active_seconds)}</td>
                <td data-kind="number">{seconds(minute.totals.idle_seconds)}</td>
                <td data-kind="number">{seconds(minute.totals.unobserved_seconds)}</td>
                <td>{minute.application ?? "–"}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </details>
  );
}

function seconds(count: number): string {
  return count === 0 ? "–" : `${count} s`;
}
