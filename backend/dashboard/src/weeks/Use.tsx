/** Applications, sites or categories of a range, the largest first. */
import { useQuery } from "@tanstack/react-query";
import { reports } from "../api/reports";
import { duration } from "../format/duration";
import { Bars } from "../pages/reports/Bars";
import type { DayRange } from "../pages/reports/range";
import { weeks as words } from "../text/weeks";
import { LoadProblem } from "../ui/LoadProblem";
import { Rows, Section } from "../ui/Page";
import classes from "./Weeks.module.css";

interface Asked {
  userId: string;
  range: DayRange;
  by: "application" | "domain" | "category";
  /** The range goes on. */
  live?: boolean;
}

/** Asked once for all that show it. Each question is a look that the person reads of: not by the minute. */
export function useUse(asked: Asked) {
  const question = {
    ...asked.range,
    user_id: asked.userId,
    group_by: asked.by,
    sort: "worked",
    descending: true,
  } as const;
  return useQuery({
    queryKey: ["reports", "rows", "weeks", question],
    queryFn: () => reports.rows(question, null),
    refetchInterval: asked.live ? 5 * 60_000 : false,
    placeholderData: (before) => before,
  });
}

export function Use(props: Asked & { title: string }) {
  const rows = useUse(props);
  // What has no site is no site: it would be the longest bar, and say nothing.
  const named = (rows.data?.rows ?? []).filter((row) => row.label.trim() !== "").slice(0, 8);
  return (
    <Section title={props.title}>
      {rows.isPending && <Rows count={3} />}
      <LoadProblem query={rows} />
      {rows.data && named.length === 0 && <p className={classes.dim}>{words.noneKnown}</p>}
      {named.length > 0 && (
        <>
          <Bars rows={named} by={props.by} />
          <ul className="wp-hidden">
            {named.map((row) => (
              <li key={row.key}>{`${row.label}: ${duration(row.worked_seconds)}`}</li>
            ))}
          </ul>
        </>
      )}
    </Section>
  );
}
