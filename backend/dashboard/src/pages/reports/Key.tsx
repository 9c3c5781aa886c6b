/** What the two colors of a report's drawing mean. */
import { reports as words } from "../../text/reports";
import classes from "./Reports.module.css";

export function Key() {
  return (
    <p className={classes.key} aria-hidden="true">
      <span>
        <i data-kind="active" />
        {words.active}
      </span>
      <span>
        <i data-kind="idle" />
        {words.idle}
      </span>
    </p>
  );
}
