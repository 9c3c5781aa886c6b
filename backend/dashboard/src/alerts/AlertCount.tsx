/** How many alerts are open, beside the way to them. */
import { useQuery } from "@tanstack/react-query";
import { alerts as words } from "../text/alerts";
import classes from "./AlertCount.module.css";
import { countOf, openAlerts } from "./openAlerts";

export function AlertCount() {
  const { data } = useQuery(openAlerts);
  if (data === undefined || data.items.length === 0) return null;
  const count = countOf(data);
  return (
    <span className={classes.count}>
      <span aria-hidden="true">{data.items.length > 99 ? "99+" : count}</span>
      <span className="wp-hidden">{words.open(count)}</span>
    </span>
  );
}
