import { describe, expect, it } from "vitest";
import { german } from "./de";
import { english } from "./en";

/** Every text of a catalogue with its path; functions by what they say of plain values. */
function texts(part: unknown, path: string): [string, string][] {
  if (typeof part === "string") return [[path, part]];
  if (typeof part === "function") return [[path, String(part(1, 2, 3, 4))]];
  return Object.entries(part as object).flatMap(([key, value]) => texts(value, `${path}.${key}`));
}

describe("the words", () => {
  it("are the same in both languages, none is empty, and none was left in English", () => {
    const [en, de] = [texts(english, ""), texts(german, "")];
    expect(de.map(([path]) => path)).toEqual(en.map(([path]) => path));
    for (const [path, text] of [...en, ...de]) expect(text.trim(), path).not.toBe("");
    const alike = en.filter(([, text], index) => text === de[index]?.[1]).map(([path]) => path);
    expect(alike.filter((path) => !path.endsWith(".error"))).toEqual([]);
  });
});
