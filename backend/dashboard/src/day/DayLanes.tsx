/** A day as lanes on a canvas: zoom by wheel, fingers, buttons and keys; each stretch can be read. */
import { ActionIcon, Button, useComputedColorScheme } from "@mantine/core";
import {
  IconChevronLeft,
  IconChevronRight,
  IconZoomIn,
  IconZoomOut,
  IconZoomReset,
} from "@tabler/icons-react";
import { useEffect, useId, useLayoutEffect, useMemo, useRef, useState } from "react";
import { duration } from "../format/duration";
import { day as words } from "../text/day";
import { text } from "../text/en";
import { locale } from "../text/language";
import { type Block, blockAt, type Lane, walked } from "./blocks";
import classes from "./DayLanes.module.css";
import { type Inks, inksOf, layoutOf, paint, rowAt } from "./paint";
import { useFingers } from "./useFingers";
import { clockOf, moved, revealed, ticks, type View, wholeHours, zoomed } from "./view";

const NAMES: Record<string, string> = { ...words.lanes, ...words.gaps };
/** How far beside a block a pointer may be, in CSS pixels. */
const NEAR = 4;

const STEPS: Readonly<Record<string, Parameters<typeof walked>[2]>> = {
  ArrowLeft: "before",
  ArrowRight: "after",
  ArrowUp: "up",
  ArrowDown: "down",
  Home: "first",
  End: "last",
};
const ZOOMS: Readonly<Record<string, number>> = { "+": 0.5, "=": 0.5, "-": 2 };

interface Props {
  lanes: readonly Lane[];
  day: View;
  zone: string;
  /** Leads to the same as a table. */
  onTable: () => void;
}

export function DayLanes(props: Props) {
  const { lanes, day, zone } = props;
  const canvas = useRef<HTMLCanvasElement>(null);
  const frame = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  /** Null: what the day begins with, which grows with the day until somebody chooses. */
  const [chosen, setChosen] = useState<View | null>(null);
  const [hovered, setHovered] = useState<Block | null>(null);
  const [focused, setFocused] = useState<Block | null>(null);
  const [onKeys, setOnKeys] = useState(false);
  const scheme = useComputedColorScheme();
  const layout = useMemo(() => layoutOf(lanes), [lanes]);
  const start = useMemo(() => wholeHours(day, lanes), [day, lanes]);
  const view = chosen ?? start;
  const keysId = useId();

  useLayoutEffect(() => {
    const measure = () => setWidth(frame.current?.clientWidth ?? 0);
    measure();
    const observer = new ResizeObserver(measure);
    if (frame.current) observer.observe(frame.current);
    return () => observer.disconnect();
  }, []);

  // The tokens are other colors once the scheme has changed.
  const inks = useRef<{ scheme: string; inks: Inks } | null>(null);
  useLayoutEffect(() => {
    const element = canvas.current;
    const ctx = element?.getContext("2d");
    if (!element || !ctx || width === 0) return;
    if (inks.current?.scheme !== scheme) inks.current = { scheme, inks: inksOf(element) };
    const scale = window.devicePixelRatio || 1;
    element.width = Math.round(width * scale);
    element.height = Math.round(layout.height * scale);
    ctx.setTransform(scale, 0, 0, scale, 0, 0);
    paint(ctx, {
      layout,
      view,
      ticks: ticks(view, zone, locale, width / 72),
      width,
      inks: inks.current.inks,
      names: NAMES,
      hovered,
      focused: onKeys ? focused : null,
    });
  }, [layout, view, zone, width, scheme, hovered, focused, onKeys]);

  const timeAt = (x: number) => view.from + (x / Math.max(1, width)) * (view.to - view.from);
  const zoom = (factor: number, at = (view.from + view.to) / 2) =>
    setChosen(zoomed(view, day, factor, at));
  const move = (share: number) => setChosen(moved(view, day, share * (view.to - view.from)));
  const find = (x: number, y: number) => {
    const hit = rowAt(layout, y);
    const near = (NEAR / Math.max(1, width)) * (view.to - view.from);
    return hit ? blockAt(hit.lane, hit.row, timeAt(x), near) : null;
  };
  const fingers = useFingers({
    onMove: (by) => setChosen(moved(view, day, (-by / Math.max(1, width)) * (view.to - view.from))),
    onPinch: (factor, x) => zoom(factor, timeAt(x)),
    onPoint: (x, y) => setHovered(find(x, y)),
    onLeave: () => setHovered(null),
    onPress: (x, y) => {
      const block = find(x, y);
      setHovered(block);
      if (block) setFocused(block);
    },
  });

  const wheel = useRef((_event: WheelEvent) => {});
  wheel.current = (event) => {
    const box = canvas.current?.getBoundingClientRect();
    if (!box) return;
    // Without a key the wheel is the page's, unless one has clicked into the lanes.
    if (event.ctrlKey || event.metaKey || document.activeElement === frame.current) {
      event.preventDefault();
      const by = Math.max(-100, Math.min(100, event.deltaY));
      zoom(1.006 ** by, timeAt(event.clientX - box.left));
    } else if (Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
      event.preventDefault();
      move(event.deltaX / Math.max(1, width));
    }
  };
  useEffect(() => {
    const element = frame.current;
    const turn = (event: WheelEvent) => wheel.current(event);
    // React's own listener may not hold the page back.
    element?.addEventListener("wheel", turn, { passive: false });
    return () => element?.removeEventListener("wheel", turn);
  }, []);

  const walk = (step: Parameters<typeof walked>[2]) => {
    const next = walked(lanes, focused, step);
    if (!next) return;
    setFocused(next);
    setHovered(null);
    const shown = revealed(view, day, next);
    if (shown !== view) setChosen(shown);
  };
  const press = (key: string): boolean => {
    const step = STEPS[key];
    const factor = ZOOMS[key];
    if (step) walk(step);
    else if (factor) zoom(factor, focused ? (focused.from + focused.to) / 2 : undefined);
    else if (key === "0") setChosen(null);
    else if (key === "t") props.onTable();
    else return false;
    return true;
  };
  const told = hovered ?? (onKeys ? focused : null);
  return (
    <div className={classes.lanes}>
      <div className={classes.tools}>
        <Tool label={words.earlier} onClick={() => move(-0.5)} disabled={view.from <= day.from}>
          <IconChevronLeft size={18} aria-hidden="true" />
        </Tool>
        <Tool label={words.later} onClick={() => move(0.5)} disabled={view.to >= day.to}>
          <IconChevronRight size={18} aria-hidden="true" />
        </Tool>
        <Tool label={words.closer} onClick={() => zoom(0.5)}>
          <IconZoomIn size={18} aria-hidden="true" />
        </Tool>
        <Tool label={words.wider} onClick={() => zoom(2)}>
          <IconZoomOut size={18} aria-hidden="true" />
        </Tool>
        <Button
          variant="default"
          size="xs"
          onClick={() => setChosen({ ...day })}
          leftSection={<IconZoomReset size={16} aria-hidden="true" />}
        >
          {words.whole}
        </Button>
      </div>
      <div
        ref={frame}
        className={classes.frame}
        role="application"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it is operated with keys
        tabIndex={0}
        aria-label={words.title}
        aria-describedby={keysId}
        onFocus={() => {
          setOnKeys(true);
          if (!focused) setFocused(walked(lanes, null, "first"));
        }}
        onBlur={() => setOnKeys(false)}
        onKeyDown={(event) => {
          if (event.ctrlKey || event.metaKey || event.altKey) return;
          if (press(event.key)) event.preventDefault();
        }}
        {...fingers}
      >
        <canvas ref={canvas} className={classes.canvas} style={{ height: layout.height }} />
      </div>
      <p id={keysId} className="wp-hidden">
        {words.keys}
      </p>
      {/* What the keys reached is read aloud; what a mouse passes over is not. */}
      <p className="wp-hidden" role="status">
        {onKeys && focused ? inWords(focused, zone) : ""}
      </p>
      <div className={classes.told} aria-hidden="true">
        {told ? <Told block={told} zone={zone} /> : <p className={classes.hint}>{words.hint}</p>}
      </div>
    </div>
  );
}

