/** From the live state to the rows that are shown: filter, search, order, and who stays put. */
import { useMemo, useRef } from "react";
import type { PersonState, PersonStatus } from "../../api/types";
import { type Axis, axisFor } from "../../live/day";
import { countByStatus, everyone, held, matching, type Sort, sorted } from "../../live/order";
import type { LiveState } from "../../live/state";

export interface View {
  search: string;
  statuses: readonly PersonStatus[];
  sort: Sort;
}

export interface Rows {
  all: PersonState[];
  rows: PersonState[];
  counts: Record<PersonStatus, number>;
  axis: Axis;
}

/** `hold` keeps the order while somebody is at a row; a change of view always sorts anew. */
export function useRows(live: LiveState, view: View, hold: boolean): Rows {
  const shown = useRef<{ key: string; ids: string[] }>({ key: "", ids: [] });
  const all = useMemo(() => everyone(live), [live]);
  const key = JSON.stringify([view.search, view.statuses, view.sort]);
  return useMemo(() => {
    const fitting = sorted(matching(all, view.search, view.statuses), view.sort);
    const rows = hold && shown.current.key === key ? held(shown.current.ids, fitting) : fitting;
    shown.current = { key, ids: rows.map((person) => person.user_id) };
    return {
      all,
      rows,
      counts: countByStatus(all),
      axis: axisFor(all.map((person) => person.today)),
    };
  }, [all, key, hold, view.search, view.statuses, view.sort]);
}
