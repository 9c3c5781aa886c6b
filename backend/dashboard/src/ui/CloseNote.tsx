/** The button that takes a note away, whatever kind of note it is. */
import { IconX } from "@tabler/icons-react";
import classes from "./CloseNote.module.css";

export function CloseNote(props: { label: string; onClick: () => void }) {
  return (
    <button
      type="button"
      className={classes.close}
      aria-label={props.label}
      onClick={props.onClick}
    >
      <IconX size={16} stroke={1.8} aria-hidden="true" />
    </button>
  );
}
