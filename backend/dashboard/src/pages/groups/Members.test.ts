import type { InfiniteData } from "@tanstack/react-query";
import { expect, it } from "vitest";
import { withChange } from "./Members";

const NOW = "2026-11-18T13:20:00.000Z";
const member = (id: string, isManager = false) => ({
  user_id: id,
  name: id,
  is_manager: isManager,
  added_at: NOW,
});
const pages = (
  ...lists: ReturnType<typeof member>[][]
): InfiniteData<{
  items: ReturnType<typeof member>[];
}> => ({
  pages: lists.map((items) => ({ items })),
  pageParams: lists.map(() => null),
});
const ids = (data: ReturnType<typeof withChange>) =>
  data?.pages.map((page) => page.items.map((m) => `${m.user_id}${m.is_manager ? "*" : ""}`));

it("shows who is added, appointed or removed before the server has answered", () => {
  const before = pages([member("a"), member("b")], [member("c")]);
  const change = (userId: string, isManager: boolean | null) =>
    ids(withChange(before, { userId, name: userId, isManager }, NOW));
  expect(change("c", true)).toEqual([["a", "b"], ["c*"]]);
  expect(change("b", null)).toEqual([["a"], ["c"]]);
  expect(change("d", false)).toEqual([["d", "a", "b"], ["c"]]);
  expect(ids(before)).toEqual([["a", "b"], ["c"]]);
});
