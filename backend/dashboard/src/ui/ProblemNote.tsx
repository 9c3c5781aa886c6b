/** What went wrong, in words, with the id that finds it in the server's log. */
import { Button, CopyButton } from "@mantine/core";
import { IconAlertTriangle, IconCheck, IconCopy } from "@tabler/icons-react";
import { wordsFor } from "../api/problem";
import { duration } from "../format/duration";
import { text } from "../text/en";
import classes from "./ProblemNote.module.css";

export function ProblemNote(props: { error: unknown; onRetry?: () => void; heading?: string }) {
  const words = wordsFor(props.error);
  return (
    <div className={classes.note} role="alert">
      <IconAlertTriangle className={classes.icon} size={20} stroke={1.8} aria-hidden="true" />
      <div className={classes.words}>
        <strong>{props.heading ?? words.title}</strong>
        {props.heading && words.title !== props.heading && <p>{words.title}.</p>}
        {words.detail && <p>{words.detail}</p>}
        {words.retryAfterSeconds !== null && (
          <p>{text.problem.retryIn(duration(words.retryAfterSeconds))}</p>
        )}
        {words.requestId && <RequestId id={words.requestId} />}
        {props.onRetry && (
          <Button
            className={classes.retry ?? ""}
            variant="default"
            size="sm"
            onClick={props.onRetry}
          >
            {text.retry}
          </Button>
        )}
      </div>
    </div>
  );
}

function RequestId(props: { id: string }) {
  return (
    <p className={classes.request}>
      {text.problem.requestId} <code>{props.id}</code>
      <CopyButton value={props.id}>
        {({ copied, copy }) => (
          <button
            type="button"
            className={classes.copy}
            onClick={copy}
            aria-label={copied ? text.copied : text.problem.copyRequestId}
          >
            {copied ? <IconCheck size={14} /> : <IconCopy size={14} />}
          </button>
        )}
      </CopyButton>
    </p>
  );
}
