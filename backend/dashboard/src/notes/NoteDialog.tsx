/** Writes or changes a note about a stretch of one's own day. */

import { Button, Textarea, TextInput } from "@mantine/core";
import { useState } from "react";
import type { Note, NoteKind } from "../api/notes";
import { fieldMessage, saidAtFields } from "../api/problem";
import { duration } from "../format/duration";
import { dayAfter, instantOf, millis, timeIn } from "../format/instant";
import { notes as words } from "../text/notes";
import { shared } from "../text/shared";
import { Dialog, DialogButtons } from "../ui/Dialog";
import { Choice, Form, Line } from "../ui/Form";
import { useFirstWrong } from "../ui/useFirstWrong";
import type { Silence } from "./silent";
import { useSay } from "./useNotes";

const LONGEST = 500;
export const KINDS: readonly NoteKind[] = ["work", "meeting", "break", "other"];
/** The choice of times that are not offered. */
const OTHER = "";

interface Props {
  /** `YYYY-MM-DD`, of the organization. */
  date: string;
  zone: string;
  /** Stretches to choose from. */
  silences: readonly Silence[];
  /** What is changed; null: it is a new one. */
  note: Note | null;
  onClose: () => void;
}

/** As an input for times has it, whatever the language. */
function reading(zone: string, at: number): string {
  return new Intl.DateTimeFormat("en-GB", {
    timeZone: zone,
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  }).format(at);
}

export function NoteDialog(props: Props) {
  const { date, zone, silences, note } = props;
  const start: Silence | undefined = note
    ? { from: millis(note.from) ?? 0, to: millis(note.to) ?? 0 }
    : silences[0];
  const [chosen, setChosen] = useState<Silence | null>(start ?? null);
  const [from, setFrom] = useState(start ? reading(zone, start.from) : "");
  const [to, setTo] = useState(start ? reading(zone, start.to) : "");
  const [kind, setKind] = useState<NoteKind>(note?.kind ?? "work");
  const [text, setText] = useState(note?.text ?? "");
  const [gaps, setGaps] = useState<{ from?: string; to?: string; text?: string }>({});
  const say = useSay(note);
  const form = useFirstWrong(gaps, say.error);

  const offered = note ? [] : silences;
  const choose = (value: string) => {
    const silence = offered.find((one) => String(one.from) === value) ?? null;
    setChosen(silence);
    if (silence === null) return;
    setFrom(reading(zone, silence.from));
    setTo(reading(zone, silence.to));
  };
  const submit = () => {
    const found = {
      ...(from === "" ? { from: words.timeMissing } : {}),
      ...(to === "" ? { to: words.timeMissing } : {}),
      ...(kind === "other" && text.trim() === "" ? { text: words.textMissing } : {}),
    };
    setGaps(found);
    if (Object.keys(found).length > 0) return;
    // What was chosen goes to the second; what is typed, to the minute. An end that is not behind
    // the begin is on the next day.
    const begin =
      chosen && reading(zone, chosen.from) === from ? chosen.from : instantOf(zone, date, from);
    const end =
      chosen && reading(zone, chosen.to) === to
        ? chosen.to
        : instantOf(zone, to > from ? date : dayAfter(date, 1), to);
    say.mutate(
      {
        from: new Date(begin).toISOString(),
        to: new Date(end).toISOString(),
        kind,
        ...(text.trim() === "" ? {} : { text: text.trim() }),
      },
      { onSuccess: props.onClose },
    );
  };
  return (
    <Dialog title={note ? words.changeTitle : words.add} onClose={props.onClose}>
      <div ref={form}>
        <Form onSubmit={submit}>
          {offered.length > 0 && (
            <Choice
              label={words.stretch}
              value={chosen ? String(chosen.from) : OTHER}
              options={[
                ...offered.map((one) => ({
                  value: String(one.from),
                  label: words.silence(
                    timeIn(zone, one.from),
                    timeIn(zone, one.to),
                    duration((one.to - one.from) / 1000),
                  ),
                })),
                { value: OTHER, label: words.otherTime },
              ]}
              onChange={choose}
            />
          )}
          <Line>
            <TextInput
              type="time"
              label={words.from}
              value={from}
              onChange={(event) => setFrom(event.currentTarget.value)}
              error={gaps.from ?? fieldMessage(say.error, "from", words.from)}
            />
            <TextInput
              type="time"
              label={words.to}
              value={to}
              onChange={(event) => setTo(event.currentTarget.value)}
              error={gaps.to ?? fieldMessage(say.error, "to", words.to)}
            />
          </Line>
          <Choice
            label={words.kind}
            value={kind}
            options={KINDS.map((value) => ({
              value: value as string,
              label: words.kinds[value] ?? value,
            }))}
            onChange={(value) => setKind(KINDS.find((one) => one === value) ?? "work")}
          />
          <Textarea
            label={words.text}
            description={words.textHint}
            rows={3}
            maxLength={LONGEST}
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
            error={gaps.text ?? fieldMessage(say.error, "text", words.text)}
          />
          <DialogButtons
            problem={saidAtFields(say.error, ["from", "to", "text"]) ? null : say.error}
          >
            <Button variant="default" onClick={props.onClose}>
              {shared.cancel}
            </Button>
            <Button type="submit" loading={say.isPending}>
              {note ? words.keep : words.send}
            </Button>
          </DialogButtons>
        </Form>
      </div>
    </Dialog>
  );
}
