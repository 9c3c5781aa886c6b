/** Every row that is kept on this machine, and who looked at what is on the server. */
import { duration } from "@dashboard/format/duration";
import { clock, exact } from "@dashboard/format/instant";
import { Button } from "@mantine/core";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useDeferredValue, useState } from "react";
import { type Row, type RowState, useBridge } from "../bridge";
import { words } from "../text/words";
import { Empty, Failure, Head, Loading, Section } from "../ui/parts";
import classes from "./pages.module.css";

const STATES = ["all", "pending", "acknowledged", "rejected"] as const;
const PAGE = 50;

export default function Data() {
  const bridge = useBridge();
  const [search, setSearch] = useState("");
  const [state, setState] = useState<"all" | RowState>("all");
  const wanted = useDeferredValue(search.trim());
  const rows = useInfiniteQuery({
    queryKey: ["rows", wanted, state],
    queryFn: ({ pageParam }) =>
      bridge.rows({ search: wanted, state, before: pageParam, limit: PAGE }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
  });
  const totals = rows.data?.pages[0]?.totals;
  const items = rows.data?.pages.flatMap((page) => page.items) ?? [];
  // Their names are the server's; without it a row still says that only a category is kept.
  const categories = useQuery({
    queryKey: ["categories"],
    queryFn: () => bridge.categories(),
    enabled: items.some((row) => row.category_id !== null),
    staleTime: Number.POSITIVE_INFINITY,
  });
  const named = new Map(categories.data?.map((category) => [category.id, category.name]));
  return (
    <>
      <Head title={words.places.data} lead={words.data.lead} />
      <div className={classes.row}>
        <div className={classes.field}>
          <label htmlFor="search">{words.data.search}</label>
          <input
            id="search"
            type="search"
            value={search}
            onChange={(event) => setSearch(event.currentTarget.value)}
          />
        </div>
        <div className={classes.field}>
          <label htmlFor="state">{words.data.state}</label>
          <select
            id="state"
            value={state}
            onChange={(event) =>
              setState(STATES.find((one) => one === event.currentTarget.value) ?? "all")
            }
          >
            {STATES.map((one) => (
              <option key={one} value={one}>
                {totals === undefined
                  ? words.data.states[one]
                  : `${words.data.states[one]} (${totals[one]})`}
              </option>
            ))}
          </select>
        </div>
      </div>
      {rows.isPending && <Loading />}
      {rows.isError && (
        <Failure
          heading={words.data.failed}
          error={rows.error}
          onRetry={() => void rows.refetch()}
        />
      )}
      {rows.data && items.length === 0 && (
        <Empty>{wanted === "" && state === "all" ? words.data.empty : words.data.none}</Empty>
      )}
      {items.length > 0 && (
        <ul className={classes.items} aria-label={words.data.rows}>
          {items.map((row) => (
            <li key={row.id}>
              <Item row={row} category={named.get(row.category_id ?? "")} />
            </li>
          ))}
        </ul>
      )}
      {rows.hasNextPage && (
        <Button
          variant="default"
          loading={rows.isFetchingNextPage}
          onClick={() => void rows.fetchNextPage()}
        >
          {words.data.more}
        </Button>
      )}
      <Section title={words.looks.title} lead={words.looks.lead}>
        <LookList />
      </Section>
    </>
  );
}

function Item(props: { row: Row; category: string | undefined }) {
  const { row } = props;
  const category =
    row.category_id === null
      ? null
      : props.category === undefined
        ? words.data.onlyCategory
        : words.data.category(props.category);
  const at = row.started_at ?? row.made_at;
  const kind = row.activity === null ? words.rowKinds[row.kind] : words.kinds[row.activity];
  const why =
    row.reason === null
      ? null
      : (words.refusals[row.reason] ?? words.reasons[row.reason] ?? row.reason);
  const what = [kind ?? row.kind, category, row.application, row.title, row.url, why]
    .filter((part) => part !== null && part !== undefined)
    .join(" · ");
  return (
    <details className={classes.item}>
      <summary>
        <time className="wp-numbers" dateTime={new Date(at).toISOString()} title={exact(at)}>
          {clock(at, Date.now())}
          {row.seconds !== null && <span className={classes.dim}> · {duration(row.seconds)}</span>}
        </time>
        <span className={classes.what}>{what}</span>
        <span className={classes.dim}>{words.data.states[row.state]}</span>
      </summary>
      {row.why_empty.length > 0 && (
        <ul className={classes.why}>
          {row.why_empty.map((empty) => (
            <li key={empty.field}>
              {words.data.fields[empty.field]}: {words.data.rules[empty.rule] ?? empty.rule}
            </li>
          ))}
        </ul>
      )}
      <p className={classes.dim}>{words.data.exactly}</p>
      <pre className={classes.body}>{pretty(row.body)}</pre>
    </details>
  );
}

function pretty(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return body;
  }
}

function LookList() {
  const bridge = useBridge();
  const looks = useInfiniteQuery({
    queryKey: ["looks"],
    queryFn: ({ pageParam }) => bridge.looks(pageParam),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
  });
  if (looks.isPending) return <Loading />;
  if (looks.isError) {
    return (
      <Failure
        heading={words.looks.failed}
        error={looks.error}
        onRetry={() => void looks.refetch()}
      />
    );
  }
  const items = looks.data.pages.flatMap((page) => page.items);
  if (items.length === 0) return <Empty>{words.looks.empty}</Empty>;
  return (
    <>
      <table className={classes.table}>
        <thead>
          <tr>
            <th scope="col">{words.looks.when}</th>
            <th scope="col">{words.looks.who}</th>
            <th scope="col">{words.looks.what}</th>
          </tr>
        </thead>
        <tbody>
          {items.map((look, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: looks have no id, and never change place
            <tr key={index}>
              <td className="wp-numbers" title={exact(look.at)}>
                {clock(look.at, Date.now())}
              </td>
              <td>{look.by}</td>
              <td>
                {look.what}
                <div className={classes.dim}>{look.about}</div>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {looks.hasNextPage && (
        <Button
          variant="default"
          loading={looks.isFetchingNextPage}
          onClick={() => void looks.fetchNextPage()}
        >
          {words.data.more}
        </Button>
      )}
    </>
  );
}
