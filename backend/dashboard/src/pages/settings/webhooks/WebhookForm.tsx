/** Where messages go, what for, and of what: the fields of a webhook. */

import { Button, TextInput } from "@mantine/core";
import { type ReactNode, useState } from "react";
import { fieldMessage, saidAtFields } from "../../../api/problem";
import type { WebhookKind } from "../../../api/webhooks";
import { shared } from "../../../text/shared";
import { webhooks as words } from "../../../text/webhooks";
import { DialogButtons } from "../../../ui/Dialog";
import { Form, Tick } from "../../../ui/Form";
import { useFirstWrong } from "../../../ui/useFirstWrong";
import { KINDS, kindInWords } from "./kinds";
import classes from "./Webhooks.module.css";

export interface Terms {
  url: string;
  label: string;
  kinds: WebhookKind[];
}

interface Props {
  terms: Terms;
  confirm: string;
  pending: boolean;
  error: unknown;
  onSubmit: (terms: Terms) => void;
  onClose: () => void;
  children?: ReactNode;
}

export function WebhookForm(props: Props) {
  const { error } = props;
  const [url, setUrl] = useState(props.terms.url);
  const [label, setLabel] = useState(props.terms.label);
  const [kinds, setKinds] = useState<readonly WebhookKind[]>(props.terms.kinds);
  const [gaps, setGaps] = useState<{ url?: string; kinds?: string }>({});
  const form = useFirstWrong(gaps, error);
  // A kind that a newer server added, or the API named, stays.
  const offered = [...KINDS, ...props.terms.kinds.filter((kind) => !KINDS.includes(kind))];
  const submit = () => {
    const found = {
      ...(url.trim() === "" ? { url: words.urlMissing } : {}),
      ...(kinds.length === 0 ? { kinds: words.kindsMissing } : {}),
    };
    setGaps(found);
    if (Object.keys(found).length > 0) return;
    props.onSubmit({
      url: url.trim(),
      label: label.trim(),
      kinds: offered.filter((kind) => kinds.includes(kind)),
    });
  };
  const kindsWrong = gaps.kinds ?? fieldMessage(error, "kinds", words.kinds);
  return (
    <div ref={form}>
      <Form onSubmit={submit}>
        <TextInput
          label={words.url}
          description={words.urlHint}
          type="url"
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          maxLength={2048}
          autoFocus
          value={url}
          onChange={(event) => setUrl(event.currentTarget.value)}
          error={gaps.url ?? fieldMessage(error, "url", words.url)}
        />
        <TextInput
          label={words.label}
          description={words.labelHint}
          autoComplete="off"
          maxLength={200}
          value={label}
          onChange={(event) => setLabel(event.currentTarget.value)}
          error={fieldMessage(error, "label", words.label)}
        />
        <fieldset className={classes.kinds}>
          <legend>{words.kinds}</legend>
          {offered.map((kind) => (
            <Tick
              key={kind}
              label={kindInWords(kind)}
              checked={kinds.includes(kind)}
              onChange={(on) =>
                setKinds((before) =>
                  on ? [...before, kind] : before.filter((other) => other !== kind),
                )
              }
            />
          ))}
          {kindsWrong && (
            <p className={classes.wrong} role="alert">
              {kindsWrong}
            </p>
          )}
        </fieldset>
        <DialogButtons problem={saidAtFields(error, ["url", "label", "kinds"]) ? null : error}>
          <Button variant="default" onClick={props.onClose}>
            {shared.cancel}
          </Button>
          <Button type="submit" loading={props.pending}>
            {props.confirm}
          </Button>
        </DialogButtons>
      </Form>
    </div>
  );
}
