/** Everyone whom the viewer sees, to search and to open. */
import { Button, TextInput } from "@mantine/core";
import { IconSearch, IconUserPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import type { User } from "../../api/people";
import type { Me } from "../../api/types";
import { people as texts } from "../../text/people";
import { shared } from "../../text/shared";
import { Choice, Line } from "../../ui/Form";
import { LoadProblem } from "../../ui/LoadProblem";
import { Badge, Empty, Page, Rows } from "../../ui/Page";
import { Table } from "../../ui/Table";
import { When } from "../../ui/When";
import { everyone } from "./everyone";
import { matchingPeople, type PeopleFilter } from "./filter";
import { Invite } from "./Invite";
import { PeopleTabs } from "./PeopleTabs";

const words = texts.list;
const FIRST = 200;

export function People(props: { me: Me }) {
  const { me } = props;
  const admin = me.role === "admin";
  const list = useQuery(everyone);
  const [filter, setFilter] = useState<PeopleFilter>({ search: "", role: "", status: "" });
  const [inviting, setInviting] = useState(false);
  const [most, setMost] = useState(FIRST);
  const all = list.data ?? [];
  const found = matchingPeople(all, filter);
  const set = (change: Partial<PeopleFilter>) => setFilter((before) => ({ ...before, ...change }));
  return (
    <Page
      title={words.title}
      lead={admin ? words.lead : words.leadManager}
      tabs={<PeopleTabs viewer={me.role} />}
      actions={
        admin && (
          <Button
            leftSection={<IconUserPlus size={18} stroke={1.7} aria-hidden="true" />}
            onClick={() => setInviting(true)}
          >
            {words.invite}
          </Button>
        )
      }
    >
      <Line>
        <TextInput
          aria-label={words.search}
          placeholder={words.search}
          leftSection={<IconSearch size={16} aria-hidden="true" />}
          value={filter.search}
          onChange={(event) => set({ search: event.currentTarget.value })}
          style={{ flex: "1 1 240px", maxWidth: 400 }}
        />
        <Choice
          label={words.role}
          value={filter.role}
          options={withAny(texts.roles)}
          onChange={(role) => set({ role })}
        />
        <Choice
          label={words.status}
          value={filter.status}
          options={withAny(texts.statuses)}
          onChange={(status) => set({ status })}
        />
      </Line>
      {list.isPending && <Rows />}
      <LoadProblem query={list} />
      {list.data && (
        <p role="status" className="wp-hidden">
          {words.shown(found.length, all.length)}
        </p>
      )}
      {list.data && found.length === 0 && (
        <Empty title={words.empty}>
          <p>{words.emptyHint}</p>
          <Button variant="default" onClick={() => set({ search: "", role: "", status: "" })}>
            {words.everyone}
          </Button>
        </Empty>
      )}
      {found.length > 0 && (
        <Table
          label={words.title}
          rows={found.slice(0, most)}
          rowKey={(person) => person.id}
          columns={[
            {
              head: words.name,
              kind: "main",
              cell: (person) => <Name person={person} admin={admin} />,
            },
            { head: words.email, cell: (person) => <bdi>{person.email}</bdi> },
            { head: words.role, cell: (person) => texts.roles[person.role] ?? person.role },
            { head: words.status, cell: (person) => <Status status={person.status} /> },
            { head: words.seen, cell: (person) => <When at={person.last_seen_at} /> },
          ]}
        />
      )}
      {found.length > most && (
        <div>
          <Button variant="default" onClick={() => setMost(most + FIRST)}>
            {shared.more}
          </Button>
        </div>
      )}
      {all.length >= 10_000 && <p>{words.partly}</p>}
      {inviting && <Invite onClose={() => setInviting(false)} />}
    </Page>
  );
}

function withAny(names: Record<string, string>): { value: string; label: string }[] {
  const options = Object.entries(names).map(([value, label]) => ({ value, label }));
  return [{ value: "", label: words.any }, ...options];
}

/** Admins come to change accounts; for a manager there is nothing to change, but a day to see. */
function Name(props: { person: User; admin: boolean }) {
  const name = props.person.name.trim() === "" ? words.noName : props.person.name;
  return (
    <Link to={props.admin ? "/people/$id" : "/people/$id/day"} params={{ id: props.person.id }}>
      <bdi>{name}</bdi>
    </Link>
  );
}

export function Status(props: { status: string }) {
  const tone = { active: "good", inactive: "quiet", suspended: "bad" }[props.status] ?? "quiet";
  return (
    <Badge tone={tone as "good" | "quiet" | "bad"}>
      {texts.statuses[props.status] ?? props.status}
    </Badge>
  );
}
