/** Says what is made when, and whether mail tells of it. */

import { Button, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { FileFormat } from "../../../api/files";
import { fieldMessage, saidAtFields } from "../../../api/problem";
import { type Every, type ReportSchedule, schedules, type Terms } from "../../../api/schedules";
import { dayName, WEEKDAYS } from "../../../hours/weekdays";
import { files } from "../../../text/files";
import { reports } from "../../../text/reports";
import { schedules as words } from "../../../text/schedules";
import { shared } from "../../../text/shared";
import { Dialog, DialogButtons } from "../../../ui/Dialog";
import { Choice, Form, Line, Tick } from "../../../ui/Form";
import { named } from "../../../ui/Named";
import { useFirstWrong } from "../../../ui/useFirstWrong";
import { everyTeam } from "../../groups/everyTeam";
import { GROUPS } from "../address";
import { SCHEDULES } from "./Schedules";

const EVERY: readonly Every[] = ["day", "week", "month"];
const FORMATS: readonly FileFormat[] = ["xlsx", "csv", "pdf"];

interface Props {
  /** Null: a new one. */
  schedule: ReportSchedule | null;
  /** Whether the server sends mail. */
  mails: boolean;
  onClose: () => void;
}

export function ScheduleDialog(props: Props) {
  const { schedule, mails } = props;
  const queries = useQueryClient();
  const [terms, setTerms] = useState<Terms>(
    schedule?.terms ?? {
      name: words.firstName,
      every: "week",
      weekday: "monday",
      at: "07:00",
      group_by: "person",
      format: "xlsx",
      compare: false,
      by_mail: mails,
      enabled: true,
    },
  );
  const [gaps, setGaps] = useState<{ name?: string; at?: string }>({});
  const set = (change: Partial<Terms>) => setTerms((before) => ({ ...before, ...change }));
  const all = useQuery(everyTeam);
  const save = useMutation({
    networkMode: "always",
    mutationFn: (said: Terms) =>
      schedule ? schedules.change(schedule.id, said) : schedules.make(said),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: SCHEDULES });
      props.onClose();
    },
  });
  const form = useFirstWrong(gaps, save.error);
  const send = () => {
    const found = {
      ...(terms.name.trim() === "" ? { name: words.nameMissing } : {}),
      ...(terms.at === "" ? { at: words.atMissing } : {}),
    };
    setGaps(found);
    if (Object.keys(found).length > 0) return;
    const { weekday, team_id, ...rest } = terms;
    save.mutate({
      ...rest,
      name: terms.name.trim(),
      ...(terms.every === "week" ? { weekday: weekday ?? "monday" } : {}),
      ...(team_id ? { team_id } : {}),
    });
  };
  return (
    <Dialog title={schedule ? words.changeTitle : words.add} onClose={props.onClose}>
      <div ref={form}>
        <Form onSubmit={send}>
          <TextInput
            label={words.name}
            autoComplete="off"
            maxLength={100}
            value={terms.name}
            onChange={(event) => set({ name: event.currentTarget.value })}
            error={gaps.name ?? fieldMessage(save.error, "name", words.name)}
          />
          <Line>
            <Choice
              label={words.every}
              value={terms.every}
              options={EVERY.map((value) => ({ value, label: words.everies[value] ?? value }))}
              onChange={(every) => set({ every })}
            />
            {terms.every === "week" && (
              <Choice
                label={words.weekday}
                value={terms.weekday ?? "monday"}
                options={WEEKDAYS.map((value) => ({
                  value,
                  label: dayName(value).long,
                }))}
                onChange={(weekday) => set({ weekday })}
              />
            )}
            <TextInput
              type="time"
              label={words.at}
              value={terms.at}
              onChange={(event) => set({ at: event.currentTarget.value })}
              error={gaps.at ?? fieldMessage(save.error, "at", words.at)}
            />
          </Line>
          <Line>
            <Choice
              label={reports.by}
              value={terms.group_by}
              options={GROUPS.map((value) => ({ value, label: reports.groups[value] ?? value }))}
              onChange={(group_by) => set({ group_by })}
            />
            <Choice
              label={files.format}
              value={terms.format}
              options={FORMATS.map((value) => ({ value, label: files.formats[value] ?? value }))}
              onChange={(format) => set({ format })}
            />
            {(all.data?.length ?? 0) > 0 && (
              <Choice
                label={reports.team}
                value={terms.team_id ?? ""}
                options={[
                  { value: "", label: reports.anyTeam },
                  ...(all.data ?? []).map((one) => ({
                    value: one.id as string,
                    label: named(one.name),
                  })),
                ]}
                onChange={(team_id) => set({ team_id })}
              />
            )}
          </Line>
          <Tick
            label={words.tell}
            hint={mails ? words.tellHint : words.noMail}
            checked={terms.by_mail === true}
            disabled={!mails && terms.by_mail !== true}
            onChange={(by_mail) => set({ by_mail })}
          />
          <DialogButtons problem={saidAtFields(save.error, ["name", "at"]) ? null : save.error}>
            <Button variant="default" onClick={props.onClose}>
              {shared.cancel}
            </Button>
            <Button type="submit" loading={save.isPending}>
              {schedule ? words.save : words.make}
            </Button>
          </DialogButtons>
        </Form>
      </div>
    </Dialog>
  );
}
