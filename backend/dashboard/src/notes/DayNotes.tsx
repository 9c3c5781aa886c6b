/** What a person says of their day, below what was recorded of it. */
import { Button } from "@mantine/core";
import { useMemo, useState } from "react";
import type { Note } from "../api/notes";
import type { Timeline } from "../api/own";
import { notes as words } from "../text/notes";
import { Question } from "../ui/Dialog";
import { Section } from "../ui/Page";
import { AnswerDialog } from "./AnswerDialog";
import { NoteDialog } from "./NoteDialog";
import { hoursOf, NoteItem } from "./NoteItem";
import classes from "./Notes.module.css";
import { silences } from "./silent";
import { useTakeBack } from "./useNotes";

interface Props {
  day: Timeline;
  /** The viewer's own day: they write, and answer only as an admin. */
  self: boolean;
  mayAnswer: boolean;
}

type Asking =
  | { what: "write"; note: Note | null }
  | { what: "take back"; note: Note }
  | { what: "answer"; note: Note; accepted: boolean };

export function DayNotes(props: Props) {
  const { day, self, mayAnswer } = props;
  const [asking, setAsking] = useState<Asking | null>(null);
  const open = useMemo(() => silences(day), [day]);
  const close = () => setAsking(null);
  const zone = day.time_zone;
  return (
    <Section
      title={words.title}
      lead={self ? words.leadOwn : words.lead}
      actions={
        self && (
          <Button variant="default" onClick={() => setAsking({ what: "write", note: null })}>
            {words.add}
          </Button>
        )
      }
    >
      {day.notes.length === 0 ? (
        <p className={classes.dim}>{self ? words.noneOwn(open.length) : words.none}</p>
      ) : (
        <ul className={classes.list} aria-label={words.title}>
          {day.notes.map((note) => (
            <NoteItem
              key={note.id}
              note={note}
              zone={zone}
              {...(self
                ? {
                    onChange: () => setAsking({ what: "write", note }),
                    onTakeBack: () => setAsking({ what: "take back", note }),
                  }
                : {})}
              {...(mayAnswer
                ? { onAnswer: (accepted) => setAsking({ what: "answer", note, accepted }) }
                : {})}
            />
          ))}
        </ul>
      )}
      {asking?.what === "write" && (
        <NoteDialog
          date={day.date}
          zone={zone}
          silences={open}
          note={asking.note}
          onClose={close}
        />
      )}
      {asking?.what === "take back" && <TakeBack note={asking.note} zone={zone} onClose={close} />}
      {asking?.what === "answer" && (
        <AnswerDialog note={asking.note} accepted={asking.accepted} zone={zone} onClose={close} />
      )}
    </Section>
  );
}

function TakeBack(props: { note: Note; zone: string; onClose: () => void }) {
  const takeBack = useTakeBack();
  return (
    <Question
      title={words.takeBackTitle}
      confirm={words.takeBack}
      pending={takeBack.isPending}
      error={takeBack.error}
      onConfirm={() => takeBack.mutate(props.note, { onSuccess: props.onClose })}
      onClose={props.onClose}
    >
      <p>{words.takeBackDetail(hoursOf(props.note, props.zone))}</p>
    </Question>
  );
}
