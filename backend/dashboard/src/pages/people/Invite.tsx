/** Invites somebody; shows the link where it is not mailed. */
import { Button, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { people } from "../../api/people";
import { fieldMessage, saidAtFields } from "../../api/problem";
import { people as texts } from "../../text/people";
import { shared } from "../../text/shared";
import { Dialog, DialogButtons } from "../../ui/Dialog";
import { Choice, Form, Tick } from "../../ui/Form";
import { Secret } from "../../ui/Secret";
import { wholeLink } from "./wholeLink";

const words = texts.invite;

export function Invite(props: { onClose: () => void }) {
  const queries = useQueryClient();
  const [email, setEmail] = useState("");
  const [hours, setHours] = useState("168");
  const [showLink, setShowLink] = useState(false);
  const [gap, setGap] = useState<string | null>(null);
  const invite = useMutation({
    mutationFn: (to: string) =>
      people.invite({ email: to, expires_in_hours: Number(hours), show_link: showLink }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["invitations"] }),
  });
  const made = invite.data;
  if (made) {
    return (
      <Dialog title={words.title} onClose={props.onClose}>
        {made.link ? (
          <>
            <p>{words.giveIt(made.invitation.email)}</p>
            <Secret label={words.link} value={wholeLink(made.link)} />
          </>
        ) : (
          <p role="status">{words.mailed(made.invitation.email)}</p>
        )}
        <DialogButtons>
          <Button
            variant="default"
            onClick={() => {
              setEmail("");
              invite.reset();
            }}
          >
            {words.another}
          </Button>
          <Button onClick={props.onClose}>{shared.close}</Button>
        </DialogButtons>
      </Dialog>
    );
  }
  return (
    <Dialog title={words.title} onClose={props.onClose}>
      <p>{words.lead}</p>
      <Form
        onSubmit={() => {
          const to = email.trim();
          const fits = /^[^\s@]+@[^\s@]+$/.test(to);
          setGap(fits ? null : words.emailMissing);
          if (fits) invite.mutate(to);
        }}
      >
        <TextInput
          label={words.email}
          name="email"
          type="email"
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          autoFocus
          value={email}
          onChange={(event) => setEmail(event.currentTarget.value)}
          error={gap ?? fieldMessage(invite.error, "email", words.email)}
        />
        <Choice label={words.days} value={hours} options={words.dayOptions} onChange={setHours} />
        <Tick
          label={words.showLink}
          hint={words.showLinkHint}
          checked={showLink}
          onChange={setShowLink}
        />
        <DialogButtons problem={saidAtFields(invite.error, ["email"]) ? null : invite.error}>
          <Button variant="default" onClick={props.onClose}>
            {shared.cancel}
          </Button>
          <Button type="submit" loading={invite.isPending}>
            {words.submit}
          </Button>
        </DialogButtons>
      </Form>
    </Dialog>
  );
}
