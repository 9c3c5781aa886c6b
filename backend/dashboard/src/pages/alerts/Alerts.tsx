/** The inbox: who needs a look, since when, and what came of it. */

import { Button } from "@mantine/core";
import { type KeyboardEvent, useRef, useState } from "react";
import type { Alert } from "../../api/alerts";
import { MOST } from "../../api/alerts";
import type { Me } from "../../api/types";
import { alerts as words } from "../../text/alerts";
import { FloatingDone, FloatingProblem } from "../../ui/Floating";
import { Empty, Page } from "../../ui/Page";
import { Paged } from "../../ui/Paged";
import { AlertRow } from "./AlertRow";
import classes from "./Alerts.module.css";
import { AlertTabs } from "./AlertTabs";
import type { AlertSearch, ShownState } from "./address";
import { Filters } from "./Filters";
import { ResolveDialog } from "./ResolveDialog";
import { useAlerts } from "./useAlerts";
import { useResolve } from "./useResolve";

interface Props {
  me: Me;
  search: AlertSearch;
  onSearch: (search: AlertSearch) => void;
}

export function Alerts(props: Props) {
  const { me, search } = props;
  const own = me.role === "employee";
  const shown: ShownState = search.state ?? (own ? "all" : "open");
  const zone = me.organization.time_zone;
  const list = useAlerts(search, shown, zone);
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const [asking, setAsking] = useState<readonly string[] | null>(null);
  const resolve = useResolve(me);
  const items = useRef<HTMLUListElement>(null);

  // As the server has it: a manager leaves their own to somebody else; an admin may be alone.
  const mayResolve = (alert: Alert) =>
    alert.state === "open" && !own && (me.role === "admin" || alert.user_id !== me.user_id);
  const open = list.items.filter(mayResolve).map((alert) => alert.id);
  // What has left the list in the meantime is not resolved unseen.
  const chosen = open.filter((id) => selected.has(id)).slice(0, MOST);
  const select = (ids: readonly string[], on: boolean) =>
    setSelected((before) => {
      const after = new Set(before);
      for (const id of ids) on ? after.add(id) : after.delete(id);
      return after;
    });
  const begin = (ids: readonly string[]) => {
    if (ids.length > 0) setAsking(ids);
  };

  const onKeyDown = (event: KeyboardEvent<HTMLUListElement>) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const row = (event.target as HTMLElement).closest("li");
    const step = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1 }[event.key];
    if (step !== undefined) {
      const steps = [...(items.current?.querySelectorAll<HTMLElement>("[data-step]") ?? [])];
      const at = steps.findIndex((one) => row?.contains(one));
      steps[at + step]?.focus();
    } else if (event.key === "r") {
      const id = row?.dataset.alert;
      begin(chosen.length > 0 ? chosen : open.filter((one) => one === id));
    } else {
      return;
    }
    event.preventDefault();
  };

  const { state: _, ...narrowing } = search;
  return (
    <Page title={words.title} lead={own ? words.leadOwn : words.lead} tabs={<AlertTabs />}>
      <Filters me={me} search={search} shown={shown} onSearch={props.onSearch} />
      <Outcome resolve={resolve} />
      <Paged
        query={list}
        count={list.items.length}
        empty={
          <Nothing
            own={own}
            narrowed={Object.keys(narrowing).length > 0 || shown === "resolved"}
            more={list.hasNextPage}
            onClear={() => props.onSearch({})}
          />
        }
      >
        <section className={classes.inbox} aria-label={words.title}>
          <p role="status" className="wp-hidden">
            {words.shown(list.items.length)}
          </p>
          {open.length > 0 && (
            <div className={classes.bar}>
              <label>
                <input
                  type="checkbox"
                  checked={chosen.length === Math.min(open.length, MOST)}
                  ref={(box) => {
                    if (box) box.indeterminate = chosen.length > 0 && chosen.length < open.length;
                  }}
                  onChange={(event) => select(open.slice(0, MOST), event.currentTarget.checked)}
                />
                {words.selectAll}
              </label>
              <span className="wp-numbers" role="status">
                {words.selected(chosen.length)}
              </span>
              <Button size="sm" disabled={chosen.length === 0} onClick={() => begin(chosen)}>
                {words.resolve}
              </Button>
              <span className={classes.keys}>{words.keys}</span>
            </div>
          )}
          <ul ref={items} className={classes.list} aria-label={words.title} onKeyDown={onKeyDown}>
            {list.items.map((alert) => (
              <AlertRow
                key={alert.id}
                alert={alert}
                zone={zone}
                self={alert.user_id === me.user_id}
                mayResolve={mayResolve(alert)}
                selected={selected.has(alert.id)}
                onSelect={(on) => select([alert.id], on)}
                onResolve={() => begin([alert.id])}
              />
            ))}
          </ul>
        </section>
      </Paged>
      {asking && (
        <ResolveDialog
          count={asking.length}
          onClose={() => setAsking(null)}
          onResolve={(note) => {
            setAsking(null);
            resolve.mutate({ ids: asking, note }, { onSuccess: () => select(asking, false) });
          }}
        />
      )}
    </Page>
  );
}

/** What came of resolving: the list shows it already, this says it. */
function Outcome(props: { resolve: ReturnType<typeof useResolve> }) {
  const { error, variables, data } = props.resolve;
  if (!variables) return null;
  const before = variables.ids.length - (data?.resolved ?? 0);
  return (
    <>
      <FloatingProblem
        heading={words.notResolved(variables.ids.length)}
        error={error}
        onRetry={() => props.resolve.mutate(variables)}
      >
        {variables.note.trim() !== "" && <p>{words.noteKept(variables.note.trim())}</p>}
      </FloatingProblem>
      <FloatingDone of={props.resolve}>
        {words.resolved(data?.resolved ?? 0)} {before > 0 && words.before(before)}
      </FloatingDone>
    </>
  );
}

function Nothing(props: { own: boolean; narrowed: boolean; more: boolean; onClear: () => void }) {
  if (props.narrowed) {
    return (
      <Empty title={words.emptyFiltered}>
        {props.more && <p>{words.emptyMore}</p>}
        <Button variant="default" onClick={props.onClear}>
          {words.filter.clear}
        </Button>
      </Empty>
    );
  }
  return props.own ? (
    <Empty title={words.emptyOwn} />
  ) : (
    <Empty title={words.empty}>
      <p>{words.emptyHint}</p>
    </Empty>
  );
}
