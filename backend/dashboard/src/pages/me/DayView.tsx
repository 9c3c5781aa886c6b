/** A day that was recorded: totals with how complete they are, the bar, and the stretches. */
import { Button } from "@mantine/core";
import { useMemo, useState } from "react";
import type { Timeline, TimelineSpan } from "../../api/own";
import { duration } from "../../format/duration";
import { millis } from "../../format/instant";
import { accountedPercent, recorded } from "../../live/day";
import { text } from "../../text/en";
import { locale } from "../../text/language";
import { me as texts } from "../../text/me";
import { Empty, Section } from "../../ui/Page";
import { Table } from "../../ui/Table";
import classes from "./Day.module.css";
import { dayShape } from "./dayShape";

const words = texts.day;
const FIRST = 50;

export function DayView(props: { day: Timeline; nothing: string }) {
  const { day } = props;
  const [all, setAll] = useState(false);
  const shape = useMemo(() => dayShape(day), [day]);
  const clock = useMemo(() => clockIn(day.time_zone), [day.time_zone]);
  if (recorded(day.totals) === 0 && day.spans.length === 0) {
    return (
      <Empty title={props.nothing}>
        <p>{words.nothingHint}</p>
      </Empty>
    );
  }
  const { totals } = day;
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
  // Newest first: what happened just now is what is looked for.
  const spans = [...day.spans].reverse();
  const shown = all ? spans : spans.slice(0, FIRST);
  return (
    <>
      <div className={classes.totals}>
        <p className={classes.big}>
          {words.totals(duration(totals.active_seconds), duration(totals.idle_seconds))}
        </p>
        <p>
          {words.accounted(accountedPercent(totals) ?? 0)}
          {totals.unobserved_seconds > 0 &&
            `, ${words.unobserved(duration(totals.unobserved_seconds))}`}
        </p>
      </div>
      <div>
        <div className={classes.bar} role="img" aria-label={words.bar}>
          {shape.pieces.map((piece) => (
            <i
              key={piece.key}
              data-kind={piece.kind}
              style={{ insetInlineStart: `${piece.start}%`, width: `${piece.width}%` }}
            />
          ))}
        </div>
        <div className={`${classes.hours} wp-numbers`} aria-hidden="true">
          {shape.ticks.map((tick) => (
            <span key={tick.at} style={{ insetInlineStart: `${tick.place}%` }}>
              {clock(tick.at)}
            </span>
          ))}
        </div>
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
      <Section title={words.spans} lead={words.spansLead}>
        <Table
          label={words.spans}
          rows={shown}
          rowKey={(span) => `${span.from} ${span.device_id} ${span.session_id}`}
          columns={[
            {
              head: words.from,
              kind: "main",
              cell: (span) => (
                <span className="wp-numbers">
                  {clock(millis(span.from) ?? 0)} – {clock(millis(span.to) ?? 0)}
                </span>
              ),
            },
            { head: words.length, kind: "number", cell: (span) => duration(seconds(span)) },
            { head: words.what, cell: (span) => <What span={span} /> },
            { head: words.where, cell: (span) => <Where span={span} /> },
          ]}
        />
        {!all && spans.length > FIRST && (
          <div>
            <Button variant="default" onClick={() => setAll(true)}>
              {words.showAll(spans.length)}
            </Button>
          </div>
        )}
        {day.spans_left_out > 0 && <p>{words.leftOut(day.spans_left_out)}</p>}
      </Section>
    </>
  );
}

function seconds(span: TimelineSpan): number {
  return ((millis(span.to) ?? 0) - (millis(span.from) ?? 0)) / 1000;
}

function What(props: { span: TimelineSpan }) {
  const { activity_type: kind, reason } = props.span;
  return (
    <span className={classes.what}>
      <i data-kind={kind} aria-hidden="true" />
      {words.kinds[kind] ?? kind}
      {reason ? `, ${text.reason[reason] ?? reason}` : ""}
    </span>
  );
}

function Where(props: { span: TimelineSpan }) {
  const { application, title, url } = props.span;
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

function clockIn(zone: string): (at: number) => string {
  try {
    const format = new Intl.DateTimeFormat(locale, {
      hour: "2-digit",
      minute: "2-digit",
      timeZone: zone,
    });
    return (at) => format.format(at);
  } catch {
    return (at) => new Date(at).toISOString().slice(11, 16);
  }
}
