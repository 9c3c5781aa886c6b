/** Asks for a link to set a new password. Says the same whether the address has an account or not. */
import { Button, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, type ReactNode, useState } from "react";
import { joining } from "../../api/joining";
import { fieldMessage, saidAtFields } from "../../api/problem";
import { joining as texts } from "../../text/joining";
import { ProblemNote } from "../../ui/ProblemNote";
import { Entrance } from "../Entrance";
import classes from "../Entrance.module.css";

const words = texts.forgot;

export function Forgot(props: { back: ReactNode }) {
  const [email, setEmail] = useState("");
  const [gap, setGap] = useState<string | null>(null);
  const ask = useMutation({ mutationFn: joining.askForReset });
  if (ask.data) {
    const mailed = ask.data.by_mail;
    return (
      <Entrance title={mailed ? words.sentTitle : words.noMailTitle}>
        <p className={classes.lead} role="status">
          {mailed ? words.sent(email.trim()) : words.noMail}
        </p>
        <p className={classes.form}>{props.back}</p>
      </Entrance>
    );
  }
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const missing = email.trim() === "";
    setGap(missing ? words.emailMissing : null);
    if (!missing) ask.mutate(email.trim());
    else event.currentTarget.querySelector<HTMLInputElement>('input[name="email"]')?.focus();
  };
  return (
    <Entrance title={words.title} lead={words.lead}>
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
          error={gap ?? fieldMessage(ask.error, "email", words.email)}
        />
        <Button type="submit" size="md" loading={ask.isPending}>
          {words.submit}
        </Button>
        <p>{props.back}</p>
        {ask.error && !saidAtFields(ask.error, ["email"]) && <ProblemNote error={ask.error} />}
      </form>
    </Entrance>
  );
}
