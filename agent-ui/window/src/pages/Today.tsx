/** The day so far: what the agent does, what it has seen, and what is still to be sent. */
import { duration } from "@dashboard/format/duration";
import { clock } from "@dashboard/format/instant";
import { StateMark } from "@dashboard/ui/StateMark";
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type Act, type Report, reason, type Status, useBridge } from "../bridge";
import { Lane } from "../lanes/Lane";
import { useAct } from "../status";
import { words } from "../text/words";
import { Empty, Fact, Facts, Failure, Head, Loading } from "../ui/parts";
import classes from "./pages.module.css";

const MARKS = {
  working: "active",
  idle: "idle",
  paused: "unobserved",
  offline: "offline",
  not_working: "not_working",
  needs_attention: "offline",
} as const;

export function Today(props: { status: Status }) {
  const bridge = useBridge();
  const { report, running } = props.status;
  const today = useQuery({
    queryKey: ["today"],
    queryFn: () => bridge.today(),
    refetchInterval: 15_000,
  });
  const act = useAct();
  return (
    <>
      <Head
        title={words.places.today}
        lead={
          <span className={classes.state}>
            <StateMark status={running ? MARKS[report.state] : "offline"} />
            {running ? sentence(report) : words.notRunningShort}
          </span>
        }
        actions={running && <Actions report={report} act={(acts) => act.mutate(acts)} />}
      />
      {report.message !== null && running && <p>{report.message}</p>}
      {act.isError && (
        <p className={classes.problem} role="alert">
          {reason(act.error)}
        </p>
      )}
      {running && <ProjectChoice report={report} act={(acts) => act.mutate(acts)} />}
      {today.isPending && <Loading />}
      {today.isError && (
        <Failure
          heading={words.today.failed}
          error={today.error}
          onRetry={() => void today.refetch()}
        />
      )}
      {today.data && (
        <>
          <Facts>
            <Fact name={words.kinds.active}>{duration(today.data.totals.active_seconds)}</Fact>
            <Fact name={words.kinds.idle}>{duration(today.data.totals.idle_seconds)}</Fact>
            <Fact name={words.kinds.unobserved}>
              {duration(today.data.totals.unobserved_seconds)}
            </Fact>
          </Facts>
          {today.data.spans.length === 0 ? (
            <Empty>{words.today.empty}</Empty>
          ) : (
            <Lane
              spans={today.data.spans}
              from={today.data.from}
              to={today.data.to}
              now={today.data.now}
              zone={today.data.zone}
            />
          )}
        </>
      )}
      <Account report={report} />
    </>
  );
}

function sentence(report: Report): string {
  const now = Date.now();
  if (report.paused) {
    const until = report.paused_until === null ? null : Date.parse(report.paused_until);
    return until === null ? words.states.paused : words.pausedUntil(clock(until, now));
  }
  const since = report.session === null ? null : Date.parse(report.session.started_at);
  const state = words.states[report.state];
  return since === null ? state : words.since(state, clock(since, now));
}

function Actions(props: { report: Report; act: (acts: readonly Act[]) => void }) {
  const { report, act } = props;
  const rule = report.policy?.pause;
  const longest = rule?.longest_seconds ?? null;
  const pauses = [15, 30, 60].filter((minutes) => longest === null || minutes * 60 <= longest);
  const pause = (value: string) => {
    if (value === "") return;
    const until = value === "tomorrow" ? midnight(Date.now()) : Date.now() + Number(value) * 60_000;
    act([{ command: "pause", until }]);
  };
  return (
    <>
      {report.session === null ? (
        <Button onClick={() => act([{ command: "start", project_id: null }])}>
          {words.today.start}
        </Button>
      ) : (
        <Button variant="default" onClick={() => act([{ command: "stop" }])}>
          {words.today.stop}
        </Button>
      )}
      {report.paused ? (
        <Button onClick={() => act([{ command: "resume" }])}>{words.today.resume}</Button>
      ) : (
        rule?.allowed !== false && (
          <div className={classes.field}>
            <select
              aria-label={words.today.pause}
              value=""
              onChange={(event) => pause(event.currentTarget.value)}
            >
              <option value="">{words.today.pause}</option>
              {pauses.map((minutes) => (
                <option key={minutes} value={minutes}>
                  {duration(minutes * 60)}
                </option>
              ))}
              {longest === null && <option value="tomorrow">{words.today.tomorrow}</option>}
            </select>
          </div>
        )
      )}
    </>
  );
}

/** The next local midnight. */
function midnight(now: number): number {
  const day = new Date(now);
  day.setHours(24, 0, 0, 0);
  return day.getTime();
}

function ProjectChoice(props: { report: Report; act: (acts: readonly Act[]) => void }) {
  const bridge = useBridge();
  const projects = useQuery({
    queryKey: ["projects"],
    queryFn: () => bridge.projects(),
    staleTime: 300_000,
  });
  const list = projects.data ?? [];
  // Offline, or none are set up: the session simply has no project.
  if (list.length === 0) return null;
  const current = props.report.session?.project_id ?? "";
  const choose = (id: string) => {
    const start: Act = { command: "start", project_id: id === "" ? null : id };
    // One session has one project: another project is another session.
    props.act(props.report.session === null ? [start] : [{ command: "stop" }, start]);
  };
  return (
    <div className={classes.field}>
      <label htmlFor="project">{words.today.project}</label>
      <select id="project" value={current} onChange={(event) => choose(event.currentTarget.value)}>
        <option value="">{words.today.noProject}</option>
        {list.map((project) => (
          <option key={project.id} value={project.id}>
            {project.name}
          </option>
        ))}
      </select>
    </div>
  );
}

/** Conservation, for everybody to see: what was made is stored, waits, or was refused. */
function Account(props: { report: Report }) {
  const bridge = useBridge();
  const { counters, last_sync_at, last_error } = props.report;
  const refused = Object.values(counters.dropped).reduce((sum, count) => sum + count, 0);
  const whole = counters.produced === counters.stored + counters.pending + refused;
  const last = last_sync_at === null ? null : clock(Date.parse(last_sync_at), Date.now());
  return (
    <div className={classes.row}>
      <p className={classes.account} style={{ flex: "1 1 280px" }}>
        {words.account.line(counters.produced, counters.stored, counters.pending, refused)}{" "}
        {!whole && <strong>{words.account.broken}</strong>}
        <br />
        {last === null ? words.account.never : words.account.last(last)}
        {last_error !== null && ` ${words.account.error(last_error)}`}
      </p>
      <Button
        size="sm"
        variant="default"
        onClick={() => void bridge.act({ command: "sync_now" }).catch(() => undefined)}
      >
        {words.today.sync}
      </Button>
    </div>
  );
}
