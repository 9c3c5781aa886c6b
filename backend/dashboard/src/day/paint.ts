/**
 * Draws lanes on a canvas, and knows where each row lies. Draws only what is in view, and blocks
 * narrower than a pixel at most once a pixel and color: twelve thousand of them fit into a frame.
 */
import { hue } from "../ui/initials";
import { type Block, firstFrom, type Lane, same } from "./blocks";
import type { Tick, View } from "./view";

const ROW = 26;
const ROW_GAP = 3;
const LANE_GAP = 12;
/** Room for a lane's name above its rows. */
const NAME = 20;
const AXIS = 24;

export interface Place {
  lane: Lane;
  /** Of its first row, in CSS pixels from above. */
  top: number;
}

export interface Layout {
  places: Place[];
  height: number;
}

export function layoutOf(lanes: readonly Lane[]): Layout {
  let top = AXIS;
  const places = lanes.map((lane) => {
    const place = { lane, top: top + NAME };
    top = place.top + lane.rows * (ROW + ROW_GAP) - ROW_GAP + LANE_GAP;
    return place;
  });
  return { places, height: top };
}

/** The lane and row at a height; null between them. */
export function rowAt(layout: Layout, y: number): { lane: Lane; row: number } | null {
  for (const { lane, top } of layout.places) {
    const row = Math.floor((y - top) / (ROW + ROW_GAP));
    if (y >= top && row < lane.rows) return { lane, row };
  }
  return null;
}

/** Colors of the tokens, as the canvas needs them: read again when the scheme changes. */
export interface Inks {
  text: string;
  dim: string;
  line: string;
  track: string;
  surface: string;
  accent: string;
  active: string;
  idle: string;
  unobserved: string;
  session: string;
  alert: string;
  appLightness: string;
  font: string;
}

export function inksOf(element: Element): Inks {
  const style = getComputedStyle(element);
  const ink = (name: string) => style.getPropertyValue(`--wp-${name}`).trim() || "#777777";
  return {
    text: ink("text"),
    dim: ink("dim"),
    line: ink("line"),
    track: ink("track"),
    surface: ink("surface"),
    accent: ink("accent"),
    active: ink("active"),
    idle: ink("idle"),
    unobserved: ink("unobserved"),
    session: ink("line-strong"),
    alert: ink("attention"),
    appLightness: ink("app-lightness"),
    font: style.fontFamily || "sans-serif",
  };
}

export interface Scene {
  layout: Layout;
  view: View;
  ticks: readonly Tick[];
  /** CSS pixels. */
  width: number;
  inks: Inks;
  names: Record<string, string>;
  hovered: Block | null;
  focused: Block | null;
}

/** The canvas is taken to be scaled to CSS pixels. */
export function paint(ctx: CanvasRenderingContext2D, scene: Scene): void {
  const { layout, view, width, inks } = scene;
  const perMilli = width / (view.to - view.from);
  const x = (at: number) => (at - view.from) * perMilli;
  ctx.clearRect(0, 0, width, layout.height);
  ctx.textBaseline = "middle";
  ctx.font = `12px ${inks.font}`;
  axis(ctx, scene, x);
  const hatch = hatchOf(ctx, inks.unobserved, inks.surface);
  for (const { lane, top } of layout.places) {
    ctx.fillStyle = inks.dim;
    ctx.fillText(scene.names[lane.id] ?? lane.id, 0, top - NAME / 2);
    for (let row = 0; row < lane.rows; row += 1) {
      ctx.fillStyle = inks.track;
      ctx.fillRect(0, top + row * (ROW + ROW_GAP), width, ROW);
    }
    blocks(ctx, scene, lane, top, x, hatch);
  }
  for (const block of [scene.hovered, scene.focused]) {
    if (block) outline(ctx, scene, block, x, block === scene.focused);
  }
}

function axis(ctx: CanvasRenderingContext2D, scene: Scene, x: (at: number) => number): void {
  const { inks, layout, width } = scene;
  for (const tick of scene.ticks) {
    const at = Math.round(x(tick.at)) + 0.5;
    ctx.fillStyle = inks.line;
    ctx.fillRect(at - 0.5, AXIS - 6, 1, layout.height - AXIS);
    ctx.fillStyle = inks.dim;
    const half = ctx.measureText(tick.label).width / 2;
    // Kept whole at both ends.
    ctx.fillText(tick.label, Math.min(Math.max(0, at - half), width - 2 * half), AXIS / 2 - 3);
  }
}

function blocks(
  ctx: CanvasRenderingContext2D,
  scene: Scene,
  lane: Lane,
  top: number,
  x: (at: number) => number,
  hatch: CanvasPattern | string,
): void {
  const { view, inks } = scene;
  // Where each row was last painted, and with what: a second block there would change nothing.
  const painted: { to: number; fill: unknown }[] = [];
  const end = firstFrom(lane.blocks, view.to);
  for (let i = 0; i < end; i += 1) {
    const block = lane.blocks[i];
    if (!block || block.to <= view.from) continue;
    const left = Math.max(0, x(block.from));
    const right = Math.min(scene.width, x(block.to));
    const fill = fillOf(block, inks, hatch);
    const last = painted[block.row];
    if (last && right <= last.to && last.fill === fill) continue;
    const y = top + block.row * (ROW + ROW_GAP);
    // A hair between neighbours, as long as there is room for one.
    const shown = Math.max(1, right - left - (right - left > 4 ? 1 : 0));
    ctx.fillStyle = fill;
    if (block.kind === "gap") gap(ctx, scene, block, left, y, shown);
    else if (block.lane === "sessions") ctx.fillRect(left, y + 8, shown, ROW - 16);
    else if (block.kind === "idle" && block.lane === "activity")
      // Lower, so that idle is told from active without its color.
      ctx.fillRect(left, y + ROW / 2, shown, ROW / 2);
    else ctx.fillRect(left, y, shown, ROW);
    painted[block.row] = { to: Math.ceil(left + shown), fill };
    if (block.label !== null && shown > 28) label(ctx, scene, block.label, left, y, shown);
  }
}

