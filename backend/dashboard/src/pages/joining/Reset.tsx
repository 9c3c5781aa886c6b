/** A new password by a link. */
import { Button } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, type ReactNode, useState } from "react";
import { joining } from "../../api/joining";
import { fieldMessage, saidAtFields } from "../../api/problem";
import { joining as texts } from "../../text/joining";
import { NewPassword } from "../../ui/NewPassword";
import { ProblemNote } from "../../ui/ProblemNote";
import { advise } from "../../ui/strength";
import { Entrance } from "../Entrance";
import classes from "../Entrance.module.css";

const words = texts.reset;

interface Props {
  token: string | null;
  toLogin: ReactNode;
  askAgain: ReactNode;
  onReset: () => void;
}

export function Reset(props: Props) {
  const [password, setPassword] = useState("");
  const [gap, setGap] = useState<string | null>(null);
  const reset = useMutation({
    mutationFn: (sent: { token: string; password: string }) =>
      joining.reset(sent.token, sent.password),
    onSuccess: props.onReset,
  });
  if (reset.isSuccess) {
    return (
      <Entrance title={words.doneTitle}>
        <p className={classes.lead} role="status">
          {words.done}
        </p>
        <p className={classes.form}>{props.toLogin}</p>
      </Entrance>
    );
  }
  const { token } = props;
  if (token === null) {
    return (
      <Entrance title={words.noToken} lead={words.noTokenDetail}>
        <p className={classes.form}>{props.askAgain}</p>
      </Entrance>
    );
  }
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const advice = advise(password);
    setGap(advice.level === 0 ? advice.words : null);
    if (advice.level > 0) reset.mutate({ token, password });
    else event.currentTarget.querySelector<HTMLInputElement>('input[name="new_password"]')?.focus();
  };
  return (
    <Entrance title={words.title} lead={words.lead}>
      <form className={classes.form} onSubmit={submit} noValidate>
        <NewPassword
          label={words.password}
          name="new_password"
          value={password}
          onChange={setPassword}
          error={gap ?? fieldMessage(reset.error, "new_password", words.password)}
        />
        <Button type="submit" size="md" loading={reset.isPending}>
          {words.submit}
        </Button>
        {reset.error && !saidAtFields(reset.error, ["new_password"]) && (
          <>
            <ProblemNote error={reset.error} />
            <p>
              {words.askAgain} {props.askAgain}
            </p>
          </>
        )}
      </form>
    </Entrance>
  );
}
