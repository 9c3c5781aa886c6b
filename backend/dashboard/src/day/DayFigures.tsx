/** What a day adds up to beyond its hours: the share of active time, explained, and categories. */
import { percent } from "../format/percent";
import { day as words } from "../text/day";
import { reports as reportWords } from "../text/reports";
import { weeks } from "../text/weeks";
import { LoadProblem } from "../ui/LoadProblem";
import { Rows, Section } from "../ui/Page";
import { Score } from "../weeks/Score";
import { Use, useUse } from "../weeks/Use";
import classes from "./Day.module.css";

interface Props {
  userId: string;
  date: string;
  /** The day goes on. */
  live: boolean;
}

export function DayFigures(props: Props) {
  const { userId, date, live } = props;
  const range = { from: date, to: date };
  const query = useUse({ userId, range, by: "category", live });
  const total = query.data?.total;
  return (
    <div className={classes.figures}>
      <Section title={reportWords.score}>
        {query.isPending && <Rows count={2} />}
        <LoadProblem query={query} />
        {total && (
          <p className={classes.big}>
            {total.score == null ? words.noScore : percent(total.score)}
          </p>
        )}
        {total && <Score total={total} />}
      </Section>
      <Use userId={userId} range={range} by="category" title={weeks.categories} live={live} />
    </div>
  );
}
