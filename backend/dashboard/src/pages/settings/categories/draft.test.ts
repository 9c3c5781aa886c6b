import { expect, it } from "vitest";
import type { CategoryRule } from "../../../api/categories";
import { differs, draftOf, moved, put, rulesOf, without } from "./draft";

const rule = (application: string): CategoryRule => ({ application, category_id: "c" });
const names = (draft: Parameters<typeof rulesOf>[0]) =>
  rulesOf(draft).map(({ application }) => application);
const RULES = [rule("a"), rule("b"), rule("c")];

it("moves a rule one place, and no further than the ends", () => {
  const draft = draftOf(3, RULES);
  expect(names(moved(draft, 2, -1))).toEqual(["a", "c", "b"]);
  expect(names(moved(draft, 0, 1))).toEqual(["b", "a", "c"]);
  expect(moved(draft, 0, -1)).toBe(draft);
  expect(moved(draft, 2, 1)).toBe(draft);
});

it("keeps a rule itself through moves, changes and removals", () => {
  let draft = put(draftOf(3, RULES), null, rule("d"));
  draft = moved(moved(draft, 3, -1), 3, -1);
  draft = put(without(draft, 0), 3, rule("D"));
  expect(names(draft)).toEqual(["D", "b", "c"]);
  draft = put(draft, null, rule("e"));
  expect(new Set(draft.rules.map(({ key }) => key)).size).toBe(4);
});

it("differs once something is another, and sends nothing that is empty", () => {
  const draft = draftOf(3, RULES);
  expect(differs(draft, RULES)).toBe(false);
  expect(differs(moved(draft, 0, 1), RULES)).toBe(true);
  expect(differs(moved(moved(draft, 0, 1), 0, -1), RULES)).toBe(false);
  const typed = put(draftOf(0, []), null, { application: " Figma ", title: " ", category_id: "c" });
  expect(rulesOf(typed)).toEqual([{ application: "Figma", category_id: "c" }]);
});
