/** Ends somebody's log-ins, and makes a link by which they set a new password. */

import { Button } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { people, type User } from "../../api/people";
import { millis, moment } from "../../format/instant";
import { people as texts } from "../../text/people";
import { Question } from "../../ui/Dialog";
import { FloatingDone, FloatingProblem } from "../../ui/Floating";
import { Secret } from "../../ui/Secret";
import { Deed } from "./Deed";
import { wholeLink } from "./wholeLink";

const words = texts.person;

export function Access(props: { person: User; name: string }) {
  const { id } = props.person;
  const [asking, setAsking] = useState(false);
  const signOut = useMutation({
    mutationFn: () => people.signOut(id),
    onSuccess: () => setAsking(false),
  });
  const link = useMutation({ mutationFn: () => people.resetLink(id) });
  const until = millis(link.data?.expires_at);
  return (
    <>
      <Deed lead={words.signOutLead}>
        <Button variant="default" onClick={() => setAsking(true)}>
          {words.signOut}
        </Button>
      </Deed>
      <FloatingDone of={signOut}>{words.signedOut}</FloatingDone>
      <Deed lead={words.resetLead}>
        <Button variant="default" loading={link.isPending} onClick={() => link.mutate()}>
          {words.resetLink}
        </Button>
      </Deed>
      <FloatingProblem error={link.error} />
      {link.data && (
        <>
          <Secret label={words.resetLinkLabel} value={wholeLink(link.data.link)} />
          {until !== null && <p>{words.resetUntil(moment(until))}</p>}
        </>
      )}
      {asking && (
        <Question
          title={words.signOutQuestion(props.name)}
          confirm={words.signOut}
          pending={signOut.isPending}
          error={signOut.error}
          onConfirm={() => signOut.mutate()}
          onClose={() => setAsking(false)}
        >
          <p>{words.signOutLead}</p>
        </Question>
      )}
    </>
  );
}
