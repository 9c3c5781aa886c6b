/** A person's day: which one, asked for, and drawn. */
import { Button } from "@mantine/core";
import { IconChevronLeft, IconChevronRight } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { own } from "../api/own";
import { dayAfter, dayIn, dayInWords } from "../format/instant";
import { useFeedView } from "../live/LiveProvider";
import { useNow } from "../live/now";
import { DayNotes } from "../notes/DayNotes";
import { NowLine } from "../pages/me/NowLine";
import { me as texts } from "../text/me";
import { LoadProblem } from "../ui/LoadProblem";
import { Rows } from "../ui/Page";
import classes from "./Day.module.css";
import { DayFigures } from "./DayFigures";
import { DayView } from "./DayView";

const words = texts.day;

interface Props {
  userId: string;
  /** Whether it is the viewer's own. */
  self: boolean;
  /** Whether the viewer may answer what the person says of it. */
  mayAnswer: boolean;
  zone: string;
  /** `YYYY-MM-DD`; null is today. */
  date: string | null;
  onDate: (date: string | null) => void;
  nothingHint: string;
}

export function OneDay(props: Props) {
  const { userId, zone } = props;
  const { live, clockOffset } = useFeedView();
  const now = useNow();
  const today = dayIn(zone, now + clockOffset) ?? new Date(now).toISOString().slice(0, 10);
  const date = props.date ?? today;
  const timeline = useQuery({
    queryKey: ["timeline", userId, date],
    queryFn: () => own.timeline(userId, date),
    // Today goes on; a day that is over does not.
    refetchInterval: date === today ? 60_000 : false,
    placeholderData: (before) => (before?.date === date ? before : undefined),
  });
  const person = live?.people.get(userId)?.person ?? null;
  const go = (to: string) => props.onDate(to >= today ? null : to);
  return (
    <>
      {date === today && (
        <NowLine
          person={person}
          waiting={live === null}
          clockOffset={clockOffset}
          self={props.self}
        />
      )}
      <div className={classes.pick}>
        <Button
          variant="default"
          aria-label={words.before}
          onClick={() => go(dayAfter(date, -1))}
          px="xs"
        >
          <IconChevronLeft size={18} aria-hidden="true" />
        </Button>
        <label className={classes.date}>
          <span className="wp-hidden">{words.date}</span>
          <input
            type="date"
            value={date}
            max={today}
            onChange={(event) => {
              if (event.currentTarget.value !== "") go(event.currentTarget.value);
            }}
          />
        </label>
        <Button
          variant="default"
          aria-label={words.after}
          disabled={date >= today}
          onClick={() => go(dayAfter(date, 1))}
          px="xs"
        >
          <IconChevronRight size={18} aria-hidden="true" />
        </Button>
        {date !== today && (
          <Button variant="default" onClick={() => props.onDate(null)}>
            {words.today}
          </Button>
        )}
        <h2>{dayInWords(date)}</h2>
      </div>
      {timeline.isPending && <Rows />}
      <LoadProblem query={timeline} />
      {timeline.data && (
        <DayView
          day={timeline.data}
          nothing={words.nothing}
          nothingHint={props.nothingHint}
          figures={<DayFigures userId={userId} date={date} live={date === today} />}
          notes={<DayNotes day={timeline.data} self={props.self} mayAnswer={props.mayAnswer} />}
        />
      )}
    </>
  );
}
