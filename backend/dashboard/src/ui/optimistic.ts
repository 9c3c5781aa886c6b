/** Changes that are seen at once, in every list that holds what is changed, and taken back. */
import type { InfiniteData, QueryClient, QueryKey } from "@tanstack/react-query";

interface Page<Item> {
  items: Item[];
}

type Listed<Item> = Page<Item> | InfiniteData<Page<Item>>;

/**
 * Shows `change` in all lists below a key, whole or in pages; what becomes null is gone. Answers
 * how to take it back, for when the server refuses.
 */
export async function showAtOnce<Item>(
  queries: QueryClient,
  queryKey: QueryKey,
  change: (item: Item, key: QueryKey) => Item | null,
): Promise<() => void> {
  // An answer that is on its way knows nothing of it, and would undo it.
  await queries.cancelQueries({ queryKey });
  const before = queries.getQueriesData<Listed<Item>>({ queryKey });
  for (const [key, listed] of before) {
    if (listed === undefined) continue;
    const changed = <P extends Page<Item>>(page: P): P => ({
      ...page,
      items: page.items.flatMap((item) => change(item, key) ?? []),
    });
    const now: Listed<Item> =
      "pages" in listed ? { ...listed, pages: listed.pages.map(changed) } : changed(listed);
    queries.setQueryData(key, now);
  }
  return () => {
    for (const [key, listed] of before) queries.setQueryData(key, listed);
  };
}
