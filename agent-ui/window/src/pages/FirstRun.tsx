/** Whose time, on which server: the first thing that the window asks. Nothing is recorded yet. */
import { Button, PasswordInput, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { reason, useBridge } from "../bridge";
import { words } from "../text/words";
import { Head } from "../ui/parts";
import classes from "./pages.module.css";

/** By logging in, or with a token from an administrator. */
type Way = "login" | "token";

export function FirstRun() {
  const bridge = useBridge();
  const queries = useQueryClient();
  const [way, setWay] = useState<Way>("login");
  const [server, setServer] = useState("");
  const [token, setToken] = useState("");
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const enrol = useMutation({
    mutationFn: () =>
      way === "login"
        ? bridge.logIn({ server: server.trim(), email: email.trim(), password })
        : bridge.enrol({
            server: server.trim(),
            token: token.trim(),
            email: email.trim() === "" ? null : email.trim(),
          }),
    // A password is not kept longer than it is needed, right or wrong.
    onSettled: () => setPassword(""),
    onSuccess: () => queries.invalidateQueries(),
  });
  const ready =
    server.trim() !== "" &&
    (way === "login" ? email.trim() !== "" && password !== "" : token.trim() !== "");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (ready && !enrol.isPending) enrol.mutate();
  };
  const turn = (to: Way) => {
    setWay(to);
    setPassword("");
    enrol.reset();
  };
  const mail = (
    <TextInput
      label={words.first.email}
      description={way === "login" ? undefined : words.first.emailHint}
      type="email"
      autoComplete="off"
      value={email}
      onChange={(event) => setEmail(event.currentTarget.value)}
    />
  );
  return (
    <main className="wp-alone">
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
        {way === "login" ? (
          <>
            {mail}
            <PasswordInput
              label={words.first.password}
              description={words.first.passwordHint}
              autoComplete="off"
              visibilityToggleButtonProps={{ "aria-label": words.first.showPassword }}
              value={password}
              onChange={(event) => setPassword(event.currentTarget.value)}
            />
          </>
        ) : (
          <>
            <PasswordInput
              label={words.first.token}
              description={words.first.tokenHint}
              autoComplete="off"
              visibilityToggleButtonProps={{ "aria-label": words.first.showToken }}
              value={token}
              onChange={(event) => setToken(event.currentTarget.value)}
            />
            {mail}
          </>
        )}
        {enrol.isError && (
          <p className={classes.problem} role="alert">
            {reason(enrol.error)}
          </p>
        )}
        <div className={classes.row}>
          <Button type="submit" disabled={!ready} loading={enrol.isPending}>
            {way === "login" ? words.first.logIn : words.first.enrol}
          </Button>
          <Button
            type="button"
            variant="subtle"
            onClick={() => turn(way === "login" ? "token" : "login")}
          >
            {way === "login" ? words.first.byToken : words.first.byLogin}
          </Button>
        </div>
      </form>
    </main>
  );
}
