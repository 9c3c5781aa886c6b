import fc from "fast-check";
import { expect, it } from "vitest";
import { type Command, fitting, stepped } from "./commands";

const command = (group: Command["group"], label: string): Command => ({
  id: `${group}:${label}`,
  group,
  label,
  run: () => {},
});

const all = [
  command("pages", "Live"),
  command("pages", "What is collected"),
  command("actions", "Log out"),
  ...["Zoë Lindqvist", "Liv Solberg", "Oliver Kahn"].map((name) => command("people", name)),
];
const labels = (typed: string) => fitting(all, typed).map(({ label }) => label);

it("offers pages and actions before anything is typed", () => {
  expect(labels("  ")).toEqual(["Live", "What is collected", "Log out"]);
});

it("finds by parts of words, without accents, better ones first", () => {
  expect(labels("zoe")).toEqual(["Zoë Lindqvist"]);
  expect(labels("liv")).toEqual(["Live", "Liv Solberg", "Oliver Kahn"]);
  expect(labels("coll what")).toEqual(["What is collected"]);
  expect(labels("xyz")).toEqual([]);
});

it("lists no more than eight people", () => {
  const many = Array.from({ length: 500 }, (_, i) => command("people", `Person ${i}`));
  expect(fitting(many, "person")).toHaveLength(8);
});

it("whatever is typed, nothing that does not fit is shown, and nothing twice", () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 12 }), (typed) => {
      const shown = fitting(all, typed).map(({ id }) => id);
      expect(new Set(shown).size).toBe(shown.length);
    }),
  );
});

it("steps around the ends", () => {
  expect([stepped(0, -1, 3), stepped(2, 1, 3), stepped(0, 1, 3), stepped(-1, 1, 0)]).toEqual([
    2, 0, 1, -1,
  ]);
});
