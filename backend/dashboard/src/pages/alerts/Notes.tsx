/** What people say of their time, and what waits for an answer. */
import { SegmentedControl } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { type Note, type NoteState, notes } from "../../api/notes";
import type { Me } from "../../api/types";
import { dayIn, dayInWords, millis } from "../../format/instant";
import { AnswerDialog } from "../../notes/AnswerDialog";
import { NoteItem } from "../../notes/NoteItem";
import classes from "../../notes/Notes.module.css";
import { NOTES } from "../../notes/useNotes";
import { notes as words } from "../../text/notes";
import { Named } from "../../ui/Named";
import { Empty, Page } from "../../ui/Page";
import { Paged } from "../../ui/Paged";
import { usePages } from "../../ui/usePages";
import { AlertTabs } from "./AlertTabs";
import { NOTE_STATES, type ShownNotes } from "./address";

interface Props {
  me: Me;
  state: ShownNotes | null;
  onState: (state: ShownNotes) => void;
}

export function Notes(props: Props) {
  const { me } = props;
  const own = me.role === "employee";
  const zone = me.organization.time_zone;
  const shown = props.state ?? (own ? "all" : "open");
  const state: NoteState | null = shown === "all" ? null : shown;
  const list = usePages<Note>([...NOTES, "list", state], (cursor) => notes.list(state, cursor));
  const [asking, setAsking] = useState<{ note: Note; accepted: boolean } | null>(null);
  const mayAnswer = (note: Note) => me.role === "admin" || (!own && note.user_id !== me.user_id);
  return (
    <Page
      title={words.pageTitle}
      lead={own ? words.pageLeadOwn : words.pageLead}
      tabs={<AlertTabs />}
    >
      <div>
        <SegmentedControl
          aria-label={words.state}
          value={shown}
          onChange={(value) => props.onState(NOTE_STATES.find((one) => one === value) ?? "all")}
          data={NOTE_STATES.map((value) => ({ value, label: words.filters[value] }))}
        />
      </div>
      <Paged
        query={list}
        count={list.items.length}
        empty={
          <Empty title={shown === "open" ? words.nothingOpen : words.nothing}>
            <p>{own ? words.nothingHintOwn : words.nothingHint}</p>
          </Empty>
        }
      >
        <ul className={classes.list} aria-label={words.pageTitle}>
          {list.items.map((note) => (
            <NoteItem
              key={note.id}
              note={note}
              zone={zone}
              head={<Head note={note} zone={zone} self={note.user_id === me.user_id} />}
              {...(mayAnswer(note)
                ? { onAnswer: (accepted) => setAsking({ note, accepted }) }
                : {})}
            />
          ))}
        </ul>
      </Paged>
      {asking && (
        <AnswerDialog
          note={asking.note}
          accepted={asking.accepted}
          zone={zone}
          onClose={() => setAsking(null)}
        />
      )}
    </Page>
  );
}

function Head(props: { note: Note; zone: string; self: boolean }) {
  const { note } = props;
  const date = dayIn(props.zone, millis(note.from) ?? 0) ?? note.from.slice(0, 10);
  const name = <Named name={note.user_name} />;
  return (
    <p className={classes.head}>
      {props.self ? (
        <Link to="/me" search={{ date }}>
          {name}
        </Link>
      ) : (
        <Link to="/people/$id/day" params={{ id: note.user_id }} search={{ date }}>
          {name}
        </Link>
      )}
      <span className={classes.dim}>{dayInWords(date)}</span>
    </p>
  );
}
