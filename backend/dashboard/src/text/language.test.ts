import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { decide, localeOf } from "./language";

beforeEach(() => {
  vi.resetModules();
});

afterEach(() => {
  window.localStorage.clear();
});

it.each([
  [null, ["de-AT", "en"], "de"],
  [null, ["fr-FR", "de", "en"], "de"],
  [null, ["en-GB", "de"], "en"],
  [null, ["ja"], "en"],
  [null, [], "en"],
  ["de", ["en"], "de"],
  ["en", ["de"], "en"],
  ["tlh", ["de"], "de"],
] as const)("chosen %s, of a browser that wants %s: %s", (chosen, wanted, language) => {
  expect(decide(chosen, wanted)).toBe(language);
});

it("keeps the browser's own variety of the language for dates and numbers", () => {
  expect(localeOf("de", ["en-US", "de-AT"])).toBe("de-AT");
  expect(localeOf("de", ["en-US"])).toBe("de");
});

it("speaks German throughout once it is chosen", async () => {
  window.localStorage.setItem("workpulse-language", "de");
  const { text } = await import("./en");
  const { people } = await import("./people");
  const { number, plural } = await import("./language");
  const { duration } = await import("../format/duration");
  expect(text.nav.settings).toBe("Einstellungen");
  expect(people.statuses.suspended).toBe("Gesperrt");
  expect(number(1234.5)).toBe("1.234,5");
  expect([0, 1, 2].map((n) => plural(n, "Person", "Personen"))).toEqual([
    "Personen",
    "Person",
    "Personen",
  ]);
  expect(duration(27_720)).toBe("7 h 42 min");
});

type Catalogue = Record<string, unknown>;

/** What a sentence may be asked with: a number, a word, a list of words. */
const VALUES = [2, "two", ["one", "two"]] as const;

/** What a sentence says of the first of those values that it can take. */
function said(sentence: (...values: unknown[]) => unknown): string {
  let fault: unknown;
  for (const [first, second] of VALUES.flatMap((a) => VALUES.map((b) => [a, b]))) {
    try {
      return String(sentence(first, second, second));
    } catch (thrown) {
      fault = thrown;
    }
  }
  throw fault;
}

/** Every sentence of a catalogue by its path; functions are asked with plain values. */
function sentences(part: unknown, path: string): [string, string][] {
  if (typeof part === "string") return [[path, part]];
  if (typeof part === "function") return [[path, said(part as Parameters<typeof said>[0])]];
  return Object.entries(part as Catalogue).flatMap(([name, inner]) =>
    sentences(inner, `${path}.${name}`),
  );
}

const english = import.meta.glob<Catalogue>(["./*.ts", "!./*.test.ts", "!./language.ts"], {
  eager: true,
});
const german = import.meta.glob<Catalogue>("./de/*.ts", { eager: true });

it.each(Object.keys(english))("%s says the same things in both languages", (file) => {
  const there = german[file.replace("./", "./de/")];
  const a = sentences(english[file]?.english, "");
  const b = sentences(there?.german, "");
  expect(b.map(([path]) => path)).toEqual(a.map(([path]) => path));
  // Empty where English is empty too: an example without an address.
  const blank = (said: [string, string][]) =>
    said.flatMap(([path, words]) => (words.trim() === "" ? [path] : []));
  expect(blank(b)).toEqual(blank(a));
  // Words that stayed in English; names and single words may be alike in both.
  const same = b.filter(([path, words]) => {
    const other = a.find(([its]) => its === path)?.[1];
    return words === other && words.split(" ").length > 3 && !words.startsWith("workpulse");
  });
  expect(same).toEqual([]);
});
