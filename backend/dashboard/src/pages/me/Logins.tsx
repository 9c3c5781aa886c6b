/** Where one is logged in, and the way out of one place or all. */

import { Button } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { type OpenLogin, own } from "../../api/own";
import { me as texts } from "../../text/me";
import { Question } from "../../ui/Dialog";
import { FloatingProblem } from "../../ui/Floating";
import { Empty, Section } from "../../ui/Page";
import { Paged } from "../../ui/Paged";
import { Table } from "../../ui/Table";
import { usePages } from "../../ui/usePages";
import { When } from "../../ui/When";

const words = texts.account;
const KEY = ["me", "logins"];

export function Logins(props: { onLoggedOut: () => void }) {
  const queries = useQueryClient();
  const logins = usePages(KEY, own.logins);
  const [asking, setAsking] = useState(false);
  const end = useMutation({
    mutationFn: (login: OpenLogin) => own.endLogin(login.id),
    onSuccess: (_done, login) => {
      if (login.current) props.onLoggedOut();
    },
    onSettled: () => queries.invalidateQueries({ queryKey: KEY }),
  });
  const endAll = useMutation({ mutationFn: own.endAllLogins, onSuccess: props.onLoggedOut });
  const name = (login: OpenLogin) =>
    login.client.trim() === "" ? words.unknownClient : login.client;
  return (
    <Section
      title={words.loginsTitle}
      lead={words.loginsLead}
      actions={
        <Button variant="default" onClick={() => setAsking(true)}>
          {words.endAll}
        </Button>
      }
    >
      <FloatingProblem error={end.error} />
      <Paged query={logins} count={logins.items.length} empty={<Empty title={words.noLogins} />}>
        <Table
          label={words.loginsTitle}
          rows={logins.items}
          rowKey={(login) => login.id}
          columns={[
            {
              head: words.client,
              kind: "main",
              cell: (login) => (
                <>
                  <bdi>{name(login)}</bdi>
                  {login.current && ` (${words.here})`}
                </>
              ),
            },
            { head: words.since, cell: (login) => <When at={login.created_at} /> },
            { head: words.used, cell: (login) => <When at={login.last_used_at} /> },
            {
              head: words.end,
              kind: "end",
              cell: (login) => (
                <Button
                  variant="default"
                  size="xs"
                  aria-label={words.endOf(name(login))}
                  loading={end.isPending && end.variables.id === login.id}
                  onClick={() => end.mutate(login)}
                >
                  {words.end}
                </Button>
              ),
            },
          ]}
        />
      </Paged>
      {asking && (
        <Question
          title={words.endAllQuestion}
          confirm={words.endAll}
          pending={endAll.isPending}
          error={endAll.error}
          onConfirm={() => endAll.mutate()}
          onClose={() => setAsking(false)}
        >
          <p>{words.endAllDetail}</p>
        </Question>
      )}
    </Section>
  );
}
