/** The people of a team or a project: who is in it, who manages it. Changes show at once. */

import { Button } from "@mantine/core";
import { type InfiniteData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useMemo } from "react";
import { groups } from "../../text/groups";
import { FloatingProblem } from "../../ui/Floating";
import { Named } from "../../ui/Named";
import { Empty } from "../../ui/Page";
import { Paged } from "../../ui/Paged";
import { PersonName } from "../../ui/PersonName";
import { Table } from "../../ui/Table";
import { usePages } from "../../ui/usePages";
import { When } from "../../ui/When";
import { everyone } from "../people/everyone";
import { AddPerson } from "./AddPerson";

export interface Member {
  user_id: string;
  name: string;
  is_manager: boolean;
  added_at: string;
  gives_sight?: boolean;
}

interface MemberPage {
  items: Member[];
  next_cursor?: string | null;
}

interface Change {
  userId: string;
  name: string;
  /** What they become; null takes them out. */
  isManager: boolean | null;
}

interface Props {
  label: string;
  queryKey: readonly unknown[];
  ask: (cursor: string | null) => Promise<MemberPage>;
  set: (userId: string, isManager: boolean) => Promise<void>;
  remove: (userId: string) => Promise<void>;
  mayAdd: boolean;
  /** Whether the viewer may say who manages. */
  mayAppoint: boolean;
  /** Whether the viewer opens days of others at all. */
  mayOpen: boolean;
  noSight?: string;
}

/** What the list looks like once the change is done. */
export function withChange(
  pages: InfiniteData<MemberPage> | undefined,
  change: Change,
  now: string,
): InfiniteData<MemberPage> | undefined {
  if (!pages) return pages;
  const { userId, name, isManager } = change;
  const known = pages.pages.some((page) => page.items.some((m) => m.user_id === userId));
  return {
    ...pages,
    pages: pages.pages.map((page, index) => {
      if (isManager === null) {
        return { ...page, items: page.items.filter((m) => m.user_id !== userId) };
      }
      if (known) {
        return {
          ...page,
          items: page.items.map((m) =>
            m.user_id === userId ? { ...m, is_manager: isManager } : m,
          ),
        };
      }
      const added = { user_id: userId, name, is_manager: isManager, added_at: now };
      return index === 0 ? { ...page, items: [added, ...page.items] } : page;
    }),
  };
}

export function Members(props: Props) {
  const queries = useQueryClient();
  const members = usePages<Member>(props.queryKey, props.ask);
  const change = useMutation({
    mutationFn: (it: Change) =>
      it.isManager === null ? props.remove(it.userId) : props.set(it.userId, it.isManager),
    onMutate: async (it) => {
      await queries.cancelQueries({ queryKey: props.queryKey });
      const before = queries.getQueryData<InfiniteData<MemberPage>>(props.queryKey);
      queries.setQueryData<InfiniteData<MemberPage>>(props.queryKey, (pages) =>
        withChange(pages, it, new Date().toISOString()),
      );
      return { before };
    },
    onError: (_error, _it, kept) => {
      if (kept?.before) queries.setQueryData(props.queryKey, kept.before);
    },
    onSettled: () => queries.invalidateQueries({ queryKey: props.queryKey }),
  });
  // A project's members may be people whom the viewer does not see.
  const people = useQuery({ ...everyone, enabled: props.mayOpen }).data;
  const seen = useMemo(
    () => new Set(props.mayOpen ? people?.map((person) => person.id) : []),
    [props.mayOpen, people],
  );
  const inIt = new Set(members.items.map((m) => m.user_id));
  return (
    <>
      <FloatingProblem error={change.error} />
      {props.mayAdd && (
        <AddPerson
          without={inIt}
          pending={change.isPending}
          onAdd={(userId, name) => change.mutate({ userId, name, isManager: false })}
        />
      )}
      <Paged
        query={members}
        count={members.items.length}
        empty={<Empty title={groups.noMembers} />}
      >
        <Table
          label={props.label}
          rows={members.items}
          rowKey={(m) => m.user_id}
          columns={[
            { head: groups.name, kind: "main", cell: (m) => <MemberName member={m} seen={seen} /> },
            {
              head: groups.manages,
              cell: (m) =>
                props.mayAppoint ? (
                  <input
                    type="checkbox"
                    checked={m.is_manager}
                    aria-label={groups.managesOf(m.name)}
                    onChange={(event) =>
                      change.mutate({
                        userId: m.user_id,
                        name: m.name,
                        isManager: event.currentTarget.checked,
                      })
                    }
                  />
                ) : m.is_manager ? (
                  groups.manager
                ) : (
                  groups.member
                ),
            },
            {
              head: groups.since,
              cell: (m) => (
                <>
                  <When at={m.added_at} />
                  {m.gives_sight === false && props.noSight ? `, ${props.noSight}` : ""}
                </>
              ),
            },
            {
              head: groups.do,
              kind: "end",
              cell: (m) =>
                props.mayAdd && (
                  <Button
                    size="xs"
                    variant="default"
                    aria-label={groups.removeOf(m.name)}
                    onClick={() =>
                      change.mutate({ userId: m.user_id, name: m.name, isManager: null })
                    }
                  >
                    {groups.remove}
                  </Button>
                ),
            },
          ]}
        />
      </Paged>
    </>
  );
}

function MemberName(props: { member: Member; seen: ReadonlySet<string> }) {
  const { user_id, name } = props.member;
  return props.seen.has(user_id) ? <PersonName id={user_id} name={name} /> : <Named name={name} />;
}
