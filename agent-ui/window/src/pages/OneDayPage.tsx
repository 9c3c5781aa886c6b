/** One day: the lane, the score explained, gaps that can be noted, and what was noted. */
import { duration } from "@dashboard/format/duration";
import { dayInWords, timeIn } from "@dashboard/format/instant";
import { number } from "@dashboard/text/language";
import { Button } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useId, useState } from "react";
import { type Note, type NoteKind, type OneDay, reason, useBridge } from "../bridge";
import { Lane } from "../lanes/Lane";
import type { Go } from "../shell/useRoute";
import { words } from "../text/words";
import { Empty, Fact, Facts, Failure, Head, Loading, Section } from "../ui/parts";
import { openGaps } from "./gaps";
import classes from "./pages.module.css";
import { ScoreMinutes } from "./ScoreMinutes";

const KINDS: readonly NoteKind[] = ["work", "meeting", "break", "other"];

export function OneDayPage(props: { date: string; go: Go }) {
  const bridge = useBridge();
  const day = useQuery({ queryKey: ["day", props.date], queryFn: () => bridge.day(props.date) });
  return (
    <>
      <Head
        title={dayInWords(props.date)}
        lead={<a href="#days">{words.days.back}</a>}
        actions={
          <Button
            variant="default"
            onClick={() => void bridge.openDashboard("me").catch(() => undefined)}
          >
            {words.days.dashboard}
          </Button>
        }
      />
      {day.isPending && <Loading />}
      {day.isError && (
        <Failure heading={words.days.failed} error={day.error} onRetry={() => void day.refetch()} />
      )}
      {day.data && <Shown day={day.data} />}
    </>
  );
}

function Shown(props: { day: OneDay }) {
  const { day } = props;
  const observed = day.totals.active_seconds + day.totals.idle_seconds;
  const gaps = openGaps(day);
  return (
    <>
      <Facts>
        <Fact name={words.kinds.active}>{duration(day.totals.active_seconds)}</Fact>
        <Fact name={words.kinds.idle}>{duration(day.totals.idle_seconds)}</Fact>
        <Fact name={words.kinds.unobserved}>{duration(day.totals.unobserved_seconds)}</Fact>
        <Fact name={words.days.score}>{day.score === null ? "–" : number(day.score)}</Fact>
      </Facts>
      <p className={classes.account}>
        {day.score === null
          ? words.days.noScore
          : words.days.explained(
              number(day.score),
              duration(day.totals.active_seconds),
              duration(observed),
              duration(day.totals.unobserved_seconds),
            )}
      </p>
      {day.spans.length === 0 ? (
        <Empty>{words.days.nothing}</Empty>
      ) : (
        <Lane spans={day.spans} from={day.from} to={day.to} zone={day.time_zone} />
      )}
      {day.hours.length > 0 && <ScoreMinutes day={day} />}
      <Section title={words.gaps.title} lead={words.gaps.lead}>
        {gaps.length === 0 ? (
          <Empty>{words.gaps.none}</Empty>
        ) : (
          <ul className={classes.items}>
            {gaps.map((gap) => (
              <li key={gap.from}>
                <GapItem day={day} from={gap.from} to={gap.to} why={gap.why} />
              </li>
            ))}
          </ul>
        )}
      </Section>
      {day.notes.length > 0 && (
        <Section title={words.gaps.notes}>
          <ul className={classes.items}>
            {day.notes.map((note) => (
              <li key={note.id}>
                <NoteItem note={note} zone={day.time_zone} />
              </li>
            ))}
          </ul>
        </Section>
      )}
    </>
  );
}

function GapItem(props: { day: OneDay; from: number; to: number; why: string }) {
  const { day, from, to } = props;
  const bridge = useBridge();
  const queries = useQueryClient();
  const id = useId();
  const [kind, setKind] = useState<NoteKind>("meeting");
  const [said, setSaid] = useState("");
  const correct = useMutation({
    mutationFn: () =>
      bridge.correct({ from, to, kind, text: said.trim() === "" ? null : said.trim() }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["day", day.date] }),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    correct.mutate();
  };
  const needsText = kind === "other" && said.trim() === "";
  return (
    <details className={classes.item}>
      <summary>
        <span className="wp-numbers">
          {timeIn(day.time_zone, from)} – {timeIn(day.time_zone, to)}
        </span>
        <span className={classes.what}>{props.why}</span>
        <span className={classes.dim}>{duration((to - from) / 1_000)}</span>
      </summary>
      <form className={classes.form} onSubmit={submit}>
        <div className={classes.field}>
          <label htmlFor={`${id}k`}>{words.gaps.was}</label>
          <select
            id={`${id}k`}
            value={kind}
            onChange={(event) =>
              setKind(KINDS.find((one) => one === event.currentTarget.value) ?? "other")
            }
          >
            {KINDS.map((one) => (
              <option key={one} value={one}>
                {words.gaps.kinds[one]}
              </option>
            ))}
          </select>
        </div>
        <div className={classes.field}>
          <label htmlFor={`${id}t`}>
            {kind === "other" ? words.gaps.textNeeded : words.gaps.text}
          </label>
          <textarea
            id={`${id}t`}
            maxLength={500}
            rows={2}
            value={said}
            onChange={(event) => setSaid(event.currentTarget.value)}
          />
        </div>
        {correct.isError && (
          <p className={classes.problem} role="alert">
            {reason(correct.error)}
          </p>
        )}
        <Button type="submit" disabled={needsText} loading={correct.isPending}>
          {words.gaps.send}
        </Button>
      </form>
    </details>
  );
}

function NoteItem(props: { note: Note; zone: string }) {
  const { note, zone } = props;
  return (
    <div className={classes.item}>
      <strong className="wp-numbers">
        {timeIn(zone, note.from)} – {timeIn(zone, note.to)} · {words.gaps.kinds[note.kind]}
        <span className={classes.badge}>{words.gaps.states[note.state]}</span>
      </strong>
      {note.text !== null && <p>{note.text}</p>}
      {note.answer !== null && (
        <p className={classes.dim}>
          {words.gaps.answer} {note.answer}
        </p>
      )}
    </div>
  );
}
