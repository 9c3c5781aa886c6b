/** Asks for the note with which alerts are resolved. */
import { Button, Textarea } from "@mantine/core";
import { useState } from "react";
import { alerts as words } from "../../text/alerts";
import { shared } from "../../text/shared";
import { Dialog, DialogButtons } from "../../ui/Dialog";
import { Form } from "../../ui/Form";

const LONGEST_NOTE = 1000;

export function ResolveDialog(props: {
  count: number;
  onResolve: (note: string) => void;
  onClose: () => void;
}) {
  const [note, setNote] = useState("");
  return (
    <Dialog title={words.question(props.count)} onClose={props.onClose}>
      <Form onSubmit={() => props.onResolve(note)}>
        <p>{words.detail}</p>
        <Textarea
          label={words.note}
          description={words.noteHint}
          rows={3}
          maxLength={LONGEST_NOTE}
          value={note}
          onChange={(event) => setNote(event.currentTarget.value)}
          onKeyDown={(event) => {
            // A note may have lines, so the plain Enter is one of them.
            if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) props.onResolve(note);
          }}
        />
        <DialogButtons>
          <Button variant="default" onClick={props.onClose}>
            {shared.cancel}
          </Button>
          <Button type="submit">{words.resolve}</Button>
        </DialogButtons>
      </Form>
    </Dialog>
  );
}
