/** A day that was recorded: totals with how complete they are, lanes, uses, and every stretch. */
import { Button } from "@mantine/core";
import { type ReactNode, useMemo, useRef, useState } from "react";
import type { Timeline } from "../api/own";
import { duration } from "../format/duration";
import { millis } from "../format/instant";
import { percent } from "../format/percent";
import { accountedPercent, recorded } from "../live/day";
import { day as dayWords } from "../text/day";
import { locale } from "../text/language";
import { me as texts } from "../text/me";
import { shared } from "../text/shared";
import { Empty, Section } from "../ui/Page";
import { Table } from "../ui/Table";
import { lanesOf } from "./blocks";
import classes from "./Day.module.css";
import { DayLanes, kindInWords } from "./DayLanes";
import { DayUses } from "./DayUses";
import { type Stretch, stretchesOf } from "./stretches";
import { clockOf } from "./view";

const words = texts.day;
const FIRST = 50;
const MORE = 200;

interface Props {
  day: Timeline;
  /** What stands there when nothing was recorded, and why that may be. */
  nothing: string;
  nothingHint: string;
  /** What the day adds up to beyond its hours. */
  figures?: ReactNode;
  /** What the person says of the day; also of one of which nothing was recorded. */
  notes: ReactNode;
}

export function DayView(props: Props) {
  const { day } = props;
  const [most, setMost] = useState(FIRST);
  const table = useRef<HTMLDivElement>(null);
  const lanes = useMemo(() => lanesOf(day), [day]);
  const stretches = useMemo(() => stretchesOf(day, lanes), [day, lanes]);
  const bounds = useMemo(
    () => ({ from: millis(day.from) ?? 0, to: millis(day.to) ?? 0 }),
    [day.from, day.to],
  );
  const clock = clockOf(day.time_zone, locale).time;
  if (recorded(day.totals) === 0 && day.spans.length === 0) {
    return (
      <>
        <Empty title={props.nothing}>
          <p>{props.nothingHint}</p>
        </Empty>
        {props.notes}
      </>
    );
  }
  const { totals } = day;
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const hours = (bounds.to - bounds.from) / 3_600_000;
  return (
    <>
      <div className={classes.totals}>
        <p className={classes.big}>
          {words.totals(duration(totals.active_seconds), duration(totals.idle_seconds))}
        </p>
        <p>
          {words.accounted(percent(accountedPercent(totals) ?? 0))}
          {totals.unobserved_seconds > 0 &&
            `, ${words.unobserved(duration(totals.unobserved_seconds))}`}
        </p>
      </div>
      <div>
        <DayLanes
          key={day.date + day.user_id}
          lanes={lanes}
          day={bounds}
          zone={day.time_zone}
          onTable={() => table.current?.focus()}
        />
        <p className={classes.key}>
          {(["active", "idle", "unobserved"] as const).map((kind) => (
            <span key={kind}>
              <i data-kind={kind} aria-hidden="true" />
              {words.kinds[kind]}
            </span>
          ))}
        </p>
      </div>
      {day.time_zone !== own && <p className={classes.dim}>{words.zone(day.time_zone)}</p>}
      {hours !== 24 && <p className={classes.dim}>{dayWords.hours(hours)}</p>}
      {props.figures}
      <DayUses day={day} />
      {props.notes}
      {day.sessions.length > 0 && <Sessions day={day} clock={clock} />}
      <div ref={table} tabIndex={-1} className={classes.table}>
        <Section title={words.spans} lead={words.spansLead}>
          <Table
            label={words.spans}
            rows={stretches.slice(0, most)}
            rowKey={(one) => one.key}
            columns={[
              {
                head: words.from,
                kind: "main",
                cell: (one) => (
                  <span className="wp-numbers">
                    {clock(one.from)} – {clock(one.to)}
                  </span>
                ),
              },
              {
                head: words.length,
                kind: "number",
                cell: (one) => duration((one.to - one.from) / 1000),
              },
              { head: words.what, cell: (one) => <What one={one} /> },
              { head: words.where, cell: (one) => <Where one={one} /> },
            ]}
          />
          {stretches.length > most && (
            <div>
              <Button variant="default" onClick={() => setMost(most + MORE)}>
                {shared.more}
              </Button>
            </div>
          )}
          {day.spans_left_out > 0 && <p>{words.leftOut(day.spans_left_out)}</p>}
        </Section>
      </div>
    </>
  );
}

function Sessions(props: { day: Timeline; clock: (at: number) => string }) {
  const at = (instant: string | null | undefined) => {
    const value = millis(instant);
    return value === null ? dayWords.running : props.clock(value);
  };
  return (
    <Section title={dayWords.sessionsTitle}>
      <Table
        label={dayWords.sessionsTitle}
        rows={props.day.sessions}
        rowKey={(session) => session.id}
        columns={[
          {
            head: dayWords.began,
            kind: "main",
            cell: (one) => <span className="wp-numbers">{at(one.started_at)}</span>,
          },
          {
            head: dayWords.ended,
            cell: (one) => <span className="wp-numbers">{at(one.ended_at)}</span>,
          },
          {
            head: words.kinds.active,
            kind: "number",
            cell: (one) => duration(one.total_active_seconds),
          },
          {
            head: words.kinds.idle,
            kind: "number",
            cell: (one) => duration(one.total_idle_seconds),
          },
          {
            head: words.kinds.unobserved,
            kind: "number",
            cell: (one) => duration(one.total_unobserved_seconds),
          },
        ]}
      />
    </Section>
  );
}

function What(props: { one: Stretch }) {
  return (
    <span className={classes.what}>
      <i data-kind={props.one.kind} aria-hidden="true" />
      {kindInWords(props.one)}
    </span>
  );
}

function Where(props: { one: Stretch }) {
  const { application: name, label, title, url } = props.one;
  const application = name ?? label;
  if (!application && !title && !url) return <span className={classes.dim}>–</span>;
  return (
    <>
      {application && <bdi>{application}</bdi>}
      {title && (
        <span className={classes.sub}>
          <bdi>{title}</bdi>
        </span>
      )}
      {/* An address is shown, never linked: it is somebody else's text. */}
      {url && (
        <span className={classes.sub}>
          <bdi>{url}</bdi>
        </span>
      )}
    </>
  );
}
