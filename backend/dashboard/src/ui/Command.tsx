/** A command to copy into a terminal. */
import { CopyButton } from "@mantine/core";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import { text } from "../text/en";
import classes from "./Command.module.css";

export function Command(props: { line: string }) {
  return (
    <div className={classes.command}>
      <code>{props.line}</code>
      <CopyButton value={props.line}>
        {({ copied, copy }) => (
          <button type="button" onClick={copy} aria-label={copied ? text.copied : text.copy}>
            {copied ? <IconCheck size={16} /> : <IconCopy size={16} />}
          </button>
        )}
      </CopyButton>
    </div>
  );
}
