/** Asks for a file: what, of which days and whom, and of which kind. */

import { Button } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { type FileContent, type FileFormat, files } from "../../../api/files";
import { files as words } from "../../../text/files";
import { reports } from "../../../text/reports";
import { shared } from "../../../text/shared";
import { DateField } from "../../../ui/DateField";
import { Dialog, DialogButtons } from "../../../ui/Dialog";
import { Choice, Form, Line } from "../../../ui/Form";
import { named } from "../../../ui/Named";
import { everyTeam } from "../../groups/everyTeam";
import { GROUPS, type Group, type ReportSearch } from "../address";
import { rangeOf } from "../Toolbar";
import { FILES } from "./Files";

/** Most days of activity in one file, as the server has it. */
const ACTIVITY_DAYS = 366;
const DAY = 86_400_000;

/** What is wrong with the days, in words; null when nothing is. */
export function daysWrong(content: FileContent, from: string, to: string): string | null {
  if (from === "" || to === "" || from > to) return words.noDays;
  const count = (Date.parse(to) - Date.parse(from)) / DAY + 1;
  return content === "activity" && count > ACTIVITY_DAYS ? words.tooManyDays : null;
}

export function NewFile(props: { search: ReportSearch; today: string; onClose: () => void }) {
  const queries = useQueryClient();
  const [content, setContent] = useState<FileContent>("report");
  const [format, setFormat] = useState<FileFormat>("xlsx");
  const [group, setGroup] = useState<Group>(props.search.by ?? "person");
  const [range, setRange] = useState(() => rangeOf(props.search, props.today));
  const [team, setTeam] = useState(props.search.team ?? "");
  const [wrong, setWrong] = useState<string | null>(null);
  const all = useQuery(everyTeam);
  const make = useMutation({
    mutationFn: files.make,
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: FILES });
      props.onClose();
    },
  });
  const formats: readonly FileFormat[] =
    content === "report" ? ["xlsx", "csv", "pdf"] : ["xlsx", "csv"];
  const send = () => {
    const gap = daysWrong(content, range.from, range.to);
    setWrong(gap);
    if (gap !== null) return;
    make.mutate({
      content,
      format: formats.includes(format) ? format : "xlsx",
      ...range,
      ...(content === "report" ? { group_by: group } : {}),
      ...(team === "" ? {} : { team_id: team }),
    });
  };
  return (
    <Dialog title={words.add} onClose={props.onClose}>
      <Form onSubmit={send}>
        <Line>
          <Choice
            label={words.content}
            value={content}
            options={(["report", "activity"] as const).map((value) => ({
              value,
              label: words.contents[value] ?? value,
            }))}
            onChange={setContent}
          />
          {content === "report" && (
            <Choice
              label={reports.by}
              value={group}
              options={GROUPS.map((value) => ({ value, label: reports.groups[value] ?? value }))}
              onChange={setGroup}
            />
          )}
        </Line>
        <Line>
          <DateField
            label={reports.from}
            value={range.from}
            max={props.today}
            onChange={(from) => setRange((before) => ({ ...before, from }))}
          />
          <DateField
            label={reports.to}
            value={range.to}
            max={props.today}
            onChange={(to) => setRange((before) => ({ ...before, to }))}
          />
        </Line>
        <Line>
          {(all.data?.length ?? 0) > 0 && (
            <Choice
              label={reports.team}
              value={team}
              options={[
                { value: "", label: reports.anyTeam },
                ...(all.data ?? []).map((one) => ({
                  value: one.id as string,
                  label: named(one.name),
                })),
              ]}
              onChange={setTeam}
            />
          )}
          <Choice
            label={words.format}
            value={formats.includes(format) ? format : "xlsx"}
            options={formats.map((value) => ({ value, label: words.formats[value] ?? value }))}
            onChange={setFormat}
          />
        </Line>
        {wrong && <p role="alert">{wrong}</p>}
        <DialogButtons problem={make.error}>
          <Button variant="default" onClick={props.onClose}>
            {shared.cancel}
          </Button>
          <Button type="submit" loading={make.isPending}>
            {words.make}
          </Button>
        </DialogButtons>
      </Form>
    </Dialog>
  );
}
