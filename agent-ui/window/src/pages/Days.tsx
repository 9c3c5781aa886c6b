/** The days as the server has them, and one of them minute by minute. */
import { duration } from "@dashboard/format/duration";
import { dayAfter, dayIn, dayInWords } from "@dashboard/format/instant";
import { number } from "@dashboard/text/language";
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useBridge } from "../bridge";
import type { Go } from "../shell/useRoute";
import { words } from "../text/words";
import { Empty, Failure, Head, Loading } from "../ui/parts";
import { OneDayPage } from "./OneDayPage";
import classes from "./pages.module.css";

const STEP = 28;

export default function Days(props: { date: string | null; go: Go }) {
  if (props.date !== null && /^\d{4}-\d{2}-\d{2}$/.test(props.date)) {
    return <OneDayPage date={props.date} go={props.go} />;
  }
  return <DayList />;
}

function DayList() {
  const bridge = useBridge();
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const today = dayIn(zone, Date.now()) ?? new Date().toISOString().slice(0, 10);
  const [length, setLength] = useState(STEP);
  const from = dayAfter(today, 1 - length);
  const days = useQuery({
    queryKey: ["days", from, today],
    queryFn: () => bridge.days(from, today),
    placeholderData: (before) => before,
  });
  const items = [...(days.data?.items ?? [])].sort((a, b) => (a.date < b.date ? 1 : -1));
  return (
    <>
      <Head title={words.places.days} lead={words.days.lead} />
      {days.isPending && <Loading />}
      {days.isError && (
        <Failure
          heading={words.days.failed}
          error={days.error}
          onRetry={() => void days.refetch()}
        />
      )}
      {days.data && items.length === 0 && <Empty>{words.days.empty}</Empty>}
      {items.length > 0 && (
        <table className={classes.table}>
          <thead>
            <tr>
              <th scope="col">{words.days.day}</th>
              <th scope="col" data-kind="number">
                {words.kinds.active}
              </th>
              <th scope="col" data-kind="number" className={classes.optional}>
                {words.kinds.idle}
              </th>
              <th scope="col" data-kind="number" className={classes.optional}>
                {words.kinds.unobserved}
              </th>
              <th scope="col" data-kind="number">
                {words.days.score}
              </th>
            </tr>
          </thead>
          <tbody>
            {items.map((day) => (
              <tr key={day.date}>
                <td>
                  <a href={`#days/${day.date}`}>{dayInWords(day.date)}</a>
                </td>
                <td data-kind="number">{duration(day.active_seconds)}</td>
                <td data-kind="number" className={classes.optional}>
                  {duration(day.idle_seconds)}
                </td>
                <td data-kind="number" className={classes.optional}>
                  {duration(day.unobserved_seconds)}
                </td>
                <td data-kind="number">{day.score === null ? "–" : number(day.score)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {days.data && length < 196 && (
        <div className={classes.row}>
          <Button variant="default" onClick={() => setLength(length + STEP)}>
            {words.days.earlier}
          </Button>
        </div>
      )}
    </>
  );
}