function Tool(props: {
  label: string;
  disabled?: boolean;
  onClick: () => void;
  children: React.ReactNode;
}) {
  return (
    <ActionIcon
      variant="default"
      size={30}
      aria-label={props.label}
      title={props.label}
      disabled={props.disabled ?? false}
      onClick={props.onClick}
    >
      {props.children}
    </ActionIcon>
  );
}

/** "Active" or "Not observed, asleep". */
export function kindInWords(block: Pick<Block, "kind" | "reason">): string {
  const kind = words.kinds[block.kind] ?? block.kind;
  const { reason } = block;
  if (!reason) return kind;
  const known = (text.reason as Record<string, string>)[reason] ?? words.gaps[reason] ?? reason;
  return `${kind}, ${known}`;
}

function times(block: Block, zone: string): string {
  const clock = clockOf(zone, locale);
  const close = block.to - block.from < 60_000;
  const show = close ? clock.seconds : clock.time;
  return `${show(block.from)} – ${show(block.to)}, ${duration((block.to - block.from) / 1000)}`;
}

/** One sentence for a screen reader; texts of others are cut, so that none talks for minutes. */
export function inWords(block: Block, zone: string): string {
  const lane = words.lanes[block.lane] ?? block.lane;
  const said = [block.label, block.title].filter((part) => part !== null);
  const cut = said.map((part) => (part.length > 120 ? `${part.slice(0, 120)}…` : part));
  return [lane, kindInWords(block), times(block, zone), ...cut].join(": ");
}

function Told(props: { block: Block; zone: string }) {
  const { block } = props;
  return (
    <>
      <p className={classes.first}>
        <b className="wp-numbers">{times(block, props.zone)}</b>
        <span>{kindInWords(block)}</span>
      </p>
      <p className={classes.second}>
        {block.label !== null && <bdi className={classes.label}>{block.label}</bdi>}
        {block.title !== null && <bdi className={classes.title}>{block.title}</bdi>}
        {block.url !== null && <bdi className={classes.title}>{block.url}</bdi>}
      </p>
    </>
  );
}
