/** The tokens keep what they promise: contrast, and colors that stay apart for every eye. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";

type Rgb = [number, number, number];
type Scheme = Record<string, Rgb>;

const css = readFileSync(join(process.cwd(), "src/styles/tokens.css"), "utf8");

function scheme(selector: string): Scheme {
  const start = css.indexOf(`${selector} {`);
  if (start < 0) throw new Error(`no ${selector} in the tokens`);
  const block = css.slice(start, css.indexOf("\n}", start));
  const found: Scheme = {};
  for (const [, name = "", hex = ""] of block.matchAll(/--wp-([a-z-]+): #([0-9a-f]{6});/g)) {
    found[name] = [0, 2, 4].map((at) => Number.parseInt(hex.slice(at, at + 2), 16)) as Rgb;
  }
  return found;
}

const light = scheme(":root");
const SCHEMES: [string, Scheme][] = [
  ["light", light],
  ["dark", { ...light, ...scheme(':root[data-mantine-color-scheme="dark"]') }],
];

const linear = (rgb: Rgb) =>
  rgb.map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as Rgb;

function luminance(rgb: Rgb): number {
  const [r, g, b] = linear(rgb);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: Rgb, b: Rgb): number {
  const [high = 0, low = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (high + 0.05) / (low + 0.05);
}

/** A pair's own contrast by name; a token that is missing fails the test that asks for it. */
function between(colors: Scheme, ink: string, ground: string): number {
  const [a, b] = [colors[ink], colors[ground]];
  if (!a || !b) throw new Error(`no token ${a ? ground : ink}`);
  return contrast(a, b);
}

const GROUNDS = ["canvas", "surface", "hover", "track"];
const TEXTS = ["text", "dim", "accent", "active-text", "idle-text", "unobserved-text"];
const MARKS = ["active", "idle", "unobserved", "attention", "line-strong"];

it.each(SCHEMES)("text reads on every ground: %s", (_name, colors) => {
  const weak = TEXTS.flatMap((ink) =>
    GROUNDS.map((ground) => ({ ink, ground, ratio: between(colors, ink, ground) })),
  ).filter(({ ratio }) => ratio < 4.5);
  expect(weak).toEqual([]);
  for (const ground of ["canvas", "surface", "attention-soft"]) {
    expect(between(colors, "attention", ground), ground).toBeGreaterThanOrEqual(4.5);
    expect(between(colors, "text", ground), ground).toBeGreaterThanOrEqual(4.5);
  }
  for (const ink of ["text", "accent"]) {
    expect(between(colors, ink, "accent-soft"), ink).toBeGreaterThanOrEqual(4.5);
  }
});

it.each(SCHEMES)("marks are seen where they stand: %s", (_name, colors) => {
  const weak = MARKS.flatMap((ink) =>
    ["canvas", "surface"].map((ground) => ({ ink, ground, ratio: between(colors, ink, ground) })),
  ).filter(({ ratio }) => ratio < 3);
  expect(weak).toEqual([]);
});

/** How linear light reaches eyes without red, green or blue cones (Machado and others, 2009). */
const EYES: Record<string, readonly [Rgb, Rgb, Rgb]> = {
  all: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

function seen(rgb: Rgb, eyes: readonly [Rgb, Rgb, Rgb]): Rgb {
  const [r, g, b] = linear(rgb);
  return eyes.map(([x, y, z]) => Math.min(1, Math.max(0, x * r + y * g + z * b))) as Rgb;
}

/** Oklab, in which distances are about as large as they look. */
function oklab([r, g, b]: Rgb): Rgb {
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

/** About five times what can just be told apart. */
const APART = 0.1;

it.each(SCHEMES)("active, idle and attention stay apart for every eye: %s", (_name, colors) => {
  const close: string[] = [];
  for (const [eyes, matrix] of Object.entries(EYES)) {
    for (const [one, other] of [
      ["active", "idle"],
      ["active", "attention"],
      ["idle", "attention"],
    ] as const) {
      const [a, b] = [colors[one], colors[other]];
      if (!a || !b) throw new Error("a state without a color");
      const [x, y] = [oklab(seen(a, matrix)), oklab(seen(b, matrix))];
      const distance = Math.hypot(x[0] - y[0], x[1] - y[1], x[2] - y[2]);
      if (distance < APART) close.push(`${one} and ${other}, ${eyes}: ${distance.toFixed(3)}`);
    }
  }
  expect(close).toEqual([]);
});
