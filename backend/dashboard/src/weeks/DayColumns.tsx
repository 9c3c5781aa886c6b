/** The days of a range as columns, each a way to its minutes. Days without anything keep their place. */
import { Link } from "@tanstack/react-router";
import type { CSSProperties } from "react";
import type { ReportRow } from "../api/reports";
import { duration } from "../format/duration";
import { dayInWords } from "../format/instant";
import { dayName, WEEKDAYS } from "../hours/weekdays";
import { type DayRange, weekdayOf } from "../pages/reports/range";
import { weeks as words } from "../text/weeks";
import type { DayLink } from "./dayLink";
import { daysIn } from "./span";
import classes from "./Weeks.module.css";

const KINDS = ["unobserved", "idle", "active"] as const;

const DAYS = WEEKDAYS.map((day) => dayName(day).short);

export function DayColumns(props: {
  range: DayRange;
  rows: readonly ReportRow[];
  today: string;
  dayLink: DayLink;
}) {
  const days = daysIn(props.range);
  const byDay = new Map(props.rows.map((row) => [row.key, row]));
  const most = Math.max(3600, ...props.rows.map((row) => all(row)));
  return (
    <ol className={classes.columns} data-many={days.length > 7}>
      {days.map((day) => {
        const row = byDay.get(day);
        return (
          <li
            key={day}
            data-rest={weekdayOf(day) > 4}
            data-today={day === props.today}
            // Where its first day stands in a calendar.
            style={{ "--wp-weekday": weekdayOf(day) + 1 } as CSSProperties}
          >
            <Link
              {...props.dayLink}
              search={{ date: day }}
              title={label(day, row)}
              disabled={day > props.today}
              className={classes.column}
            >
              <span className="wp-hidden">{label(day, row)}</span>
              <span className={classes.stack}>
                {KINDS.map((kind) => {
                  const seconds = row?.[`${kind}_seconds`] ?? 0;
                  return seconds > 0 ? (
                    <i
                      key={kind}
                      data-kind={kind}
                      style={{ height: `${(100 * seconds) / most}%` }}
                    />
                  ) : null;
                })}
              </span>
              <span className={classes.day} aria-hidden="true">
                <b>{DAYS[weekdayOf(day)]}</b>
                <span>{Number(day.slice(8))}</span>
              </span>
              <span className={`${classes.hours} wp-numbers`} aria-hidden="true">
                {row ? duration(row.worked_seconds) : ""}
              </span>
            </Link>
          </li>
        );
      })}
    </ol>
  );
}

const all = (row: ReportRow) =>
  row.active_seconds + row.idle_seconds + (row.unobserved_seconds ?? 0);

function label(day: string, row: ReportRow | undefined): string {
  if (!row) return words.emptyDay(dayInWords(day));
  return words.dayFigures(
    dayInWords(day),
    duration(row.active_seconds),
    duration(row.idle_seconds),
    duration(row.unobserved_seconds ?? 0),
  );
}
