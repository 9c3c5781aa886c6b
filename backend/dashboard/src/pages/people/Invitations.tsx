/** Who was invited, and what became of it. */
import { Button } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { type Invitation, people } from "../../api/people";
import { people as texts } from "../../text/people";
import { Question } from "../../ui/Dialog";
import { Badge, Empty, Page } from "../../ui/Page";
import { Paged } from "../../ui/Paged";
import { Table } from "../../ui/Table";
import { usePages } from "../../ui/usePages";
import { When } from "../../ui/When";
import { Invite } from "./Invite";
import { PeopleTabs } from "./PeopleTabs";

const words = texts.invitations;
const KEY = ["invitations"];
const TONES = { open: "waiting", accepted: "good", expired: "quiet", revoked: "quiet" } as const;

export function Invitations() {
  const queries = useQueryClient();
  const invitations = usePages(KEY, people.invitations);
  const [inviting, setInviting] = useState(false);
  const [asking, setAsking] = useState<Invitation | null>(null);
  const takeBack = useMutation({
    mutationFn: (id: string) => people.takeBack(id),
    onSuccess: () => setAsking(null),
    onSettled: () => queries.invalidateQueries({ queryKey: KEY }),
  });
  return (
    <Page
      title={words.title}
      lead={words.lead}
      tabs={<PeopleTabs viewer="admin" />}
      actions={<Button onClick={() => setInviting(true)}>{texts.list.invite}</Button>}
    >
      <Paged
        query={invitations}
        count={invitations.items.length}
        empty={<Empty title={words.empty} />}
      >
        <Table
          label={words.title}
          rows={invitations.items}
          rowKey={(invitation) => invitation.id}
          columns={[
            { head: words.for, kind: "main", cell: (it) => <bdi>{it.email}</bdi> },
            {
              head: words.state,
              cell: (it) => (
                <Badge tone={TONES[it.state] ?? "quiet"}>
                  {words.states[it.state] ?? it.state}
                </Badge>
              ),
            },
            {
              head: words.mail,
              cell: (it) => (it.mail ? (words.mails[it.mail] ?? it.mail) : words.noMail),
            },
            { head: words.until, cell: (it) => <When at={it.expires_at} /> },
            {
              head: words.do,
              kind: "end",
              cell: (it) =>
                it.state === "open" && (
                  <Button
                    size="xs"
                    variant="default"
                    aria-label={words.takeBackOf(it.email)}
                    onClick={() => {
                      takeBack.reset();
                      setAsking(it);
                    }}
                  >
                    {words.takeBack}
                  </Button>
                ),
            },
          ]}
        />
      </Paged>
      {inviting && <Invite onClose={() => setInviting(false)} />}
      {asking && (
        <Question
          title={words.question(asking.email)}
          confirm={words.takeBack}
          danger
          pending={takeBack.isPending}
          error={takeBack.error}
          onConfirm={() => takeBack.mutate(asking.id)}
          onClose={() => setAsking(null)}
        >
          <p>{words.detail}</p>
        </Question>
      )}
    </Page>
  );
}
