/** The first page of a new server: the first organization and its admin. */
import { Button, Select, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useMemo, useRef, useState } from "react";
import { api } from "../api/client";
import { ApiError, fieldMessage, saidAtFields } from "../api/problem";
import type { Me, SetupRequest } from "../api/types";
import { meQuery } from "../session";
import { text } from "../text/en";
import { PasswordField } from "../ui/PasswordField";
import { ProblemNote } from "../ui/ProblemNote";
import { Entrance } from "./Entrance";
import classes from "./Entrance.module.css";
import { checkSetup, type SetupDraft, timeZones } from "./setupForm";

const words = text.setup;

interface Props {
  codeRequired: boolean;
  onLoggedIn: (me: Me) => void;
  /** The organization stands, but the log-in right after failed. */
  onCreatedOnly: () => void;
}

export function Setup(props: Props) {
  const queries = useQueryClient();
  const zones = useMemo(() => timeZones(), []);
  const [draft, setDraft] = useState<SetupDraft>({
    organization_name: "",
    time_zone: zones.own,
    name: "",
    email: "",
    password: "",
    setup_code: "",
  });
  const form = useRef<HTMLFormElement>(null);
  const [gaps, setGaps] = useState<Partial<Record<keyof SetupDraft, string>>>({});
  const create = useMutation({
    mutationFn: async (body: SetupRequest): Promise<Me | null> => {
      await api.setup(body);
      // From here on the organization exists: a failing log-in must not look like a failed set-up.
      return api.login({ email: body.email, password: body.password }).catch(() => null);
    },
    onError: (error) => {
      const first = error instanceof ApiError ? error.problem.fields[0]?.field : undefined;
      if (first !== undefined) focusField(form.current, first);
    },
    onSuccess: (me) => {
      queries.clear();
      if (me === null) {
        props.onCreatedOnly();
        return;
      }
      queries.setQueryData(meQuery.queryKey, me);
      props.onLoggedIn(me);
    },
  });

  const change = (field: keyof SetupDraft, value: string) => {
    setDraft((before) => ({ ...before, [field]: value }));
    setGaps((before) => {
      const { [field]: _gone, ...rest } = before;
      return rest;
    });
  };

  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const checked = checkSetup(draft, props.codeRequired);
    setGaps(checked.gaps);
    if (checked.body) {
      create.mutate(checked.body);
      return;
    }
    const first = Object.keys(checked.gaps)[0];
    if (first !== undefined) focusField(event.currentTarget, first);
  };

  const field = (name: keyof SetupDraft, label: string) => ({
    name,
    label,
    size: "md" as const,
    value: draft[name],
    error: gaps[name] ?? fieldMessage(create.error, name, label),
    onChange: (event: { currentTarget: { value: string } }) =>
      change(name, event.currentTarget.value),
  });

  return (
    <Entrance title={words.title} lead={words.lead} wide>
      <form ref={form} className={classes.form} onSubmit={submit} noValidate>
        <fieldset>
          <legend>{words.organizationSection}</legend>
          <TextInput
            {...field("organization_name", words.organization)}
            autoComplete="organization"
            maxLength={200}
            autoFocus
          />
          <Select
            label={words.timeZone}
            description={words.timeZoneHint}
            name="time_zone"
            size="md"
            data={zones.all}
            value={draft.time_zone}
            onChange={(value) => change("time_zone", value ?? "")}
            error={gaps.time_zone ?? fieldMessage(create.error, "time_zone", words.timeZone)}
            searchable
            comboboxProps={{ withinPortal: false }}
            limit={100}
            maxDropdownHeight={280}
            nothingFoundMessage={words.timeZoneNothing}
          />
        </fieldset>
        <fieldset>
          <legend>{words.adminSection}</legend>
          <TextInput {...field("name", words.name)} autoComplete="name" maxLength={200} />
          <TextInput
            {...field("email", words.email)}
            type="email"
            autoComplete="username"
            autoCapitalize="none"
            spellCheck={false}
          />
          <PasswordField
            {...field("password", words.password)}
            description={words.passwordHint}
            autoComplete="new-password"
          />
          {props.codeRequired && (
            <TextInput
              {...field("setup_code", words.code)}
              description={words.codeHint}
              autoComplete="one-time-code"
              spellCheck={false}
            />
          )}
        </fieldset>
        <Button type="submit" size="md" loading={create.isPending}>
          {words.submit}
        </Button>
        {create.error && !saidAtFields(create.error, Object.keys(draft)) && (
          <ProblemNote error={create.error} />
        )}
      </form>
    </Entrance>
  );
}

function focusField(form: HTMLFormElement | null, name: string): void {
  const field = form?.elements.namedItem(name);
  if (field instanceof HTMLInputElement) field.focus();
}
