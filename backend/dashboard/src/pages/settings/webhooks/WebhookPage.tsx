/** One webhook: how it goes, what can be done with it, and what was sent to it. */

import { Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import type { Webhook } from "../../../api/webhooks";
import { millis } from "../../../format/instant";
import { webhooks as words } from "../../../text/webhooks";
import { FloatingDone, FloatingProblem } from "../../../ui/Floating";
import { LoadProblem } from "../../../ui/LoadProblem";
import { Page, Rows, Section } from "../../../ui/Page";
import { When } from "../../../ui/When";
import { Change, Delete, NewSecret } from "./Dialogs";
import { kindsInWords } from "./kinds";
import { Messages } from "./Messages";
import { State } from "./State";
import { useSwitch, useTest, useWebhook } from "./useWebhook";
import classes from "./Webhooks.module.css";

type Asking = "change" | "secret" | "delete";

export function WebhookPage(props: { id: string; onDeleted: () => void }) {
  const { id } = props;
  const query = useWebhook(id);
  const [asking, setAsking] = useState<Asking | null>(null);
  const [deleted, setDeleted] = useState(false);
  const turn = useSwitch(id);
  const test = useTest(id);
  const webhook = query.data;
  const title = webhook?.label.trim() || words.one;
  const close = () => setAsking(null);
  const ask = (what: Asking, label: string) => (
    <Button variant="default" onClick={() => setAsking(what)}>
      {label}
    </Button>
  );
  const off = Boolean(webhook?.off_since);
  return (
    <Page
      title={title}
      heading={<bdi>{title}</bdi>}
      lead={webhook && <bdi className={classes.address}>{webhook.url}</bdi>}
      back={<Link to="/settings/webhooks">{words.back}</Link>}
      actions={
        webhook && (
          <>
            {!off && (
              <Button loading={test.isPending} onClick={() => test.mutate()}>
                {words.test}
              </Button>
            )}
            <Button
              variant={off ? "filled" : "default"}
              onClick={() => {
                test.reset();
                turn.mutate(off);
              }}
            >
              {off ? words.turnOn : words.turnOff}
            </Button>
            {ask("change", words.change)}
            {ask("secret", words.newSecret)}
            {ask("delete", words.delete)}
          </>
        )
      }
    >
      {query.isPending && <Rows />}
      {!deleted && <LoadProblem query={query} />}
      {webhook && (
        <>
          <Standing webhook={webhook} />
          <FloatingProblem heading={words.notSwitched} error={turn.error} />
          <FloatingProblem error={test.error} />
          <FloatingDone of={test}>{words.tested}</FloatingDone>
          <Section title={words.log} lead={words.logLead}>
            <Messages id={id} off={off} />
          </Section>
        </>
      )}
      {webhook && asking === "change" && <Change webhook={webhook} onClose={close} />}
      {webhook && asking === "secret" && <NewSecret webhook={webhook} onClose={close} />}
      {webhook && asking === "delete" && (
        <Delete
          webhook={webhook}
          onClose={close}
          onDeleted={() => {
            setDeleted(true);
            props.onDeleted();
          }}
        />
      )}
    </Page>
  );
}

/** Its state and why, what it is told of, and until when the old secret holds. */
function Standing(props: { webhook: Webhook }) {
  const { webhook } = props;
  const because = webhook.off_because ? words.off[webhook.off_because] : null;
  const oldUntil = millis(webhook.previous_secret_until);
  return (
    <dl className={classes.facts}>
      <div>
        <dt>{words.state}</dt>
        <dd>
          <State webhook={webhook} />
          {webhook.off_since && (
            <p>
              {because} {words.offDetail}
            </p>
          )}
          {!webhook.off_since && webhook.failing_since && <p>{words.failingDetail}</p>}
        </dd>
      </div>
      <div>
        <dt>{words.kinds}</dt>
        <dd>{kindsInWords(webhook.kinds)}</dd>
      </div>
      {oldUntil !== null && oldUntil > Date.now() && (
        <div>
          <dt>{words.secret}</dt>
          <dd>
            {words.oldSecret} <When at={webhook.previous_secret_until} />.
          </dd>
        </div>
      )}
    </dl>
  );
}
