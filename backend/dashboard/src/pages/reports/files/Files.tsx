/** One's files: how far each is, and where it can be taken. */
import { Button } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { files, type ReportFile } from "../../../api/files";
import { dayInWords } from "../../../format/instant";
import { files as words } from "../../../text/files";
import { reports } from "../../../text/reports";
import { Question } from "../../../ui/Dialog";
import { Badge, Empty, Page } from "../../../ui/Page";
import { Paged } from "../../../ui/Paged";
import { Table } from "../../../ui/Table";
import { usePages } from "../../../ui/usePages";
import { When } from "../../../ui/When";
import type { ReportSearch } from "../address";
import { ReportTabs } from "../ReportTabs";
import { Schedules } from "../schedules/Schedules";
import classes from "./Files.module.css";
import { NewFile } from "./NewFile";

export const FILES = ["exports"] as const;
/** While one is being made, in milliseconds. */
const LOOK_AGAIN = 1_000;

interface Props {
  search: ReportSearch;
  /** Today in the organization's zone. */
  today: string;
}

export function Files(props: Props) {
  const list = usePages(FILES, files.list, {
    lookAgain: (items) => items.some(isUnderWay) && LOOK_AGAIN,
  });
  const [making, setMaking] = useState(false);
  const [removing, setRemoving] = useState<ReportFile | null>(null);
  return (
    <Page
      title={words.title}
      lead={words.lead}
      tabs={<ReportTabs />}
      actions={<Button onClick={() => setMaking(true)}>{words.add}</Button>}
    >
      <Paged
        query={list}
        count={list.items.length}
        empty={
          <Empty title={words.empty}>
            <p>{words.emptyHint}</p>
          </Empty>
        }
      >
        <Table
          label={words.title}
          rows={list.items}
          rowKey={(file) => file.id}
          columns={[
            { head: words.what, kind: "main", cell: (file) => <What file={file} /> },
            { head: words.asked, cell: (file) => <When at={file.created_at} /> },
            { head: words.state, cell: (file) => <State file={file} /> },
            {
              head: words.download,
              kind: "end",
              cell: (file) => <Deeds file={file} onRemove={() => setRemoving(file)} />,
            },
          ]}
        />
      </Paged>
      {!list.isPending && <Schedules />}
      {making && (
        <NewFile search={props.search} today={props.today} onClose={() => setMaking(false)} />
      )}
      {removing && <Removal file={removing} onClose={() => setRemoving(null)} />}
    </Page>
  );
}

export function isUnderWay(file: ReportFile): boolean {
  return file.state === "waiting" || file.state === "running";
}

/** "Report by person, 1 November – 22 November, CSV" */
export function inWords(file: ReportFile): { what: string; days: string } {
  const { content, group_by: by, from, to, format } = file.request;
  const what = by ? words.reportBy(reports.groups[by] ?? by) : (words.contents[content] ?? content);
  const days = reports.days(dayInWords(from), dayInWords(to));
  return { what, days: `${days}, ${words.formats[format] ?? format}` };
}

function What(props: { file: ReportFile }) {
  const { what, days } = inWords(props.file);
  return (
    <div className={classes.what}>
      <span>{what}</span>
      <span className={classes.days}>{days}</span>
    </div>
  );
}

function State(props: { file: ReportFile }) {
  const { file } = props;
  const word = words.states[file.state] ?? file.state;
  if (file.state === "failed") {
    return (
      <div className={classes.state}>
        <Badge tone="bad">{word}</Badge>
        {file.error && <span className={classes.more}>{file.error}</span>}
      </div>
    );
  }
  if (file.state === "done") {
    return (
      <div className={classes.state}>
        <Badge tone="good">{word}</Badge>
        <span className={`${classes.more} wp-numbers`}>
          {words.size(file.bytes)}
          {file.expires_at && (
            <>
              , {words.until} <When at={file.expires_at} />
            </>
          )}
        </span>
      </div>
    );
  }
  const all = file.rows_total ?? null;
  return (
    <div className={classes.state}>
      <Badge tone="waiting">{word}</Badge>
      {file.state === "running" && (
        <>
          <progress
            aria-label={words.progress}
            {...(all === null ? {} : { value: Math.min(file.rows_done, all), max: all })}
          />
          <span className={`${classes.more} wp-numbers`}>{words.rows(file.rows_done, all)}</span>
        </>
      )}
    </div>
  );
}

function Deeds(props: { file: ReportFile; onRemove: () => void }) {
  const { file } = props;
  return (
    <div className={classes.deeds}>
      {file.state === "done" && (
        <Button
          component="a"
          href={files.address(file.id)}
          download={file.file_name}
          size="sm"
          aria-label={words.downloadIt(file.file_name)}
        >
          {words.download}
        </Button>
      )}
      <Button
        variant="default"
        size="sm"
        onClick={props.onRemove}
        aria-label={words.removeIt(file.file_name)}
      >
        {words.remove}
      </Button>
    </div>
  );
}

function Removal(props: { file: ReportFile; onClose: () => void }) {
  const queries = useQueryClient();
  const remove = useMutation({
    mutationFn: () => files.remove(props.file.id),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: FILES });
      props.onClose();
    },
  });
  const { what, days } = inWords(props.file);
  return (
    <Question
      title={words.removing}
      confirm={words.remove}
      danger
      pending={remove.isPending}
      error={remove.error}
      onConfirm={() => remove.mutate()}
      onClose={props.onClose}
    >
      <p>
        {what}, {days}.
      </p>
      <p>{words.removingHint}</p>
    </Question>
  );
}
