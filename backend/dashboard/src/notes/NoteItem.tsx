/** One note: when, what, in whose words, what came of it, and what may be done with it. */
import { Button } from "@mantine/core";
import type { ReactNode } from "react";
import type { Note } from "../api/notes";
import { duration } from "../format/duration";
import { millis, timeIn } from "../format/instant";
import { notes as words } from "../text/notes";
import { shared } from "../text/shared";
import { Badge } from "../ui/Page";
import { When } from "../ui/When";
import classes from "./Notes.module.css";

const TONES = { open: "waiting", accepted: "good", declined: "bad" } as const;

interface Props {
  note: Note;
  zone: string;
  /** Whose it is and on which day, where that is not said around it. */
  head?: ReactNode;
  /** The viewer's own, to change while nobody has answered. */
  onChange?: () => void;
  onTakeBack?: () => void;
  /** What the viewer may answer. */
  onAnswer?: (accepted: boolean) => void;
}

/** From when to when, by the organization's clock. */
export function hoursOf(note: Note, zone: string): string {
  const [from, to] = [millis(note.from) ?? 0, millis(note.to) ?? 0];
  return `${timeIn(zone, from)} – ${timeIn(zone, to)}`;
}

export function NoteItem(props: Props) {
  const { note, zone } = props;
  const hours = hoursOf(note, zone);
  const length = ((millis(note.to) ?? 0) - (millis(note.from) ?? 0)) / 1000;
  const open = note.state === "open";
  return (
    <li className={classes.note}>
      <div className={classes.words}>
        {props.head}
        <p className={classes.first}>
          <b className="wp-numbers">{hours}</b>
          <span>{words.kinds[note.kind] ?? note.kind}</span>
          <span className={classes.dim}>{duration(length)}</span>
          <Badge tone={TONES[note.state]}>{words.states[note.state] ?? note.state}</Badge>
        </p>
        {note.text && (
          <p className={classes.text}>
            <bdi>{note.text}</bdi>
          </p>
        )}
        {!open && (
          <p className={classes.dim}>
            {words.by(note.state, note.answered_by_name ?? shared.someoneErased)},{" "}
            <When at={note.answered_at ?? null} />
          </p>
        )}
        {note.answer && (
          <p className={classes.answer}>
            <bdi>{note.answer}</bdi>
          </p>
        )}
      </div>
      <div className={classes.deeds}>
        {open && props.onChange && (
          <Button
            variant="default"
            size="sm"
            aria-label={words.changeOf(hours)}
            onClick={props.onChange}
          >
            {words.change}
          </Button>
        )}
        {open && props.onTakeBack && (
          <Button
            variant="default"
            size="sm"
            aria-label={words.takeBackOf(hours)}
            onClick={props.onTakeBack}
          >
            {words.takeBack}
          </Button>
        )}
        {props.onAnswer && note.state !== "accepted" && (
          <Button
            variant="default"
            size="sm"
            aria-label={words.acceptOf(note.user_name, hours)}
            onClick={() => props.onAnswer?.(true)}
          >
            {words.accept}
          </Button>
        )}
        {props.onAnswer && note.state !== "declined" && (
          <Button
            variant="default"
            size="sm"
            aria-label={words.declineOf(note.user_name, hours)}
            onClick={() => props.onAnswer?.(false)}
          >
            {words.decline}
          </Button>
        )}
      </div>
    </li>
  );
}
