/** Asks for the words with which a note is accepted or declined. */
import { Button, Textarea } from "@mantine/core";
import { useState } from "react";
import type { Note } from "../api/notes";
import { fieldMessage, saidAtFields } from "../api/problem";
import { notes as words } from "../text/notes";
import { shared } from "../text/shared";
import { Dialog, DialogButtons } from "../ui/Dialog";
import { Form } from "../ui/Form";
import { named } from "../ui/Named";
import { hoursOf } from "./NoteItem";
import { useAnswer } from "./useNotes";

const LONGEST = 500;

interface Props {
  note: Note;
  accepted: boolean;
  zone: string;
  onClose: () => void;
}

export function AnswerDialog(props: Props) {
  const { note, accepted } = props;
  const [text, setText] = useState("");
  const answer = useAnswer();
  const send = () => answer.mutate({ note, accepted, answer: text }, { onSuccess: props.onClose });
  const about = words.about(named(note.user_name), hoursOf(note, props.zone));
  return (
    <Dialog title={accepted ? words.acceptTitle : words.declineTitle} onClose={props.onClose}>
      <Form onSubmit={send}>
        <p>{about}</p>
        <p>{words.answerDetail}</p>
        <Textarea
          label={words.answer}
          description={words.answerHint}
          rows={3}
          maxLength={LONGEST}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          error={fieldMessage(answer.error, "answer", words.answer)}
        />
        <DialogButtons problem={saidAtFields(answer.error, ["answer"]) ? null : answer.error}>
          <Button variant="default" onClick={props.onClose}>
            {shared.cancel}
          </Button>
          <Button type="submit" loading={answer.isPending}>
            {accepted ? words.accept : words.decline}
          </Button>
        </DialogButtons>
      </Form>
    </Dialog>
  );
}
