/** A list that comes in pages: what is there, and the step to the next. */
import { useInfiniteQuery } from "@tanstack/react-query";

export interface OnePage<Item> {
  items: Item[];
  next_cursor?: string | null;
}

export function usePages<Item>(
  queryKey: readonly unknown[],
  ask: (cursor: string | null) => Promise<OnePage<Item>>,
  /** `lookAgain`: after how many milliseconds what is there is asked for again. */
  more: { lookAgain?: (items: Item[]) => number | false; enabled?: boolean } = {},
) {
  const query = useInfiniteQuery({
    queryKey,
    queryFn: ({ pageParam }) => ask(pageParam),
    enabled: more.enabled ?? true,
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor ?? null,
    refetchInterval: ({ state }) =>
      more.lookAgain?.(state.data?.pages.flatMap((page) => page.items) ?? []) ?? false,
  });
  return { ...query, items: query.data?.pages.flatMap((page) => page.items) ?? [] };
}

/** Every page at once, for lists that are searched or chosen from; at most `most` pages. */
export async function everyPage<Item>(
  ask: (cursor: string | null) => Promise<OnePage<Item>>,
  most = 50,
): Promise<Item[]> {
  return (await pagesUpTo(ask, most)).items;
}

/** The first `most` pages, and whether there are more. */
export async function pagesUpTo<Item>(
  ask: (cursor: string | null) => Promise<OnePage<Item>>,
  most: number,
): Promise<{ items: Item[]; cut: boolean }> {
  const items: Item[] = [];
  let cursor: string | null = null;
  for (let page = 0; page < most; page += 1) {
    const answer: OnePage<Item> = await ask(cursor);
    items.push(...answer.items);
    cursor = answer.next_cursor ?? null;
    if (cursor === null) break;
  }
  return { items, cut: cursor !== null };
}
