/** The live page's view as an address, so that it can be kept and shared. */

import type { PersonStatus } from "../../api/types";
import { GROUPINGS, type Grouping } from "../../live/groups";
import { SORTS, type Sort, STATUSES } from "../../live/order";
import { LOOKS, type Look } from "./useRows";

export interface LiveSearch {
  q?: string;
  status?: PersonStatus[];
  sort?: Sort;
  group?: Grouping;
  look?: Look;
}

/** Takes what makes sense from an address; the rest falls back to everyone. */
export function readView(search: Record<string, unknown>): LiveSearch {
  const wished = Array.isArray(search.status) ? search.status : [];
  return {
    q:
      typeof search.q === "string" || typeof search.q === "number"
        ? String(search.q).slice(0, 100)
        : "",
    status: STATUSES.filter((status) => wished.includes(status)),
    sort: SORTS.find((sort) => sort === search.sort) ?? "attention",
    group: GROUPINGS.find((group) => group === search.group) ?? "none",
    look: LOOKS.find((look) => look === search.look) ?? "rows",
  };
}
