/** The live page's own shape while people are loaded, so that nothing jumps when they arrive. */
import { Skeleton } from "@mantine/core";
import { text } from "../../text/en";
import classes from "./LiveSkeleton.module.css";

const ROWS = ["a", "b", "c", "d", "e", "f", "g", "h"];

export function LiveSkeleton() {
  return (
    <div>
      <p className="wp-hidden" role="status">
        {text.live.loading}
      </p>
      <div className={classes.filters} aria-hidden="true">
        {ROWS.slice(0, 6).map((key) => (
          <Skeleton key={key} width={110} height={36} radius={18} />
        ))}
      </div>
      <div className={classes.rows} aria-hidden="true">
        {ROWS.map((key) => (
          <div key={key} className={classes.row}>
            <Skeleton circle height={36} />
            <Skeleton className={classes.name ?? ""} height={12} />
            <Skeleton className={classes.state ?? ""} height={12} />
            <Skeleton className={classes.bar ?? ""} height={10} />
          </div>
        ))}
      </div>
    </div>
  );
}
