/** Enrolment tokens: made, shown once, revoked. */
import { Button } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { devices, type EnrolmentToken } from "../../api/devices";
import { millis } from "../../format/instant";
import { devices as texts } from "../../text/devices";
import { Question } from "../../ui/Dialog";
import { Badge, Empty, Page } from "../../ui/Page";
import { Paged } from "../../ui/Paged";
import { Table } from "../../ui/Table";
import { usePages } from "../../ui/usePages";
import { When } from "../../ui/When";
import { everyone } from "../people/everyone";
import { PeopleTabs } from "../people/PeopleTabs";
import { NewToken } from "./NewToken";

const words = texts.tokens;
const KEY = ["enrolment-tokens"];

export function tokenState(
  token: EnrolmentToken,
  now: number,
): "open" | "used" | "expired" | "revoked" {
  if (token.revoked_at) return "revoked";
  if (token.uses >= token.max_uses) return "used";
  return (millis(token.expires_at) ?? 0) <= now ? "expired" : "open";
}

export function Tokens() {
  const queries = useQueryClient();
  const tokens = usePages(KEY, devices.tokens);
  const people = useQuery(everyone);
  const names = useMemo(
    () => new Map((people.data ?? []).map((person) => [person.id, person.name])),
    [people.data],
  );
  const [making, setMaking] = useState(false);
  const [asking, setAsking] = useState<EnrolmentToken | null>(null);
  const revoke = useMutation({
    mutationFn: (id: string) => devices.revokeToken(id),
    onSuccess: () => setAsking(null),
    onSettled: () => queries.invalidateQueries({ queryKey: KEY }),
  });
  const whose = (token: EnrolmentToken) =>
    token.user_id
      ? (names.get(token.user_id) ?? words.onePerson)
      : (token.mail_domain ?? words.anybody);
  return (
    <Page
      title={words.title}
      lead={words.lead}
      tabs={<PeopleTabs viewer="admin" />}
      actions={<Button onClick={() => setMaking(true)}>{words.add}</Button>}
    >
      <Paged query={tokens} count={tokens.items.length} empty={<Empty title={words.empty} />}>
        <Table
          label={words.title}
          rows={tokens.items}
          rowKey={(token) => token.id}
          columns={[
            {
              head: words.label,
              kind: "main",
              cell: (it) => <bdi>{it.label.trim() || words.noLabel}</bdi>,
            },
            { head: words.who, cell: (it) => <bdi>{whose(it)}</bdi> },
            { head: words.uses, cell: (it) => words.usesOf(it.uses, it.max_uses) },
            {
              head: words.state,
              cell: (it) => {
                const state = tokenState(it, Date.now());
                return <Badge tone={state === "open" ? "good" : "quiet"}>{words[state]}</Badge>;
              },
            },
            { head: words.until, cell: (it) => <When at={it.expires_at} /> },
            {
              head: texts.do,
              kind: "end",
              cell: (it) =>
                tokenState(it, Date.now()) === "open" && (
                  <Button
                    size="xs"
                    variant="default"
                    aria-label={texts.revokeOf(it.label.trim() || words.noLabel)}
                    onClick={() => {
                      revoke.reset();
                      setAsking(it);
                    }}
                  >
                    {texts.revoke}
                  </Button>
                ),
            },
          ]}
        />
      </Paged>
      {making && <NewToken onClose={() => setMaking(false)} />}
      {asking && (
        <Question
          title={words.revokeQuestion}
          confirm={texts.revoke}
          danger
          pending={revoke.isPending}
          error={revoke.error}
          onConfirm={() => revoke.mutate(asking.id)}
          onClose={() => setAsking(null)}
        >
          <p>
            <bdi>{asking.label}</bdi>
          </p>
          <p>{words.revokeDetail}</p>
        </Question>
      )}
    </Page>
  );
}
