import { QueryClient } from "@tanstack/react-query";
import { expect, it } from "vitest";
import { showAtOnce } from "./optimistic";

interface One {
  id: string;
  on: boolean;
}

it("a change is seen in whole lists and in paged ones, and taken back in all of them", async () => {
  const queries = new QueryClient();
  const one = { id: "a", on: false };
  const other = { id: "b", on: false };
  const paged = { pages: [{ items: [one] }, { items: [other] }], pageParams: [null, "x"] };
  queries.setQueryData(["list", "all"], { items: [one, other], can: true });
  queries.setQueryData(["list", "off"], paged);
  queries.setQueryData(["others"], { items: [one] });
  const back = await showAtOnce<One>(queries, ["list"], (item, key) => {
    if (item.id !== "a") return item;
    return key[1] === "off" ? null : { ...item, on: true };
  });
  expect(queries.getQueryData(["list", "all"])).toEqual({
    items: [{ id: "a", on: true }, other],
    can: true,
  });
  expect(queries.getQueryData(["list", "off"])).toEqual({
    ...paged,
    pages: [{ items: [] }, { items: [other] }],
  });
  expect(queries.getQueryData(["others"])).toEqual({ items: [one] });
  back();
  expect(queries.getQueryData(["list", "off"])).toEqual(paged);
  expect(queries.getQueryData(["list", "all"])).toEqual({ items: [one, other], can: true });
});
