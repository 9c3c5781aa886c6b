/** Every device: who waits for approval, who is silent, and taking one away. */

import { Button } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { type Device, type DeviceFilter, devices } from "../../api/devices";
import type { Role } from "../../api/types";
import { devices as words } from "../../text/devices";
import { Question } from "../../ui/Dialog";
import { FloatingProblem } from "../../ui/Floating";
import { Choice, Line } from "../../ui/Form";
import { showAtOnce } from "../../ui/optimistic";
import { Badge, Empty, Page } from "../../ui/Page";
import { Paged } from "../../ui/Paged";
import { Table } from "../../ui/Table";
import { usePages } from "../../ui/usePages";
import { When } from "../../ui/When";
import { everyone } from "../people/everyone";
import { PeopleTabs } from "../people/PeopleTabs";

export type Shown = keyof typeof words.filters;

const FILTERS: Record<Shown, DeviceFilter> = {
  all: {},
  pending: { pending: true },
  silent: { silentDays: 7 },
};
const TONES = { approved: "good", pending: "waiting", revoked: "quiet" } as const;

interface Props {
  viewer: Role;
  shown: Shown;
  onShown: (shown: Shown) => void;
}

export function Devices(props: Props) {
  const admin = props.viewer === "admin";
  const queries = useQueryClient();
  const list = usePages(["devices", props.shown], (cursor) =>
    devices.list(FILTERS[props.shown], cursor),
  );
  const people = useQuery(everyone);
  const names = useMemo(
    () => new Map((people.data ?? []).map((person) => [person.id, person.name])),
    [people.data],
  );
  const [asking, setAsking] = useState<Device | null>(null);
  const again = () => queries.invalidateQueries({ queryKey: ["devices"] });
  const approve = useMutation({
    mutationFn: (device: Device) => devices.approve(device.id),
    onMutate: ({ id }) =>
      showAtOnce<Device>(queries, ["devices"], (device, key) => {
        if (device.id !== id) return device;
        return key[1] === "pending" ? null : { ...device, status: "approved" };
      }),
    onError: (_error, _device, back) => back?.(),
    onSettled: again,
  });
  const revoke = useMutation({
    mutationFn: (device: Device) => devices.revoke(device.id),
    onSuccess: () => setAsking(null),
    onSettled: again,
  });
  const name = (device: Device) => device.name.trim() || words.noName;
  return (
    <Page title={words.title} lead={words.lead} tabs={<PeopleTabs viewer={props.viewer} />}>
      <Line>
        <Choice
          label={words.filter}
          value={props.shown}
          options={(Object.keys(FILTERS) as Shown[]).map((value) => ({
            value,
            label: words.filters[value],
          }))}
          onChange={props.onShown}
        />
      </Line>
      <FloatingProblem error={approve.error} />
      <Paged
        query={list}
        count={list.items.length}
        empty={
          <Empty title={words.empty[props.shown]}>
            {admin && props.shown === "all" && <p>{words.emptyHint}</p>}
          </Empty>
        }
      >
        <Table
          label={words.title}
          rows={list.items}
          rowKey={(device) => device.id}
          columns={[
            { head: words.device, kind: "main", cell: (it) => <bdi>{name(it)}</bdi> },
            { head: words.person, cell: (it) => <bdi>{names.get(it.user_id) ?? "…"}</bdi> },
            {
              head: words.system,
              cell: (it) => (
                <>
                  <bdi>{it.os}</bdi>, <bdi>{it.agent_version}</bdi>
                  <Missing device={it} />
                </>
              ),
            },
            {
              head: words.state,
              cell: (it) => (
                <Badge tone={TONES[it.status] ?? "quiet"}>
                  {words.states[it.status] ?? it.status}
                </Badge>
              ),
            },
            { head: words.contact, cell: (it) => <When at={it.last_contact_at} /> },
            { head: words.pending, kind: "number", cell: (it) => it.account?.pending ?? "–" },
            {
              head: words.do,
              kind: "end",
              cell: (it) => (
                <>
                  {admin && it.status === "pending" && (
                    <Button
                      size="xs"
                      aria-label={words.approveOf(name(it))}
                      loading={approve.isPending && approve.variables.id === it.id}
                      onClick={() => approve.mutate(it)}
                    >
                      {words.approve}
                    </Button>
                  )}
                  {admin && it.status !== "revoked" && (
                    <Button
                      size="xs"
                      variant="default"
                      aria-label={words.revokeOf(name(it))}
                      onClick={() => {
                        revoke.reset();
                        setAsking(it);
                      }}
                    >
                      {words.revoke}
                    </Button>
                  )}
                </>
              ),
            },
          ]}
        />
      </Paged>
      {asking && (
        <Question
          title={words.revokeQuestion(name(asking))}
          confirm={words.revoke}
          danger
          pending={revoke.isPending}
          error={revoke.error}
          onConfirm={() => revoke.mutate(asking)}
          onClose={() => setAsking(null)}
        >
          <p>{words.revokeDetail}</p>
        </Question>
      )}
    </Page>
  );
}

/** A desktop that shows less than others must not look like a person who does less. */
function Missing(props: { device: Device }) {
  // Enrolled, and not heard of yet: what it can see is not known.
  if (!props.device.probe) return null;
  const missing = Object.entries(props.device.capabilities)
    .filter(([, can]) => !can)
    .map(([what]) => words.can[what] ?? what);
  if (missing.length === 0) return null;
  return (
    <div>
      {words.canNot} {missing.join(", ")} ({words.probe} <bdi>{props.device.probe}</bdi>)
    </div>
  );
}