function fillOf(block: Block, inks: Inks, hatch: CanvasPattern | string): CanvasPattern | string {
  if (block.kind === "session" || block.kind === "note") return inks.session;
  if (block.kind === "alert") return inks.alert;
  if (block.label !== null) return tint(block.label, inks.appLightness);
  if (block.kind === "active") return inks.active;
  if (block.kind === "idle") return inks.idle;
  return block.kind === "unobserved" ? hatch : inks.line;
}

const tints = new Map<string, string>();

/** An application's own color, the same on every page. */
function tint(label: string, lightness: string): string {
  const key = lightness + label;
  let color = tints.get(key);
  if (color === undefined) {
    if (tints.size > 2000) tints.clear();
    color = `hsl(${hue(label)} 55% ${lightness})`;
    tints.set(key, color);
  }
  return color;
}

/** A gap is a dashed outline: nothing is there, and it says why when there is room. */
function gap(
  ctx: CanvasRenderingContext2D,
  scene: Scene,
  block: Block,
  left: number,
  y: number,
  width: number,
): void {
  const { inks } = scene;
  ctx.save();
  ctx.strokeStyle = inks.unobserved;
  ctx.setLineDash([3, 3]);
  ctx.strokeRect(left + 0.5, y + 0.5, Math.max(0, width - 1), ROW - 1);
  ctx.restore();
  const words = scene.names[block.reason ?? ""];
  if (words && ctx.measureText(words).width + 16 < width) {
    ctx.fillStyle = inks.dim;
    ctx.fillText(words, left + 8, y + ROW / 2 + 1);
  }
}

/** As much of a name as fits, on a plate of the surface's color so that it reads on any tint. */
function label(
  ctx: CanvasRenderingContext2D,
  scene: Scene,
  words: string,
  left: number,
  y: number,
  width: number,
): void {
  const room = width - 16;
  const shown = fitted(words, room, (part) => ctx.measureText(part).width);
  if (shown === "") return;
  const size = ctx.measureText(shown).width;
  ctx.fillStyle = scene.inks.surface;
  ctx.fillRect(left + 4, y + 4, size + 8, ROW - 8);
  ctx.fillStyle = scene.inks.text;
  ctx.save();
  // Clipped as well: a stack of combining marks is higher than it is wide.
  ctx.beginPath();
  ctx.rect(left + 4, y + 4, size + 8, ROW - 8);
  ctx.clip();
  ctx.fillText(shown, left + 8, y + ROW / 2 + 1);
  ctx.restore();
}

/** More UTF-16 units of a text than fit on any screen. */
const LONGEST = 400;

const segments = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/** Fewer characters than these say nothing: "Fi…" may be anything. The table has all of it. */
const FEWEST = 4;

/**
 * The longest begin of a text that fits, with an ellipsis; cut between whole characters. Nothing
 * where only a few of them would fit.
 */
export function fitted(words: string, room: number, measure: (part: string) => number): string {
  // Nobody's title decides how long drawing takes.
  const clean = words.slice(0, LONGEST).replace(/\s+/g, " ").trim();
  if (words.length < LONGEST && measure(clean) <= room) return clean;
  const parts = Array.from(segments.segment(clean), (one) => one.segment);
  // The last one may have been cut in two.
  if (words.length >= LONGEST) parts.pop();
  let low = 0;
  let high = parts.length;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (measure(`${parts.slice(0, middle).join("")}…`) <= room) low = middle;
    else high = middle - 1;
  }
  return low < FEWEST ? "" : `${parts.slice(0, low).join("")}…`;
}

function outline(
  ctx: CanvasRenderingContext2D,
  scene: Scene,
  block: Block,
  x: (at: number) => number,
  strong: boolean,
): void {
  const place = scene.layout.places.find(({ lane }) => lane.blocks.some((one) => same(one, block)));
  if (!place) return;
  const left = Math.max(1, x(block.from));
  const right = Math.min(scene.width - 1, x(block.to));
  if (right < 0 || left > scene.width) return;
  const y = place.top + block.row * (ROW + ROW_GAP);
  ctx.strokeStyle = strong ? scene.inks.accent : scene.inks.text;
  ctx.lineWidth = strong ? 3 : 1.5;
  ctx.strokeRect(left - 1, y - 1, Math.max(3, right - left) + 1, ROW + 2);
  ctx.lineWidth = 1;
}

function hatchOf(ctx: CanvasRenderingContext2D, ink: string, ground: string) {
  const tile = document.createElement("canvas");
  tile.width = 8;
  tile.height = 8;
  const pen = tile.getContext("2d");
  if (!pen) return ink;
  pen.fillStyle = ground;
  pen.fillRect(0, 0, 8, 8);
  pen.strokeStyle = ink;
  pen.lineWidth = 2;
  for (const shift of [-8, 0, 8]) {
    pen.beginPath();
    pen.moveTo(shift, 8);
    pen.lineTo(shift + 8, 0);
    pen.stroke();
  }
  return ctx.createPattern(tile, "repeat") ?? ink;
}
