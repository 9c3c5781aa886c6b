/** The order of a report's rows: in its address, and said where it is not that of all of them. */
import { number } from "../../text/language";
import { reports as words } from "../../text/reports";
import type { Order } from "../../ui/Sort";
import { MOST_SORTED } from "../../ui/useSortedPages";
import type { ReportSearch } from "./address";
import classes from "./Reports.module.css";

/** The order that an address asks for; none, if the server's own will do. */
export function orderOf<By extends string>(search: ReportSearch<By>): Order<By> | null {
  return search.sort === undefined ? null : { by: search.sort, up: search.up ?? false };
}

/** The address for an order. The server's own is said by saying nothing. */
export function searchFor<By extends string>(
  search: ReportSearch<By>,
  order: Order<By>,
  own: Order<By> | null,
): ReportSearch<By> {
  const { sort: _, up: __, ...rest } = search;
  if (own !== null && own.by === order.by && own.up === order.up) return rest;
  return { ...rest, sort: order.by, ...(order.up ? { up: true } : {}) };
}

/** Stands at the end of the toolbar, where there is room: a line above the table would move it. */
export function CutNote() {
  return (
    <p className={classes.cut} role="status">
      {words.cut(number(MOST_SORTED))}
    </p>
  );
}
