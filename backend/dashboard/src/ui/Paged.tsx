/** A list with its states: to come, failed, empty, and more to show. */
import { Button } from "@mantine/core";
import type { ReactNode } from "react";
import { shared } from "../text/shared";
import { LoadProblem } from "./LoadProblem";
import { Rows } from "./Page";

interface Props {
  query: {
    isPending: boolean;
    error: unknown;
    data: unknown;
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
      <LoadProblem query={query} />
      {props.count > 0 ? props.children : query.data !== undefined && props.empty}
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
