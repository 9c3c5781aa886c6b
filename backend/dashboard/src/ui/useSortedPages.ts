/**
 * A list that the server gives in pages and in one order, to be seen in any. Sorted are all rows,
 * not those that happen to be loaded: the first of a part would be taken for the first of all.
 */
import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import type { Order } from "./Sort";
import { type SortValue, sorted } from "./sorted";
import { type OnePage, pagesUpTo, usePages } from "./usePages";

/** As many as the server gives at once, and as many of these pages as a browser sorts at ease. */
const PAGE = 200;
const MOST_PAGES = 25;
export const MOST_SORTED = PAGE * MOST_PAGES;

export function useSortedPages<Item, Key extends string>(
  queryKey: readonly unknown[],
  ask: (cursor: string | null, limit?: number) => Promise<OnePage<Item>>,
  /** None: as the server gives them. */
  order: Order<Key> | null,
  value: (item: Item, by: Key) => SortValue,
) {
  const [shown, setShown] = useState(PAGE);
  const pages = usePages(queryKey, (cursor) => ask(cursor), { enabled: order === null });
  const complete = pages.data !== undefined && !pages.hasNextPage;
  const all = useQuery({
    queryKey: [...queryKey, "all"],
    queryFn: () => pagesUpTo((cursor) => ask(cursor, PAGE), MOST_PAGES),
    // A list of one page is here already.
    enabled: order !== null && !complete,
  });
  const rows = complete ? pages.items : all.data?.items;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the rows are new when their answer is
  const inOrder = useMemo(
    () => (order && rows ? sorted(rows, (row) => value(row, order.by), order.up) : null),
    [order?.by, order?.up, pages.data, all.data, complete],
  );
  if (order === null) return { query: pages, items: pages.items, cut: false };
  return {
    query: {
      // Until all are there, those that were seen stay where they are.
      isPending: !complete && all.isPending && pages.items.length === 0,
      data: complete ? pages.data : all.data,
      error: complete ? pages.error : all.error,
      hasNextPage: inOrder !== null && inOrder.length > shown,
      isFetchingNextPage: false,
      fetchNextPage: () => setShown((before) => before + PAGE),
      refetch: () => (complete ? pages.refetch() : all.refetch()),
    },
    items: inOrder?.slice(0, shown) ?? pages.items,
    cut: !complete && all.data?.cut === true,
  };
}
