/** What was sent to a webhook, page by page: what came of it, and when it is tried next. */

import { Button } from "@mantine/core";
import { useState } from "react";
import type { Delivery } from "../../../api/webhooks";
import { briefly } from "../../../format/duration";
import { clock, millis } from "../../../format/instant";
import { shared } from "../../../text/shared";
import { webhooks as words } from "../../../text/webhooks";
import { Dialog, DialogButtons } from "../../../ui/Dialog";
import { FloatingProblem } from "../../../ui/Floating";
import { Badge, Empty } from "../../../ui/Page";
import { Paged } from "../../../ui/Paged";
import { Table } from "../../../ui/Table";
import { When } from "../../../ui/When";
import { kindInWords } from "./kinds";
import { outcome, readable } from "./outcome";
import { useAgain, useMessages } from "./useWebhook";
import classes from "./Webhooks.module.css";

const TONES = { waiting: "waiting", delivered: "good", failed: "bad" } as const;

export function Messages(props: { id: string; off: boolean }) {
  const messages = useMessages(props.id);
  const again = useAgain(props.id);
  const [shown, setShown] = useState<Delivery | null>(null);
  const when = (it: Delivery) => clock(millis(it.created_at) ?? 0, Date.now());
  return (
    <>
      <FloatingProblem heading={words.notAgain} error={again.error} />
      <Paged
        query={messages}
        count={messages.items.length}
        empty={
          <Empty title={words.logEmpty}>
            <p>{words.logEmptyHint}</p>
          </Empty>
        }
      >
        <Table
          label={words.log}
          rows={messages.items}
          rowKey={(it) => it.id}
          columns={[
            { head: words.what, kind: "main", cell: (it) => kindInWords(it.kind) },
            { head: words.queued, cell: (it) => <When at={it.created_at} /> },
            { head: words.state, cell: (it) => <Where delivery={it} /> },
            { head: words.answer, cell: (it) => <Answer delivery={it} /> },
            {
              head: words.do,
              kind: "end",
              cell: (it) => (
                <>
                  <Button
                    size="xs"
                    variant="default"
                    aria-label={words.showOf(kindInWords(it.kind), when(it))}
                    onClick={() => setShown(it)}
                  >
                    {words.show}
                  </Button>
                  {it.state !== "waiting" && !props.off && (
                    <Button
                      size="xs"
                      variant="default"
                      aria-label={words.againOf(kindInWords(it.kind), when(it))}
                      onClick={() => again.mutate(it)}
                    >
                      {words.again}
                    </Button>
                  )}
                </>
              ),
            },
          ]}
        />
      </Paged>
      {shown && <Message delivery={shown} onClose={() => setShown(null)} />}
    </>
  );
}

function Where(props: { delivery: Delivery }) {
  const { delivery: it } = props;
  return (
    <>
      <Badge tone={TONES[it.state] ?? "quiet"}>{words.states[it.state] ?? it.state}</Badge>
      {it.state === "waiting" && it.next_attempt_at && it.attempts > 0 && (
        <span className={classes.more}>
          {words.next} <When at={it.next_attempt_at} />
        </span>
      )}
    </>
  );
}

function Answer(props: { delivery: Delivery }) {
  const { delivery: it } = props;
  const took = it.duration_ms ?? null;
  return (
    <>
      {outcome(it)}
      <span className={`${classes.more} wp-numbers`}>
        {words.tried(it.attempts)}
        {took !== null && `, ${briefly(took)}`}
      </span>
    </>
  );
}

function Message(props: { delivery: Delivery; onClose: () => void }) {
  const { delivery: it } = props;
  return (
    <Dialog title={kindInWords(it.kind)} onClose={props.onClose}>
      <dl className={classes.facts}>
        <div>
          <dt>{words.state}</dt>
          <dd>
            <Where delivery={it} />
          </dd>
        </div>
        <div>
          <dt>{words.answer}</dt>
          <dd>
            <Answer delivery={it} />
          </dd>
        </div>
        <div>
          <dt>{words.queued}</dt>
          <dd>
            <When at={it.created_at} />
          </dd>
        </div>
        {it.last_attempt_at && (
          <div>
            <dt>{words.lastTried}</dt>
            <dd>
              <When at={it.last_attempt_at} />
            </dd>
          </div>
        )}
        <div>
          <dt>{words.messageId}</dt>
          <dd>
            <code className={classes.address}>{it.id}</code>
          </dd>
        </div>
      </dl>
      <h3>{words.sent}</h3>
      <pre className={classes.text}>{readable(it.body)}</pre>
      {it.answer && (
        <>
          <h3>{words.theirAnswer}</h3>
          <pre className={classes.text}>{it.answer}</pre>
        </>
      )}
      <DialogButtons>
        <Button onClick={props.onClose}>{shared.close}</Button>
      </DialogButtons>
    </Dialog>
  );
}
