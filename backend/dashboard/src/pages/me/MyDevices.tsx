/** The computers that send time in one's name. */
import { devices } from "../../api/devices";
import { me as texts } from "../../text/me";
import { Named } from "../../ui/Named";
import { Badge, Empty, Section } from "../../ui/Page";
import { Paged } from "../../ui/Paged";
import { Table } from "../../ui/Table";
import { usePages } from "../../ui/usePages";
import { When } from "../../ui/When";

const words = texts.account;
const TONES = { approved: "good", pending: "waiting", revoked: "quiet" } as const;

export function MyDevices(props: { userId: string }) {
  const list = usePages(["devices", "of", props.userId], (cursor) =>
    devices.list({ userId: props.userId }, cursor),
  );
  return (
    <Section title={words.devicesTitle} lead={words.devicesLead}>
      <Paged query={list} count={list.items.length} empty={<Empty title={words.noDevices} />}>
        <Table
          label={words.devicesTitle}
          rows={list.items}
          rowKey={(device) => device.id}
          columns={[
            { head: words.device, kind: "main", cell: (it) => <Named name={it.name} /> },
            { head: words.system, cell: (it) => <bdi>{it.os}</bdi> },
            {
              head: words.state,
              cell: (it) => (
                <Badge tone={TONES[it.status] ?? "quiet"}>
                  {words.states[it.status] ?? it.status}
                </Badge>
              ),
            },
            { head: words.contact, cell: (it) => <When at={it.last_contact_at} /> },
          ]}
        />
      </Paged>
    </Section>
  );
}
