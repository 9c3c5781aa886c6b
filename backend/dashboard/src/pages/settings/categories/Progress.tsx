/** How far the sums of past days follow the rules that are saved. */
import { Progress as Bar } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { duration } from "../../../format/duration";
import { categories as words } from "../../../text/categories";
import classes from "./Categories.module.css";
import { progressQuery } from "./queries";

export function Progress() {
  const progress = useQuery({
    ...progressQuery,
    refetchInterval: ({ state }) =>
      state.data !== undefined && state.data.state !== "applied" ? 2_000 : false,
  }).data;
  if (progress === undefined || progress.version === 0) return null;
  if (progress.state === "applied") {
    return <p className={classes.dim}>{words.applied}</p>;
  }
  const { people_done: done, people } = progress;
  const share = people > 0 ? Math.round((done / people) * 100) : 0;
  return (
    <div className={classes.progress} role="status">
      <p>
        {progress.state === "waiting" ? words.waiting : words.running(done, people)}
        {progress.moved_seconds > 0 && ` ${words.movedSoFar(duration(progress.moved_seconds))}`}
      </p>
      {progress.state === "running" && <Bar value={share} aria-label={words.progress} />}
    </div>
  );
}
