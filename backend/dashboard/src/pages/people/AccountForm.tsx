/** Name, role and status of somebody; suspending asks first. */

import { Button, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { people, type UpdateUser, type User } from "../../api/people";
import { fieldMessage, saidAtFields } from "../../api/problem";
import { people as texts } from "../../text/people";
import { shared } from "../../text/shared";
import { Question } from "../../ui/Dialog";
import { FloatingProblem } from "../../ui/Floating";
import { Choice, Form, Line, Submit } from "../../ui/Form";
import { Done } from "../../ui/Page";

const words = texts.person;
const options = <Value extends string>(names: Record<string, string>) =>
  Object.entries(names).map(([value, label]) => ({ value: value as Value, label }));

/** Only what differs: what somebody else changed in the meantime stays. */
export function changesOf(before: User, draft: Pick<User, "name" | "role" | "status">): UpdateUser {
  const name = draft.name.trim();
  return {
    ...(name === before.name ? {} : { name }),
    ...(draft.role === before.role ? {} : { role: draft.role }),
    ...(draft.status === before.status ? {} : { status: draft.status }),
  };
}

export function AccountForm(props: { person: User; self: boolean }) {
  const { person } = props;
  const queries = useQueryClient();
  const key = ["person", person.id];
  const [draft, setDraft] = useState({
    name: person.name,
    role: person.role,
    status: person.status,
  });
  const [gap, setGap] = useState<string | null>(null);
  const [asking, setAsking] = useState(false);
  const change = useMutation({
    mutationFn: (body: UpdateUser) => people.change(person.id, body),
    // Shown at once; taken back if the server refuses.
    onMutate: (body) => {
      const before = queries.getQueryData<User>(key);
      if (before) queries.setQueryData(key, { ...before, ...body });
      return { before };
    },
    onError: (_error, _body, kept) => {
      if (kept?.before) queries.setQueryData(key, kept.before);
    },
    onSuccess: (now) => queries.setQueryData(key, now),
    onSettled: () => {
      setAsking(false);
      void queries.invalidateQueries({ queryKey: ["people"] });
    },
  });
  const set = (part: Partial<typeof draft>) => {
    setDraft((before) => ({ ...before, ...part }));
    change.reset();
  };
  const body = changesOf(person, draft);
  const submit = () => {
    const empty = draft.name.trim() === "";
    setGap(empty ? words.nameMissing : null);
    if (empty || Object.keys(body).length === 0) return;
    if (body.status === "suspended") setAsking(true);
    else change.mutate(body);
  };
  return (
    <Form onSubmit={submit}>
      {change.error && !saidAtFields(change.error, ["name"]) && (
        <FloatingProblem error={change.error} />
      )}
      <TextInput
        label={words.name}
        name="name"
        autoComplete="off"
        maxLength={200}
        value={draft.name}
        onChange={(event) => set({ name: event.currentTarget.value })}
        error={gap ?? fieldMessage(change.error, "name", words.name)}
      />
      <Line>
        <Choice
          label={words.role}
          value={draft.role}
          disabled={props.self}
          options={options<User["role"]>(texts.roles)}
          onChange={(role) => set({ role })}
        />
        <Choice
          label={words.status}
          value={draft.status}
          disabled={props.self}
          options={options<User["status"]>(texts.statuses)}
          onChange={(status) => set({ status })}
        />
      </Line>
      <p>{props.self ? words.self : `${words.roleHint} ${words.statusHint}`}</p>
      <Submit>
        <Button type="submit" loading={change.isPending}>
          {shared.save}
        </Button>
        {change.isSuccess && <Done>{shared.saved}</Done>}
      </Submit>
      {asking && (
        <Question
          title={words.suspendQuestion(person.name)}
          confirm={words.suspend}
          danger
          pending={change.isPending}
          error={null}
          onConfirm={() => change.mutate(body)}
          onClose={() => setAsking(false)}
        >
          <p>{words.suspendDetail}</p>
        </Question>
      )}
    </Form>
  );
}
