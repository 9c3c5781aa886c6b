/** A person's week or month: what it adds up to, day by day, and where the time went. */
import { Button, SegmentedControl } from "@mantine/core";
import { IconChevronLeft, IconChevronRight } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { type Figures, reports } from "../api/reports";
import { duration } from "../format/duration";
import { dayIn, dayInWords, monthInWords } from "../format/instant";
import { percent } from "../format/percent";
import { useFeedView } from "../live/LiveProvider";
import { useNow } from "../live/now";
import { accounted, change } from "../pages/reports/figures";
import type { DayRange } from "../pages/reports/range";
import { reports as reportWords } from "../text/reports";
import { weeks as words } from "../text/weeks";
import { LoadProblem } from "../ui/LoadProblem";
import { Empty, Rows, Section } from "../ui/Page";
import { DayColumns } from "./DayColumns";
import { DayTable } from "./DayTable";
import type { DayLink } from "./dayLink";
import { Score } from "./Score";
import { type Span, spanAround, stepped } from "./span";
import { Use } from "./Use";
import classes from "./Weeks.module.css";

interface Props {
  userId: string;
  zone: string;
  span: Span;
  /** A day of the span; null is today. */
  date: string | null;
  onView: (span: Span, date: string | null) => void;
  dayLink: DayLink;
}

export function Weeks(props: Props) {
  const { userId, span, onView } = props;
  const { clockOffset } = useFeedView();
  const now = useNow();
  const today = dayIn(props.zone, now + clockOffset) ?? new Date(now).toISOString().slice(0, 10);
  const date = props.date ?? today;
  const range = spanAround(span, date);
  const last = range.to >= today;
  // A week that goes on is not held against one that is over.
  const question = { ...range, user_id: userId, group_by: "day", compare: !last } as const;
  const days = useQuery({
    queryKey: ["reports", "rows", "weeks", question],
    queryFn: () => reports.whole(question),
    // Today goes on; a week that is over may still get late minutes, but not by the minute.
    refetchInterval: last ? 60_000 : false,
    placeholderData: (before) => before,
  });
  const go = (to: string) => onView(span, to >= spanAround(span, today).from ? null : to);
  const report = days.data;
  return (
    <>
      <div className={classes.pick}>
        <Button
          variant="default"
          aria-label={words.before[span]}
          onClick={() => go(stepped(span, date, -1))}
          px="xs"
        >
          <IconChevronLeft size={18} aria-hidden="true" />
        </Button>
        <Button
          variant="default"
          aria-label={words.after[span]}
          disabled={last}
          onClick={() => go(stepped(span, date, 1))}
          px="xs"
        >
          <IconChevronRight size={18} aria-hidden="true" />
        </Button>
        <SegmentedControl
          aria-label={words.span}
          value={span}
          onChange={(value) => onView(value as Span, props.date)}
          data={(["week", "month"] as const).map((value) => ({ value, label: words.spans[value] }))}
        />
        <h2>
          {span === "month"
            ? monthInWords(range.from)
            : reportWords.days(dayInWords(range.from), dayInWords(range.to))}
        </h2>
      </div>
      {days.isPending && <Rows count={6} />}
      <LoadProblem query={days} />
      {report && report.rows.length === 0 && (
        <Empty title={words.nothing}>
          <p>{words.nothingHint}</p>
        </Empty>
      )}
      {report && report.rows.length > 0 && (
        <>
          <Total total={report.total} before={report.compared?.total ?? null} span={span} />
          <Section title={reportWords.chartDays} lead={reportWords.zone(report.time_zone)}>
            <DayColumns
              range={{ from: report.from, to: report.to }}
              rows={report.rows}
              today={today}
              dayLink={props.dayLink}
            />
          </Section>
          <Uses userId={userId} range={range} />
          <Section title={words.table}>
            <DayTable rows={report.rows} dayLink={props.dayLink} />
          </Section>
        </>
      )}
    </>
  );
}

/** The figures, each with its word, and how the share is made. */
function Total(props: { total: Figures; before: Figures | null; span: Span }) {
  const { total, before } = props;
  const known = accounted(total);
  const difference = change({
    worked_seconds: total.worked_seconds,
    ...(before ? { before } : {}),
  });
  return (
    <div className={classes.total}>
      <dl className={`${classes.figures} wp-numbers`}>
        <div>
          <dt>{reportWords.worked}</dt>
          <dd>{duration(total.worked_seconds)}</dd>
          {difference && <dd className={classes.dim}>{words.than[props.span](difference)}</dd>}
        </div>
        <div data-kind="active">
          <dt>{reportWords.active}</dt>
          <dd>{duration(total.active_seconds)}</dd>
        </div>
        <div data-kind="idle">
          <dt>{reportWords.idle}</dt>
          <dd>{duration(total.idle_seconds)}</dd>
        </div>
        <div data-kind="unobserved">
          <dt>{reportWords.unobserved}</dt>
          <dd>{duration(total.unobserved_seconds ?? 0)}</dd>
          {known && <dd className={classes.dim}>{known}</dd>}
        </div>
        <div>
          <dt>{reportWords.score}</dt>
          <dd>{total.score == null ? "–" : percent(total.score)}</dd>
        </div>
      </dl>
      <Score total={total} />
    </div>
  );
}

/** Applications, sites and categories of the range, the largest first. */
function Uses(props: { userId: string; range: DayRange }) {
  return (
    <div className={classes.uses}>
      <div>
        <Use {...props} by="application" title={words.applications} />
      </div>
      <div>
        <Use {...props} by="domain" title={words.sites} />
      </div>
      <div>
        <Use {...props} by="category" title={words.categories} />
      </div>
    </div>
  );
}
