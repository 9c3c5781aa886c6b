/** Joining by an invitation: what it is for, what will be collected, name and password. */
import { Button, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, type ReactNode, useState } from "react";
import { api } from "../../api/client";
import { type InvitationOffer, type Joining, joining } from "../../api/joining";
import { fieldMessage, saidAtFields } from "../../api/problem";
import type { Me } from "../../api/types";
import { millis, moment } from "../../format/instant";
import { meQuery } from "../../session";
import { joining as texts } from "../../text/joining";
import { NewPassword } from "../../ui/NewPassword";
import { ProblemNote } from "../../ui/ProblemNote";
import { advise } from "../../ui/strength";
import { Entrance } from "../Entrance";
import classes from "../Entrance.module.css";

const words = texts.join;

interface Props {
  token: string;
  /** How to get to the log-in page. */
  toLogin: ReactNode;
  onJoined: (me: Me) => void;
  /** The account stands, but the log-in right after failed. */
  onJoinedOnly: () => void;
}

export function Join(props: Props) {
  const offer = useQuery({
    queryKey: ["invitation", props.token],
    queryFn: () => joining.offer(props.token),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });
  if (offer.data) return <Accept {...props} offer={offer.data} />;
  return (
    <Entrance title={offer.error ? words.notUsable : words.title}>
      {offer.error ? (
        <div className={classes.form}>
          <ProblemNote
            error={offer.error}
            {...(offer.error instanceof Error && mayPass(offer.error)
              ? { onRetry: () => void offer.refetch() }
              : {})}
          />
          <p>{words.askAgain}</p>
          <p>{props.toLogin}</p>
        </div>
      ) : (
        <p className={classes.lead} role="status">
          {words.looking}
        </p>
      )}
    </Entrance>
  );
}

function mayPass(error: Error): boolean {
  return "problem" in error && [0, 429, 500, 502, 503].includes((error as Retry).problem.status);
}

interface Retry {
  problem: { status: number };
}

function Accept(props: Props & { offer: InvitationOffer }) {
  const { offer } = props;
  const queries = useQueryClient();
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  const [gaps, setGaps] = useState<Partial<Record<keyof Joining, string>>>({});
  const join = useMutation({
    mutationFn: async (person: Joining): Promise<Me | null> => {
      const made = await joining.accept(props.token, person);
      // From here on the account stands: a failing log-in must not look like a failed joining.
      return api
        .login({
          email: made.email,
          password: person.password,
          organization_id: made.organization_id,
        })
        .catch(() => null);
    },
    onSuccess: (me) => {
      queries.clear();
      if (me === null) {
        props.onJoinedOnly();
        return;
      }
      queries.setQueryData(meQuery.queryKey, me);
      props.onJoined(me);
    },
  });
  const personal = [name, offer.email, offer.organization_name];
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const found = joinGaps(name, password);
    setGaps(found);
    const first = Object.keys(found)[0];
    if (first === undefined) join.mutate({ name: name.trim(), password });
    else event.currentTarget.querySelector<HTMLInputElement>(`input[name="${first}"]`)?.focus();
  };
  const until = millis(offer.expires_at);
  return (
    <Entrance
      title={words.titleOf(offer.organization_name)}
      heading={
        <>
          {words.titleOf("")}
          <bdi>{offer.organization_name}</bdi>
        </>
      }
      wide
    >
      <p className={classes.lead}>
        <bdi>{words.invited(offer.email)}</bdi>
        {until !== null && ` ${words.until(moment(until))}`}
      </p>
      <Collected />
      <form className={classes.form} onSubmit={submit} noValidate>
        {/* For password managers: which account this is. */}
        <input type="hidden" name="username" autoComplete="username" value={offer.email} />
        <TextInput
          label={words.name}
          name="name"
          size="md"
          autoComplete="name"
          maxLength={200}
          autoFocus
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          error={gaps.name ?? fieldMessage(join.error, "name", words.name)}
        />
        <NewPassword
          label={words.password}
          name="password"
          value={password}
          personal={personal}
          onChange={setPassword}
          error={gaps.password ?? fieldMessage(join.error, "password", words.password)}
        />
        <Button type="submit" size="md" loading={join.isPending}>
          {words.submit}
        </Button>
        {join.error && !saidAtFields(join.error, ["name", "password"]) && (
          <ProblemNote error={join.error} />
        )}
      </form>
    </Entrance>
  );
}

export function joinGaps(name: string, password: string): Partial<Record<keyof Joining, string>> {
  const advice = advise(password);
  return {
    ...(name.trim() === "" ? { name: words.nameMissing } : {}),
    ...(advice.level === 0 ? { password: advice.words } : {}),
  };
}

/** Said before somebody agrees, in two sentences. */
export function Collected() {
  return (
    <section className={classes.note} aria-labelledby="collected">
      <h2 id="collected">{words.privacyTitle}</h2>
      {words.privacy.map((sentence) => (
        <p key={sentence}>{sentence}</p>
      ))}
    </section>
  );
}
