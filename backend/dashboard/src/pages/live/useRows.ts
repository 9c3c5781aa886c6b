/** From the live state to the rows that are shown: filter, search, order, and who stays put. */
import { useMemo, useRef } from "react";
import type { PersonState, PersonStatus } from "../../api/types";
import { type Axis, axisFor } from "../../live/day";
import { type Group, type Grouping, groupsOf, type Names } from "../../live/groups";
import { type Clock, clockFor } from "../../live/hours";
import { countByStatus, everyone, held, matching, type Sort, sorted } from "../../live/order";
import type { LiveState } from "../../live/state";

export interface View {
  search: string;
  statuses: readonly PersonStatus[];
  sort: Sort;
  group: Grouping;
  look: Look;
}

/** How people are laid out: lines of a table, or cards. */
export const LOOKS = ["rows", "cards"] as const;
export type Look = (typeof LOOKS)[number];

export interface Rows {
  all: PersonState[];
  rows: PersonState[];
  counts: Record<PersonStatus, number>;
  axis: Axis;
  clock: Clock;
  /** The rows in groups; one group of all of them where nobody groups. */
  groups: Group[];
}

/** `hold` keeps the order while somebody is at a row; a change of view always sorts anew. */
export function useRows(
  live: LiveState,
  view: View,
  names: Names,
  hold: boolean,
  alerts: ReadonlyMap<string, number>,
): Rows {
  const shown = useRef<Shown>({ key: "", ids: [], groups: [] });
  const all = useMemo(() => everyone(live), [live]);
  const key = JSON.stringify([view.search, view.statuses, view.sort, view.group]);
  return useMemo(() => {
    const fitting = sorted(matching(all, view.search, view.statuses), view.sort, alerts);
    const before = hold && shown.current.key === key ? shown.current : null;
    const rows = before ? held(before.ids, fitting) : fitting;
    const groups = grouped(rows, view.group, names, before);
    shown.current = { key, ids: rows.map((person) => person.user_id), groups };
    return {
      all,
      rows,
      groups,
      counts: countByStatus(all),
      axis: axisFor(all.map((person) => person.today)),
      clock: clockFor(all.map((person) => person.hours)),
    };
  }, [all, key, hold, names, alerts, view.search, view.statuses, view.sort, view.group]);
}

interface Shown {
  key: string;
  ids: string[];
  groups: Group[];
}

function grouped(rows: PersonState[], by: Grouping, names: Names, before: Shown | null): Group[] {
  if (by === "none") return [{ key: "all", heading: { kind: "no_team" }, people: rows }];
  const groups = groupsOf(rows, by, names);
  // Whoever changes their state while somebody is at the list stays in the group as well.
  return by === "status" && before ? stayed(before.groups, rows, groups) : groups;
}

function stayed(before: readonly Group[], rows: readonly PersonState[], now: Group[]): Group[] {
  const news = new Map(rows.map((person) => [person.user_id, person]));
  const placed = new Set(before.flatMap((group) => group.people.map((one) => one.user_id)));
  const groups = before.map((group) => ({
    ...group,
    people: group.people.flatMap((person) => news.get(person.user_id) ?? []),
  }));
  for (const group of now) {
    const newcomers = group.people.filter((person) => !placed.has(person.user_id));
    if (newcomers.length === 0) continue;
    const known = groups.find((one) => one.key === group.key);
    if (known) known.people.push(...newcomers);
    else groups.push({ ...group, people: newcomers });
  }
  return groups.filter((group) => group.people.length > 0);
}
