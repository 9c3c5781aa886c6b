/** Notes at the edge of the page about alerts that just arrived; they go by themselves. */
import { IconBell } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { alerts } from "../text/alerts";
import { CloseNote } from "../ui/CloseNote";
import classes from "./Toasts.module.css";

const words = alerts.toast;
/** Long enough to be read and reached; the inbox keeps all of it. */
const SHOWN_MILLIS = 12_000;

export interface Toast {
  id: string;
  /** The one that it tells of; null where it tells of many. */
  alert: string | null;
  title: string;
  body: string;
}

export function Toasts(props: { toasts: readonly Toast[]; onGone: (id: string) => void }) {
  return (
    // The region stays, so that screen readers hear when it fills.
    <div className={classes.toasts} role="status" aria-label={words.region}>
      {props.toasts.map((toast) => (
        <One key={toast.id} toast={toast} onGone={props.onGone} />
      ))}
    </div>
  );
}

function One(props: { toast: Toast; onGone: (id: string) => void }) {
  const { toast, onGone } = props;
  const [held, setHeld] = useState(false);
  useEffect(() => {
    // Whoever points at it or has the focus in it is not hurried.
    if (held) return;
    const timer = window.setTimeout(() => onGone(toast.id), SHOWN_MILLIS);
    return () => window.clearTimeout(timer);
  }, [held, toast.id, onGone]);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: only holds it while it is looked at
    <div
      className={classes.toast}
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
      onKeyDown={(event) => {
        if (event.key === "Escape") onGone(toast.id);
      }}
    >
      <IconBell className={classes.icon} size={20} stroke={1.7} aria-hidden="true" />
      <div className={classes.words}>
        <strong>
          <bdi>{toast.title}</bdi>
        </strong>
        {toast.body !== "" && <p>{toast.body}</p>}
        <Link to="/alerts" onClick={() => onGone(toast.id)}>
          {words.show}
        </Link>
      </div>
      <CloseNote label={words.dismiss} onClick={() => onGone(toast.id)} />
    </div>
  );
}
