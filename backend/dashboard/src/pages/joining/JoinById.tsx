/**
 * Joining by an organization's id, where an admin has opened that. The answer is the same whether
 * the address has an account or not. Name and password are asked for only where the server wants
 * them now: with mail, they are chosen behind the mailed link.
 */
import { Button, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, type ReactNode, useState } from "react";
import { joining } from "../../api/joining";
import { ApiError, fieldMessage, saidAtFields } from "../../api/problem";
import { joining as texts } from "../../text/joining";
import { NewPassword } from "../../ui/NewPassword";
import { ProblemNote } from "../../ui/ProblemNote";
import { Entrance } from "../Entrance";
import classes from "../Entrance.module.css";
import { Collected, joinGaps } from "./Join";

const words = texts.join;
const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

interface Draft {
  organization_id: string;
  email: string;
  name: string;
  password: string;
}
type Gaps = Partial<Record<keyof Draft, string>>;

/** The server wants a name and a password now. */
export function wantsPassword(error: unknown): boolean {
  return (
    error instanceof ApiError &&
    error.problem.fields.length > 0 &&
    error.problem.fields.every((f) => f.field === "name" || f.field === "password")
  );
}

export function JoinById(props: { organization: string; toLogin: ReactNode }) {
  const [draft, setDraft] = useState<Draft>({
    organization_id: props.organization,
    email: "",
    name: "",
    password: "",
  });
  const [whole, setWhole] = useState(false);
  const [gaps, setGaps] = useState<Gaps>({});
  const ask = useMutation({
    mutationFn: (sent: Draft) =>
      joining.askToJoin(
        sent.organization_id.trim(),
        sent.email.trim(),
        whole ? { name: sent.name.trim(), password: sent.password } : null,
      ),
    onError: (error) => {
      if (wantsPassword(error)) setWhole(true);
    },
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const found: Gaps = {};
    if (draft.organization_id.trim() === "") found.organization_id = words.organizationMissing;
    else if (!ID.test(draft.organization_id.trim())) {
      found.organization_id = words.organizationShape;
    }
    if (!/^[^\s@]+@[^\s@]+$/.test(draft.email.trim())) found.email = words.emailMissing;
    if (whole) Object.assign(found, joinGaps(draft.name, draft.password));
    setGaps(found);
    const first = Object.keys(found)[0];
    if (first === undefined) ask.mutate(draft);
    else event.currentTarget.querySelector<HTMLInputElement>(`input[name="${first}"]`)?.focus();
  };

  if (ask.data) {
    const mail = ask.data.next === "mail";
    return (
      <Entrance title={mail ? words.nextMail.title : words.nextApproval.title}>
        <p className={classes.lead} role="status">
          {mail ? words.nextMail.detail(draft.email.trim()) : words.nextApproval.detail}
        </p>
        <p className={classes.form}>{props.toLogin}</p>
      </Entrance>
    );
  }
  // What was not asked for yet is not missing.
  const firstAsked = wantsPassword(ask.error) && ask.variables?.password === "";
  const said = saidAtFields(ask.error, Object.keys(draft));
  const field = (name: keyof Draft, label: string) => ({
    name,
    label,
    size: "md" as const,
    value: draft[name],
    error: gaps[name] ?? (firstAsked ? null : fieldMessage(ask.error, name, label)),
    onChange: (event: { currentTarget: { value: string } }) => {
      const { value } = event.currentTarget;
      setDraft((before) => ({ ...before, [name]: value }));
    },
  });
  return (
    <Entrance title={words.title} lead={words.byIdLead} wide>
      <Collected />
      <form className={classes.form} onSubmit={submit} noValidate>
        <TextInput
          {...field("organization_id", words.organization)}
          spellCheck={false}
          autoCapitalize="none"
        />
        <TextInput
          {...field("email", words.email)}
          type="email"
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
        />
        {whole && (
          <>
            <TextInput
              {...field("name", words.name)}
              autoComplete="name"
              maxLength={200}
              autoFocus
            />
            <NewPassword
              label={words.password}
              name="password"
              value={draft.password}
              personal={[draft.name, draft.email]}
              onChange={(password) => setDraft((before) => ({ ...before, password }))}
              error={gaps.password ?? null}
            />
          </>
        )}
        <Button type="submit" size="md" loading={ask.isPending}>
          {whole ? words.askToJoin : words.continue}
        </Button>
        <p>{props.toLogin}</p>
        {ask.error && !said && <ProblemNote error={ask.error} />}
      </form>
    </Entrance>
  );
}
