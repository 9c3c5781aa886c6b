/**
 * What an employee's computer would keep of some windows by the policy that is being written. The
 * server answers by the rules that agents follow, so that nothing is said here twice.
 */
import { TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import {
  type CapturePolicy,
  type PreviewedWindow,
  type PreviewWindow,
  settings,
} from "../../api/settings";
import { settings as texts } from "../../text/settings";
import { Line } from "../../ui/Form";
import { LoadProblem } from "../../ui/LoadProblem";
import { Rows, Section } from "../../ui/Page";
import { Table } from "../../ui/Table";
import { allCategories } from "./categories/queries";
import classes from "./PolicyForm.module.css";

const words = texts.policy.tried;
/** After so long without a key, in milliseconds, it is asked again. */
const PAUSE = 300;
const NOTHING = { application: "", title: "", url: "" };

export function PolicyTry(props: { policy: CapturePolicy }) {
  const [own, setOwn] = useState(NOTHING);
  const written = Object.values(own).some((text) => text.trim() !== "");
  const windows: PreviewWindow[] = [...(written ? [own] : []), ...words.examples].map((one) => ({
    application: one.application || null,
    title: one.title || null,
    url: one.url || null,
  }));
  const [asked] = useDebouncedValue({ policy: props.policy, windows }, PAUSE);
  const query = useQuery({
    queryKey: ["policy", "try", asked],
    queryFn: async () => {
      const { windows: kept } = await settings.tryPolicy(asked.policy, asked.windows);
      return kept.flatMap((one, at) => {
        const seen = asked.windows[at];
        return seen ? [{ key: at, seen, kept: one }] : [];
      });
    },
    placeholderData: keepPreviousData,
    staleTime: Number.POSITIVE_INFINITY,
  });
  const field = (name: keyof typeof NOTHING, label: string) => (
    <TextInput
      label={label}
      value={own[name]}
      spellCheck={false}
      autoCapitalize="none"
      onChange={(event) => {
        const { value } = event.currentTarget;
        setOwn((before) => ({ ...before, [name]: value }));
      }}
    />
  );
  return (
    <Section title={words.title} lead={words.lead}>
      <Line>
        {field("application", words.application)}
        {field("title", words.window)}
        {field("url", words.url)}
      </Line>
      <LoadProblem query={query} />
      {query.isPending && <Rows />}
      {query.data && (
        <Table
          label={words.title}
          rows={query.data}
          rowKey={(row) => String(row.key)}
          columns={[
            { head: words.seen, kind: "main", cell: ({ seen }) => <Texts of={seen} /> },
            { head: words.kept, cell: ({ kept }) => <Kept of={kept} /> },
            { head: words.why, cell: ({ seen, kept }) => whyOf(seen, kept) },
          ]}
        />
      )}
    </Section>
  );
}

function Texts(props: { of: PreviewWindow }) {
  const { application, title, url } = props.of;
  const lines = [application, title, url].flatMap((text) => (text ? [text] : []));
  return (
    <div className={classes.texts}>
      {lines.map((text) => (
        <bdi key={text}>{text}</bdi>
      ))}
    </div>
  );
}

function Kept(props: { of: PreviewedWindow }) {
  const { application, title, url, category_id } = props.of;
  const categories = useQuery({ ...allCategories, enabled: Boolean(category_id) });
  if (category_id) {
    const found = categories.data?.find((one) => one.id === category_id);
    return <bdi>{words.category(found?.name ?? "…")}</bdi>;
  }
  if (!application && !title && !url) {
    return <span className={classes.nothing}>{words.timeOnly}</span>;
  }
  return (
    <Texts of={{ application: application ?? null, title: title ?? null, url: url ?? null }} />
  );
}

/** The rule in particular; else what is off for every window. */
export function whyOf(seen: PreviewWindow, kept: PreviewedWindow): string {
  if (kept.removed_by) return words.rules[kept.removed_by] ?? kept.removed_by;
  const off = (["application", "title", "url"] as const).filter((one) => seen[one] && !kept[one]);
  return off.length === 0 ? words.whole : words.off(off.map((one) => words.fields[one]));
}
