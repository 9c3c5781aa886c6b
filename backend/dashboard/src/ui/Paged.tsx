/** A list with its states: to come, failed, empty, and more to show. */
import { Button } from "@mantine/core";
import type { ReactNode } from "react";
import { shared } from "../text/shared";
import { Rows } from "./Page";
import { ProblemNote } from "./ProblemNote";

interface Props {
  query: {
    isPending: boolean;
    error: unknown;
    hasNextPage: boolean;
    isFetchingNextPage: boolean;
    fetchNextPage: () => unknown;
    refetch: () => unknown;
  };
  count: number;
  empty: ReactNode;
  children: ReactNode;
}

export function Paged(props: Props) {
  const { query } = props;
  if (query.isPending) return <Rows />;
  return (
    <>
      {query.error ? (
        <ProblemNote
          heading={shared.failed}
          error={query.error}
          onRetry={() => void query.refetch()}
        />
      ) : null}
      {props.count > 0 ? props.children : !query.error && props.empty}
      {query.hasNextPage && (
        <div>
          <Button
            variant="default"
            loading={query.isFetchingNextPage}
            onClick={() => void query.fetchNextPage()}
          >
            {shared.more}
          </Button>
        </div>
      )}
    </>
  );
}
