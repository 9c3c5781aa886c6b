/** What runs by itself. Asked for again by itself, and what needs a look comes first. */

import { useQuery } from "@tanstack/react-query";
import { jobs, type Schedule } from "../../../api/jobs";
import { briefly } from "../../../format/duration";
import { clock } from "../../../format/instant";
import { useNow } from "../../../live/now";
import { jobs as words } from "../../../text/jobs";
import { LoadProblem } from "../../../ui/LoadProblem";
import { Badge, Empty, Page, Rows, Section } from "../../../ui/Page";
import { Table } from "../../../ui/Table";
import { When } from "../../../ui/When";
import { SettingsTabs } from "../SettingsTabs";
import classes from "./Jobs.module.css";
import { needsALook, outcomeInWords, rhythm, type Standing, sorted, standing } from "./schedule";

/** Jobs run each minute at most. */
const LOOK_AGAIN = 10_000;

const TONES: Record<Standing, "good" | "waiting" | "bad" | "quiet"> = {
  off: "quiet",
  never: "quiet",
  done: "good",
  failed: "bad",
  running: "waiting",
  late: "bad",
};

export function Jobs(props: { zone: string }) {
  const query = useQuery({ queryKey: ["jobs"], queryFn: jobs.list, refetchInterval: LOOK_AGAIN });
  const now = useNow();
  const items = query.data?.items ?? [];
  const own = items.filter((it) => it.own);
  const server = items.filter((it) => !it.own);
  return (
    <Page title={words.title} lead={words.lead} tabs={<SettingsTabs />}>
      {query.isPending && <Rows count={8} />}
      <LoadProblem query={query} />
      {query.data && items.length === 0 && (
        <Empty title={words.empty}>
          <p>{words.emptyHint}</p>
        </Empty>
      )}
      {items.length > 0 && <Headline items={items} now={now} at={query.dataUpdatedAt} />}
      {own.length > 0 && (
        <Section title={words.own} lead={words.ownLead(props.zone)}>
          <Schedules label={words.own} items={sorted(own, now)} now={now} />
        </Section>
      )}
      {server.length > 0 && (
        <Section title={words.server} lead={words.serverLead}>
          <Schedules label={words.server} items={sorted(server, now)} now={now} />
        </Section>
      )}
    </Page>
  );
}

function At(props: { at: number; now: number }) {
  return (
    <time className="wp-numbers" dateTime={new Date(props.at).toISOString()}>
      {clock(props.at, props.now)}
    </time>
  );
}

/** Whether anything needs somebody, in one sentence. */
function Headline(props: { items: readonly Schedule[]; now: number; at: number }) {
  const count = props.items.filter((it) => needsALook(it, props.now)).length;
  return (
    <div className={classes.headline}>
      <p role="status" data-tone={count > 0 ? "bad" : "good"}>
        {count > 0 ? words.attention(count) : words.fine}
      </p>
      <p className={classes.more}>
        {words.lookedAt} <At at={props.at} now={props.now} />
      </p>
    </div>
  );
}

function Schedules(props: { label: string; items: readonly Schedule[]; now: number }) {
  return (
    <Table
      label={props.label}
      rows={props.items}
      rowKey={(it) => it.name}
      columns={[
        { head: words.job, kind: "main", cell: (it) => <What schedule={it} /> },
        { head: words.rhythm, cell: (it) => rhythm(it.expression) ?? <code>{it.expression}</code> },
        { head: words.state, cell: (it) => <State schedule={it} now={props.now} /> },
        { head: words.last, cell: (it) => <LastRun schedule={it} /> },
        {
          head: words.next,
          cell: (it) => (
            <span className={classes.next}>
              <When at={it.next_due_at} never="–" />
            </span>
          ),
        },
      ]}
    />
  );
}

function What(props: { schedule: Schedule }) {
  const { name } = props.schedule;
  const what = words.what[name];
  return (
    <span className={classes.what}>
      <bdi title={name}>{words.names[name] ?? name}</bdi>
      {what && <span className={classes.more}>{what}</span>}
    </span>
  );
}

function State(props: { schedule: Schedule; now: number }) {
  const { schedule: it } = props;
  const is = standing(it, props.now);
  return (
    <>
      <Badge tone={TONES[is]}>{words.states[is]}</Badge>
      {(is === "late" || is === "running") && (
        <span className={classes.more}>
          {words.since} <When at={it.waiting_since} />
        </span>
      )}
      {it.failed > 0 && <span className={classes.more}>{words.failures(it.failed)}</span>}
    </>
  );
}

function LastRun(props: { schedule: Schedule }) {
  const run = props.schedule.last_run;
  if (!run) return <span className={classes.dim}>{words.notYet}</span>;
  return (
    <>
      <When at={run.finished_at} />, {words.took(briefly(run.duration_ms))}
      {run.attempts > 1 && `, ${words.attempts(run.attempts)}`}
      {run.outcome && (
        <span className={classes.more}>
          <bdi>{outcomeInWords(run.outcome)}</bdi>
        </span>
      )}
      {run.error && (
        <span className={classes.error}>
          <bdi>{run.error}</bdi>
        </span>
      )}
    </>
  );
}
