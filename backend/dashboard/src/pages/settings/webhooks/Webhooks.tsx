/** Where the organization's own programs are told what happens. */
import { Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { webhooks } from "../../../api/webhooks";
import { webhooks as words } from "../../../text/webhooks";
import { Empty, Page } from "../../../ui/Page";
import { Paged } from "../../../ui/Paged";
import { Table } from "../../../ui/Table";
import { usePages } from "../../../ui/usePages";
import { SettingsTabs } from "../SettingsTabs";
import { kindsInWords } from "./kinds";
import { NewWebhook } from "./NewWebhook";
import { State } from "./State";
import { WEBHOOKS } from "./useWebhook";
import classes from "./Webhooks.module.css";

export function Webhooks(props: { onOpen: (id: string) => void }) {
  const list = usePages([...WEBHOOKS, "list"], webhooks.list);
  const [making, setMaking] = useState(false);
  return (
    <Page
      title={words.title}
      lead={words.lead}
      tabs={<SettingsTabs />}
      actions={<Button onClick={() => setMaking(true)}>{words.add}</Button>}
    >
      <Paged
        query={list}
        count={list.items.length}
        empty={
          <Empty title={words.empty}>
            <p>{words.emptyHint}</p>
          </Empty>
        }
      >
        <Table
          label={words.title}
          rows={list.items}
          rowKey={(it) => it.id}
          columns={[
            {
              head: words.label,
              kind: "main",
              cell: (it) => (
                <>
                  <Link to="/settings/webhooks/$id" params={{ id: it.id }}>
                    <bdi>{it.label.trim() || words.noLabel}</bdi>
                  </Link>
                  <bdi className={classes.short} title={it.url}>
                    {it.url}
                  </bdi>
                </>
              ),
            },
            { head: words.kinds, cell: (it) => kindsInWords(it.kinds) },
            { head: words.state, cell: (it) => <State webhook={it} /> },
          ]}
        />
      </Paged>
      {making && <NewWebhook onClose={() => setMaking(false)} onOpen={props.onOpen} />}
    </Page>
  );
}
