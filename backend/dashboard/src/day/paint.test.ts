import fc from "fast-check";
import { expect, it } from "vitest";
import { fitted } from "./paint";

const HOSTILE = ["👩‍👩‍👧‍👦".repeat(60), "W".repeat(9000), "Z̷̢̛a̸̧͝l̵̨͘g̶̛̕o̷͜͝ ".repeat(80), "مرحبا שלום "];

/** As if each character were ten pixels wide. */
const measure = (part: string) => Array.from(part).length * 10;

it("a name that fits is whole, one that does not ends in an ellipsis", () => {
  expect(fitted("Figma", 60, measure)).toBe("Figma");
  expect(fitted("Visual Studio Code", 80, measure)).toBe("Visual …");
  expect(fitted("Figma", 15, measure)).toBe("");
});

it("of a name of which only a few characters fit, nothing is drawn", () => {
  expect(fitted("Firefox", 40, measure)).toBe("");
  expect(fitted("Firefox", 50, measure)).toBe("Fire…");
  // One that is as short as that is whole.
  expect(fitted("Go", 20, measure)).toBe("Go");
});

it("what is drawn always fits, is never half a character, and takes bounded work", () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.string({ unit: "grapheme", maxLength: 400 }), fc.constantFrom(...HOSTILE)),
      fc.integer({ min: 0, max: 900 }),
      (words, room) => {
        let calls = 0;
        const shown = fitted(words, room, (part) => {
          calls += 1;
          return measure(part);
        });
        expect(measure(shown)).toBeLessThanOrEqual(room);
        expect(shown.match(/\p{Surrogate}/u)).toBeNull();
        expect(calls).toBeLessThan(20);
      },
    ),
  );
});
