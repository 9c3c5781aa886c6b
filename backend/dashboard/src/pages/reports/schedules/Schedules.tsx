/** Reports that are made again and again: when next, and what came of the last. */
import { Button } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { type ReportSchedule, schedules } from "../../../api/schedules";
import { dayName } from "../../../hours/weekdays";
import { files } from "../../../text/files";
import { reports } from "../../../text/reports";
import { schedules as words } from "../../../text/schedules";
import { Question } from "../../../ui/Dialog";
import { FloatingProblem } from "../../../ui/Floating";
import { LoadProblem } from "../../../ui/LoadProblem";
import { showAtOnce } from "../../../ui/optimistic";
import { Badge, Rows, Section } from "../../../ui/Page";
import { Table } from "../../../ui/Table";
import { When } from "../../../ui/When";
import { ScheduleDialog } from "./ScheduleDialog";
import classes from "./Schedules.module.css";

export const SCHEDULES = ["report-schedules"] as const;

/** "Each Monday at 07:00, of the week before" */
export function timesInWords(schedule: Pick<ReportSchedule, "terms">): string {
  const { every, weekday, at } = schedule.terms;
  if (every === "day") return words.daily(at);
  if (every === "month") return words.monthly(at);
  return words.weekly(weekday ? dayName(weekday).long : "", at);
}

type Asking =
  | { what: "edit"; schedule: ReportSchedule | null }
  | { what: "remove"; schedule: ReportSchedule };

export function Schedules() {
  const list = useQuery({ queryKey: SCHEDULES, queryFn: schedules.all });
  const [asking, setAsking] = useState<Asking | null>(null);
  const close = () => setAsking(null);
  const items = list.data?.items ?? [];
  const mails = list.data?.can_mail ?? false;
  return (
    <Section
      title={words.title}
      lead={list.data && !mails ? words.leadNoMail : words.lead}
      actions={
        list.data && (
          <Button variant="default" onClick={() => setAsking({ what: "edit", schedule: null })}>
            {words.add}
          </Button>
        )
      }
    >
      {list.isPending && <Rows count={2} />}
      <LoadProblem query={list} />
      {list.data && items.length === 0 && <p className={classes.dim}>{words.empty}</p>}
      {items.length > 0 && (
        <Table
          label={words.title}
          rows={items}
          rowKey={(one) => one.id}
          columns={[
            {
              head: words.name,
              kind: "main",
              cell: (one) => (
                <>
                  <bdi>{one.terms.name}</bdi>
                  <span className={classes.sub}>
                    {files.reportBy(reports.groups[one.terms.group_by] ?? one.terms.group_by)},{" "}
                    {files.formats[one.terms.format] ?? one.terms.format}
                  </span>
                </>
              ),
            },
            { head: words.times, cell: (one) => timesInWords(one) },
            { head: words.state, cell: (one) => <State schedule={one} /> },
            {
              head: words.change,
              kind: "end",
              cell: (one) => (
                <Deeds schedule={one} onAsk={(what) => setAsking({ what, schedule: one })} />
              ),
            },
          ]}
        />
      )}
      {asking?.what === "edit" && (
        <ScheduleDialog schedule={asking.schedule} mails={mails} onClose={close} />
      )}
      {asking?.what === "remove" && <Removal schedule={asking.schedule} onClose={close} />}
    </Section>
  );
}

function State(props: { schedule: ReportSchedule }) {
  const { next_at, last_at, last_state, terms } = props.schedule;
  return (
    <span className={classes.state}>
      {terms.enabled ? (
        <Badge tone="good">
          {words.next} <When at={next_at ?? null} />
        </Badge>
      ) : (
        <Badge tone="quiet">{words.off}</Badge>
      )}
      {last_at && (
        <span className={classes.sub}>
          {words.last} <When at={last_at} />
          {last_state && `: ${files.states[last_state] ?? last_state}`}
        </span>
      )}
      {terms.by_mail && <span className={classes.sub}>{words.byMail}</span>}
    </span>
  );
}

function Deeds(props: { schedule: ReportSchedule; onAsk: (what: Asking["what"]) => void }) {
  const { schedule } = props;
  const { name, enabled } = schedule.terms;
  const queries = useQueryClient();
  const turn = useMutation({
    networkMode: "always",
    mutationFn: () => schedules.change(schedule.id, { ...schedule.terms, enabled: !enabled }),
    onMutate: () =>
      showAtOnce<ReportSchedule>(queries, SCHEDULES, (one) =>
        one.id === schedule.id ? { ...one, terms: { ...one.terms, enabled: !enabled } } : one,
      ),
    onError: (_error, _nothing, back) => back?.(),
    onSettled: () => queries.invalidateQueries({ queryKey: SCHEDULES }),
  });
  return (
    <div className={classes.deeds}>
      <Button
        variant="default"
        size="sm"
        loading={turn.isPending}
        aria-label={enabled ? words.pauseIt(name) : words.resumeIt(name)}
        onClick={() => turn.mutate()}
      >
        {enabled ? words.pause : words.resume}
      </Button>
      <Button
        variant="default"
        size="sm"
        aria-label={words.changeIt(name)}
        onClick={() => props.onAsk("edit")}
      >
        {words.change}
      </Button>
      <Button
        variant="default"
        size="sm"
        aria-label={files.removeIt(name)}
        onClick={() => props.onAsk("remove")}
      >
        {files.remove}
      </Button>
      <FloatingProblem error={turn.error} />
    </div>
  );
}

function Removal(props: { schedule: ReportSchedule; onClose: () => void }) {
  const queries = useQueryClient();
  const remove = useMutation({
    networkMode: "always",
    mutationFn: () => schedules.remove(props.schedule.id),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: SCHEDULES });
      props.onClose();
    },
  });
  return (
    <Question
      title={words.removing}
      confirm={files.remove}
      danger
      pending={remove.isPending}
      error={remove.error}
      onConfirm={() => remove.mutate()}
      onClose={props.onClose}
    >
      <p>
        <bdi>{props.schedule.terms.name}</bdi>: {timesInWords(props.schedule)}.
      </p>
      <p>{words.removingHint}</p>
    </Question>
  );
}
