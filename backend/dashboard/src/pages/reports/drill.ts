/**
 * Where a row's figures are opened: a step further down each time, until a person's minutes. Pure.
 */
import { type Group, isId, PROJECT_GROUPS, type ReportSearch } from "./address";
import type { DayRange } from "./range";

export type Opened =
  | { to: "/reports"; search: ReportSearch }
  | { to: "/people/$id/day"; params: { id: string }; search: { date: string } };

/** The row's own address; null where the server cannot tell more, or must not. */
export function openedRow(
  key: string,
  by: Group,
  search: ReportSearch,
  range: DayRange,
): Opened | null {
  const { sort: _, up: __, by: ___, ...kept } = search;
  switch (by) {
    case "person":
      if (!isId(key)) return null;
      return range.from === range.to
        ? { to: "/people/$id/day", params: { id: key }, search: { date: range.to } }
        : { to: "/reports", search: { ...kept, person: key, by: "day" } };
    case "day": {
      if (search.person !== undefined) {
        return { to: "/people/$id/day", params: { id: search.person }, search: { date: key } };
      }
      const { range: _range, ...rest } = kept;
      return { to: "/reports", search: { ...rest, from: key, to: key, by: "person" } };
    }
    case "team":
    case "project":
      return isId(key) ? { to: "/reports", search: { ...kept, [by]: key, by: "person" } } : null;
    default:
      return null;
  }
}

/** By what a report can be added up: of one project, what was used in it is not kept. */
export function groupsFor(search: ReportSearch, all: readonly Group[]): readonly Group[] {
  return search.project === undefined ? all : all.filter((one) => PROJECT_GROUPS.includes(one));
}
