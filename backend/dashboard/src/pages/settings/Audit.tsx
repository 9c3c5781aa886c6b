/** What was done and looked at in the organization, newest first. */
import { TextInput } from "@mantine/core";
import { Fragment, useState } from "react";
import { type AuditEntry, type AuditFilter, settings } from "../../api/settings";
import { audit as acts } from "../../text/audit";
import { me } from "../../text/me";
import { settings as texts } from "../../text/settings";
import { shared } from "../../text/shared";
import { DateField } from "../../ui/DateField";
import { Line } from "../../ui/Form";
import { Empty, Page } from "../../ui/Page";
import { Paged } from "../../ui/Paged";
import { Table } from "../../ui/Table";
import { usePages } from "../../ui/usePages";
import { When } from "../../ui/When";
import classes from "./Audit.module.css";
import { detailInWords, type NamesById } from "./auditDetail";
import { SettingsTabs } from "./SettingsTabs";
import { useAuditNames } from "./useAuditNames";

const words = texts.audit;

interface Props {
  filter: AuditFilter;
  onFilter: (filter: AuditFilter) => void;
}

export function Audit(props: Props) {
  const { filter } = props;
  const [action, setAction] = useState(filter.action ?? "");
  const audit = usePages(["audit", filter], (cursor) => settings.audit(filter, cursor));
  const names = useAuditNames(audit.items);
  const set = (part: Partial<AuditFilter>) => {
    const next = { ...filter, ...part };
    const kept = Object.entries(next).filter(([, value]) => value !== "");
    props.onFilter(Object.fromEntries(kept));
  };
  return (
    <Page title={words.title} lead={words.lead} tabs={<SettingsTabs />}>
      <Line>
        <TextInput
          label={words.action}
          description={words.actionHint}
          value={action}
          onChange={(event) => setAction(event.currentTarget.value)}
          onBlur={() => set({ action: action.trim() })}
          onKeyDown={(event) => {
            if (event.key === "Enter") set({ action: action.trim() });
          }}
        />
        <DateField
          label={words.from}
          value={filter.from ?? ""}
          onChange={(from) => set({ from })}
        />
        <DateField label={words.to} value={filter.to ?? ""} onChange={(to) => set({ to })} />
      </Line>
      <Paged
        query={audit}
        count={audit.items.length}
        empty={
          <Empty title={words.empty}>
            <p>{words.emptyHint}</p>
          </Empty>
        }
      >
        <Table
          label={words.title}
          rows={audit.items}
          rowKey={(entry) => String(entry.seq)}
          columns={[
            { head: words.what, kind: "main", cell: (entry) => <Act action={entry.action} /> },
            { head: words.who, cell: (entry) => <Actor entry={entry} /> },
            { head: words.about, cell: (entry) => <About entry={entry} names={names} /> },
            { head: words.when, cell: (entry) => <When at={entry.at} /> },
            { head: words.number, kind: "number", cell: (entry) => entry.seq },
          ]}
        />
      </Paged>
    </Page>
  );
}

/** In words; the action itself stands below, because that is what one filters by. */
function Act(props: { action: string }) {
  const { action } = props;
  const look = action.startsWith("look.") ? me.looks.kindsOf[action.slice(5)] : undefined;
  const words = look === undefined ? acts.acts[action] : acts.look(look);
  if (words === undefined) return <bdi>{action}</bdi>;
  return (
    <>
      {words}
      <span className={classes.detail}>{action}</span>
    </>
  );
}

function Actor(props: { entry: AuditEntry }) {
  const { actor_id: id, actor_name: name } = props.entry;
  if (!id) return <>{shared.itOnServer}</>;
  return <bdi>{name ?? shared.someoneErased}</bdi>;
}

function About(props: { entry: AuditEntry; names: NamesById }) {
  const { entry, names } = props;
  const detail = detailInWords(entry.action, entry.detail, names);
  return (
    <>
      {entry.subject_name ? (
        <bdi>{entry.subject_name}</bdi>
      ) : (
        entry.people > 0 && words.people(entry.people)
      )}
      {detail.length > 0 && (
        <span className={classes.detail}>
          {detail.map((said, index) => (
            <Fragment key={said}>
              {index > 0 && " · "}
              <bdi>{said}</bdi>
            </Fragment>
          ))}
        </span>
      )}
    </>
  );
}
