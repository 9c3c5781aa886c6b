/** Weekday × hour as a real table; the strength of a cell is said in words beside its color. */
import type { Heatmap } from "../../api/reports";
import { duration } from "../../format/duration";
import { dayName, WEEKDAYS } from "../../hours/weekdays";
import { reports as words } from "../../text/reports";
import { Sideways } from "../../ui/Sideways";
import { heatRows } from "./figures";
import classes from "./Reports.module.css";

export function HeatTable(props: { heat: Heatmap }) {
  const rows = heatRows(props.heat.cells);
  const days = WEEKDAYS.map((day) => dayName(day).short);
  return (
    <Sideways label={words.heat}>
      <table className={classes.heat}>
        <caption className="wp-hidden">{words.heatLead}</caption>
        <thead>
          <tr>
            <th scope="col">
              <span className="wp-hidden">{words.weekday}</span>
            </th>
            {Array.from({ length: 24 }, (_, hour) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: an hour is its index
              <th key={hour} scope="col" className={classes["heat-hour"]}>
                {hour}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((cells, day) => (
            <tr key={days[day]}>
              <th scope="row" className={classes["heat-day"]}>
                {days[day]}
              </th>
              {cells.map((cell, hour) => (
                <td
                  // biome-ignore lint/suspicious/noArrayIndexKey: an hour is its index
                  key={hour}
                  data-strength={cell.strength}
                  title={words.cell(days[day] ?? "", hour, duration(cell.seconds))}
                >
                  <span className="wp-hidden">{duration(cell.seconds)}</span>
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </Sideways>
  );
}
