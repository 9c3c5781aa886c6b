/** What the frame asks for: kept for every page, and not what a page is read for. */
import type { Query } from "@tanstack/react-query";

const FRAMED: readonly string[] = [JSON.stringify(["me"]), JSON.stringify(["alerts", "open"])];

export function isFramed(query: Pick<Query, "queryHash">): boolean {
  return FRAMED.includes(query.queryHash);
}
