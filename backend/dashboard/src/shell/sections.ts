/**
 * The rail's sections, and whose roles open them. The server decides; this only spares a way to a
 * page that it would refuse.
 */
import {
  IconActivityHeartbeat,
  IconBell,
  IconChartBar,
  IconFolder,
  IconSettings,
  IconUser,
  IconUsers,
} from "@tabler/icons-react";
import type { Role } from "../api/types";
import { text } from "../text/en";

export const EVERYBODY: readonly Role[] = ["admin", "manager", "employee"];
export const MANAGERS: readonly Role[] = ["admin", "manager"];
export const ADMINS: readonly Role[] = ["admin"];
const EMPLOYEES: readonly Role[] = ["employee"];
const NOBODY: readonly Role[] = [];

export interface Place {
  to: string;
  label: string;
  roles: readonly Role[];
}

/** `phone`: in whose phone's bar it stands, which holds four; all others stand in its menu. */
export const SECTIONS = [
  {
    to: "/live",
    label: text.nav.live,
    Icon: IconActivityHeartbeat,
    roles: MANAGERS,
    phone: EVERYBODY,
  },
  { to: "/people", label: text.nav.people, Icon: IconUsers, roles: MANAGERS, phone: EVERYBODY },
  {
    to: "/reports",
    label: text.nav.reports,
    Icon: IconChartBar,
    roles: MANAGERS,
    phone: NOBODY,
  },
  { to: "/alerts", label: text.nav.alerts, Icon: IconBell, roles: EVERYBODY, phone: EVERYBODY },
  {
    to: "/projects",
    label: text.nav.projects,
    Icon: IconFolder,
    roles: EVERYBODY,
    phone: EMPLOYEES,
  },
  { to: "/settings", label: text.nav.settings, Icon: IconSettings, roles: ADMINS, phone: NOBODY },
  { to: "/me", label: text.nav.me, Icon: IconUser, roles: EVERYBODY, phone: EVERYBODY },
] as const satisfies readonly (Place & { [more: string]: unknown })[];

/** What a role is shown, in its order: an employee's own page comes first. */
export function shownTo<One extends { roles: readonly Role[] }>(
  places: readonly One[],
  role: Role,
): One[] {
  const shown = places.filter(({ roles }) => roles.includes(role));
  return role === "employee" ? shown.reverse() : shown;
}
