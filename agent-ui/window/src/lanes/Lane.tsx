/**
 * A day as one lane of stretches. Kinds differ by height and pattern as well as by color, arrow
 * keys walk from stretch to stretch, and a table says the same.
 */
import { duration } from "@dashboard/format/duration";
import { timeIn } from "@dashboard/format/instant";
import { type KeyboardEvent, useId, useMemo, useState } from "react";
import type { Span } from "../bridge";
import { words } from "../text/words";
import classes from "./Lane.module.css";

export interface LaneProps {
  spans: readonly Span[];
  from: number;
  to: number;
  /** Where the day is now, while it runs. */
  now?: number;
  zone: string;
}

export function kindWords(span: Span): string {
  if (span.kind !== "unobserved") return words.kinds[span.kind];
  const why = span.reason === null ? undefined : words.reasons[span.reason];
  return why === undefined ? words.kinds.unobserved : `${words.kinds.unobserved}: ${why}`;
}

/** The part of the day that is drawn: from an hour before the first stretch to an hour behind. */
export function shown(props: LaneProps): [number, number] {
  const hour = 3_600_000;
  const first = props.spans[0];
  const last = props.spans.at(-1);
  if (first === undefined || last === undefined) return [props.from, props.to];
  const until = Math.max(last.to, props.now ?? 0);
  const begin = Math.max(props.from, Math.floor(first.from / hour - 1) * hour);
  const end = Math.min(props.to, Math.ceil(until / hour + 1) * hour);
  return [begin, Math.max(end, begin + 4 * hour)];
}

export function Lane(props: LaneProps) {
  const { spans, zone } = props;
  const [at, setAt] = useState<number | null>(null);
  const hint = useId();
  const [begin, end] = useMemo(() => shown(props), [props]);
  const x = (instant: number) => ((instant - begin) / (end - begin)) * 1_000;
  const chosen = at === null ? undefined : spans[at];
  const hours = useMemo(() => ticks(begin, end), [begin, end]);

  const walk = (event: KeyboardEvent) => {
    const last = spans.length - 1;
    const now = at ?? -1;
    const next: Record<string, number> = {
      ArrowRight: Math.min(last, now + 1),
      ArrowLeft: Math.max(0, now - 1),
      Home: 0,
      End: last,
    };
    const to = next[event.key];
    if (to === undefined) return;
    event.preventDefault();
    setAt(to);
  };

  return (
    <div className={classes.lane}>
      <div
        className={classes.frame}
        role="slider"
        tabIndex={0}
        aria-label={words.lane.label}
        aria-describedby={hint}
        aria-valuemin={0}
        aria-valuemax={Math.max(0, spans.length - 1)}
        aria-valuenow={at ?? 0}
        aria-valuetext={chosen ? told(chosen, zone) : words.lane.none}
        onKeyDown={walk}
        onFocus={() => setAt((known) => known ?? 0)}
      >
        <svg viewBox="0 0 1000 64" preserveAspectRatio="none" aria-hidden="true">
          <defs>
            <pattern id={`${hint}p`} width="8" height="8" patternUnits="userSpaceOnUse">
              <path d="M0 8L8 0" className={classes.hatch} />
            </pattern>
          </defs>
          <rect x="0" y="8" width="1000" height="48" className={classes.track} />
          {spans.map((span, index) => {
            const left = Math.max(0, x(span.from));
            const width = Math.max(1, Math.min(1_000, x(span.to)) - left);
            const top = span.kind === "active" ? 8 : span.kind === "idle" ? 32 : 20;
            return (
              <rect
                key={span.from}
                x={left}
                y={top}
                width={width}
                height={span.kind === "unobserved" ? 24 : 56 - top}
                className={classes[span.kind]}
                fill={span.kind === "unobserved" ? `url(#${hint}p)` : undefined}
                data-chosen={index === at}
                onPointerEnter={() => setAt(index)}
              />
            );
          })}
          {props.now !== undefined && props.now > begin && props.now < end && (
            <line x1={x(props.now)} x2={x(props.now)} y1="0" y2="64" className={classes.now} />
          )}
        </svg>
        <div className={classes.hours} aria-hidden="true">
          {hours.map((hour) => (
            <span key={hour} style={{ insetInlineStart: `${x(hour) / 10}%` }}>
              {timeIn(zone, hour)}
            </span>
          ))}
        </div>
      </div>
      <p className={classes.told}>{chosen ? told(chosen, zone) : words.lane.hint}</p>
      <p id={hint} className="wp-hidden">
        {words.lane.keys}
      </p>
      <details className={classes.table}>
        <summary>{words.lane.table(spans.length)}</summary>
        <table>
          <thead>
            <tr>
              <th scope="col">{words.lane.from}</th>
              <th scope="col">{words.lane.length}</th>
              <th scope="col">{words.lane.what}</th>
              <th scope="col">{words.lane.where}</th>
            </tr>
          </thead>
          <tbody>
            {spans.map((span) => (
              <tr key={span.from}>
                <td className="wp-numbers">{timeIn(zone, span.from)}</td>
                <td className="wp-numbers">{duration((span.to - span.from) / 1_000)}</td>
                <td>{kindWords(span)}</td>
                <td>
                  {span.application ?? (span.category ? words.lane.category(span.category) : "–")}
                  {span.title !== null && <div className={classes.title}>{span.title}</div>}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </div>
  );
}

function told(span: Span, zone: string): string {
  const time = `${timeIn(zone, span.from)} – ${timeIn(zone, span.to)}`;
  const length = duration((span.to - span.from) / 1_000);
  const category = span.category && words.lane.category(span.category);
  const where = [span.application, span.title, category]
    .filter((part) => part !== null)
    .join(" · ");
  return [time, length, kindWords(span), where].filter((part) => part !== "").join(" · ");
}

/** Full hours, at most seven of them. */
function ticks(begin: number, end: number): number[] {
  const hour = 3_600_000;
  const step = Math.max(1, Math.ceil((end - begin) / hour / 6)) * hour;
  const list: number[] = [];
  for (let at = Math.ceil(begin / hour) * hour; at < end; at += step) list.push(at);
  return list;
}
