/**
 * Notes at the lower edge, above the page: what comes after a page was drawn must not move what
 * somebody reads or is about to press. They stand in one stack, so that none covers another.
 */
import { type ReactNode, useEffect, useState } from "react";
import { createPortal } from "react-dom";
import { shared } from "../text/shared";
import { CloseNote } from "./CloseNote";
import classes from "./Floating.module.css";
import { ProblemNote } from "./ProblemNote";

/** Long enough to be read; nothing is lost with it. */
const SHOWN_MILLIS = 12_000;

type Part = "said" | "failed";

/** The stack's parts. They stay, so that screen readers hear when what is said fills. */
function stackFor(part: Part): HTMLElement {
  const found = document.querySelector<HTMLElement>(`[data-floating="${part}"]`);
  if (found) return found;
  // A landmark of its own: it stands beside the page, and what is in it belongs to no other.
  const stack = document.createElement("section");
  stack.setAttribute("aria-label", shared.messages);
  stack.className = classes.stack ?? "";
  for (const name of ["said", "failed"] as const) {
    const one = document.createElement("div");
    one.dataset.floating = name;
    // A problem is an alert by itself.
    if (name === "said") one.setAttribute("role", "status");
    stack.append(one);
  }
  document.body.append(stack);
  return stackFor(part);
}

/** Before the first note: a region that comes together with its words is not read aloud. */
export function prepareNotes(): void {
  stackFor("said");
}

interface Props {
  part: Part;
  tone?: "bad";
  onClose?: () => void;
  children: ReactNode;
}

function Floating(props: Props) {
  return createPortal(
    <div className={classes.one} data-tone={props.tone}>
      <div className={classes.content}>{props.children}</div>
      {props.onClose && <CloseNote label={shared.close} onClick={props.onClose} />}
    </div>,
    stackFor(props.part),
  );
}

/** How it stands with the connection: goes by itself, when it is mended. */
export function FloatingState(props: { children: ReactNode }) {
  return (
    <Floating part="said" tone="bad">
      <div className={classes.words}>{props.children}</div>
    </Floating>
  );
}

/** What came of something that was done, where beside its button there is no room for it. */
export function FloatingDone(props: {
  of: { isSuccess: boolean; submittedAt: number };
  children: ReactNode;
}) {
  const { isSuccess, submittedAt } = props.of;
  const [closed, setClosed] = useState(0);
  useEffect(() => {
    if (!isSuccess) return;
    const timer = window.setTimeout(() => setClosed(submittedAt), SHOWN_MILLIS);
    return () => window.clearTimeout(timer);
  }, [isSuccess, submittedAt]);
  if (!isSuccess || closed === submittedAt) return null;
  return (
    <Floating part="said" onClose={() => setClosed(submittedAt)}>
      <div className={classes.words}>
        <p className={classes.done}>{props.children}</p>
      </div>
    </Floating>
  );
}

/** What failed, until it is closed or does not fail any more. */
export function FloatingProblem(props: {
  error: unknown;
  heading?: string;
  onRetry?: () => void;
  /** What else is to be known, or done, about it. */
  children?: ReactNode;
}) {
  const [closed, setClosed] = useState<unknown>(null);
  const { children, ...note } = props;
  const { error } = note;
  if (!error || closed === error) return null;
  return (
    <Floating part="failed" tone="bad" onClose={() => setClosed(error)}>
      <ProblemNote {...note} />
      {children && <div className={classes.more}>{children}</div>}
    </Floating>
  );
}
