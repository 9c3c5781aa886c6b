/** Log-in. Errors stand at their field, or above the form in the server's words. */
import { Button, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, type ReactNode, useRef, useState } from "react";
import { api } from "../api/client";
import { ApiError, fieldMessage } from "../api/problem";
import type { Me } from "../api/types";
import { meQuery } from "../session";
import { text } from "../text/en";
import { PasswordField } from "../ui/PasswordField";
import { ProblemNote } from "../ui/ProblemNote";
import { Entrance } from "./Entrance";
import classes from "./Entrance.module.css";

const words = text.login;

interface Props {
  note?: string | null;
  /** The way to a new password. */
  forgotten?: ReactNode;
  onLoggedIn: (me: Me) => void;
}

export function Login(props: Props) {
  const queries = useQueryClient();
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const [organization, setOrganization] = useState("");
  const [askOrganization, setAskOrganization] = useState(false);
  const [missing, setMissing] = useState<{ email?: string; password?: string }>({});
  const passwordField = useRef<HTMLInputElement>(null);
  const login = useMutation({
    mutationFn: api.login,
    onSuccess: (me) => {
      // Whatever an earlier person saw in this tab is not this one's to see.
      queries.clear();
      queries.setQueryData(meQuery.queryKey, me);
      props.onLoggedIn(me);
    },
    onError: (error) => {
      if (error instanceof ApiError && error.is("organization-needed")) setAskOrganization(true);
      else {
        setPassword("");
        passwordField.current?.focus();
      }
    },
  });

  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const gaps: { email?: string; password?: string } = {};
    if (email.trim() === "") gaps.email = words.emailMissing;
    if (password === "") gaps.password = words.passwordMissing;
    setMissing(gaps);
    const first = gaps.email ? "email" : gaps.password ? "password" : null;
    if (first) {
      event.currentTarget.querySelector<HTMLInputElement>(`input[name="${first}"]`)?.focus();
      return;
    }
    login.mutate({
      email: email.trim(),
      password,
      ...(organization.trim() === "" ? {} : { organization_id: organization.trim() }),
    });
  };

  const emailError = missing.email ?? fieldMessage(login.error, "email", words.email);
  const passwordError = missing.password ?? fieldMessage(login.error, "password", words.password);
  return (
    <Entrance title={words.title}>
      {props.note && !login.error && (
        <p className={classes.note} role="status">
          {props.note}
        </p>
      )}
      <form className={classes.form} onSubmit={submit} noValidate>
        <TextInput
          label={words.email}
          name="email"
          type="email"
          size="md"
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          autoFocus
          value={email}
          onChange={(event) => setEmail(event.currentTarget.value)}
          error={emailError}
        />
        <PasswordField
          ref={passwordField}
          label={words.password}
          name="password"
          size="md"
          autoComplete="current-password"
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
          error={passwordError}
        />
        {askOrganization && (
          <TextInput
            label={words.organization}
            description={words.organizationHint}
            name="organization"
            size="md"
            value={organization}
            onChange={(event) => setOrganization(event.currentTarget.value)}
            error={fieldMessage(login.error, "organization_id", words.organization)}
          />
        )}
        <Button type="submit" size="md" loading={login.isPending}>
          {words.submit}
        </Button>
        {props.forgotten && <p className={classes.help}>{props.forgotten}</p>}
        {login.error && <ProblemNote error={login.error} />}
      </form>
    </Entrance>
  );
}
