/** Whose time, on which server: the first thing that the window asks. Nothing is recorded yet. */
import { Button, PasswordInput, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { reason, useBridge } from "../bridge";
import { words } from "../text/words";
import { Head } from "../ui/parts";
import classes from "./pages.module.css";

export function FirstRun() {
  const bridge = useBridge();
  const queries = useQueryClient();
  const [server, setServer] = useState("");
  const [token, setToken] = useState("");
  const [email, setEmail] = useState("");
  const enrol = useMutation({
    mutationFn: () =>
      bridge.enrol({
        server: server.trim(),
        token: token.trim(),
        email: email.trim() === "" ? null : email.trim(),
      }),
    onSuccess: () => queries.invalidateQueries(),
  });
  const ready = server.trim() !== "" && token.trim() !== "";
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (ready && !enrol.isPending) enrol.mutate();
  };
  return (
    <main className={classes.alone}>
      <title>{`${words.first.title} · WorkPulse`}</title>
      <Head title={words.first.title} lead={words.first.lead} />
      <form className={classes.form} onSubmit={submit} noValidate>
        <TextInput
          label={words.first.server}
          description={words.first.serverHint}
          placeholder="https://workpulse.example.org"
          inputMode="url"
          autoComplete="off"
          value={server}
          onChange={(event) => setServer(event.currentTarget.value)}
        />
        <PasswordInput
          label={words.first.token}
          description={words.first.tokenHint}
          autoComplete="off"
          visibilityToggleButtonProps={{ "aria-label": words.first.showToken }}
          value={token}
          onChange={(event) => setToken(event.currentTarget.value)}
        />
        <TextInput
          label={words.first.email}
          description={words.first.emailHint}
          type="email"
          autoComplete="off"
          value={email}
          onChange={(event) => setEmail(event.currentTarget.value)}
        />
        {enrol.isError && (
          <p className={classes.problem} role="alert">
            {reason(enrol.error)}
          </p>
        )}
        <Button type="submit" disabled={!ready} loading={enrol.isPending}>
          {words.first.enrol}
        </Button>
      </form>
    </main>
  );
}
