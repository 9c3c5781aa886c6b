/** The pages about people, as far as the role opens them. */
import type { Role } from "../../api/types";
import { people } from "../../text/people";
import { type Tab, Tabs } from "../../ui/Tabs";

export function PeopleTabs(props: { viewer: Role }) {
  const admin = props.viewer === "admin";
  const tabs: Tab[] = [
    { to: "/people", label: people.tabs.people },
    ...(admin ? [{ to: "/people/invitations", label: people.tabs.invitations } as const] : []),
    { to: "/people/teams", label: people.tabs.teams },
    { to: "/people/devices", label: people.tabs.devices },
    ...(admin ? [{ to: "/people/enrolment", label: people.tabs.tokens } as const] : []),
  ];
  return <Tabs tabs={tabs} />;
}
