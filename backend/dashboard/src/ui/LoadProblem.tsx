/**
 * Questions to the server that failed. One that was never answered is told of in the place of its
 * answer. What came before stays where it is: that it is from before is said once for the whole
 * page, above it, because a note for each would move what is read, or cover it.
 */
import { type Query, useQueryClient } from "@tanstack/react-query";
import { useSyncExternalStore } from "react";
import { clock } from "../format/instant";
import { shared } from "../text/shared";
import { FloatingProblem } from "./Floating";
import { isFramed } from "./framed";
import { ProblemNote } from "./ProblemNote";

export function LoadProblem(props: {
  query: { error: unknown; data?: unknown; refetch: () => unknown };
}) {
  const { error, data, refetch } = props.query;
  if (!error || data !== undefined) return null;
  return <ProblemNote heading={shared.failed} error={error} onRetry={() => void refetch()} />;
}

const isOld = (query: Query) =>
  query.state.status === "error" && query.state.data !== undefined && !isFramed(query);

export function OldNote() {
  const queries = useQueryClient();
  const cache = queries.getQueryCache();
  // The query itself is the snapshot's name: it stays the same object while it is the latest.
  const latest = useSyncExternalStore(
    (listener) => cache.subscribe(listener),
    () =>
      cache
        .findAll({ type: "active", predicate: isOld })
        .sort((a, b) => b.state.errorUpdatedAt - a.state.errorUpdatedAt)[0]?.state,
  );
  if (latest === undefined) return null;
  return (
    <FloatingProblem
      heading={shared.failedAgain(clock(latest.dataUpdatedAt, latest.errorUpdatedAt))}
      error={latest.error}
      onRetry={() => void queries.refetchQueries({ type: "active", predicate: isOld })}
    />
  );
}
