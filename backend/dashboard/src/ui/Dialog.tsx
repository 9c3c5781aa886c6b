/**
 * A question or a short form above the page: the browser's own modal dialog, which keeps the focus,
 * closes on Escape and gives the focus back. Drawn only while it is open.
 */
import { Button } from "@mantine/core";
import { type ReactNode, useEffect, useId, useLayoutEffect, useRef } from "react";
import { shared } from "../text/shared";
import classes from "./Dialog.module.css";
import { ProblemNote } from "./ProblemNote";

export function Dialog(props: { title: string; onClose: () => void; children: ReactNode }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const title = useId();
  useLayoutEffect(() => {
    const element = dialog.current;
    element?.showModal();
    return () => element?.close();
  }, []);
  return (
    <dialog
      ref={dialog}
      className={classes.dialog}
      aria-labelledby={title}
      onCancel={(event) => {
        event.preventDefault();
        props.onClose();
      }}
      onClose={() => {
        if (dialog.current && !dialog.current.open) props.onClose();
      }}
    >
      <div className={classes.body}>
        <h2 id={title}>{props.title}</h2>
        {props.children}
      </div>
    </dialog>
  );
}

interface QuestionProps {
  title: string;
  /** What happens, and what does not. */
  children: ReactNode;
  confirm: string;
  danger?: boolean;
  pending: boolean;
  error: unknown;
  onConfirm: () => void;
  onClose: () => void;
}

/** Asked before something is taken away. */
export function Question(props: QuestionProps) {
  return (
    <Dialog title={props.title} onClose={props.onClose}>
      <div className={classes.text}>{props.children}</div>
      <DialogButtons problem={props.error}>
        <Button variant="default" onClick={props.onClose}>
          {shared.cancel}
        </Button>
        <Button
          className={props.danger ? (classes.danger ?? "") : ""}
          loading={props.pending}
          onClick={props.onConfirm}
        >
          {props.confirm}
        </Button>
      </DialogButtons>
    </Dialog>
  );
}

/** The last of a dialog; what the server had against it stands below, where it moves nothing. */
export function DialogButtons(props: { problem?: unknown; children: ReactNode }) {
  const note = useRef<HTMLDivElement>(null);
  const { problem } = props;
  useEffect(() => {
    // A dialog that fills the screen has its end below it.
    if (problem) note.current?.scrollIntoView({ block: "nearest" });
  }, [problem]);
  return (
    <>
      <div className={classes.buttons}>{props.children}</div>
      {problem ? (
        <div ref={note}>
          <ProblemNote error={problem} />
        </div>
      ) : null}
    </>
  );
}
