/** Something that is shown once, to be given to somebody: a link or a token. */
import { Button, CopyButton } from "@mantine/core";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import { useId } from "react";
import { text } from "../text/en";
import { shared } from "../text/shared";
import classes from "./Secret.module.css";

export function Secret(props: { label: string; value: string }) {
  const id = useId();
  return (
    <div className={classes.secret}>
      <label htmlFor={id}>{props.label}</label>
      <div className={classes.line}>
        <input
          id={id}
          readOnly
          value={props.value}
          spellCheck={false}
          onFocus={(event) => event.currentTarget.select()}
        />
        <CopyButton value={props.value}>
          {({ copied, copy }) => (
            <Button
              variant="default"
              onClick={copy}
              leftSection={copied ? <IconCheck size={16} /> : <IconCopy size={16} />}
            >
              {copied ? text.copied : text.copy}
            </Button>
          )}
        </CopyButton>
      </div>
      <p>{shared.shownOnce}</p>
    </div>
  );
}
